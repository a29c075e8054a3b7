/** `import`: looks through a file, streams it to the server, and says what became of its rows; lists imports, and undoes one. */
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { once } from 'node:events';
import { csvLine, CsvReader } from '../exchange/csv.js';
import { fitted } from '../exchange/fit.js';
import { layoutNamed, type Layout } from '../exchange/layouts.js';
import { recognised, whyNot, type Recognised } from '../exchange/recognition.js';
import { HEAD, Look, type Looked } from '../exchange/scanning.js';
import { defused } from './csv.js';
import { EXIT, failed, Failure, notFound, wrongUsage, type Answer } from './failure.js';
import { type Digest, Source, unreadable } from './import-source.js';
import { Progress } from './progress.js';
import { bytes, count, number, plain, table } from './screen.js';
import type { Session } from './session.js';

/** What the server says of an import, on the wire. */
interface ImportResult {
  readonly dryRun: boolean;
  readonly run: string | null;
  readonly readAs: { readonly encoding: string; readonly delimiter: string };
  readonly rows: number;
  readonly customersCreated: number;
  readonly customersChanged: number;
  readonly entriesAdded: number;
  readonly entriesCorrected: number;
  readonly alreadyHere: number;
  readonly failed: number;
  readonly skipped: number;
  readonly skippedBecause: Readonly<Record<string, number>>;
  readonly kinds: Readonly<Record<string, number>>;
  readonly rings: readonly { readonly ring: number; readonly name: string; readonly customers: number; readonly of: number; readonly kinds: readonly string[]; readonly needs: string | null; readonly columns: readonly string[] }[];
  /** The first of the rows that failed. */
  readonly errors: readonly RowError[];
  readonly position: string | null;
}

interface RowError {
  readonly line: number;
  readonly errors: readonly { readonly field: string; readonly code: string; readonly message: string }[];
}

interface Undone {
  readonly run: string;
  readonly customersRemoved: number;
  readonly customersRestored: number;
  readonly entriesRetracted: number;
  readonly entriesRestored: number;
  readonly kept: number;
  readonly repeated: boolean;
  readonly position: string | null;
}

interface Run {
  readonly id: string;
  readonly source: string;
  readonly file: string | null;
  readonly status: string;
  readonly startedAt: string;
  readonly startedBy: { readonly id: string };
  readonly recorded: { readonly customersCreated: number; readonly entriesAdded: number } | null;
}

export interface ImportFlags {
  readonly mapping?: string;
  readonly layout?: string;
  readonly dryRun?: boolean;
  readonly badRows?: string;
  readonly saveMapping?: string;
}

const ERRORS_SHOWN = 10;

async function mappingIn(file: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw failed('malformed-mapping', `${file} is not valid JSON: ${(error as Error).message}`);
  }
}

/** One pass over the file: what it is, and its digest. */
async function lookAt(source: Source): Promise<{ readonly looked: Looked | string; readonly digest: Digest }> {
  const [look, digest] = [new Look(), source.digest()];
  for await (const piece of source.pieces()) {
    look.push(piece);
    digest.update(piece);
  }
  return { looked: look.end(), digest };
}

export async function importFile(session: Session, file: string, flags: ImportFlags): Promise<Answer> {
  if (flags.mapping === undefined && flags.layout === undefined) return suggestFor(file, flags);
  if (flags.mapping !== undefined && flags.layout !== undefined) throw wrongUsage('Give --mapping or --layout, not both.');
  if (flags.saveMapping !== undefined) throw wrongUsage('--save-mapping is for a file without a --mapping.');
  if (flags.badRows !== undefined && resolve(flags.badRows) === resolve(file)) throw wrongUsage('--bad-rows must name another file than the one that is imported.');
  const api = await session.toWrite();
  const saved = flags.mapping === undefined ? undefined : await mappingIn(flags.mapping);
  const source = await Source.open(file);
  try {
    const given = saved ?? (await mappingOf(source, flags.layout!));
    const { looked, digest } = await lookAt(source);
    const mapping = asFound(given, looked);
    const { header, delimiter } = typeof looked === 'string' || looked.format === 'json' ? { header: [], delimiter: ',' } : looked;
    const bad = flags.badRows === undefined ? undefined : new BadRows(flags.badRows, header, typeof mapping['delimiter'] === 'string' ? mapping['delimiter'] : delimiter);
    const result = await sendFile(api, source, mapping, digest, bad, flags.dryRun ?? false);
    const inTime = await api.seen(result.position);
    const hasGrown = await source.hasGrown();
    const complaints = [...mixed(looked), ...(hasGrown ? [`${file} grew while it was read: of what stood in it when it was opened, all rows that were whole were taken. Import it again for the rest.`] : []), ...badRows(result), ...told(result, flags), ...(inTime ? [] : ['The views are still catching up; reads show everything in a moment.'])];
    return { data: { ...result, fileHasGrown: hasGrown }, text: [sayCounts(result), ...sayRings(result), ...sayRun(result)].join('\n'), ...(complaints.length > 0 && { complaints: complaints.join('\n') }), exitCode: result.failed > 0 ? EXIT.badRows : EXIT.done };
  } finally {
    await source.close();
  }
}

