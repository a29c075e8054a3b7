/** Tokens that open something: drawn at random, and kept only as hashes. A hash of 256 random bits needs no salt and no slowness. */
import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;

export const newToken = (): string => randomBytes(BYTES).toString('base64url');

/** As it is kept: SHA-256, hex. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
