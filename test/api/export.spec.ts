/** Everything can be taken out: the log and back with the same head, tables that no spreadsheet runs, an event log that tools read, a page to read. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { SaxesParser } from 'saxes';
import { openParts } from '../../src/app.module.js';
import { readConfig } from '../../src/config.js';
import { attributeText } from '../../src/exchange/xes.js';
import { loadLog } from '../../src/shell/loading.js';
import { checkLogFile } from '../../src/shell/log-file.js';
import { inFiles } from './database.js';
import { faultsOf, TestApp, written, type Answer, type Json } from './app.js';
import { withAccount, type Headers } from './parties.js';

const EVIL = '=HYPERLINK("http://example.org";"x")';
const HOSTILE = `<b>&"'\u0001\u2028 \ud800 ]]> ${'\u{1F600}'}`;
const STARTS = ['=', '+', '-', '@', '\t', '\r', '\n'];

let app: TestApp;
let folder: string;
let morel: string;
let ines: string;
let leader: Headers;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'five-ring-export-'));
  app = await TestApp.withAda();
  leader = await withAccount(app, 'lea', 'leader');
  morel = await app.customer({ name: 'Morel & <Fils>', segment: 'bakeries', origin: 'fair', owner: 'ada' });
  ines = await app.person(morel, { name: 'Ines "M" Morel', email: 'ines@example.org', phone: '+49 30 1', roles: ['champion'] });
  const [, call] = await app.log(
    morel,
    { kind: 'reply', occurredAt: '2026-01-05T10:00:00Z', summary: EVIL, people: [ines] },
    { kind: 'call', side: 'us', occurredAt: '2026-01-06T10:00:00Z', summary: HOSTILE.replace('\ud800', '').replace('\u0001', ''), attended: true },
    { kind: 'purchase', occurredAt: '2026-01-10T00:00:00Z', offering: 'service-plan', amount: 1250, currency: 'EUR' },
    { kind: 'note', side: 'us', occurredAt: '2026-01-11T00:00:00Z', summary: 'Wrong' },
  );
  const [wrong] = await app.log(morel, { kind: 'note', side: 'us', occurredAt: '2026-01-12T00:00:00Z', summary: 'TAKEN-BACK' });
  await written(app.post(`customers/${morel}/interactions/${wrong}/retract`, {}));
  await written(app.put(`customers/${morel}/interactions/${call}`, { kind: 'call', side: 'us', summary: `${HOSTILE.replace('\ud800', '').replace('\u0001', '')} corrected`, attended: true, occurredAt: '2026-01-04T10:00:00Z' }));
  for (const start of ['+', '-', '@']) await app.log(await app.customer({ name: `${start}Cell ${start}` }), { kind: 'reply', occurredAt: '2026-02-01T00:00:00Z' });
  await app.customer({ name: 'Nothing yet' });
  await app.parts.projector.caughtUp();
});
afterAll(async () => {
  await app.remove();
  rmSync(folder, { recursive: true });
});

const read = async (path: string): Promise<Answer> => {
  const answer = await app.get(path);
  expect({ path, status: answer.status }).toEqual({ path, status: 200 });
  return answer;
};

/** Writes the exported log into a file. */
async function exported(name = 'log.ndjson'): Promise<string> {
  const file = join(folder, name);
  writeFileSync(file, (await read('export/log')).text);
  return file;
}

