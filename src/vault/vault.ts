/**
 * The vault: one key per subject, and the deployment's secrets, apart from the log. What is sealed and opened goes by keys at hand:
 * whoever reads events brings their keys first.
 */
import { Refusal } from '../kernel/refusal.js';
import type { KeyOf } from './codec.js';
import type { KeyedHash } from './keyed-hash.js';
import type { Secrets } from './secrets.js';

export abstract class Vault {
  /** Key of a subject, for the codec, of the keys at hand: those that were brought, or made sure of. Undefined once it was destroyed, or never was. */
  abstract readonly keyOf: KeyOf;
  /** Passwords, sessions, links, API keys. */
  abstract readonly secrets: Secrets;
  /** Of the whole deployment. */
  protected abstract readonly macs: KeyedHash;

  /** Has the keys of these subjects at hand as they stand now: one that was destroyed since, by whomever, is so no more. @throws StoreUnavailable. */
  abstract bring(subjects: Iterable<string>): Promise<void>;

  /**
   * Makes sure that every subject has a key on disk, and at hand, before anything is sealed with it. Waiting calls share one commit.
   * @throws Refusal for a subject whose key was destroyed: it never gets another; StoreUnavailable.
   */
  abstract ensureKeys(subjects: readonly string[]): Promise<void>;

  /** Name of a key that no other text has; it is on disk, and at hand. Costs a commit once for many. @throws StoreUnavailable. */
  abstract nextTextKey(): Promise<string>;

  /** Those of the subjects whose keys were destroyed. @throws StoreUnavailable. */
  abstract destroyedOf(subjects: readonly string[]): Promise<ReadonlySet<string>>;

  /**
   * Destroys the keys of these subjects for ever: what was sealed with them can no longer be read, and they never get another.
   * When it resolves their bytes are in no file of the vault's. Done again, it changes nothing.
   * @throws StoreUnavailable; then it is to be done again.
   */
  abstract destroy(subjects: readonly string[]): Promise<void>;

  abstract close(): Promise<void>;

  /** Keyed hash of a request or of content, hex; compares without keeping what was said. */
  mac(text: string): string {
    return this.macs.hex(text).slice(0, 32);
  }
}

/** Of a subject that nothing more can be recorded about. */
export function erasedSubject(subject: string): Refusal {
  const [kind = '', id = ''] = subject.split(/:(.*)/s);
  return new Refusal('conflict', `${kind}-erased`, `The ${kind} ${id} was erased: nothing more is recorded about them.`);
}
