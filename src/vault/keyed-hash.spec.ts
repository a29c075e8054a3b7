import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { KeyedHash } from './keyed-hash.js';

describe('KeyedHash', () => {
  it('is the HMAC of the runtime, whatever the key, the bytes before the text, and the text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 3 }), fc.string({ unit: 'binary', maxLength: 300 }), (key, before, text) => {
        const hash = new KeyedHash(key);
        const expected = before.reduce((hmac, bytes) => hmac.update(bytes), createHmac('sha256', key)).update(text).digest();
        expect(hash.digest(text, ...before)).toEqual(expected);
        expect(hash.hex(text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
      }),
    );
  });

  it('also of a long text, and of half a character', () => {
    const key = randomBytes(32);
    for (const text of ['', 'é'.repeat(5000), '\ud800 half', 'short again']) expect(new KeyedHash(key).hex(text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
  });
});
