/** Sends a file to be imported. By XMLHttpRequest, since only that tells how much has gone out; the file is read from the disk as it goes. */
import type { Mapping } from '../../../../src/exchange/mapping.js';
import { Failure, newKey, sawWrite } from '../../api/client.js';
import type { ImportImportResponses, Problem } from '../../api/generated/types.gen.js';
import { Lines } from '../../api/lines.js';

type Line = ImportImportResponses[200];
export type Counts = Extract<Line, { progress: unknown }>['progress'];
export type Result = Extract<Line, { result: unknown }>['result'];

export interface Progress {
  /** Bytes that went out, and how many there are; the server takes them as it reads the rows. */
  readonly sent: number;
  readonly of: number;
  /** What became of the rows so far; null until the server has said. */
  readonly counts: Counts | null;
}

function problemIn(text: string): Problem | undefined {
  try {
    const body = JSON.parse(text) as Problem | null;
    return typeof body?.detail === 'string' ? body : undefined;
  } catch {
    return undefined;
  }
}

/** The same file by the same mapping is one run: begun again, it goes on. */
const keys = new WeakMap<Blob, Map<string, string>>();

function keyOf(file: Blob, mapping: string): string {
  const own = keys.get(file) ?? new Map<string, string>();
  keys.set(file, own);
  const key = own.get(mapping) ?? newKey();
  own.set(mapping, key);
  return key;
}

/** The server may not have noticed yet that the sending before was given up: it is asked again so often, so many ms apart. */
const AGAIN = 30;
const AGAIN_MS = 1000;

/** @throws Failure: refused, or with status 0 when the connection broke; an AbortError when it was given up. */
export async function sendImport(...[file, name, mapping, dryRun, signal, progress]: Parameters<typeof sendOnce>): Promise<Result> {
  for (let left = AGAIN; ; left--) {
    try {
      return await sendOnce(file, name, mapping, dryRun, signal, progress);
    } catch (error) {
      if (!(error instanceof Failure) || error.problem?.code !== 'still-running' || left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      if (signal.aborted) throw new DOMException('given up', 'AbortError');
    }
  }
}

function sendOnce(file: Blob, name: string, mapping: Mapping, dryRun: boolean, signal: AbortSignal, progress: (done: Progress) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let [sent, of, seen]: [number, number, number] = [0, file.size, 0];
    let counts: Counts | null = null;
    const tell = (): void => progress({ sent, of, counts });
    const lines = new Lines<Counts, Result>((done) => (counts = done));
    const take = (): void => {
      if (request.status !== 200) return;
      lines.take(request.responseText.slice(seen));
      seen = request.responseText.length;
    };
    request.upload.onprogress = ({ loaded, total }) => {
      [sent, of] = [loaded, total];
      tell();
    };
    request.onprogress = () => {
      take();
      tell();
    };
    const broke = (): void => reject(new Failure(0, undefined, 'no answer'));
    request.onerror = broke;
    request.ontimeout = broke;
    request.onabort = () => reject(new DOMException('given up', 'AbortError'));
    request.onload = () => {
      try {
        if (request.status !== 200) {
          const problem = problemIn(request.responseText);
          throw new Failure(request.status, problem, problem?.detail ?? request.statusText);
        }
        take();
        const result = lines.end();
        if (result.position !== null) sawWrite(result.position);
        resolve(result);
      } catch (error) {
        reject(error instanceof Error ? error : new Failure(0, undefined, 'no answer'));
      }
    };
    signal.addEventListener('abort', () => request.abort(), { once: true });
    const form = new FormData();
    const text = JSON.stringify(mapping);
    form.append('mapping', text);
    form.append('file', file, name);
    request.open('POST', `/api/v1/imports?dryRun=${dryRun}`);
    request.setRequestHeader('idempotency-key', dryRun ? newKey() : keyOf(file, text));
    request.send(form);
    tell();
  });
}
