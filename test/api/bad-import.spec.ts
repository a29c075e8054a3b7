/** Imports that are wrong as a whole are refused by name; of those with wrong rows the good ones go in and the bad ones are named. */
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Importer } from '../../src/exchange/importer.js';
import { API, csv, mapping, TestApp, type Answer, type Json, type Part } from './app.js';
import { casesRefused, stillServes, type Case } from './refused.js';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.withAda();
});
afterAll(() => app.remove());

const MAP = { customer: { source: 'crm', sourceId: '{Account}' }, entry: { kind: 'call', side: 'us', occurredAt: '{Date}' } };
const FILE = csv('Account,Date\nA1,2026-01-01\n');
const send = (...parts: Part[]) => (): Promise<Answer> => app.import(parts);
const mapped = (value: unknown): (() => Promise<Answer>) => send(mapping(value), FILE);
const raw = (type: string, body: string) => (): Promise<Answer> => app.raw('POST', `${API}/imports`, { 'x-colleague': 'ada', 'content-type': type }, body);
const cases: Case[] = [
  ['no multipart', () => app.post('imports', {}), 400, 'missing-part', 'mapping'],
  ['multipart without a boundary', raw('multipart/form-data', 'x'), 400, 'malformed-multipart'],
  ['multipart that is garbage', raw('multipart/form-data; boundary=x', 'garbage'), 400, 'malformed-multipart'],
  ['an empty multipart body', raw('multipart/form-data; boundary=x', ''), 400, 'missing-part', 'mapping'],
  ['a file that breaks off', () => app.import([mapping(MAP), FILE], { end: false }), 400, 'malformed-multipart'],
  ['a mapping that breaks off', () => app.import([mapping(MAP)], { end: false }), 400, 'malformed-multipart'],
  ['no mapping', send(FILE), 400, 'missing-part', 'mapping'],
  ['no file', send(mapping(MAP)), 400, 'missing-part', 'file'],
  ['the file before the mapping', send(FILE, mapping(MAP)), 400, 'missing-part', 'mapping'],
  ['twenty parts', send(...Array.from({ length: 20 }, (_, n) => ({ name: `p${n}`, value: 'x' })), mapping(MAP), FILE), 413, 'fst-parts-limit'],
  ['a mapping that is no JSON', send(mapping('nope'), FILE), 400, 'malformed-json'],
  ['a mapping that is empty', send(mapping(' '), FILE), 400, 'empty-body'],
  ['a mapping that is too large', mapped({ ...MAP, more: 'a'.repeat(300_000) }), 400, 'mapping-too-large', 'mapping'],
  ['a mapping file that is too large', send({ ...mapping({ ...MAP, more: 'a'.repeat(300_000) }), filename: 'mapping.json' }, FILE), 400, 'mapping-too-large', 'mapping'],
  ['a mapping that is a list', mapped([]), 400, 'not-an-object', 'mapping'],
  ['a mapping that is null', mapped(null), 400, 'not-an-object', 'mapping'],
  ['a mapping with an unknown part', mapped({ ...MAP, colour: 'red' }), 400, 'unknown-field', 'colour'],
  ['a mapping with __proto__', send(mapping(`{"__proto__":{},${JSON.stringify(MAP).slice(1)}`), FILE), 400, 'forbidden-key'],
  ['a mapping to a field that is not there', mapped({ ...MAP, entry: { ...MAP.entry, colour: '{Account}' } }), 400, 'unknown-field', 'entry.colour'],
  ['a mapping from a column that is not there', mapped({ ...MAP, entry: { ...MAP.entry, summary: '{Remark}' } }), 400, 'unknown-column', 'entry.summary'],
  ['a mapping from a column named like a part of every object', mapped({ ...MAP, entry: { ...MAP.entry, summary: '{constructor}' } }), 400, 'unknown-column', 'entry.summary'],
  ['a mapping without a date', mapped({ ...MAP, entry: { kind: 'note' } }), 400, 'missing', 'entry.occurredAt'],
  ['a mapping with no customer', mapped({ ...MAP, customer: null }), 400, 'missing', 'customer'],
  ['values that are null', mapped({ ...MAP, entry: { ...MAP.entry, side: { column: 'Account', values: null } } }), 400, 'not-a-cell', 'entry.side'],
  ['values that are no text', mapped({ ...MAP, entry: { ...MAP.entry, side: { column: 'Account', values: { A1: {} } } } }), 400, 'not-a-cell', 'entry.side'],
  ['a default that is no text', mapped({ ...MAP, entry: { ...MAP.entry, side: { column: 'Account', default: {} } } }), 400, 'not-a-cell', 'entry.side'],
  ['dates that are text', mapped({ ...MAP, dates: 'DD.MM.YYYY' }), 400, 'not-an-object', 'dates'],
  ['a date format that is a number', mapped({ ...MAP, dates: { format: 5 } }), 400, 'not-a-format', 'dates.format'],
  ['a date format with the year twice', mapped({ ...MAP, dates: { format: 'YYYY-YYYY' } }), 400, 'not-a-format', 'dates.format'],
  ['a time zone that is none', mapped({ ...MAP, dates: { format: 'YYYY-MM-DD', zone: 'Mars/Base' } }), 400, 'not-a-zone', 'dates.zone'],
  ['a file of another delimiter', send(mapping({ ...MAP, delimiter: ',' }), csv('Account;Date\nA1;2026-01-01\n')), 400, 'unknown-column', 'customer.sourceId'],
  ['a delimiter of two characters', mapped({ ...MAP, delimiter: '||' }), 400, 'not-one-character', 'delimiter'],
  ['a delimiter that is the quote', mapped({ ...MAP, delimiter: '"' }), 400, 'not-one-character', 'delimiter'],
  ['a flag that is none', () => app.import([mapping(MAP), FILE], { query: '?dryRun=perhaps' }), 400, 'is-boolean', 'dryRun'],
  ['no colleague', () => app.import([mapping(MAP), FILE], { as: 'nobody' }), 403, 'unknown-colleague', 'X-Colleague'],
];
describe('a request to import', () => casesRefused(() => app, cases));

