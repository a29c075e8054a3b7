/**
 * How an event of ours stands in KurrentDB. Its KurrentDB id is derived from what it is, so that the server itself recognises
 * another try of the same append; our own id and the instant of recording stand in the metadata, beside a mark that it is ours.
 */
import { createHash } from 'node:crypto';
import type { AllStreamRecordedEvent, EventData, JSONType, RecordedEvent as KurrentEvent } from '@kurrent/kurrentdb-client';
import { StreamDamaged, type Metadata, type NewEvent, type Position, type RecordedEvent } from '../kernel/event-store.js';

/** Version of the metadata below. */
const FORMAT = 1;

interface StoredMetadata extends Metadata {
  readonly fiveRing: number;
  readonly id: string;
  readonly recordedAt: number;
}

/** A place in `$all`. */
export interface LogPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/**
 * A UUID of version 8 that every try of the same append gives the event. The same command made anew has another id or instant,
 * and another UUID: the server must not say that it stands, when what stands is an event of another id.
 */
export function derivedId(stream: string, { id, metadata: { commandId, n } }: NewEvent, recordedAt: number): string {
  const hash = createHash('sha256').update(`${commandId} ${n} ${id} ${recordedAt} ${stream}`).digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** `data` is the JSON text that `checkedData` gave. */
export function toKurrent(stream: string, event: NewEvent, data: string, recordedAt: number): EventData {
  const { id, type, metadata } = event;
  const stored: StoredMetadata = { ...metadata, fiveRing: FORMAT, id, recordedAt };
  return { id: derivedId(stream, event, recordedAt), contentType: 'application/json', type, data: JSON.parse(data) as JSONType, metadata: { ...stored } };
}

/** Whether Five-Ring wrote it. */
export function isOurs(event: AllStreamRecordedEvent | KurrentEvent): boolean {
  const { fiveRing, id, commandId, recordedAt } = (event.metadata ?? {}) as Partial<StoredMetadata>;
  return typeof fiveRing === 'number' && typeof id === 'string' && typeof commandId === 'string' && typeof recordedAt === 'number';
}

/** Of KurrentDB's own making: statistics, users, settings, metadata of streams, links. */
export const isSystem = ({ streamId, type }: Pick<KurrentEvent, 'streamId' | 'type'>): boolean => streamId.startsWith('$') || type.startsWith('$');

/** @throws StreamDamaged for an event that a newer version, or somebody else, wrote. */
export function fromKurrent(event: AllStreamRecordedEvent | KurrentEvent): RecordedEvent {
  const { streamId: stream, type, data, revision, position } = event;
  if (!isOurs(event)) throw new StreamDamaged(stream, `its revision ${revision} (${type}) was not written by Five-Ring`);
  const { fiveRing, id, recordedAt, commandId, n, mac, correlationId, causationId, actor } = event.metadata as unknown as StoredMetadata;
  if (fiveRing > FORMAT) throw new StreamDamaged(stream, `its revision ${revision} was written by a newer version of Five-Ring; use that one`);
  if (position === undefined) throw new StreamDamaged(stream, `the server gives its revision ${revision} no position`);
  return { id, type, data, metadata: { commandId, n, mac, correlationId, causationId, actor }, stream, revision: Number(revision), position: positionOf(position), recordedAt };
}

export const positionOf = ({ commit, prepare }: LogPosition): Position => `${commit}/${prepare}`;

const POSITION = /^(0|[1-9]\d{0,19})\/(0|[1-9]\d{0,19})$/;
const HIGHEST = 2n ** 63n - 1n;

/** @throws RangeError */
export function placeOf(position: Position): LogPosition {
  const [, commit = '', prepare = ''] = POSITION.exec(position) ?? [];
  const place = commit === '' ? undefined : { commit: BigInt(commit), prepare: BigInt(prepare) };
  if (place === undefined || place.commit > HIGHEST || place.prepare > place.commit) throw new RangeError(`${JSON.stringify(position)} is not a position of this store.`);
  return place;
}

export function compare(a: LogPosition, b: LogPosition): number {
  if (a.commit !== b.commit) return a.commit < b.commit ? -1 : 1;
  return a.prepare === b.prepare ? 0 : a.prepare < b.prepare ? -1 : 1;
}
