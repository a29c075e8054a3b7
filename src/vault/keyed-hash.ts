/**
 * HMAC-SHA256 (RFC 2104) under one key, of many short texts. Made of the one-shot hash: an Hmac object for each text costs four
 * times as much, and an import makes three for each row.
 */
import { hash } from 'node:crypto';

const BLOCK = 64;
const HASH = 32;
/** What is hashed is put together here; nothing waits in between. Twice, as the second hash is made of the first. */
let inner = Buffer.alloc(4096);
const outer = Buffer.alloc(BLOCK + HASH);

export class KeyedHash {
  readonly #innerPad = Buffer.alloc(BLOCK, 0x36);
  readonly #outerPad = Buffer.alloc(BLOCK, 0x5c);

  /** `key`: at most 64 bytes. */
  constructor(key: Uint8Array) {
    for (const [at, byte] of key.entries()) {
      this.#innerPad[at]! ^= byte;
      this.#outerPad[at]! ^= byte;
    }
  }

  /** Of these bytes and then the text, in UTF-8; 32 bytes. */
  digest(text: string, ...before: readonly Uint8Array[]): Buffer {
    this.prepare(text, before);
    return Buffer.from(hash('sha256', outer, 'binary'), 'latin1');
  }

  /** Of the text; 64 hex digits. */
  hex(text: string): string {
    this.prepare(text, []);
    return hash('sha256', outer, 'hex');
  }

  private prepare(text: string, before: readonly Uint8Array[]): void {
    const most = before.reduce((sum, { length }) => sum + length, BLOCK + text.length * 3);
    if (inner.length < most) inner = Buffer.alloc(most);
    inner.set(this.#innerPad);
    let at = BLOCK;
    for (const bytes of before) {
      inner.set(bytes, at);
      at += bytes.length;
    }
    at += inner.write(text, at);
    outer.set(this.#outerPad);
    outer.write(hash('sha256', new Uint8Array(inner.buffer, inner.byteOffset, at), 'binary'), BLOCK, 'latin1');
  }
}