/** Its first bytes. */
async function headOf(source: Source): Promise<Buffer> {
  const first: Buffer[] = [];
  for await (const piece of source.pieces()) {
    first.push(piece);
    if (first.reduce((size, one) => size + one.length, 0) >= HEAD) break;
  }
  return Buffer.concat(first);
}

/** The mapping that the layout has for this file. */
async function mappingOf(source: Source, layout: string): Promise<Record<string, unknown>> {
  const found = fitted(await headOf(source), layout);
  if (found.problems !== undefined) throw failed(found.problems[0]!.code, `The layout ${found.problems.map(({ message }) => message).join('; ')}.`);
  return { ...found.mapping };
}

/** The mapping, with how the file is written where it does not say so: as all of the file shows, not its beginning alone. */
function asFound(mapping: Record<string, unknown>, looked: Looked | string): Record<string, unknown> {
  if (typeof looked === 'string' || mapping['encoding'] !== undefined || mapping['format'] === 'json' || looked.encoding === 'utf-8' || looked.isMixed) return mapping;
  return { ...mapping, encoding: looked.encoding };
}

const mixed = (looked: Looked | string): string[] => (typeof looked !== 'string' && looked.isMixed ? ['The file has letters of UTF-8 and bytes that are none: text of two encodings, or damaged. It was read as UTF-8; rows that are none are refused.'] : []);

async function sendFile(api: Awaited<ReturnType<Session['toWrite']>>, source: Source, mapping: object, digest: Digest, bad: BadRows | undefined, dryRun: boolean): Promise<ImportResult> {
  const progress = await Progress.start(source.size, (done, note) => `${bytes(done)} of ${bytes(source.size)}${note}`);
  let [read, rows] = [0, 0];
  const show = (): void => progress.update(read, `, ${count(rows, 'row')} done`);
  const boundary = `five-ring-${randomUUID()}`;
  const text = JSON.stringify(mapping);
  const sent = source.digest();
  async function* content(): AsyncGenerator<string | Buffer> {
    yield `--${boundary}\r\nContent-Disposition: form-data; name="mapping"\r\n\r\n${text}\r\n`;
    yield `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename*=UTF-8''${encodeURIComponent(basename(source.file))}\r\nContent-Type: text/csv\r\n\r\n`;
    for await (const chunk of source.pieces()) {
      read += chunk.length;
      sent.update(chunk);
      show();
      yield chunk;
    }
    yield `\r\n--${boundary}--\r\n`;
  }
  let result: ImportResult | undefined;
  try {
    const body = { type: `multipart/form-data; boundary=${boundary}`, content: Readable.from(content(), { objectMode: false }) };
    // The same file with the same mapping is the same run, whatever broke it off.
    const key = `import-${digest.ofAll}-${createHash('sha256').update(text).digest('base64url')}`;
    for await (const line of api.lines('POST', `/api/v1/imports?dryRun=${dryRun}&badRows=${bad !== undefined}`, body, dryRun ? undefined : key)) {
      if (line['progress'] !== undefined) ({ rows } = line['progress'] as Pick<ImportResult, 'rows'>);
      if (line['bad'] !== undefined) await bad?.add(line['bad'] as RowError & { row: string });
      if (line['result'] !== undefined) result = line['result'] as ImportResult;
      show();
    }
  } finally {
    progress.stop();
    await bad?.end();
  }
  if (result === undefined) throw failed('no-answer', 'The server ended its answer without a result. Run the same import again: rows that are in are known.');
  if (!source.sameIn(digest, sent)) throw failed('file-changed', `${source.file} was changed while it was imported. What it said when its rows were read is in; import it again when nobody writes to it.`);
  return result;
}

