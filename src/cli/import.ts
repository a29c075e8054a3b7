/** `import`: streams a CSV file to the server, and says what became of its rows. */
import { randomUUID } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { EXIT, failed, type Answer } from './failure.js';
import { Progress } from './progress.js';
import { bytes, count, number, plain } from './screen.js';
import type { Session } from './session.js';

/** What the server says of an import, on the wire. */
interface ImportResult {
  readonly dryRun: boolean;
  readonly rows: number;
  readonly customersCreated: number;
  readonly customersChanged: number;
  readonly entriesAdded: number;
  readonly entriesCorrected: number;
  readonly alreadyHere: number;
  readonly failed: number;
  /** The first of the rows that failed. */
  readonly errors: readonly RowError[];
  readonly position: string | null;
}

interface RowError {
  readonly line: number;
  readonly errors: readonly { readonly field: string; readonly message: string }[];
}

const ERRORS_SHOWN = 10;

const reasons: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EISDIR: 'it is a folder', EACCES: 'it may not be read' };

function unreadable(file: string, error: unknown): Error {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return failed('unreadable-file', `${file} cannot be read: ${reasons[code] ?? message}.`);
}

async function mappingIn(file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
  try {
    JSON.parse(text);
  } catch (error) {
    throw failed('malformed-mapping', `${file} is not valid JSON: ${(error as Error).message}`);
  }
  return text;
}

export async function importFile(session: Session, file: string, { mapping: mappingFile, dryRun = false }: { readonly mapping: string; readonly dryRun?: boolean }): Promise<Answer> {
  const api = await session.toWrite();
  const mapping = await mappingIn(mappingFile);
  const handle = await open(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  const stat = await handle.stat();
  if (stat.isDirectory()) {
    await handle.close();
    throw unreadable(file, { code: 'EISDIR' });
  }
  const progress = await Progress.start(stat.size, (done, note) => `${bytes(done)} of ${bytes(stat.size)}${note}`);
  let [read, rows] = [0, 0];
  const show = (): void => progress.update(read, `, ${count(rows, 'row')} done`);
  const boundary = `five-ring-${randomUUID()}`;
  async function* content(): AsyncGenerator<string | Buffer> {
    yield `--${boundary}\r\nContent-Disposition: form-data; name="mapping"\r\n\r\n${mapping}\r\n`;
    yield `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="import.csv"\r\nContent-Type: text/csv\r\n\r\n`;
    for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
      read += chunk.length;
      show();
      yield chunk;
    }
    yield `\r\n--${boundary}--\r\n`;
  }
  let result: ImportResult | undefined;
  try {
    const body = { type: `multipart/form-data; boundary=${boundary}`, content: Readable.from(content(), { objectMode: false }) };
    for await (const line of api.lines('POST', `/api/v1/imports${dryRun ? '?dryRun=true' : ''}`, body)) {
      if (line['progress'] !== undefined) ({ rows } = line['progress'] as Pick<ImportResult, 'rows'>);
      if (line['result'] !== undefined) result = line['result'] as ImportResult;
      show();
    }
  } finally {
    progress.stop();
    await handle.close();
  }
  if (result === undefined) throw failed('no-answer', 'The server ended its answer without a result. Run the same import again: rows that are in are known.');
  const inTime = await api.seen(result.position);
  const complaints = [...badRows(result), ...(inTime ? [] : ['The views are still catching up; reads show everything in a moment.'])];
  return { data: result, text: sayCounts(result), ...(complaints.length > 0 && { complaints: complaints.join('\n') }), exitCode: result.failed > 0 ? EXIT.badRows : EXIT.done };
}

function sayCounts({ dryRun, ...counts }: ImportResult): string {
  const parts = [
    `${count(counts.entriesAdded, 'entry')} added`,
    ...(counts.entriesCorrected > 0 ? [`${count(counts.entriesCorrected, 'entry')} corrected`] : []),
    `${count(counts.customersCreated, 'new customer')}`,
    ...(counts.customersChanged > 0 ? [`${count(counts.customersChanged, 'customer')} changed`] : []),
    ...(counts.alreadyHere > 0 ? [`${count(counts.alreadyHere, 'row')} here already`] : []),
    `${count(counts.failed, 'row')} refused`,
  ];
  return `${dryRun ? 'Dry run, nothing was written. It would be: ' : ''}${count(counts.rows, 'row')} read: ${parts.join(', ')}.`;
}

function badRows({ errors, failed: all }: ImportResult): string[] {
  if (errors.length === 0) return [];
  const shown = errors.slice(0, ERRORS_SHOWN);
  const says = ({ line, errors: fields }: RowError): string => `  line ${number(line)}: ${fields.map(({ field, message }) => plain(`${field} ${message}`)).join('; ')}`;
  return [`Refused rows${all > shown.length ? `, the first ${shown.length} of ${number(all)}` : ''}:`, ...shown.map(says)];
}