describe('the log', () => {
  it('goes out as it is stored, and back into an empty store under the same head', async () => {
    const file = await exported();
    const { head, events } = (await read('proof')).json;
    const lines = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    expect(lines[0]).toEqual({ fiveRingLog: 1, exportedAt: expect.any(String), version: expect.any(String) });
    expect(lines.at(-1)).toEqual({ end: true, events, head });
    // Sealed: neither the name nor the text stands in it.
    for (const word of ['Morel', 'HYPERLINK', 'ines@']) expect(readFileSync(file, 'utf8')).not.toContain(word);
    expect(await checkLogFile(file)).toEqual({ events, head });

    // With its keys it is the same organisation.
    const data = join(folder, 'loaded');
    const config = readConfig({ FIVE_RING_DATA: data, FIVE_RING_TIME_ZONE: 'UTC', LOG_LEVEL: 'silent' });
    const keys = await keysOf(app);
    const loaded = await loadLog({ file, data, store: config.store, keys });
    expect(loaded).toMatchObject({ events, head, targetHead: head, hasKeys: true });
    // In PostgreSQL its keys are not among the files that are taken along.
    if (!inFiles()) return;
    const parts = await openParts(config);
    try {
      await parts.projector.caughtUp();
      expect(await parts.operations.verify()).toMatchObject({ ok: true, head, events, erasedFields: 0 });
      // The views say the same.
      expect(await parts.rows.digest()).toEqual(await app.parts.rows.digest());
    } finally {
      await parts.close();
    }
    // Not over a log that is there.
    await expect(loadLog({ file, data, store: config.store })).rejects.toMatchObject({ code: 'target-differs' });
  });

  it('refuses a file that was cut off, changed, or is something else, and writes nothing', async () => {
    const file = await exported('sound.ndjson');
    const text = readFileSync(file, 'utf8');
    const lines = text.trimEnd().split('\n');
    const wrong: Record<string, [string, string]> = {
      'cut-off': [`${lines.slice(0, -1).join('\n')}\n`, 'cut-off'],
      'cut in a line': [text.slice(0, text.length / 2), 'changed'],
      'a word changed': [text.replace('"actor":"ada"', '"actor":"eve"'), 'changed'],
      'a line gone': [`${lines.filter((_, i) => i !== 3).join('\n')}\n`, 'changed'],
      'two lines swapped': [`${[...lines.slice(0, 2), lines[3], lines[2], ...lines.slice(4)].join('\n')}\n`, 'changed'],
      'more behind the end': [`${text}${lines[2]}\n`, 'changed'],
      empty: ['', 'not-a-log'],
      csv: ['a,b\n1,2\n', 'not-a-log'],
      'a newer form': [text.replace('"fiveRingLog":1', '"fiveRingLog":2'), 'newer-format'],
      'bytes that are no text': [text.replace('"ada"', '"a\ufffdda"'), 'changed'],
    };
    for (const [name, [content, code]] of Object.entries(wrong)) {
      const bad = join(folder, 'bad.ndjson');
      writeFileSync(bad, content);
      const data = join(folder, `never-${name.replaceAll(' ', '-')}`);
      const error = await loadLog({ file: bad, data, store: `sqlite:${join(data, 'log.db')}` }).catch((caught: unknown) => caught as { code?: string; message?: string });
      // Sentences name the file, and say what to do.
      expect({ name, code: (error as { code?: string }).code, says: (error as Error).message }).toEqual({ name, code, says: expect.stringContaining(bad) });
      expect(() => readFileSync(join(data, 'log.db'))).toThrow('ENOENT');
    }
    await expect(loadLog({ file: join(folder, 'none'), data: folder, store: `sqlite:${join(folder, 'x.db')}` })).rejects.toMatchObject({ code: 'cannot-read' });
    await expect(loadLog({ file: folder, data: join(folder, 'd'), store: `sqlite:${join(folder, 'd/log.db')}` })).rejects.toMatchObject({ code: 'cannot-read' });
  });

  it('planted bug: a file whose last line is taken for granted would load half a log', async () => {
    const file = await exported('planted.ndjson');
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    // A reader that looks at the lines alone finds nothing wrong with the half.
    const half = lines.slice(0, Math.ceil(lines.length / 2));
    expect(half.slice(1).every((line) => typeof (JSON.parse(line)).id === 'string')).toBe(true);
    writeFileSync(file, `${half.join('\n')}\n`);
    await expect(checkLogFile(file)).rejects.toMatchObject({ code: 'cut-off' });
  });
});

/** A copy of the keys of an app that runs. */
async function keysOf(of: TestApp): Promise<string> {
  const { default: Database } = await import('better-sqlite3');
  const file = join(folder, `keys-${createHash('sha256').update(String(Math.random())).digest('hex').slice(0, 8)}.db`);
  const db = new Database(join(of.folder, 'keys.db'));
  db.prepare('VACUUM INTO ?').run(file);
  db.close();
  return file;
}

/** Rows of a table by the names of its columns. */
const rowsOf = (text: string): Record<string, string>[] => parse(text, { columns: true, bom: true });
/** Cells that a spreadsheet would take for a formula. */
const running = (text: string): string[] => rowsOf(text).flatMap((row) => Object.values(row)).filter((cell) => STARTS.some((start) => cell.startsWith(start)));

