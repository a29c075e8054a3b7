/** What the import screen makes of a file before the server sees it: bytes, separators, dates, rows, a first mapping. */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { checkMapping } from '../../src/exchange/mapping.js';
import { CsvReader, csvLine, type CsvRow } from '../../src/exchange/csv.js';
import { becomeOf } from '../../web/src/screens/import/preview.js';
import { datesOf, delimiterOf, encodingOf, notText } from '../../src/exchange/file-format.js';
import { encodingIn, inUtf8, rowsAt, scan } from '../../web/src/screens/import/scan.js';
import { kindFor, sourceOf, suggest, type Column } from '../../src/exchange/suggest.js';

const bytes = (text: string, encoding: BufferEncoding = 'utf8'): Uint8Array => new Uint8Array(Buffer.from(text, encoding));
const NEVER = new AbortController().signal;
const CSV = { format: 'csv', delimiter: ',', list: null } as const;

describe('bytes', () => {
  it.each<[string, Uint8Array, string]>([
    ['plain text', bytes('Name;Ort\nMorel;Lyon'), 'utf-8'],
    ['UTF-8', bytes('Müller'), 'utf-8'],
    ['UTF-8 cut within a letter', bytes('Müller').subarray(0, 2), 'utf-8'],
    ['a mark of UTF-8', bytes('\uFEFFName'), 'utf-8'],
    ['Windows-1252', bytes('Müller', 'latin1'), 'windows-1252'],
    ['UTF-16 with a mark', bytes('\uFEFFMüller', 'utf16le'), 'utf-16le'],
    ['UTF-16 without one', bytes('Name;Place\nMorel;Lyon', 'utf16le'), 'utf-16le'],
    ['UTF-16, the other way round', bytes('Name;Place\nMorel;Lyon', 'utf16le').map((_, index, all) => all[index ^ 1]!), 'utf-16be'],
  ])('knows %s', (_, given, encoding) => {
    expect(encodingOf(given)).toBe(encoding);
    expect(notText(given)).toBeNull();
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', bytes(''), 'empty'],
    ['a workbook', bytes('PK\x03\x04xl/workbook.xml', 'latin1'), 'spreadsheet'],
    ['a PDF', bytes('%PDF-1.7'), 'pdf'],
    ['a picture', bytes('\x89PNG\r\n', 'latin1'), 'picture'],
    ['a program', bytes(`\x7fELF${'\0\x01\x02\x03'.repeat(9)}\0\0\0`, 'latin1'), 'binary'],
  ])('refuses %s', (_, given, why) => expect(notText(given)).toBe(why));

  it('looks at all of a file, and sends it as UTF-8', async () => {
    const text = `Name\n${'Morel\n'.repeat(300_000)}Müller\n`;
    const latin = new Blob([bytes(text, 'latin1') as BlobPart]);
    const head = new Uint8Array(await latin.slice(0, 1000).arrayBuffer());
    // Its beginning alone would pass for UTF-8.
    expect(encodingOf(head)).toBe('utf-8');
    expect(await encodingIn(latin, head, NEVER)).toBe('windows-1252');
    expect(await (await inUtf8(latin, 'windows-1252', NEVER)).text()).toBe(text);
  });
});

const read = (text: string, delimiter = ',', pieces: readonly string[] = [text]): CsvRow[] => {
  const reader = new CsvReader(delimiter);
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
};

