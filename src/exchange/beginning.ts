/** The beginning of a file that comes as a stream: what it is must be known before it is read. */
import type { Readable } from 'node:stream';
import { Refusal } from '../kernel/refusal.js';
import { HEAD } from './scanning.js';

export const brokenOff = (): Refusal => new Refusal('malformed', 'malformed-multipart', 'The file broke off before its end.');

/** First bytes of the file, all of a short one; and the whole of it, as if nothing had been read. @throws Refusal when it breaks off meanwhile. */
export async function beginningOf(file: Readable): Promise<{ readonly head: Buffer; readonly whole: () => AsyncGenerator<Buffer> }> {
  const pieces = file[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  const first: Buffer[] = [];
  for (let size = 0; size < HEAD; size += first.at(-1)!.length) {
    const { value, done } = await pieces.next().catch((error: unknown) => {
      throw file.errored === null ? error : brokenOff();
    });
    if (done === true) break;
    first.push(value);
  }
  const head = Buffer.concat(first);
  return {
    head,
    async *whole() {
      yield head;
      for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
    },
  };
}
