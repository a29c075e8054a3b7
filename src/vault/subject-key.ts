/** A 256-bit key. Its bytes are at hand too, as most fields are sealed under several keys; whatever prints it shows none of them. */
import { createSecretKey, type KeyObject } from 'node:crypto';

export class SubjectKey {
  readonly #bytes: Buffer;
  #object: KeyObject | undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** As a cipher takes it. */
  get object(): KeyObject {
    return (this.#object ??= createSecretKey(this.#bytes));
  }

  export(): Buffer {
    return this.#bytes;
  }
}