/** Imports a file some rows of which are bad. @returns the result, and by how much the log grew. */
async function importing(file: string | Buffer, map: unknown = MAP): Promise<{ result: Json; grown: number }> {
  const before = await app.eventsInLog();
  const answer = await app.import([mapping(map), csv(file)]);
  expect(answer.status).toBe(200);
  const last = JSON.parse(answer.text.trim().split('\n').at(-1)!);
  expect(await stillServes(app)).toBe(200);
  return { result: last.result, grown: (await app.events()).slice(before).filter(({ stream }) => stream !== 'imports').length };
}
const errorsOf = (result: Json): string[] => result.errors.flatMap(({ line, errors }: Json) => errors.map(({ field, code }: Json) => `${line} ${field} ${code}`));

it('bytes that are no UTF-8: the row is named, the others go in', async () => {
  const { result, grown } = await importing(Buffer.from('Account,Date\nB1,2026-01-01\nM\xfcller,2026-01-02\nB3,2026-01-03\n', 'latin1'));
  expect(errorsOf(result)).toEqual(['3 row bad-encoding']);
  expect(result).toMatchObject({ entriesAdded: 2, customersCreated: 2, failed: 1 });
  expect(grown).toBe(4);
});

it('a row with too few or too many columns is named, the others go in', async () => {
  const { result, grown } = await importing('Account,Date\nC1,2026-01-01\nC2\nC3,2026-01-03,more\nC4,2026-01-04\n');
  expect(errorsOf(result)).toEqual(['3 row malformed-row', '4 row malformed-row']);
  expect(result).toMatchObject({ entriesAdded: 2, failed: 2 });
  expect(grown).toBe(4);
});

it('a quote that never closes is named, the rows before it go in', async () => {
  const { result, grown } = await importing('Account,Date\nD1,2026-01-01\n"D2,2026-01-02\nD3,2026-01-03\n');
  expect(errorsOf(result)).toEqual([expect.stringMatching(/ row malformed-row$/)]);
  expect(result).toMatchObject({ entriesAdded: 1, failed: 1 });
  expect(grown).toBe(2);
});

it('a quote in the middle of a value is named, the other rows go in', async () => {
  const { result } = await importing('Account,Date\nx"y,2026-01-01\nE2,2026-01-02\n');
  expect(errorsOf(result)).toEqual(['2 row malformed-row']);
  expect(result).toMatchObject({ entriesAdded: 1, failed: 1 });
});

it('a date, a kind and an owner that are wrong are named with field and line', async () => {
  const map = { customer: { source: 'crm', sourceId: '{Account}', owner: '{Owner}' }, entry: { kind: '{Kind}', side: 'us', occurredAt: '{Date}' } };
  const { result, grown } = await importing('Account,Date,Kind,Owner\nF1,2026-01-01,note,ada\nF2,01/02/2026,note,ada\nF3,2026-01-01,teleport,ada\nF4,2026-01-01,note,nobody\nF5,2099-01-01,note,ada\n,2026-01-01,note,ada\n', map);
  expect(errorsOf(result)).toEqual(['3 occurredAt not-a-date', '4 kind unknown-kind', '6 occurredAt in-the-future', '7 customer.sourceId missing', '5 customer.owner unknown-colleague']);
  expect(grown).toBe(2);
});

