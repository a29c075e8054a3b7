/** Makes and checks hashes of passwords, off the event loop, a few at a time. */
import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { Refusal } from '../kernel/refusal.js';
import { normalised } from './password.js';

/** argon2id as OWASP advises: 19 MiB, 2 passes, 1 lane. The library's default algorithm is argon2id. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Each takes its memory and a core: more at a time would only starve the others. */
const AT_A_TIME = 2;
const MOST_WAITING = 50;

@Injectable()
export class Passwords {
  /** Hashes made or checked since the start. */
  worked = 0;
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  /** Of a password that nobody knows: checked where there is none, so that this takes as long. */
  private nobody: Promise<string> | undefined;

  /** @throws Refusal `busy` when too many wait. */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(normalised(password), COST));
  }

  /** Whether the password is the one that was hashed. The work is the same where there is no hash. @throws Refusal `busy`. */
  async matches(hashed: string | undefined, password: string): Promise<boolean> {
    const known = hashed ?? (await (this.nobody ??= hash(randomBytes(24).toString('base64url'), COST)));
    const same = await this.inTurn(() => verify(known, normalised(password)));
    return same && hashed !== undefined;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_A_TIME) {
      if (this.waiting.length >= MOST_WAITING) throw new Refusal('too-many', 'busy', 'Too many are signing in at this moment; try again in a few seconds.', [], { retryAfter: 2 });
      await new Promise<void>((go) => this.waiting.push(go));
    } else this.running += 1;
    try {
      this.worked += 1;
      return await work();
    } finally {
      // Who waits takes over the place.
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
