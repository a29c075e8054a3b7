/** A file that somebody writes to while it is imported: what was whole when it was opened goes in, never half a row, and that is said. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Source } from '../../src/cli/import-source.js';
import { build, type Built, type Running } from './five-ring.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'five-ring-growing-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function all(source: Source): Promise<string> {
  let text = '';
  for await (const piece of source.pieces()) text += piece.toString('latin1');
  return text;
}

async function grown(before: string, more: string, read: (source: Source) => Promise<string> = all): Promise<string> {
  const file = join(folder, 'rows.csv');
  writeFileSync(file, before, 'latin1');
  const source = await Source.open(file);
  try {
    appendFileSync(file, more);
    const text = await read(source);
    expect(await source.hasGrown()).toBe(more !== '');
    return text;
  } finally {
    await source.close();
  }
}

const isWhole = (text: string, of: string): boolean => of.startsWith(text) && (text === '' || text === of || text.endsWith('\n') || text.endsWith('\n\0'));

it.each([
  ['a last line without an end, and nobody writes', 'A,B\n1,one\n2,two', '', 'A,B\n1,one\n2,two'],
  ['half a row', 'A,B\n1,one\n2,tw', 'o\n3,three\n', 'A,B\n1,one\n'],
  ['whole rows', 'A,B\n1,one\n', '2,two\n', 'A,B\n1,one\n'],
  ['half a header', 'A', ',B\n1,one\n', ''],
  ['nothing yet', '', 'A,B\n', ''],
  ['a long line that has not ended', `A,B\n${'x'.repeat(200_000)}`, '\n', 'A,B\n'],
  ['half a row in UTF-16', 'A\0\n\x001\0\n\x002\0', '\0\0', 'A\0\n\x001\0\n\0'],
])('%s', async (_what, before, more, read) => {
  const text = await grown(before, more);
  expect(text).toBe(read);
  expect(isWhole(text, before + more)).toBe(true);
});

it('a file that begins to grow between two passes over it is the same in both, without its last line', async () => {
  const file = join(folder, 'twice.csv');
  writeFileSync(file, 'A,B\n1,one\n2,tw');
  const source = await Source.open(file);
  try {
    const [earlier, later] = [source.digest(), source.digest()];
    for await (const piece of source.pieces()) earlier.update(piece);
    appendFileSync(file, 'o\n');
    for await (const piece of source.pieces()) later.update(piece);
    expect(source.sameIn(earlier, later)).toBe(true);
    // Planted bug: all that was read is compared.
    expect(earlier.ofAll).not.toBe(later.ofAll);
    const changed = source.digest();
    changed.update(Buffer.from('A,B\n1,one\n9,ni'));
    expect(source.sameIn(earlier, changed)).toBe(false);
  } finally {
    await source.close();
  }
});

it('a planted bug, all is read that was there when it was opened, is found', async () => {
  const text = await grown('A,B\n1,one\n2,tw', 'o\n', async (source) => (await all(source)) + '2,tw');
  expect(isWhole(text, 'A,B\n1,one\n2,two\n')).toBe(false);
});

describe('from the command line', () => {
  let built: Built;
  let server: Running | undefined;
  let data: string;
  beforeAll(async () => {
    built = build();
    data = mkdtempSync(join(folder, 'data-'));
    server = built.start(['serve'], { FIVE_RING_DATA: data, PORT: '0', LOG_LEVEL: 'silent' });
    await server.says(/http:/);
  });
  afterAll(async () => {
    await server?.end('SIGTERM');
    built.remove();
  });

  it('a planted bug, what is there now is sent and not what was there when it was opened, sends half a row', async () => {
    const file = join(folder, 'half.csv');
    const [before, more] = ['Account,Id,Text\nA1,1,one\nA2,2,t', 'w'];
    const sentBy = async (planted: boolean): Promise<string> => {
      writeFileSync(file, before);
      const source = await Source.open(file);
      try {
        appendFileSync(file, more);
        return planted ? readFileSync(file, 'latin1') : await all(source);
      } finally {
        await source.close();
      }
    };
    const env = { FIVE_RING_DATA: data, FIVE_RING_AS: 'ada' };
    await built.run(['colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales'], env);
    const corrected: number[] = [];
    for (const planted of [false, true]) {
      const map = join(folder, `half-${planted}.json`);
      writeFileSync(map, JSON.stringify({ customer: { source: `half-${planted}`, sourceId: '{Account}' }, entry: { kind: 'note', side: 'us', occurredAt: '2026-01-01', summary: '{Text}', source: `half-${planted}`, sourceId: '{Id}' } }));
      const text = await sentBy(planted);
      writeFileSync(file, text);
      expect((await built.run(['import', file, '--mapping', map], env)).code).toBe(0);
      // The row's whole text comes later; only what went in by half has to be corrected.
      writeFileSync(file, `${before}${more}o\n`);
      corrected.push(JSON.parse((await built.run(['--json', 'import', file, '--mapping', map], env)).out).entriesCorrected);
    }
    expect(corrected).toEqual([0, 1]);
  });

  it('rows that are written meanwhile, half a row at a time, never go in by half', async () => {
    const env = { FIVE_RING_DATA: data, FIVE_RING_AS: 'ada' };
    await built.run(['colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales'], env);
    const [file, map] = [join(folder, 'log.csv'), join(folder, 'map.json')];
    writeFileSync(map, JSON.stringify({ customer: { source: 'crm', sourceId: '{Account}' }, entry: { kind: 'note', side: 'us', occurredAt: '2026-01-01', summary: '{Text}', source: 'crm', sourceId: '{Id}' } }));
    const BEFORE = 500;
    let next = 0;
    const half = (): void => {
      // A row is written in two halves, so that the file ends in the middle of one every other time.
      if (next % 2 === 0) appendFileSync(file, `A${next % 14},${next},This is the whole te`);
      else appendFileSync(file, `xt\n`);
      next += 1;
    };
    writeFileSync(file, 'Account,Id,Text\n');
    for (let n = 0; n < BEFORE * 2 + 1; n += 1) half();
    const writer = setInterval(half, 5);
    try {
      const { code, out, err } = await built.run(['import', file, '--mapping', map], env);
      expect({ code, err: err.trim() }).toEqual({ code: 0, err: expect.stringContaining('grew while it was read') });
      expect(out).toMatch(/ 0 rows refused/);
      expect(Number(/(\d+) rows read/.exec(out.replaceAll(',', ''))![1])).toBeGreaterThanOrEqual(BEFORE);
    } finally {
      clearInterval(writer);
    }
    if (next % 2 === 1) half();
    // What stands there now goes in whole, and what went in before is as it stands in the file: nothing is corrected.
    const { code, out, err } = await built.run(['--json', 'import', file, '--mapping', map], env);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const result = JSON.parse(out);
    expect(result).toMatchObject({ failed: 0, entriesCorrected: 0, rows: next / 2, fileHasGrown: false });
    expect(result.entriesAdded + result.alreadyHere).toBe(next / 2);
  });
});
