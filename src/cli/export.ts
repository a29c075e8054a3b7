/** `export`: everything can be taken out again, into files that only their owner may read. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { findCustomer } from './customers.js';
import { failed, type Answer } from './failure.js';
import { Progress } from './progress.js';
import { bytes, count } from './screen.js';
import type { Query } from './connection.js';
import type { Session } from './session.js';
import { writePieces } from './written-file.js';

export interface ExportTo {
  readonly out: string;
}

/** What is said of the file behind its name. */
const SAYS = {
  log: 'Every event as it is stored: what is personal stays sealed, and no key is in the file. Who is to read names and texts there needs keys.db too (five-ring backup keeps it apart). five-ring load brings the log back into an empty store, with the same head.',
  interactions: 'It holds names and texts: keep it only as long as you need it, since an erasure does not reach it.',
  journeys: 'It holds names of customers, and nothing about people.',
  xes: 'Ids and kinds only: it names no person and holds no text.',
} as const;

export async function exportAll(session: Session, what: keyof typeof SAYS, { out }: ExportTo, query: Query = {}): Promise<Answer> {
  const api = await session.toRead();
  return written(out, api.pieces(`/api/v1/export/${what}`, query), what === 'xes' ? 'line' : what === 'log' ? 'event' : 'row', SAYS[what]);
}

export async function exportCustomer(session: Session, words: string, { out }: ExportTo): Promise<Answer> {
  const api = await session.toRead();
  const { id } = await findCustomer(api, words);
  return written(out, api.pieces(`/api/v1/customers/${id}/export`), 'line', 'A page for any browser. It holds personal data: keep it only as long as you need it, since an erasure does not reach it.', { customer: id });
}

async function written(out: string, pieces: AsyncIterable<Uint8Array>, line: string, says: string, more: object = {}): Promise<Answer> {
  const file = resolve(out);
  if (existsSync(file)) throw failed('file-exists', `${file} is there already. Nothing was written; name another file with --out.`);
  const progress = await Progress.start(undefined, (done) => `${count(done, line)} written`);
  let lines = 0;
  try {
    const size = await writePieces(file, pieces, (piece) => {
      for (const byte of piece) if (byte === 10) lines += 1;
      progress.update(lines);
    });
    return { data: { file, bytes: size, ...more }, text: `Written: ${file} (${bytes(size)}). ${says}` };
  } finally {
    progress.stop();
  }
}
