/** A block of texts: each has a key of its own, worked out from the secret of the block and a number. */
import type { KeyedHash } from './keyed-hash.js';
import { TEXT_KEY } from './text-key-name.js';

/** Texts that share a secret. */
export const SIZE = 1000;

export const nameOf = (block: string, n: number): string => `${TEXT_KEY}${block}:${n}`;

/** Of HKDF (RFC 5869) the second step; the secret is as random as its first would make it. */
export const derived = (secret: KeyedHash, n: number): Buffer => secret.digest(`five-ring text v1 ${n}\u0001`);

export function placeOf(subject: string): { readonly block: string; readonly n: number } {
  const at = subject.lastIndexOf(':');
  return { block: subject.slice(TEXT_KEY.length, at), n: Number(subject.slice(at + 1)) };
}
