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

/** head(n): what the proof says after the first n events. */
export interface Head {
  readonly events: number;
  /** Hex. */
  readonly head: string;
}

/** What a log says to heads that were kept of it. */
export interface Comparison {
  /** Heads that the log still has. */
  readonly same: number;
  /** Events between which the log was changed, the first and the last that may differ; null when no kept head differs. */
  readonly changed: { readonly from: number; readonly to: number } | null;
  /** The largest kept head that is beyond the end of the log; null when there is none. */
  readonly beyond: number | null;
}

/** Compares kept heads with those of the log at the same places. `of`: head of the log after so many events; undefined beyond its end. */
export function compared(kept: readonly Head[], of: (events: number) => string | undefined): Comparison {
  const sorted = [...kept].sort((a, b) => a.events - b.events);
  const beyond = sorted.findLast(({ events }) => of(events) === undefined)?.events ?? null;
  const there = sorted.filter(({ events }) => of(events) !== undefined);
  const differing = there.find(({ events, head }) => of(events) !== head);
  const same = there.filter(({ events, head }) => of(events) === head);
  if (differing === undefined) return { same: same.length, changed: null, beyond };
  // Whatever stands behind a change differs too: the change lies behind the last place before it that is the same.
  const from = (same.findLast(({ events }) => events < differing.events)?.events ?? 0) + 1;
  return { same: same.length, changed: { from, to: differing.events }, beyond };
}

const number = (value: number): string => value.toLocaleString('en-US');

/** What is wrong, a sentence each with what to do; none when all kept heads are the log's. */
export function sayComparison({ changed, beyond }: Comparison, events: number): string[] {
  const says: string[] = [];
  if (changed !== null) {
    const where = changed.from === changed.to ? `at event ${number(changed.to)}` : changed.from === 1 ? `in its first ${number(changed.to)} events` : `between event ${number(changed.from)} and event ${number(changed.to)}`;
    says.push(`The log was changed ${where}: its head after event ${number(changed.to)} is not the one that was kept. Stop the server, keep a copy of the log as it is, and restore the newest backup whose head matches; compare both to see what was changed.`);
  }
  if (beyond !== null) says.push(`The log has ${number(events)} events, and a head of ${number(beyond)} was kept: events were taken from its end, or it is an older backup. Restore a newer one; if going back was meant, put the kept heads aside.`);
  return says;
}