/** The rows that failed, as they stand in the file, with line, code and reason behind: to be put right and imported by the same mapping. */
class BadRows {
  private readonly stream;
  private failure: Error | undefined;

  constructor(
    private readonly file: string,
    private readonly header: readonly string[],
    private readonly delimiter: string,
  ) {
    this.stream = createWriteStream(file).on('error', (error) => (this.failure = error));
    const more = ['line', 'code', 'reason'].map((name) => `import ${name}`).map((name) => (header.includes(name) ? `${name} ${randomUUID().slice(0, 4)}` : name));
    // The mark says that it is UTF-8, whatever the mapping says of the file it came from.
    this.stream.write(`\uFEFF${csvLine([...header, ...more], delimiter)}`);
  }

  async add({ line, errors, row }: RowError & { readonly row: string }): Promise<void> {
    const cells = this.cellsOf(row);
    const reason = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
    if (!this.stream.write(csvLine([...cells, String(line), errors.map(({ code }) => code).join('; '), String(defused(reason))], this.delimiter)) && this.failure === undefined) await Promise.race([once(this.stream, 'drain'), once(this.stream, 'close')]).catch(() => undefined);
  }

  /** A row that does not fit the header stands as it is in the first cell. */
  private cellsOf(row: string): readonly string[] {
    const reader = new CsvReader(this.delimiter);
    const [first] = [...reader.push(row), ...reader.end()];
    const width = Math.max(1, this.header.length);
    return first?.cells.length === width ? first.cells : [row, ...Array.from({ length: width - 1 }, () => '')];
  }

  async end(): Promise<void> {
    if (this.failure === undefined) {
      this.stream.end();
      await once(this.stream, 'close').catch(() => undefined);
    }
    if (this.failure !== undefined) throw failed('unwritable-file', `${this.file} cannot be written: ${this.failure.message}`);
  }
}

/** `import` of a file without a mapping: what it is, and a first mapping. */
async function suggestFor(file: string, { dryRun, badRows: badFile, saveMapping }: ImportFlags): Promise<Answer> {
  if (dryRun === true || badFile !== undefined) throw wrongUsage('Say which columns make customers and entries: --mapping FILE, or --layout NAME. Without it, the file is only looked at.');
  const source = await Source.open(file);
  let looked: Looked | string;
  try {
    ({ looked } = await lookAt(source));
  } finally {
    await source.close();
  }
  if (typeof looked === 'string') throw failed('not-readable', `${file}: ${whyNot(looked)}`);
  const found = recognised(looked, basename(file));
  if (saveMapping !== undefined) await saveTo(saveMapping, found);
  const hint = saveMapping === undefined ? `Nothing was imported. To begin: five-ring import ${file} --save-mapping MAP.json, look it over, then --mapping MAP.json --dry-run.` : `Nothing was imported. Look over ${saveMapping}, then: five-ring import ${file} --mapping ${saveMapping} --dry-run`;
  const layout = found.layout === null ? undefined : layoutNamed(found.layout);
  return { data: found, text: [sayRecognised(found, file), '', ...(layout === undefined ? [] : [byLayout(file, layout), '']), hint].join('\n') };
}

const byLayout = (file: string, { name, product, what }: Layout): string => `It has the layout of ${product} ${what}: five-ring import ${file} --layout ${name} --dry-run says what would come of it.`;

async function saveTo(file: string, { mapping }: Pick<Recognised, 'mapping'>): Promise<void> {
  if (await stat(file).then(() => true, () => false)) throw failed('already-there', `${file} is there already; name another, or remove it.`);
  await writeFile(file, `${JSON.stringify(mapping, null, 2)}\n`).catch((error: unknown) => {
    throw failed('unwritable-file', `${file} cannot be written: ${(error as Error).message}`);
  });
}

const DELIMITERS: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' };

