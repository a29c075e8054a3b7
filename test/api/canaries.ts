/** Canaries: words that stand nowhere else, put into every personal field, and looked for in whatever form they may be left. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fieldsOf, kinds, type Field } from '../../src/customers/catalogue.js';
import { folded } from '../../src/customers/words.js';

/** A mark with a letter that not every encoding leaves as it is. Everything with the same fate has the same mark. */
export const newMark = (): string => `zq${randomBytes(4).toString('hex')}é${randomBytes(3).toString('hex')}`;

let counted = 0;
/** A word of its own, short enough for the index of words. */
export const canary = (mark: string): string => `${mark}x${(counted += 1).toString(36)}`;

/** The mark as it may be left behind, by name. */
export function formsOf(mark: string): Map<string, Buffer> {
  const forms = new Map<string, Buffer>();
  const escaped = JSON.stringify(mark).slice(1, -1).replace(/[^\x20-\x7e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
  for (const [name, text] of [['plain', mark], ['decomposed', mark.normalize('NFD')], ['folded', folded(mark)]] as const) {
    const bytes = Buffer.from(text, 'utf8');
    forms.set(name, bytes);
    forms.set(`${name} hex`, Buffer.from(bytes.toString('hex')));
    forms.set(`${name} HEX`, Buffer.from(bytes.toString('hex').toUpperCase()));
    const wide = Buffer.from(text, 'utf16le');
    forms.set(`${name} UTF-16LE`, wide);
    forms.set(`${name} UTF-16BE`, Buffer.from(wide).swap16());
    for (const offset of [0, 1, 2]) {
      // What stands before and behind it changes the first and the last characters.
      const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64').replace(/=+$/, '');
      const inner = whole.slice(offset === 0 ? 0 : offset + 1, whole.length - ((bytes.length + offset) % 3 === 0 ? 0 : 1));
      forms.set(`${name} base64 at ${offset}`, Buffer.from(inner));
      forms.set(`${name} base64url at ${offset}`, Buffer.from(inner.replaceAll('+', '-').replaceAll('/', '_')));
    }
  }
  forms.set('URL-encoded', Buffer.from(encodeURIComponent(mark)));
  forms.set('url-encoded', Buffer.from(encodeURIComponent(mark).toLowerCase()));
  forms.set('JSON-escaped', Buffer.from(escaped));
  return forms;
}

/** Where the mark is found: sentences, empty when nowhere. */
export function foundIn(where: string, bytes: Buffer | string, forms: ReadonlyMap<string, Buffer>): string[] {
  const text = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return [...forms].flatMap(([form, needle]) => {
    const at = text.indexOf(needle);
    return at === -1 ? [] : [`${where}: ${form} at ${at}: …${text.subarray(Math.max(at - 60, 0), at + 60).toString('latin1').replace(/[^\x20-\x7e]/g, '.')}…`];
  });
}

/** All files below a folder. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))).filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

export const foundInFiles = (folder: string, forms: ReadonlyMap<string, Buffer>): string[] => filesIn(folder).flatMap((path) => foundIn(path.slice(folder.length + 1), readFileSync(path), forms));

export interface Around {
  readonly person: string | null;
  readonly otherCustomer: string;
  readonly colleague: string;
  readonly occurredAt: string;
}

/** An entry of the kind with a canary in each of its personal fields; `entryOf` gives what its required fields name. */
export function entryWith(kind: string, mark: string, around: Around, entryOf: (kinds: readonly string[]) => string): Record<string, unknown> {
  const specs = fieldsOf(kind);
  const anyOf = kinds[kind]!.anyOf ?? [];
  const entry: Record<string, unknown> = { kind, occurredAt: around.occurredAt };
  const valueOf = (field: Field): unknown => {
    switch (field.type) {
      case 'text':
        return canary(mark);
      case 'link':
        return `https://example.org/${canary(mark)}`;
      case 'entry':
        return entryOf(field.of ?? []);
      case 'person':
        return around.person;
      case 'persons':
        return [around.person];
      case 'customer':
        return around.otherCustomer;
      case 'colleague':
        return around.colleague;
      default:
        return field.example;
    }
  };
  for (const [name, field] of Object.entries(specs)) {
    if (kind === 'person-added' && name === 'person') continue;
    if (field.personal === true || field.required === true || anyOf.includes(name)) entry[name] = valueOf(field);
  }
  if (kinds[kind]!.side === 'either') entry['side'] = 'customer';
  if (around.person !== null && kind !== 'person-added') entry['people'] = [around.person];
  if (entry['amount'] !== undefined) entry['currency'] = 'EUR';
  return entry;
}