describe('tables', () => {
  it('every entry in force with its fields, corrected, in the order in which they happened', async () => {
    const { text, headers } = await read('export/interactions');
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-disposition']).toMatch(/^attachment; filename="five-ring-interactions-\d{4}-\d\d-\d\d\.csv"$/);
    const rows = rowsOf(text).filter(({ customer }) => customer === morel);
    expect(rows.map(({ kind }) => kind)).toEqual(['call', 'reply', 'purchase', 'note', 'person-added']);
    expect(rows[0]).toMatchObject({ customerName: 'Morel & <Fils>', customerSegment: 'bakeries', customerOwner: 'ada', side: 'us', occurredAt: '2026-01-04T10:00:00.000Z', attended: 'yes', summary: expect.stringContaining('corrected') });
    expect(rows[1]).toMatchObject({ summary: `'${EVIL}`, people: ines, peopleNames: 'Ines "M" Morel' });
    expect(rows[2]).toMatchObject({ offering: 'service-plan', amount: '1250', currency: 'EUR' });
    expect(rows[4]).toMatchObject({ email: 'ines@example.org', phone: "'+49 30 1", roles: 'champion' });
    expect(text).not.toContain('TAKEN-BACK');
    expect(running(text)).toEqual([]);
    const columns = Object.keys(rows[0]!);
    expect(new Set(columns).size).toBe(columns.length);
  });

  it('can be bounded in time, and says which bound is no date', async () => {
    const { text } = await read('export/interactions?from=2026-01-05&to=2026-01-11');
    expect(rowsOf(text).map(({ kind }) => kind)).toEqual(['reply', 'purchase']);
    expect(faultsOf(await app.get('export/interactions?from=never'), 400, 'not-a-date', 'from')).toEqual([]);
    expect(faultsOf(await app.get('export/xes?rings=maybe'), 400)).toEqual([]);
    expect(faultsOf(await app.get('customers/nobody/export'), 404, 'unknown-customer')).toEqual([]);
  });

  it('every stretch in which a ring was lit', async () => {
    const { text } = await read('export/journeys');
    const { spells } = await app.read(`customers/${morel}/journey`);
    const rows = rowsOf(text).filter(({ customer }) => customer === morel);
    expect(rows.map(({ ring, from, to, cause }) => ({ ring: Number(ring), from, to: to === '' ? null : to, cause: cause === '' ? null : cause }))).toEqual(spells.map(({ ring, from, to, cause }: Json) => ({ ring, from, to, cause })));
    expect(rows[0]).toMatchObject({ ringName: 'Contact', openedByKinds: 'call', isLit: expect.stringMatching(/^(yes|no)$/) });
    expect(rowsOf(text).map(({ customerName }) => customerName)).toEqual(expect.arrayContaining(["'+Cell +", "'-Cell -", "'@Cell @"]));
    expect(running(text)).toEqual([]);
  });

  it('planted bug: a cell that is not defused is found', async () => {
    const { text } = await read('export/journeys');
    expect(running(text.replace("'@Cell", '@Cell'))).toEqual(['@Cell @']);
  });
});

interface Xes {
  readonly log: Record<string, string>;
  readonly extensions: Record<string, string>[];
  readonly globals: string[];
  readonly traces: { readonly attributes: Record<string, string>; readonly events: Record<string, string>[] }[];
  readonly order: string[];
}

/** Reads an event log by a strict parser. @throws for what is not well formed. */
function xesIn(text: string): Xes {
  const read: Xes = { log: {}, extensions: [], globals: [], traces: [], order: [] };
  const parser = new SaxesParser();
  const path: string[] = [];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const given = attributes as Record<string, string>;
    path.push(name);
    if (path.length === 2) read.order.push(['extension', 'global', 'classifier', 'trace'].includes(name) ? name : 'attribute');
    if (name === 'log') Object.assign(read.log, given);
    else if (name === 'extension') read.extensions.push(given);
    else if (name === 'trace') read.traces.push({ attributes: {}, events: [] });
    else if (name === 'event') read.traces.at(-1)!.events.push({});
    else if (path.at(-2) === 'global') read.globals.push(given['key']!);
    else if (path.at(-2) === 'event') read.traces.at(-1)!.events.at(-1)![given['key']!] = given['value']!;
    else if (path.at(-2) === 'trace') read.traces.at(-1)!.attributes[given['key']!] = given['value']!;
  });
  parser.on('closetag', () => void path.pop());
  parser.write(text).close();
  return read;
}