it('dates of the years 0 and 9999 are named, those between go in', async () => {
  const { result, grown } = await importing('Account,Date\nY1,0000-01-01\nY2,9999-12-31\nY3,0001-01-01\nY4,2026-01-01\n');
  expect(errorsOf(result)).toEqual(['2 occurredAt out-of-range', '3 occurredAt out-of-range', '4 occurredAt out-of-range']);
  expect(grown).toBe(2);
});

it('a row of a million columns is named, the others go in; and so is a header of as many', async () => {
  const { result } = await importing(`Account,Date\nM1,2026-01-01\nM2${','.repeat(1_000_000)}\nM3,2026-01-03\n`);
  expect(errorsOf(result)).toEqual(['3 row malformed-row']);
  expect(result).toMatchObject({ entriesAdded: 2, failed: 1 });
  const wide = Array.from({ length: 1_000_000 }, (_, n) => `x${n}`).join(',');
  expect(errorsOf((await importing(`Account,Date,${wide}\nM4,2026-01-01${','.repeat(1_000_000)}\n`)).result)).toEqual(['1 row malformed-row']);
});

it('constants of the wrong type are named per row, not a crash', async () => {
  const { result, grown } = await importing('Account,Date\nG1,2026-01-01\n', { customer: { ...MAP.customer, team: true }, entry: { ...MAP.entry, people: 5 } });
  expect(result.failed).toBe(1);
  expect(grown).toBe(0);
});

it('a file of nothing, and one of columns only, write nothing', async () => {
  expect((await importing('')).grown).toBe(0);
  expect((await importing('Account,Date\n')).grown).toBe(0);
});

it('a part that nobody asked for does not hold up the others', async () => {
  expect((await app.import([{ ...FILE, name: 'other' }, mapping(MAP), FILE])).status).toBe(200);
});

describe('a file that grows while it is sent', () => {
  const part = (name: string, more: string, content: string): string => `--grows\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${content}`;
  async function sent(...pieces: string[]): Promise<Json> {
    async function* body(): AsyncGenerator<string> {
      yield `${part('mapping', '', JSON.stringify(MAP))}\r\n${part('file', '; filename="rows.csv"', '')}`;
      for (const piece of pieces) {
        yield piece;
        await nextTurn();
      }
      yield '\r\n--grows--\r\n';
    }
    const answer = await app.raw('POST', `${API}/imports`, { 'x-colleague': 'ada', 'content-type': 'multipart/form-data; boundary=grows' }, Readable.from(body(), { objectMode: false }) as never);
    expect(answer.status).toBe(200);
    return JSON.parse(answer.text.trim().split('\n').at(-1)!).result;
  }

  it.each([2000, 1])('each row goes in whole, wherever it was cut, with %d rows at once', async (rowsAtOnce) => {
    app.nest.get(Importer).rowsAtOnce = rowsAtOnce;
    const G = `G${rowsAtOnce}-`;
    const result = await sent('Account,Da', `te\n${G}1,2026-01-01\n${G}`, '2,2026-0', `1-02\n${G}3,2026-01-03\n`);
    app.nest.get(Importer).rowsAtOnce = 2000;
    expect(result).toMatchObject({ rows: 3, entriesAdded: 3, customersCreated: 3, failed: 0 });
    const { id } = await app.read(`/api/v1/customers?source=crm&sourceId=${G}2`);
    expect((await app.read(`/api/v1/customers/${id}/timeline`)).items).toMatchObject([{ occurredAt: '2026-01-02T00:00:00.000Z' }]);
  });

  it('a planted bug, what has come so far is taken for whole rows, is found', async () => {
    const pieces = ['Account,Date\nK1,2026-01-01\nK', '2,2026-01-02\nK3,2026-0', '1-03\n'];
    expect(await sent(...pieces.map((piece) => `${piece}\n`))).not.toMatchObject({ rows: 3, failed: 0 });
    expect(await sent(...pieces)).toMatchObject({ rows: 3, failed: 0 });
  });

  it('half a row after which nothing comes is refused by its line', async () => {
    expect(await sent('Account,Date\nH1,2026-01-01\nH2,2026-0')).toMatchObject({ rows: 2, entriesAdded: 1, failed: 1, errors: [{ line: 3 }] });
    expect(await sent('Account,Date\nH1,2026-01-01\nH2')).toMatchObject({ rows: 2, alreadyHere: 1, failed: 1, errors: [{ line: 3 }] });
  });
});