describe('rows', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', ' ', '1') , maxLength: 6 });
  const table = fc.integer({ min: 2, max: 4 }).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }).filter((cells) => cells.some((one) => one !== '')), { minLength: 1, maxLength: 8 }));
  /** The server's own reader. */
  const theirs = (text: string, delimiter: string): { readonly line: number; readonly cells: readonly string[] }[] =>
    (parse(text, { delimiter, info: true, bom: true, skip_empty_lines: true }) as unknown as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({ line: info.lines, cells: record }));
  const holds = (mine: typeof read): void =>
    fc.assert(fc.property(table, fc.constantFrom(',', ';'), fc.integer({ min: 1, max: 5 }), (rows, delimiter, size) => {
      const text = rows.map((cells) => csvLine(cells, delimiter)).join('').replaceAll('\r\n', '\n');
      expect(mine(text, delimiter, text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [])).toEqual(theirs(text, delimiter));
    }), { numRuns: 300 });

  it('are the same as the server reads, with the same lines, however the text is cut', () => holds(read));
  it('planted: a reader that loses what stands before the last cut is found', () => {
    expect(() => holds((text, delimiter, pieces = [text]) => pieces.flatMap((piece) => read(piece, delimiter)))).toThrow();
  });
  it('end with any line break, and the last one may be missing', () => {
    expect(read('a,b\r\nc,d\r\n\r\ne,f').map(({ cells }) => cells.join())).toEqual(['a,b', 'c,d', 'e,f']);
    expect(read('\uFEFFa\rb').map(({ cells }) => cells.join())).toEqual(['a', 'b']);
  });
});

it.each([['a;b;c\n1,5;2;3\n', ';'], ['a,b\n"x;y;z",2\n', ','], ['a\tb\n1\t2', '\t'], ['a|b\n1|2', '|'], ['only\none', ',']])('%j is separated by %j', (text, delimiter) => expect(delimiterOf(text)).toBe(delimiter));

it.each<[string[], string | null, string | null]>([
  [['2026-03-02', '2026-03-02T14:30:00Z'], 'ISO', null],
  [['2026-03-02 14:30:00'], 'YYYY-MM-DD HH:mm:ss', null],
  [['31.12.2026 09:05', ''], 'DD.MM.YYYY HH:mm', null],
  [['12/31/2026'], 'MM/DD/YYYY', null],
  [['03/04/2026', '05/06/2026'], 'DD/MM/YYYY', 'MM/DD/YYYY'],
  [['1760000000'], 'unix', null],
  [['1760000000000'], 'unix-ms', null],
  [['31.12.2026', 'soon'], null, null],
  [['31.12.2026', '1.2.2026', 'soon'], 'DD.MM.YYYY', null],
  [['1', '2', '3'], null, null],
  [[], null, null],
])('%j are dates as %s', (values, format, or) => expect(datesOf(values)).toEqual(format === null ? null : { format, or }));

describe('a first mapping', () => {
  const column = (name: string, ...values: string[]): Column => ({ name, values: new Map(values.map((value) => [value, 1])), hasMore: false });

  it('is made from the header and what stands below it, and fits', () => {
    const columns = [column('Ticket ID', 'T-1'), column('Customer No', 'K-1'), column('Customer Name', 'Morel'), column('Opened At', '31.12.2025 09:00'), column('Type', 'Call', 'Complaint', 'Fax'), column('Direction', 'in', 'out'), column('Priority', 'High'), column('Subject', 'x'), column('Notes', 'y')];
    const mapping = suggest(columns, 'Tickets 2026-10.csv', ';');
    expect(mapping).toEqual({
      customer: { source: 'tickets', sourceId: '{Customer No}', name: '{Customer Name}' },
      entry: { sourceId: '{Ticket ID}', source: 'tickets', occurredAt: '{Opened At}', kind: { column: 'Type', values: { Call: 'call', Complaint: 'issue-opened' } }, side: { column: 'Direction', values: { in: 'customer', out: 'us' } }, severity: { column: 'Priority', values: { High: '2' } }, summary: '{Subject}: {Notes}' },
      dates: { format: 'DD.MM.YYYY HH:mm' },
      delimiter: ';',
    });
    expect(checkMapping(mapping, columns.map(({ name }) => name))).toEqual([]);
    const rows = [['T-1', 'K-1', 'Morel', '31.12.2025 09:00', 'Complaint', 'in', 'High', 'Line', 'stops'], ['T-2', 'K-1', 'Morel', 'soon', 'Fax', 'in', 'High', 'a', 'b']];
    const [good, bad] = becomeOf(mapping, columns.map(({ name }) => name), rows.map((cells, index) => ({ line: index + 2, cells })), Date.parse('2026-11-22'));
    expect(good).toMatchObject({ customer: 'Morel', kind: 'issue-opened', side: 'customer', at: Date.parse('2025-12-31T09:00:00Z'), text: 'Line: stops', problems: [] });
    expect(bad!.problems.map(({ field }) => field)).toContain('entry.kind');
  });

  it('takes for the id of a row only what no two rows share', () => {
    const rows = (ids: [string, number][]): Column[] => [{ name: 'Activity ID', values: new Map(ids), hasMore: false }, column('Case', 'a'), column('Date', '2026-01-02')];
    expect(suggest(rows([['1', 1], ['2', 1]]), 'a.csv', ',').entry).toMatchObject({ sourceId: '{Activity ID}' });
    const shared = suggest(rows([['1', 7], ['2', 1]]), 'a.csv', ',').entry!;
    expect(shared['sourceId']).toBeUndefined();
    expect(shared['kind']).toMatchObject({ column: 'Activity ID' });
  });
  it('finds the dates by what stands in a column, when no name tells', () => expect(suggest([column('Kunde', 'Morel'), column('X', '2026-01-02')], 'a.csv', ',').entry!['occurredAt']).toBe('{X}'));
  it.each([['Phone call', 'call'], ['E-Mail', 'email'], ['Ticket', 'issue-opened'], ['Case opened', undefined], ['constructor', undefined], ['', undefined]])('%j is the kind %s', (value, kind) => expect(kindFor(value)).toBe(kind));
  it.each([['tickets-2026-10.csv', 'tickets'], ['2026.csv', 'file'], ['Export CRM (3).csv', 'export-crm'], ['', 'file']])('%s comes from %s', (name, source) => expect(sourceOf(name)).toBe(source));
});

