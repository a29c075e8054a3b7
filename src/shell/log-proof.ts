/** The proof of a log: SHA-256 chained over its events in log order. The same log has the same head in every store. */
import { createHash } from 'node:crypto';
import type { Metadata, RecordedEvent } from '../kernel/event-store.js';

/** All of the metadata, in the order of the proof, whatever order a store gives it in. A new field does not compile until it has its place here. */
const METADATA = Object.keys({ commandId: 0, n: 0, mac: 0, correlationId: 0, causationId: 0, actor: 0 } satisfies Record<keyof Metadata, 0>) as (keyof Metadata)[];

/** Head of a log without events. */
export const startOfLog = (): Buffer => Buffer.alloc(32);

/**
 * Head of the log after one more event: SHA-256(head ‖ event). The instant of recording is part of it, since "as we knew it then"
 * is answered by it; the position is not, since each store counts in its own way. Data is taken as JSON in the order of its keys,
 * which every store keeps.
 */
export function chained(head: Buffer, { id, stream, revision, type, recordedAt, data, metadata }: RecordedEvent): Buffer {
  const event = JSON.stringify([id, stream, revision, type, recordedAt, data, METADATA.map((field) => metadata[field])]);
  return createHash('sha256').update(head).update(event).digest();
}
