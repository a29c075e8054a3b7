/** JSON as it comes, cut anywhere: the same objects as of the whole text, on the right lines, whatever is wrong between them. */
import fc from 'fast-check';
import { JsonReader, rowAt, valueAt, type JsonRow } from './json-rows.js';

/** Reads it in pieces of these lengths, again and again. */
function read(text: string, list?: string, lengths: readonly number[] = [1 << 20]): JsonRow[] {
  const reader = new JsonReader(list);
  const rows: JsonRow[] = [];
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const length = Math.max(1, lengths[turn % lengths.length]!);
    rows.push(...reader.push(text.slice(at, at + length)));
    at += length;
  }
  return [...rows, ...reader.end()];
}
const said = (rows: readonly JsonRow[]): unknown[] => rows.map(({ line, value }) => [line, value]);

describe('JsonReader', () => {
  it.each<[string, string, string | undefined]>([
    ['one a line', '{"a":1}\n{"a":"} {"}\r\n\n{"a":[{"b":"\\"]"}]}', undefined],
    ['a list', '[{"a":1},\n{"a":"} {"},\n\n {"a":[{"b":"\\"]"}]}]\n', undefined],
    ['the list of an object', '{"type":"list","pages":{"all":[{"x":1}]},"all":[{"a":1},\n{"a":"} {"},\n\n{"a":[{"b":"\\"]"}]}],"total":[3,{"c":1}]}', 'all'],
  ])('reads %s', (_, text, list) => {
    expect(said(read(text, list))).toEqual([[1, { a: 1 }], [2, { a: '} {' }], [4, { a: [{ b: '"]' }] }]]);
  });

  it('reads objects over several lines, and a mark of byte order before them', () => expect(said(read('\uFEFF[\n  {\n    "a": 1\n  },\n  {\n    "b": { "c": 2 }\n  }\n]'))).toEqual([[4, { a: 1 }], [7, { b: { c: 2 } }]]));

  it('names what is wrong, and goes on behind it', () => {
    const rows = said(read('{"a":1}\nno json at all\n{"a":"open\n{"a":[1\n{"a":2}\n{"a":}\n{"a":3}\n{"b'));
    expect(rows).toEqual([[1, { a: 1 }], [2, 'is no object'], [3, 'has a text without its end'], [5, 'has no end'], [5, { a: 2 }], [6, expect.stringMatching(/^is not valid JSON/)], [7, { a: 3 }], [8, 'ends in the middle of an object']]);
  });

  it('keeps no more of an object than may be, and reads the next', () => {
    const reader = new JsonReader();
    const rows = [...reader.push('{"a":"'), ...Array.from({ length: 50 }, () => reader.push('x'.repeat(100_000))).flat(), ...reader.push('"}\n{"a":1}\n')];
    expect(rows.map(({ value }) => value)).toEqual([expect.stringMatching(/^is longer than/), { a: 1 }]);
    expect(rows[0]!.raw.length).toBeLessThan(1_200_000);
  });

  it('reads the same, wherever it is cut', () => {
    const object = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
    fc.assert(
      fc.property(fc.array(object, { minLength: 1, maxLength: 6 }), fc.constantFrom('lines', 'list', 'named'), fc.boolean(), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }), (objects, form, isWide, lengths) => {
        const texts = objects.map((one) => JSON.stringify(one, null, isWide ? 2 : 0));
        const text = form === 'lines' ? texts.join('\n') : form === 'list' ? `[${texts.join(', ')}]` : `{"n":{"list":[1]},"list":[${texts.join(',')}],"x":[{}]}`;
        expect(read(text, form === 'named' ? 'list' : undefined, lengths).map(({ value }) => value)).toEqual(texts.map((one): unknown => JSON.parse(one, (_key, value: unknown) => (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) > 2 ** 53 && Math.abs(value) < 1e21 ? String(value) : value))));
      }),
      { numRuns: 300 },
    );
  });

  it('does not round long ids', () => expect(said(read('{"id":12345678901234567890,"n":1.5,"m":12}'))).toEqual([[1, { id: '12345678901234567890', n: 1.5, m: 12 }]]));
});

describe('paths', () => {
  const value = { a: { 'b.c': 1, b: { d: [{ e: 'x' }] } }, 'a.f': true, list: ['x', 2, { y: 1 }], none: null };
  it.each([['a.b.c', 1], ['a.b.d.0.e', 'x'], ['a.f', true], ['a.g', undefined], ['__proto__.x', undefined], ['none.x', undefined]])('%s', (path, found) => expect(valueAt(value, path)).toBe(found));
  it('of a list within lists within lists nothing is read, however deep it goes', () => {
    const [row] = read(`{"a":${'['.repeat(400_000)}${']'.repeat(400_000)}}`);
    expect(typeof row!.value === 'string' || rowAt(row!.value, ['a'])['a'] === '').toBe(true);
  });
  it('make a row of texts', () => expect({ ...rowAt(value, ['a.b.c', 'list', 'none', 'a', 'a.f']) }).toEqual({ 'a.b.c': '1', list: 'x; 2', none: '', a: '', 'a.f': 'true' }));
});
