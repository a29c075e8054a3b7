import fc from 'fast-check';
import { Evidence } from './evidence.js';
import { Occurrences } from './occurrences.js';
import { PRESETS } from '../rings/rules.js';
import { recognised } from './recognition.js';
import { dateReader } from './mapping.js';
import { DATE_FORMATS, DateWatch } from './file-format.js';
import { HEAD, Look } from './scanning.js';

const lookAt = (bytes: Buffer, piece = 7): ReturnType<Look['end']> => {
  const look = new Look();
  for (let at = 0; at < bytes.length; at += piece) look.push(bytes.subarray(at, at + piece));
  return look.end();
};

describe('a file that comes in pieces', () => {
  it.each<[string, Buffer, string]>([
    ['UTF-8', Buffer.from('Name;Ort\nMüller;Lyon\n'), 'utf-8'],
    ['UTF-8 with its mark', Buffer.from('\uFEFFName;Ort\nMüller;Lyon\n'), 'utf-8'],
    ['Windows-1252', Buffer.from('Name;Ort\nMüller;Lyon\n', 'latin1'), 'windows-1252'],
    ['UTF-16', Buffer.from('\uFEFFName;Ort\nMüller;Lyon\n', 'utf16le'), 'utf-16le'],
    ['Windows-1252 that shows late', Buffer.from(`Name;Ort\n${'Morel;Lyon\n'.repeat(HEAD / 8)}Müller;Lyon\n`, 'latin1'), 'windows-1252'],
  ])('is known as %s, with its rows and columns', (_, bytes, encoding) => {
    const looked = lookAt(bytes, 1001);
    expect(looked).toMatchObject({ encoding, isMixed: false, delimiter: ';', header: ['Name', 'Ort'] });
    if (typeof looked !== 'string') expect(looked.columns.at(-1)!.values.get('Lyon')).toBe(looked.rows);
  });

  it('of two encodings is said to be so', () => {
    const mixed = Buffer.concat([Buffer.from(`Name\nMüller\n${'Morel\n'.repeat(HEAD)}`), Buffer.from('Müller\n', 'latin1')]);
    expect(lookAt(mixed, 4096)).toMatchObject({ isMixed: true });
  });

  it.each<[string, string]>([['', 'empty'], [' , \n1,2\n', 'header'], ['a,a\n1,2\n', 'doubled'], ['PK\x03\x04', 'spreadsheet']])('%j is none: %s', (text, why) => expect(lookAt(Buffer.from(text))).toBe(why));

  it('gives a first mapping, and says what it leaves unread', () => {
    const looked = lookAt(Buffer.from('Account;Datum;Type;Colour\nA1;25.03.2026;Call;red\nA2;01.04.2026;Reply;blue\n'));
    if (typeof looked === 'string') throw new Error(looked);
    expect(recognised(looked, 'crm.csv')).toMatchObject({ rows: 2, dates: { column: 'Datum', format: 'DD.MM.YYYY', or: null }, unused: ['Colour'], problems: [], mapping: { delimiter: ';', dates: { format: 'DD.MM.YYYY' }, entry: { kind: { values: { Call: 'call', Reply: 'reply' } } } } });
  });
});

describe('dates', () => {
  const written = (values: readonly string[]): unknown => {
    const watch = new DateWatch();
    for (const value of values) watch.take(value);
    return watch.result();
  };
  const ambiguous = Array.from({ length: 5000 }, (_, n) => `0${1 + (n % 9)}/0${1 + (n % 7)}/2026`);

  it('are told apart by one day after the 12th, however late it comes; else both ways are named', () => {
    expect(written(ambiguous)).toEqual({ format: 'DD/MM/YYYY', or: 'MM/DD/YYYY' });
    expect(written([...ambiguous, '03/25/2026'])).toEqual({ format: 'MM/DD/YYYY', or: null });
    expect(written([...ambiguous, '25/03/2026'])).toEqual({ format: 'DD/MM/YYYY', or: null });
  });

  it('planted bug: who looks at the first thousand alone cannot tell', () => expect(written([...ambiguous, '03/25/2026'].slice(0, 1000))).toEqual({ format: 'DD/MM/YYYY', or: 'MM/DD/YYYY' }));

  it('are those that the import reads by the same pattern', () => {
    const reads = (format: string, text: string): boolean => {
      const iso = dateReader(format, 'UTC')(text);
      return iso !== undefined && iso >= '1900' && iso < '2200';
    };
    const patterns = DATE_FORMATS.filter((format) => format.includes('YYYY'));
    const digits = fc.array(fc.constantFrom('0', '1', '2', '3', '9', '12', '25', '31', '2024', '1899', '/', '.', '-', ' ', ':'), { maxLength: 12 }).map((parts) => parts.join(''));
    const date = fc.tuple(fc.constantFrom(...patterns), fc.integer({ min: 1890, max: 2210 }), fc.nat(14), fc.nat(32), fc.nat(25), fc.nat(61)).map(([format, ...parts]) => ['YYYY', 'MM', 'DD', 'HH', 'mm', 'ss'].reduce((text, token, index) => text.replace(token, String(parts[index] ?? 7).padStart(2, '0')), format));
    fc.assert(fc.property(fc.oneof(date, digits), (text) => {
      for (const format of patterns) {
        const watch = new DateWatch([format]);
        watch.take(text);
        expect([format, watch.result() !== null]).toEqual([format, text.trim() !== '' && reads(format, text.trim())]);
      }
    }), { numRuns: 300, seed: 1 });
  });

  it('are none where most are something else', () => expect(written(['soon', 'later', ...ambiguous.slice(0, 1)])).toBeNull());
});

it('occurrences are counted as a map would, however many', () => {
  const [mine, map] = [new Occurrences(), new Map<number, number>()];
  for (let n = 0; n < 50_000; n += 1) {
    const hash = 1 + ((n * 2_654_435_761) % 4_503_599_627_370_000) * (n % 3 === 0 ? 1 : 0) + (n % 9_000);
    map.set(hash, (map.get(hash) ?? 0) + 1);
    if (mine.next(hash) !== map.get(hash)) throw new Error(`${n}`);
  }
});

it('evidence is counted by customer and ring, and a second purchase is a renewal', () => {
  const evidence = new Evidence(PRESETS['annual-contracts']!);
  const entry = (kind: string, fields: Record<string, string | boolean> = {}, side: 'us' | 'customer' = 'customer') => ({ kind, side, fields });
  const [a, b, c] = ['0aaaaaaa-0000-8000-8000-000000000001', '0bbbbbbb-0000-8000-8000-000000000002', '0ccccccc-0000-8000-8000-000000000003'];
  evidence.take(a, entry('purchase'));
  evidence.take(a, entry('purchase'));
  evidence.take(b, entry('call', { attended: true }, 'us'));
  evidence.take(b, entry('reference', { verification: 'claimed' }));
  evidence.take(c, entry('call', {}, 'us'));
  evidence.take(c, entry('reference', { verification: 'evidenced' }));
  const rings = evidence.result(['Stars', 'Contract End', 'Colour']);
  expect(rings.map(({ customers, of }) => [customers, of])).toEqual([[3, 3], [1, 3], [0, 3], [1, 3], [1, 3]]);
  expect(rings.map(({ columns }) => columns)).toEqual([[], ['Contract End'], [], ['Contract End'], ['Stars']]);
  expect([rings[0]!.needs, rings[0]!.kinds]).toEqual([null, []]);
});
