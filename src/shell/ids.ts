import { createHash } from 'node:crypto';
import { v7 } from 'uuid';

/** A new id that sorts by time. */
export const newId = (): string => v7();

/** The same id for the same parts, in the shape of a UUID. */
export function derivedId(...parts: readonly string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Names a command: the same for the same actor and key, or for the same imported row; else new. 32 hex digits. */
export function commandIdOf(...parts: readonly string[]): string {
  return parts.length === 0 ? newId().replaceAll('-', '') : createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