/** What the standard asks for and the file does not do. */
function faultsIn({ log, extensions, globals, traces, order }: Xes): string[] {
  const faults: string[] = [];
  if (!/^\d+(\.\d+)?$/.test(log['xes.version'] ?? '')) faults.push('xes.version is no decimal');
  if (log['xes.features'] === undefined) faults.push('no xes.features');
  const prefixes = new Map(extensions.map(({ prefix, uri }) => [prefix, uri]));
  for (const [prefix, uri] of prefixes) if (uri !== `http://www.xes-standard.org/${prefix}.xesext`) faults.push(`extension ${prefix} is at ${uri}`);
  // Elements of the log stand in this order.
  const ranks = order.map((name) => ['extension', 'global', 'classifier', 'attribute', 'trace'].indexOf(name));
  if (ranks.some((rank, at) => at > 0 && rank < ranks[at - 1]!)) faults.push(`out of order: ${order.join()}`);
  for (const { attributes, events } of traces) {
    for (const of of [attributes, ...events]) for (const key of Object.keys(of)) if (key.includes(':') && !prefixes.has(key.split(':')[0])) faults.push(`${key} is of no extension`);
    if (attributes['concept:name'] === undefined) faults.push('a trace without a name');
    for (const event of events) {
      for (const key of globals.filter((one) => one !== 'concept:name').concat('concept:name')) if (event[key] === undefined) faults.push(`an event without ${key}`);
      if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(event['time:timestamp'] ?? '')) faults.push(`${event['time:timestamp']} is no instant`);
    }
    const times = events.map((event) => event['time:timestamp']!);
    if (times.some((time, at) => at > 0 && time < times[at - 1]!)) faults.push('events are not in order');
  }
  return faults;
}

describe('the event log for process mining', () => {
  it('is well formed, keeps to the standard, and holds every customer and entry, without a name or a text', async () => {
    const { text, headers } = await read('export/xes');
    expect(headers['content-type']).toBe('application/xml; charset=utf-8');
    const xes = xesIn(text);
    expect(faultsIn(xes)).toEqual([]);
    const entries = rowsOf((await read('export/interactions')).text);
    const customers = (await app.read('portfolio')).items as Json[];
    expect(xes.traces.map(({ attributes }) => attributes['concept:name']).sort()).toEqual(customers.map(({ id }) => id).sort());
    expect(xes.traces.flatMap(({ events }) => events.map((event) => event['concept:instance'])).sort()).toEqual(entries.map(({ entry }) => entry).sort());
    const trace = xes.traces.find(({ attributes }) => attributes['concept:name'] === morel)!;
    expect(trace.attributes).toEqual({ 'concept:name': morel, segment: 'bakeries', origin: 'fair', owner: 'ada' });
    expect(trace.events.slice(0, 2)).toMatchObject([
      { 'concept:name': 'call', 'lifecycle:transition': 'complete', 'org:resource': 'ada', 'org:group': 'service', side: 'us' },
      { 'concept:name': 'reply', 'org:resource': 'customer', side: 'customer' },
    ]);
    for (const word of ['Morel', 'HYPERLINK', 'ines', 'Cell']) expect(text).not.toContain(word);
  });

  it('rings stand among the entries where they are asked for', async () => {
    const xes = xesIn((await read('export/xes?rings=true')).text);
    expect(faultsIn(xes).filter((fault) => !fault.includes('concept:instance'))).toEqual([]);
    const names = xes.traces.find(({ attributes }) => attributes['concept:name'] === morel)!.events.map((event) => event['concept:name']);
    expect(names).toEqual(expect.arrayContaining(['reply', 'ring 1 lit', 'ring 2 lit']));
  });

  it('whatever stands in a text, the XML stays well formed', () => {
    const all = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).join('') + HOSTILE;
    let value = '';
    const parser = new SaxesParser();
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('opentag', ({ attributes }) => (value = (attributes as Record<string, string>)['value']!));
    parser.write(`<string value="${attributeText(all)}"/>`).close();
    expect(value).toHaveLength(all.length);
    expect(value).toContain('\t\n');
    expect(value).toContain(`<b>&"'\ufffd\u2028 \ufffd ]]> \u{1F600}`);
  });

  it('planted bugs: an escape that is missing, an extension that is not declared, and a trace out of order are found', async () => {
    const { text } = await read('export/xes');
    expect(() => xesIn(text.replace('value="bakeries"', 'value="a&b"'))).toThrow();
    expect(faultsIn(xesIn(text.replace(/ {2}<extension name="Organizational".*\n/, '')))).toContain('org:resource is of no extension');
    expect(faultsIn(xesIn(text.replace('2026-01-04T10:00:00.000Z', '2027-01-04T10:00:00.000Z')))).toContain('events are not in order');
    expect(faultsIn(xesIn(text.replace('2026-01-04T10:00:00.000Z', 'yesterday')))).toContain('yesterday is no instant');
  });
});