it('a file is looked through, its values counted, and rows found by their lines', async () => {
  const file = new Blob([`Id,Text\n${Array.from({ length: 5000 }, (_, n) => `${n % 7},"line ${n}\nmore"\n`).join('')}`]);
  const { rows, columns } = await scan(file, 'utf-8', CSV, NEVER);
  expect(rows).toBe(5000);
  expect(columns.map(({ name, values, hasMore }) => [name, values.size, hasMore])).toEqual([['Id', 7, false], ['Text', 100, true]]);
  expect(await rowsAt(file, 'utf-8', CSV, ['A', 'B'], new Set([5]), NEVER)).toEqual(new Map([[5, ['1', 'line 1\nmore']]]));
});

it('JSON is looked through by its paths; rows are found by their lines, and become what the server makes of them', async () => {
  const json = { format: 'json', delimiter: ',', list: 'rows' } as const;
  const rows = [{ account: { id: 'A1', name: 'Morel' }, date: '2026-01-02', kind: 'enquiry' }, { account: { id: 'A2', name: 'Berg' }, date: 'never', kind: 'reply' }];
  const file = new Blob([`{"total":2,"rows":[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]}`]);
  const { header, columns } = await scan(file, 'utf-8', json, NEVER);
  expect(header).toEqual(['account.id', 'account.name', 'date', 'kind']);
  const at = await rowsAt(file, 'utf-8', json, header, new Set([2, 3]), NEVER);
  expect([...at]).toEqual([[2, ['A1', 'Morel', '2026-01-02', 'enquiry']], [3, ['A2', 'Berg', 'never', 'reply']]]);
  // Of two objects on one line nobody can tell which is meant.
  expect([...(await rowsAt(new Blob([JSON.stringify({ rows })]), 'utf-8', json, header, new Set([1]), NEVER))]).toEqual([[1, []]]);
  const mapping = { ...suggest(columns, 'crm.json', ','), format: 'json', list: 'rows' } as const;
  const became = becomeOf({ ...mapping, entry: { ...mapping.entry, summary: '{no.such.path}' } }, header, [...at].map(([line, cells]) => ({ line, cells })), Date.parse('2026-11-22'));
  expect(became).toMatchObject([{ line: 2, customer: 'Morel', kind: 'enquiry', problems: [] }, { line: 3, problems: [{ field: 'entry.occurredAt' }] }]);
});
