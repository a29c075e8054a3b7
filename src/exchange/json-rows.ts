/**
 * Reads JSON as it comes: objects one after another (one a line, as NDJSON), the members of a list, or of the list that an
 * object names. Of the text only one object is held at a time, and of that at most `LONGEST` characters. Pure.
 */

/** Characters of one object, at most. */
const LONGEST = 1_000_000;

/** Whether it begins as JSON does. */
export const isJson = (head: Uint8Array): boolean => /^\uFEFF?\s*[{[]/.test(new TextDecoder().decode(head.subarray(0, 1000)));

export interface JsonRow {
  /** Line of the text on which the object ends, the first being 1. */
  readonly line: number;
  readonly raw: string;
  /** What stands there; or what is wrong with it. */
  readonly value: Readonly<Record<string, unknown>> | string;
}

/** What says something between objects, within one, and within a text of one. */
const OUTSIDE = /[^\s,]/g;
const WITHIN = /["{}[\]\n]/g;
const IN_TEXT = /["\\\n]/g;

/** Takes text in pieces. `list`: the key of an object at the top under which the list stands. */
export class JsonReader {
  private held = '';
  /** Where reading goes on in `held`, and where the object that is read begins; -1 when none is. */
  private at = 0;
  private start = -1;
  private startsLine = false;
  private isTooLong = false;
  private depth = 0;
  private isText = false;
  private textFrom = 0;
  /** Last text directly in the object: before a bracket, the key of what it opens. */
  private key = '';
  private line = 1;
  /** Line on which something stood that is no object: said once. */
  private oddLine = 0;
  private isNamedList = false;
  /** Behind the list that an object names, nothing counts. */
  private isOver = false;
  private isFirst = true;

  constructor(private readonly list?: string) {}

  push(text: string): JsonRow[] {
    this.held += this.isFirst && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    if (text !== '') this.isFirst = false;
    const rows: JsonRow[] = [];
    while (!this.isOver && this.step(rows));
    this.forget();
    return rows;
  }

  /** What was begun and never ended is a row, too. */
  end(): JsonRow[] {
    const rows: JsonRow[] = [];
    if (this.start >= 0) this.give(rows, this.held.length, 'ends in the middle of an object');
    return rows;
  }

  /** Goes on to the next character that says something. @returns whether there was one. */
  private step(rows: JsonRow[]): boolean {
    const telling = this.isText ? IN_TEXT : this.start >= 0 ? WITHIN : OUTSIDE;
    telling.lastIndex = this.at;
    const index = telling.exec(this.held)?.index;
    // Lines between objects are counted by the characters that are passed over.
    if (this.start < 0) for (let at = this.at; at < (index ?? this.held.length); at += 1) if (this.held[at] === '\n') this.line += 1;
    if (index === undefined) {
      this.at = this.held.length;
      return false;
    }
    // What is escaped may come with the next piece.
    if (this.held[index] === '\\' && index + 1 >= this.held.length) {
      this.at = index;
      return false;
    }
    this.at = index + 1;
    if (this.isText) this.inText(index, rows);
    else if (this.start >= 0) this.within(index, rows);
    else this.outside(index, rows);
    return true;
  }

  private outside(index: number, rows: JsonRow[]): void {
    const sign = this.held[index];
    if (sign === '{') this.begin(index);
    else if (sign === ']') this.isOver = this.isNamedList;
    else if (sign !== '[' && this.oddLine !== this.line) {
      this.oddLine = this.line;
      rows.push({ line: this.line, raw: '', value: 'is no object' });
    }
  }

  private begin(index: number): void {
    this.start = index;
    this.depth = 1;
    this.isTooLong = false;
    this.startsLine = this.isAtLineStart(index);
  }

  private isAtLineStart(index: number): boolean {
    return index === 0 || this.held[index - 1] === '\n';
  }

  private within(index: number, rows: JsonRow[]): void {
    switch (this.held[index]) {
      case '"':
        this.isText = true;
        this.textFrom = index + 1;
        break;
      case '\n':
        this.line += 1;
        break;
      case '{':
        // Both begin a line: the one before lacks its end.
        if (this.startsLine && this.isAtLineStart(index)) {
          this.give(rows, index, 'has no end');
          this.begin(index);
        } else this.depth += 1;
        break;
      case '[':
        if (this.depth === 1 && this.key === this.list && !this.isNamedList) {
          this.isNamedList = true;
          this.start = -1;
        } else this.depth += 1;
        break;
      default:
        this.depth -= 1;
        if (this.depth === 0) this.give(rows, index + 1);
    }
  }

  private inText(index: number, rows: JsonRow[]): void {
    const sign = this.held[index];
    if (sign === '\\') this.at += 1;
    else {
      this.isText = false;
      if (sign === '"') {
        if (this.depth === 1) this.key = this.held.slice(this.textFrom, index);
      } else {
        // No text of JSON goes over a line: the object is broken, and the next line may be sound.
        this.give(rows, index, 'has a text without its end');
        this.line += 1;
      }
    }
  }

  private give(rows: JsonRow[], until: number, wrong?: string): void {
    const raw = this.held.slice(this.start, until);
    this.start = -1;
    this.isText = false;
    rows.push({ line: this.line, raw, value: this.isTooLong || raw.length > LONGEST ? `is longer than ${LONGEST} characters` : (wrong ?? parsed(raw)) });
  }

  /** Lets go of what was read; one character is kept, for it may end a line. */
  private forget(): void {
    if (this.start >= 0 && this.at - this.start > LONGEST) {
      // Only its brackets count from here on.
      this.isTooLong = true;
      this.start = Math.max(0, this.at - 1);
    }
    const keep = this.isOver ? this.held.length : this.start >= 0 ? this.start : Math.max(0, this.at - 1);
    this.held = this.held.slice(keep);
    this.at = Math.max(0, this.at - keep);
    this.textFrom = Math.max(0, this.textFrom - keep);
    if (this.start >= 0) this.start = 0;
  }
}

/** Numbers that a computer would round, such as long ids, stay as they are written. */
function parsed(raw: string): JsonRow['value'] {
  try {
    const exact = (_: string, value: unknown, ...[context]: { readonly source?: string }[]): unknown => (typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '') ? context!.source : value);
    return (/\d{16}/.test(raw) ? JSON.parse(raw, exact) : JSON.parse(raw)) as Record<string, unknown>;
  } catch (error) {
    return `is not valid JSON: ${(error as Error).message.slice(0, 100)}`;
  }
}

/** What stands at a path such as `contacts.contacts.0.id`; a key may have dots itself. */
export function valueAt(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, path)) return (value as Record<string, unknown>)[path];
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const key = path.slice(0, dot);
    if (!Object.hasOwn(value, key)) continue;
    const found = valueAt((value as Record<string, unknown>)[key], path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

const plain = (found: unknown): string => (typeof found === 'string' ? found : typeof found === 'number' || typeof found === 'boolean' ? String(found) : '');
const textOf = (found: unknown): string => (Array.isArray(found) ? found.map(plain).filter((text) => text !== '').join('; ') : plain(found));
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Objects within objects are followed so deep. */
const DEEP = 8;

/** All that stands in the object, by its path, as `rowAt` reads it; of a list of objects the first. */
export function* pathsIn(value: Readonly<Record<string, unknown>>, before = '', depth = 0): Generator<readonly [path: string, text: string]> {
  for (const [key, child] of Object.entries(value)) {
    const path = `${before}${key}`;
    const first = Array.isArray(child) ? child.findIndex(isObject) : -1;
    const within = first >= 0 ? (child as readonly unknown[])[first] : child;
    if (!isObject(within)) yield [path, textOf(child)];
    else if (depth < DEEP) yield* pathsIn(within, `${path}.${first >= 0 ? `${first}.` : ''}`, depth + 1);
  }
}

/** The key under which a file with this beginning has its list of objects; undefined when its objects stand by themselves. */
export function listIn(head: string): string | undefined {
  if (!/^\uFEFF?\s*\{/.test(head)) return undefined;
  const objects = (list?: string): readonly JsonRow[] => new JsonReader(list).push(head).filter(({ value }) => typeof value !== 'string');
  const own = objects();
  if (own.length > 1) return undefined;
  const keys = [...new Set([...head.matchAll(/"((?:[^"\\]|\\.)*)"\s*:\s*\[\s*\{/g)].map(([, key]) => key!))];
  // One object alone may be a row that has a list in it: then the list is a part of it, not nearly all.
  const isMost = (rows: readonly JsonRow[]): boolean => rows.reduce((sum, { raw }) => sum + raw.length, 0) > (own[0]?.raw.length ?? 0) / 2;
  return keys.slice(0, MOST_LISTS).find((key) => {
    const rows = objects(key);
    return rows.length > 0 && isMost(rows);
  });
}

/** Keys that are tried, at most. */
const MOST_LISTS = 20;

/** The object as a row of texts: of these paths. Lists of plain values have `; ` between them; what is an object is empty. */
export function rowAt(value: unknown, paths: Iterable<string>): Record<string, string> {
  const row = Object.create(null) as Record<string, string>;
  for (const path of paths) row[path] = textOf(valueAt(value, path));
  return row;
}

/** Rows of a JSON file, of the paths that the mapping reads. `fail` is told of what is no object. */
export async function* jsonRecords(content: AsyncIterable<Uint8Array>, paths: Iterable<string>, list: string | undefined, fail: (line: number, message: string) => void): AsyncGenerator<{ raw: string; line: number; cells: Record<string, string> }> {
  const wanted = [...paths];
  const reader = new JsonReader(list);
  const decoder = new TextDecoder();
  function* taken(rows: readonly JsonRow[]): Generator<{ raw: string; line: number; cells: Record<string, string> }> {
    for (const { line, raw, value } of rows) {
      if (typeof value === 'string') fail(line, value);
      else yield { raw, line, cells: rowAt(value, wanted) };
    }
  }
  for await (const piece of content) yield* taken(reader.push(decoder.decode(piece, { stream: true })));
  yield* taken(reader.push(decoder.decode()));
  yield* taken(reader.end());
}