function sayRecognised(found: Recognised, file: string): string {
  const { format, list, encoding, delimiter, rows, columns, dates, mapping, problems, unused } = found;
  const how = ({ format, or }: NonNullable<Recognised['dates']>): string => (or === null ? format : `${format} or ${or}: the data do not tell; look which, and say so in dates.format`);
  return [
    format === 'json' ? `${file}: JSON, ${count(rows, 'object')}${list === null ? '' : ` in the list ${plain(list)}`}, ${encoding}. Columns are paths.` : `${file}: ${count(rows, 'row')}, ${encoding}, separated by ${DELIMITERS[delimiter] ?? delimiter}.`,
    ...mixed({ ...found, header: [], columns: [] }),
    dates === null ? 'No column says when something happened.' : `Dates in ${plain(dates.column)}: ${how(dates)}.`,
    '',
    table(['column', 'dates', 'values'], columns.map(({ name, examples, hasMore, values, dates: written }) => [plain(name), written?.format ?? '', `${examples.map((one) => plain(one).slice(0, 40)).join(' | ')}${hasMore || values > examples.length ? ' …' : ''}`]), '  '),
    '',
    found.layout === null ? 'A first mapping:' : `The mapping of ${found.layout}:`,
    JSON.stringify(mapping, null, 2),
    ...(problems.length > 0 ? ['', 'It still lacks:', ...problems.map(({ field, message }) => `  ${field} ${plain(message)}`)] : []),
    ...(unused.length > 0 ? ['', `Not read: ${unused.map(plain).join(', ')}`] : []),
  ].join('\n');
}

function sayCounts({ dryRun, ...counts }: ImportResult): string {
  const because = Object.entries(counts.skippedBecause).map(([why, rows]) => `${plain(why)} ${number(rows)}`);
  const parts = [
    `${count(counts.entriesAdded, 'entry')} added`,
    ...(counts.entriesCorrected > 0 ? [`${count(counts.entriesCorrected, 'entry')} corrected`] : []),
    `${count(counts.customersCreated, 'new customer')}`,
    ...(counts.customersChanged > 0 ? [`${count(counts.customersChanged, 'customer')} changed`] : []),
    ...(counts.alreadyHere > 0 ? [`${count(counts.alreadyHere, 'row')} here already`] : []),
    ...(counts.skipped > 0 ? [`${count(counts.skipped, 'row')} left out (${because.join(', ')})`] : []),
    `${count(counts.failed, 'row')} refused`,
  ];
  const kinds = Object.entries(counts.kinds).sort(([, a], [, b]) => b - a);
  return [
    `${dryRun ? 'Dry run, nothing was written. It would be: ' : ''}${count(counts.rows, 'row')} read: ${parts.join(', ')}.`,
    ...(kinds.length > 0 ? [`${dryRun ? 'It would add' : 'Added'}: ${kinds.map(([kind, entries]) => `${number(entries)} ${kind}`).join(', ')}.`] : []),
  ].join('\n');
}

function sayRings({ rings }: ImportResult): string[] {
  if (rings.every(({ of }) => of === 0)) return [];
  const supply = ({ kinds, needs, columns }: ImportResult['rings'][number]): string => (needs === null ? '' : `${columns.length > 0 ? `perhaps in ${columns.map(plain).join(', ')}; ` : ''}${kinds.slice(0, 4).join(', ')}${kinds.length > 4 ? ', …' : ''}: ${needs}`);
  return ['', `Customers of this file with evidence in it, of ${number(rings[0]!.of)}, and what would supply the rest:`, table(['', 'customers', ''], rings.map((one) => [`${one.ring} ${one.name}`, one.customers, supply(one)]), '  ')];
}

const sayRun = ({ run, dryRun }: ImportResult): string[] => (run === null || dryRun ? [] : ['', `To take it back: five-ring import undo ${run}`]);

function badRows({ errors, failed: all }: ImportResult): string[] {
  if (errors.length === 0) return [];
  const shown = errors.slice(0, ERRORS_SHOWN);
  const says = ({ line, errors: fields }: RowError): string => `  line ${number(line)}: ${fields.map(({ field, message }) => plain(`${field} ${message}`)).join('; ')}`;
  return [`Refused rows${all > shown.length ? `, the first ${shown.length} of ${number(all)}` : ''}:`, ...shown.map(says)];
}

