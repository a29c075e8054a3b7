import { hash, randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Random bytes are drawn in bulk: one call to the system for many ids. */
const drawn = new Uint8Array(16 * 256);
let used = drawn.length;

function random(): Uint8Array {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += 16;
  return drawn.subarray(used - 16, used);
}

let last = { msecs: 0, seq: 0 };

/** A new id that sorts by time, and among those of one millisecond by when it was made (RFC 9562, 6.2, method 1). */
export function newId(): string {
  const [now, bytes] = [Date.now(), random()];
  // Within a millisecond, and when the clock goes back, it is counted on from a random number, which leaves half of the numbers above it.
  if (now > last.msecs) last = { msecs: now, seq: ((bytes[6]! & 0x7f) << 24) | (bytes[7]! << 16) | (bytes[8]! << 8) | bytes[9]! };
  else last = last.seq === 0xffffffff ? { msecs: last.msecs + 1, seq: 0 } : { msecs: last.msecs, seq: last.seq + 1 };
  return v7({ random: bytes, msecs: last.msecs, seq: last.seq });
}

/** The same id for the same parts, in the shape of a UUID. */
export function derivedId(...parts: readonly string[]): string {
  const bytes = hash('sha256', JSON.stringify(parts), 'buffer').subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Names a command: the same for the same actor and key, or for the same imported row; else new. 32 hex digits. */
export function commandIdOf(...parts: readonly string[]): string {
  return parts.length === 0 ? newId().replaceAll('-', '') : hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32);
}
