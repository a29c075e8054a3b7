/** The verbs on a data folder that nobody serves: what they print, and how they end. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { commonFields, kinds } from '../../src/customers/catalogue.js';
import { flagOf } from '../../src/cli/failure.js';
import { build, type Built, type Run, type Running } from './five-ring.js';

let built: Built;
let data: string;
beforeAll(() => (built = build()));
afterAll(() => built.remove());

const cli = (...args: string[]): Promise<Run> => built.run(args, { FIVE_RING_DATA: data, FIVE_RING_AS: 'ada' });
const json = async (...args: string[]): Promise<{ code: number | null; said: Record<string, unknown> }> => {
  const { code, out } = await cli('--json', ...args);
  return { code, said: JSON.parse(out) as Record<string, unknown> };
};

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

describe('before anything is opened', () => {
  beforeAll(() => (data = join(tmpdir(), 'five-ring-none', String(process.pid))));

  it('explains itself and every verb', async () => {
    const help = await cli('--help');
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain('Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 import done but with bad rows.');
    const verbs = ['serve', 'demo', 'customer', 'colleague', 'account', 'key', 'log', 'attention', 'kinds', 'figures', 'kept', 'report', 'import', 'migrate', 'upgrade', 'verify', 'proof'];
    for (const verb of verbs) expect(help.out).toMatch(new RegExp(`^  ${verb} `, 'm'));
    const each = await Promise.all([...verbs.map((verb) => [verb]), ['customer', 'add'], ['customer', 'show'], ['customer', 'list'], ['customer', 'snooze'], ['customer', 'wake'], ['colleague', 'add']].map(async (verb) => ({ verb, run: await cli(...verb, '--help') })));
    for (const { verb, run } of each) {
      expect({ verb, code: run.code, err: run.err }).toEqual({ verb, code: 0, err: '' });
      expect(run.out).toContain(`Usage: five-ring ${verb.join(' ')}`);
    }
  });

  it('starts fast when it need not open anything', async () => {
    await cli('--help');
    const began = performance.now();
    await cli('--help');
    expect(performance.now() - began).toBeLessThan(1500);
  });

  it('lists just the fields of a kind', async () => {
    const { out, code } = await cli('log', 'morel', 'issue-opened', '--help');
    expect(code).toBe(0);
    for (const flag of ['--severity <number>', '--summary <text>', '--source-id <text>']) expect(out).toContain(flag);
    expect(out).toContain('1 (worst) to 4');
    expect(out).not.toContain('--nps');
  });

  it('has a flag for every field, and none that means something else already', () => {
    const flags = [commonFields, ...Object.values(kinds).map(({ fields }) => fields)].flatMap((fields) => Object.keys(fields).map(flagOf));
    for (const taken of ['--as', '--json', '--data', '--version', '--help']) expect(flags).not.toContain(taken);
  });

  it('takes a flag to have a value, or none, whatever the kind', () => {
    const alone = new Map<string, boolean>();
    for (const fields of [commonFields, ...Object.values(kinds).map((kind) => kind.fields)]) {
      for (const [name, { type }] of Object.entries(fields)) {
        expect({ name, alone: alone.get(name) ?? (type === 'flag') }).toEqual({ name, alone: type === 'flag' });
        alone.set(name, type === 'flag');
      }
    }
  });

  it('prints the catalogue', async () => {
    const [all, group, one] = await Promise.all([json('kinds'), cli('kinds', 'service'), cli('kinds', 'survey-answered')]);
    expect((all.said['items'] as unknown[]).length).toBe(Object.keys(kinds).length);
    expect(group.out).toMatch(/^issue-opened +service +customer +--severity/m);
    expect(group.out).not.toContain('purchase');
    expect(one.out).toContain('At least one of --nps, --csat, --ces.');
  });

  it.each([
    ['an unknown verb', ['frobnicate'], 'Unknown command'],
    ['no verb of a group', ['customer'], 'Say what to do'],
    ['an unknown kind', ['log', 'morel', 'telepathy'], 'telepathy is no kind'],
    ['no kind', ['log', 'morel'], 'Say CUSTOMER and KIND'],
    ['a flag the kind has not', ['log', 'morel', 'call', '--side', 'us', '--nps', '9'], "Unknown option '--nps'"],
    ['a value out of range', ['log', 'morel', 'survey-answered', '--nps', '11'], '--nps must be at most 10'],
    ['no number', ['log', 'morel', 'survey-answered', '--nps', 'ten'], '--nps must be a number'],
    ['a date that is none', ['log', 'morel', 'call', '--side', 'us', '--occurred-at', 'yesterday'], '--occurred-at must be an ISO 8601'],
    ['a missing flag', ['log', 'morel', 'issue-opened'], '--severity must be given'],
    ['a kind that needs no customer', ['log', 'morel', 'change-made', '--what', 'x', '--why', 'y'], 'tied to no customer'],
    ['a department there is not', ['colleague', 'add', 'x', 'X', '--department', 'magic'], 'Allowed choices are marketing'],
    ['an order there is not', ['customer', 'list', '--sort', 'luck'], 'Allowed choices are attention'],
    ['a reason there is not', ['attention', '--reason', 'luck'], 'Allowed choices are severe issue open'],
    ['a snooze without a reason', ['customer', 'snooze', 'morel', '--until', '2027-01-01'], "'--reason <text>' not specified"],
    ['a dry run of no mapping', ['import', 'x.csv', '--dry-run'], '--mapping FILE'],
    ['a kind or group there is not', ['kinds', 'magic'], 'neither a kind nor a group'],
    ['a folder for the demo', ['demo', '--data', '/tmp/x'], 'leave --data out'],
    ['nobody who acts', ['customer', 'add', 'X', '--as', ''], 'Say who acts'],
    ['somebody who cannot be', ['customer', 'add', 'X', '--as', 'a b'], 'is no id'],
  ])('ends with 2 for %s', async (_what, args, says) => {
    const env = { FIVE_RING_DATA: data, ...(args.includes('--as') ? {} : { FIVE_RING_AS: 'ada' }) };
    const run = await built.run(args, env);
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toContain(says);
  });

  it('says wrong usage as one document to a program, whoever finds it', async () => {
    const [verb, form] = await Promise.all([json('frobnicate'), json('log', 'morel', 'survey-answered', '--nps', '11')]);
    expect(verb).toMatchObject({ code: 2, said: { type: 'urn:five-ring:problem:wrong-usage', code: 'wrong-usage', status: 400 } });
    expect(form).toMatchObject({ code: 2, said: { code: 'wrong-usage', errors: [{ field: 'nps', code: 'too-large' }] } });
  });

  it('does not make a folder by reading a name that was mistyped', async () => {
    expect(await json('customer', 'list')).toMatchObject({ code: 1, said: { code: 'no-data' } });
    expect((await cli('verify')).err).toContain(`There is no data folder ${data}`);
  });

  it('says which setting is wrong', async () => {
    const run = await built.run(['customer', 'list'], { FIVE_RING_TIME_ZONE: 'Mars/Olympus' });
    expect(run).toMatchObject({ code: 1, out: '', err: 'FIVE_RING_TIME_ZONE=Mars/Olympus is no IANA time zone, such as Europe/Berlin.\n' });
  });
});

describe('on a folder of its own', () => {
  let server: Running | undefined;
  beforeAll(() => (data = mkdtempSync(join(tmpdir(), 'five-ring-data-'))));
  afterAll(async () => {
    await server?.end('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  });

  it('adds colleagues, customers and entries, and shows them', async () => {
    expect(await built.run(['colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales'], { FIVE_RING_DATA: data })).toMatchObject({ code: 0, out: 'Ada Berg is a colleague now. Id: ada\n' });
    expect((await cli('colleague', 'list')).out).toMatch(/^ada +Ada Berg +sales +yes$/m);
    const added = await json('customer', 'add', 'Morel & Fils', '--owner', 'ada', '--segment', 'bakeries');
    expect(added).toMatchObject({ code: 0, said: { id: expect.stringMatching(UUID) as string, repeated: false } });
    expect((await cli('customer', 'add', 'Morell GmbH', '--referred-by', 'fils')).code).toBe(0);

    expect((await cli('log', 'fils', 'person-added', '--name', 'Ines Morel', '--roles', 'decider,champion')).code).toBe(0);
    const logged = await json('log', 'Morel', '&', 'Fils', 'call', '--side', 'customer', '--attended', '--people', 'ines', '--feeling', '-1', '--summary', 'Asked\u001b[31m about delivery', '--occurred-at', '2026-01-15');
    expect(logged).toMatchObject({ code: 0, said: { customer: { name: 'Morel & Fils' }, entries: [expect.stringMatching(UUID)] } });
    expect((await cli('log', 'change-made', '--what', 'New onboarding', '--why', 'Too slow')).out).toMatch(/^Logged: Change made/);

    const shown = await cli('customer', 'show', 'fils');
    expect(shown.code).toBe(0);
    expect(shown.out).toMatch(/^ +1 Contact +(lit|at risk|out) +since .*Call of 2026-01-15/m);
    expect(shown.out).toMatch(/^ +5 Advocacy +nothing recorded +would be lit by reference/m);
    expect(shown.out).toMatch(/^ +Ines Morel +decider, champion/m);
    // Midnight in Berlin; and nothing in a text moves the cursor.
    expect(shown.out).toMatch(/^ +2026-01-15 00:00 +Call +customer .*Asked \[31m about delivery$/m);
    const whole = await json('customer', 'show', 'fils');
    expect(whole.said).toMatchObject({ customer: { name: 'Morel & Fils', owner: 'ada' }, people: [{ name: 'Ines Morel' }] });
    expect((whole.said['entries'] as { kind: string }[]).find(({ kind }) => kind === 'call')).toMatchObject({ attended: true, feeling: -1, occurredAt: '2026-01-14T23:00:00.000Z', people: [{ name: 'Ines Morel' }] });

    const listed = await cli('customer', 'list', '--sort', 'name');
    expect(listed.out).toMatch(/^Morel & Fils .*Ada Berg +2026-01-15/m);
    expect((await json('customer', 'list', '--text', 'morell')).said).toMatchObject({ total: 1, items: [{ name: 'Morell GmbH' }] });
  });

  // In-process up to here; a server answers faster.
  it('goes on at a server', async () => {
    server = built.start(['serve'], { FIVE_RING_DATA: data, PORT: '0', LOG_LEVEL: 'silent' });
    await server.says(/listens on/);
  });

  it('lists what needs attention, and leaves a customer alone until a date', async () => {
    const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    expect(await cli('attention')).toMatchObject({ code: 0, err: '' });
    expect((await cli('log', 'morell', 'issue-opened', '--severity', '1', '--occurred-at', day(-30))).code).toBe(0);
    const listed = await cli('attention', '--reason', 'severe issue open');
    expect(listed.out).toMatch(new RegExp(`^Morell GmbH +${day(-30)} +– +– +– +A severe issue is open$`, 'm'));
    expect(listed.out).toContain('1 customer. New: since yesterday.');
    expect((await json('attention', '--new', '--reason', 'severe issue open')).said).toMatchObject({ total: 0, items: [] });

    expect(await cli('customer', 'snooze', 'morell', '--until', day(20), '--reason', 'A part is on\u001b[31m its way')).toMatchObject({ code: 0, out: `Morell GmbH is snoozed until ${day(20)}. What comes up meanwhile and is as grave brings it back.\n` });
    expect((await cli('attention', '--reason', 'severe issue open')).out).toBe('Nothing needs attention.\n');
    expect((await cli('attention', '--snoozed', '--reason', 'severe issue open')).out).toMatch(new RegExp(`A severe issue is open; snoozed until ${day(20)} by Ada Berg: A part is on \\[31m its way$`, 'm'));
    expect((await cli('customer', 'wake', 'morell')).out).toBe('Morell GmbH is snoozed no longer.\n');
    expect(await cli('customer', 'wake', 'morell')).toMatchObject({ code: 1, err: 'Nothing is snoozed at this customer.\n' });
    expect(await cli('customer', 'snooze', 'morell', '--until', day(-1), '--reason', 'x')).toMatchObject({ code: 1, err: '--until must lie ahead; a date means the start of that day.\n' });
  });

  it('lists the candidates when the words fit several, and says so when they fit none', async () => {
    const several = await cli('customer', 'show', 'mor');
    expect(several).toMatchObject({ code: 1, out: '' });
    expect(several.err).toMatch(/2 customers have a name with mor/);
    expect(several.err).toContain('Morell GmbH');
    expect(await json('log', 'mor', 'note')).toMatchObject({ code: 1, said: { code: 'ambiguous-customer', candidates: [{ name: 'Morel & Fils' }, { name: 'Morell GmbH' }] } });
    expect((await cli('log', 'nobody', 'note')).err).toBe('No customer has the id or the name nobody.\n');
    expect((await cli('log', 'fils', 'note', '--people', 'zoe')).err).toContain('Morel & Fils has nobody with the id or name zoe');
  });

  it('says refusals of the server with the flags one knows', async () => {
    const run = await cli('customer', 'add', 'X', '--owner', 'bob');
    expect(run).toMatchObject({ code: 1, out: '', err: '--owner bob is no colleague.\n' });
    expect(await json('customer', 'add', 'X', '--owner', 'bob')).toMatchObject({ code: 1, said: { status: 400, errors: [{ field: 'owner', code: 'unknown-colleague' }] } });
    expect((await cli('customer', 'add', 'X', '--as', 'zoe')).err).toContain('--as names no active colleague');
    expect((await cli('log', 'fils', 'note', '--occurred-at', '2150-01-01')).err).toContain('--occurred-at must not be in the future');
  });

  it('imports what is good, names what is bad, and adds nothing the second time', async () => {
    const file = join(data, 'rows.csv');
    const mapping = join(data, 'mapping.json');
    writeFileSync(file, 'Account,Name,Kind,Date,Text,Severity\nA1,Acme,Call,2026-01-02,Hello,\nA1,Acme,Ticket,2026-01-03,Broken,2\nA2,Beta,Ticket,2026-01-03,Broken,9\n');
    writeFileSync(mapping, JSON.stringify({ customer: { source: 'crm', sourceId: '{Account}', name: '{Name}' }, entry: { kind: { column: 'Kind', values: { Call: 'call', Ticket: 'issue-opened' } }, side: 'customer', occurredAt: '{Date}', summary: '{Text}', severity: '{Severity}' } }));
    const count = async (): Promise<unknown> => (await json('customer', 'list')).said['total'];
    const before = await count();

    const dry = await cli('import', file, '--mapping', mapping, '--dry-run');
    expect(dry.code).toBe(3);
    expect(dry.out).toContain('Dry run, nothing was written. It would be: 3 rows read: 2 entries added, 1 new customer, 1 row refused.\nIt would add: 1 call, 1 issue-opened.\n');
    expect(dry.out).toMatch(/1 Contact +1\n +2 Purchase +0 +purchase, renewal: what was bought/);
    expect(await count()).toBe(before);

    const bad = join(data, 'bad.csv');
    const first = await cli('import', file, '--mapping', mapping, '--bad-rows', bad);
    expect(first.code).toBe(3);
    expect(first.out).toContain('3 rows read: 2 entries added, 1 new customer, 1 row refused.\n');
    expect(readFileSync(bad, 'utf8')).toMatch(/^\uFEFFAccount,Name,Kind,Date,Text,Severity,import line,import code,import reason\r\nA2,Beta,Ticket,2026-01-03,Broken,9,4,\S+,severity must be at most 4\r\n$/);
    expect(first.err).toMatch(/line 4: severity must be at most 4/);
    expect(await json('import', file, '--mapping', mapping)).toMatchObject({ code: 3, said: { entriesAdded: 0, alreadyHere: 2, failed: 1 } });

    const run = /import undo (\S+)/.exec(first.out)![1]!;
    const [listed] = (await json('imports')).said['items'] as { id: string; status: string; file: string }[];
    expect(listed).toMatchObject({ id: run, status: 'finished', file: 'rows.csv' });
    const log = await cli('log', 'acme', 'reply');
    expect(log.code).toBe(0);
    const refusedUndo = await cli('import', 'undo', run.slice(0, 8));
    expect(refusedUndo).toMatchObject({ code: 1, out: '' });
    expect(refusedUndo.err).toMatch(/Something builds on this import.*\n +customer \S+: reply \S+ stands at its customer/);
    const other = join(data, 'other.csv');
    writeFileSync(other, 'Account,Name,Kind,Date,Text,Severity\nA9,Undone,Call,2026-01-02,Hello,\n');
    const undoing = /import undo (\S+)/.exec((await cli('import', other, '--mapping', mapping)).out)![1]!;
    expect(await cli('import', 'undo', undoing)).toMatchObject({ code: 0, out: 'Undone: 1 entry taken back, 1 customer removed.\n' });
    expect((await cli('import', 'undo', undoing)).out).toBe('It was undone before: 1 entry taken back, 1 customer removed.\n');
    expect((await cli('imports')).out).toMatch(/undone +1 +1 +crm +other\.csv/);

    writeFileSync(file, 'Account,Name,Kind,Date,Text,Severity\nA1,Acme,Call,2026-01-02,Hello,\n');
    expect(await cli('import', file, '--mapping', mapping)).toMatchObject({ code: 0, err: '' });
    writeFileSync(mapping, JSON.stringify({ customer: { source: 'crm', sourceId: '{Account}' }, entry: { kind: 'call', side: 'customer', occurredAt: '{Date}', telepathy: '{Text}' } }));
    const refused = await cli('import', file, '--mapping', mapping);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('entry.telepathy is not a field');
    expect((await cli('import', 'none.csv', '--mapping', mapping)).err).toBe('none.csv cannot be read: there is no such file.\n');
    expect((await cli('import', data, '--mapping', mapping)).err).toContain('it is a folder');
    expect((await cli('import', file, '--mapping', file)).err).toContain('is not valid JSON');
  });

  it('looks at a file without a mapping, and suggests one', async () => {
    const file = join(data, 'Tickets 2026.csv');
    writeFileSync(file, Buffer.from('Kunde;Ge\xf6ffnet am;Typ;Betreff\nM\xfcller;03.04.2026 10:00;Ticket;Leck\nMayer;25.04.2026 10:00;Anruf;Frage\n'.replace('Ge\xf6ffnet am', 'Datum'), 'latin1'));
    const saved = join(data, 'suggested.json');
    const run = await cli('import', file, '--save-mapping', saved);
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(run.out).toContain('2 rows, windows-1252, separated by semicolon.');
    expect(run.out).toContain('Dates in Datum: DD.MM.YYYY HH:mm.');
    expect(run.out).toContain('Nothing was imported.');
    expect(JSON.parse(readFileSync(saved, 'utf8'))).toMatchObject({ encoding: 'windows-1252', delimiter: ';', dates: { format: 'DD.MM.YYYY HH:mm' }, entry: { occurredAt: '{Datum}' } });
    expect((await cli('import', file, '--save-mapping', saved)).err).toContain('is there already');
    writeFileSync(file, 'Account,Date\nA,03/04/2026\n');
    expect((await cli('import', file)).out).toContain('DD/MM/YYYY or MM/DD/YYYY: the data do not tell');
    writeFileSync(file, 'PK\x03\x04xl/workbook.xml');
    expect(await cli('import', file)).toMatchObject({ code: 1, err: expect.stringContaining('workbook') });
  });

  it('verifies; a sealed field that was changed is found', async () => {
    await server?.end('SIGTERM');
    const well = await cli('verify');
    expect(well).toMatchObject({ code: 0, err: '' });
    expect(well.out).toMatch(/^All is well/);
    expect(well.out).toMatch(/^Head of the log: [0-9a-f]{64}$/m);
    expect(await json('verify')).toMatchObject({ code: 0, said: { ok: true, problems: [] } });

    const log = new Database(join(data, 'log.db'));
    const { position, data: text } = log.prepare(`SELECT position, data FROM events WHERE type = 'CustomerRegistered' LIMIT 1`).get() as { position: number; data: string };
    const at = text.indexOf('"c":"') + 12;
    expect(at).toBeGreaterThan(12);
    log.prepare('UPDATE events SET data = ? WHERE position = ?').run(text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1), position);
    log.close();
    const hurt = await cli('verify');
    expect(hurt.code).toBe(1);
    expect(hurt.out).toMatch(/^NOT well: \d+ problems?\.$/m);
    expect(hurt.out).toMatch(/customer-.*, revision 0: the field name cannot be opened/);
    expect(await json('verify')).toMatchObject({ code: 1, said: { ok: false } });
  });
});