const told = ({ failed: all }: ImportResult, { badRows: file }: ImportFlags): string[] => (file === undefined || all === 0 ? [] : [`${all === 1 ? 'It stands' : `All ${number(all)} stand`} in ${file}, with line, code and reason: put right, import that file by the same mapping.`]);

export async function listImports(session: Session): Promise<Answer> {
  const { items } = await (await session.toRead()).get<{ items: readonly Run[] }>('/api/v1/imports', { limit: 200 });
  if (items.length === 0) return { data: { items }, text: 'Nothing was imported yet.' };
  const dates = await session.dates();
  const rows = items.map(({ id, startedAt, startedBy, status, recorded, source, file }) => [id, dates.time(startedAt), startedBy.id, status, recorded?.customersCreated ?? '', recorded?.entriesAdded ?? '', source, plain(file ?? '')]);
  return { data: { items }, text: table(['run', 'when', 'by', 'status', 'new customers', 'entries', 'source', 'file'], rows) };
}

/** The one run whose id begins so. */
async function runCalled(api: Awaited<ReturnType<Session['toWrite']>>, text: string): Promise<string> {
  const { items } = await api.get<{ items: readonly Run[] }>('/api/v1/imports', { limit: 200 });
  const found = items.filter(({ id }) => id.startsWith(text));
  if (found.length === 1 || items.some(({ id }) => id === text)) return found.length === 1 ? found[0]!.id : text;
  if (text.length < 36) throw notFound('unknown-import', found.length === 0 ? `No import begins with ${text}. See: five-ring imports.` : `Several imports begin with ${text}; give more of it.`);
  return text;
}

export async function undoImport(session: Session, text: string): Promise<Answer> {
  const api = await session.toWrite();
  const run = await runCalled(api, text);
  let undone: Undone | undefined;
  try {
    const progress = await Progress.start(undefined, (_done, note) => note);
    try {
      for await (const line of api.lines('POST', `/api/v1/imports/${encodeURIComponent(run)}/undo`)) {
        if (line['progress'] !== undefined) {
          const { customers, of } = line['progress'] as { customers: number; of: number };
          progress.update(customers, `${number(customers)} of ${count(of, 'customer')} done`);
        }
        if (line['result'] !== undefined) undone = line['result'] as Undone;
      }
    } finally {
      progress.stop();
    }
  } catch (error) {
    throw withReasons(error);
  }
  if (undone === undefined) throw failed('no-answer', 'The server ended its answer without a result. Run the same again: it goes on.');
  await api.seen(undone.position);
  return { data: undone, text: sayUndone(undone) };
}

function sayUndone({ repeated, customersRemoved, customersRestored, entriesRetracted, entriesRestored, kept }: Undone): string {
  const parts = [`${count(entriesRetracted, 'entry')} taken back`, `${count(customersRemoved, 'customer')} removed`];
  if (entriesRestored > 0) parts.push(`${count(entriesRestored, 'entry')} as before`);
  if (customersRestored > 0) parts.push(`${count(customersRestored, 'customer')} as before`);
  if (kept > 0) parts.push(`${count(kept, 'customer')} left as they are, as somebody built on them meanwhile or what stood there was erased`);
  return `${repeated ? 'It was undone before: ' : 'Undone: '}${parts.join(', ')}.`;
}

/** What builds on the import, a line each. */
function withReasons(error: unknown): unknown {
  if (!(error instanceof Failure) || error.problem.code !== 'built-upon') return error;
  const { builtUpon, count: all } = error.problem as unknown as { builtUpon: readonly { stream: string; customer?: string; entry?: string; kind?: string; why: string }[]; count: number };
  const lines = builtUpon.slice(0, ERRORS_SHOWN).map(({ stream, customer, entry, kind, why }) => `  ${customer === undefined ? stream : `customer ${customer}`}: ${entry === undefined ? 'something' : `${kind ?? 'entry'} ${entry}`} ${why}`);
  return new Failure(error.problem, error.exitCode, [`${error.problem.detail}${all > lines.length ? ` The first ${lines.length}:` : ''}`, ...lines].join('\n'));
}