describe('one customer', () => {
  it('is a page in one file: rings, people, timeline, and nothing that runs or loads', async () => {
    const { text, headers } = await read(`customers/${morel}/export`);
    expect(headers['content-disposition']).toMatch(/^attachment; filename="five-ring-customer-\d{4}-\d\d-\d\d\.html"$/);
    for (const part of ['<h1>Morel &amp; &lt;Fils&gt;</h1>', '1 Contact', '5 Advocacy', 'Ines &quot;M&quot; Morel', 'ines@example.org', '12.50 EUR', '=HYPERLINK(&quot;http://example.org&quot;;&quot;x&quot;)', 'corrected', '5 entries']) expect(text).toContain(part);
    expect(text).not.toMatch(/<(script|img|link|iframe|b)\b|\son\w+=|url\(|TAKEN-BACK/);
    // Newest first.
    expect(text.indexOf('HYPERLINK')).toBeGreaterThan(text.indexOf('12.50 EUR'));
  });

  it('for who may not see contact details they are left out, of the page as of the table', async () => {
    for (const path of [`customers/${morel}/export`, 'export/interactions']) {
      const { status, text } = await app.raw('GET', `/api/v1/${path}`, leader);
      expect({ path, status, shown: ['ines@', '30 1'].filter((word) => text.includes(word)) }).toEqual({ path, status: 200, shown: [] });
    }
    expect(faultsOf(await app.raw('GET', '/api/v1/export/log', leader), 403, 'no-right')).toEqual([]);
  });

  it('every export is noted', async () => {
    await app.raw('GET', `/api/v1/customers/${morel}/export`, leader);
    const notes = (await app.parts.audit.read({ action: 'export' }, 100)).map(({ route }) => route);
    for (const route of ['export/log', 'export/interactions', 'export/journeys', 'export/xes', 'customers/:id/export']) expect(notes).toContain(`GET /api/v1/${route}`);
    expect((await app.parts.audit.read({ action: 'export' }, 1))[0]).toMatchObject({ colleague: 'lea', target: morel });
  });

  it('what was erased is empty in the table and on the page, and said', async () => {
    const own = await TestApp.withAda();
    try {
      const id = await own.customer({ name: 'Bare Ltd' });
      const kim = await own.person(id, { name: 'Kim Canary', email: 'kim@example.org' });
      await own.log(id, { kind: 'reply', summary: 'CANARY words', people: [kim] });
      await written(own.post(`customers/${id}/people/${kim}/erase`, { reason: 'Asked' }));
      await own.parts.projector.caughtUp();
      const [table, page] = await Promise.all([own.get('export/interactions'), own.get(`customers/${id}/export`)]);
      for (const { text } of [table, page]) expect(text).not.toMatch(/canary|kim@/i);
      expect(rowsOf(table.text).find(({ kind }) => kind === 'reply')).toMatchObject({ erased: 'summary', summary: '' });
      expect(page.text).toContain('<dt>Erased</dt><dd>Summary</dd>');
    } finally {
      await own.remove();
    }
  });
});

it('a long table goes out piece by piece, and no entry is missing or doubled', async () => {
  const many = await TestApp.withAda();
  try {
    const id = await many.customer({ name: 'Long' });
    for (let k = 0; k < 3; k += 1) await many.log(id, ...Array.from({ length: 50 }, (_, n) => ({ kind: 'note', side: 'us', occurredAt: new Date(Date.UTC(2026, 0, 1 + k, 0, n)).toISOString(), summary: `n${k}-${n}` })));
    await many.parts.projector.caughtUp();
    const rows = rowsOf((await many.get('export/interactions')).text);
    expect(rows.map(({ summary }) => summary)).toEqual(Array.from({ length: 150 }, (_, n) => `n${Math.floor(n / 50)}-${n % 50}`));
    expect(((await many.get(`customers/${id}/export`)).text.match(/<li>/g) ?? []).length).toBe(150);
  } finally {
    await many.remove();
  }
});
