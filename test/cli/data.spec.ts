/** `export`, `load`, `backup`, `restore`, `rebuild` and `doctor`, as whoever runs it types them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { build, type Built, type Run } from './five-ring.js';

jest.setTimeout(120_000);

let built: Built;
let folder: string;
let data: string;
beforeAll(async () => {
  built = build();
  folder = mkdtempSync(join(tmpdir(), 'five-ring-data-'));
  data = join(folder, 'data');
  expect(await cli('colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales')).toMatchObject({ code: 0 });
  await served();
  expect(await cli('customer', 'add', 'Morel & Fils', '--owner', 'ada')).toMatchObject({ code: 0 });
  expect(await cli('log', 'morel', 'reply', '--summary', '=2+3')).toMatchObject({ code: 0 });
}, 120_000);
afterAll(() => {
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

const run = (env: Record<string, string>, ...args: string[]): Promise<Run> => built.run(args, { FIVE_RING_DATA: data, FIVE_RING_AS: 'ada', ...env });
const cli = (...args: string[]): Promise<Run> => run({}, ...args);
const at = (name: string): string => join(folder, name);
/** Verbs are quicker when they ask a server, and a backup is made beside one. */
const served = async (): Promise<void> => void (await built.start(['serve'], { FIVE_RING_DATA: data, PORT: '0', LOG_LEVEL: 'silent' }).says(/listens on/));
const json = async (...args: string[]) => JSON.parse((await cli('--json', ...args)).out);

it('exports into files of their owner alone, over none that is there', async () => {
  for (const [args, says] of [[['log'], '"fiveRingLog":1'], [['interactions', '--from', '2020-01-01'], "'=2+3"], [['journeys'], 'Morel & Fils'], [['xes', '--rings'], '<trace>'], [['customer', 'morel'], '<h1>Morel &amp; Fils</h1>']] as const) {
    const file = at(`${args[0]}.out`);
    const { code, out, err } = await cli('export', ...args, '--out', file);
    expect({ args, code, err, out }).toEqual({ args, code: 0, err: '', out: expect.stringMatching(/^Written: .+ \(\d.*\)\. /) });
    expect(readFileSync(file, 'utf8')).toContain(says);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(await cli('export', ...args, '--out', file)).toMatchObject({ code: 1, err: expect.stringContaining('is there already') });
  }
  expect(await cli('export', 'interactions', '--out', at('never.csv'), '--from', 'never')).toMatchObject({ code: 1 });
  expect(await cli('export', 'log')).toMatchObject({ code: 2 });
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp') || name === 'never.csv')).toEqual([]);
});

it('a backup beside the server, restored into an empty place, is the same organisation', async () => {
  const { events, head } = await json('proof');
  const made = await cli('backup', at('b'), '--keys', at('k'));
  expect(made).toMatchObject({ code: 0, err: '', out: expect.stringContaining(`read back and sound: ${events} events, head ${head}`) });
  expect(await cli('backup', at('b'))).toMatchObject({ code: 1, err: expect.stringContaining('is there already') });
  expect(await run({ FIVE_RING_AS: '' }, 'backup', at('bare'), '--without-keys')).toMatchObject({ code: 0, err: '' });
  // Of each that was made it is told who made it, when, and of what kind; of one that was not, nothing.
  const { items } = await json('audit', '--action', 'backup');
  expect(items).toEqual([['five-ring backup --without-keys', null], ['five-ring backup --keys', 'ada']].map(([route, colleague]) => expect.objectContaining({ route, colleague, outcome: 'done', via: 'operator', at: expect.stringMatching(/^20/) })));
  const back = await cli('restore', at('b'), '--into', at('restored'), '--keys', at('k'));
  expect(back).toMatchObject({ code: 0, out: expect.stringContaining(`Checked: ${events} events, head ${head}, as in the backup.`) });
  expect(await cli('restore', at('b'), '--into', at('restored'), '--keys', at('k'))).toMatchObject({ code: 1, err: expect.stringContaining('is not empty') });
  expect(await cli('restore', at('b'), '--into', at('again'))).toMatchObject({ code: 1, err: expect.stringContaining('--keys') });
  expect(await run({ FIVE_RING_DATA: at('restored') }, 'customer', 'show', 'morel')).toMatchObject({ code: 0, out: expect.stringContaining('=2+3') });

  truncateSync(join(at('b'), 'log', 'log.db'), 4096);
  expect(await cli('restore', at('b'), '--into', at('never'), '--keys', at('k'))).toMatchObject({ code: 1, err: expect.stringMatching(/4096 of \d+ bytes are there/) });
});

it('an exported log comes back with its keys, and says what is missing without them', async () => {
  const { events, head } = await json('proof');
  expect(await cli('export', 'log', '--out', at('again.ndjson'))).toMatchObject({ code: 0 });
  expect(await cli('backup', at('b2'), '--keys', at('k2'))).toMatchObject({ code: 0 });
  const loaded = await run({ FIVE_RING_DATA: at('loaded') }, 'load', at('again.ndjson'), '--keys', at('k2'));
  expect(loaded).toMatchObject({ code: 0, out: expect.stringContaining(`holds the log: ${events} events`) });
  expect(loaded.out).toContain(`Head of the log: ${head}, as in the file.\nChecked with its keys: all is well.`);
  expect(await run({ FIVE_RING_DATA: at('loaded') }, 'load', at('again.ndjson'))).toMatchObject({ code: 1, err: expect.stringContaining('is there already') });
  expect(await run({ FIVE_RING_DATA: at('bare') }, 'load', at('again.ndjson'))).toMatchObject({ code: 0, out: expect.stringContaining('No keys were given') });
  expect(await run({ FIVE_RING_DATA: at('bare') }, 'customer', 'list')).toMatchObject({ code: 1, err: expect.stringContaining('keys.db is missing') });
  expect(await run({ FIVE_RING_DATA: at('none') }, 'load', at('interactions.out'))).toMatchObject({ code: 1, err: expect.stringContaining('is no exported log') });
});

it('doctor finds nothing failed, then what was planted, and rebuild mends it', async () => {
  const well = await cli('doctor');
  expect(well).toMatchObject({ code: 0, out: expect.stringMatching(/^ok +views +They are what a fresh replay of the log gives\.$/m) });
  expect(well.out).not.toContain('FAILED');
  const views = new Database(join(data, 'views.db'));
  views.exec("UPDATE timeline SET kind = 'call'");
  views.close();
  const ill = await cli('doctor');
  expect(ill).toMatchObject({ code: 1, out: expect.stringMatching(/^FAILED +views +The view table timeline differs from a fresh replay of the log\.\n +→ five-ring rebuild/m) });
  expect(await cli('doctor', '--quick')).toMatchObject({ code: 0 });
  expect(await cli('rebuild')).toMatchObject({ code: 0, out: expect.stringMatching(/^The views were made anew from \d+ events in \d+\.\d s, and are live\.\n$/) });
  expect(await json('doctor')).toMatchObject({ ok: true, findings: expect.arrayContaining([expect.objectContaining({ check: 'log and proof', state: 'ok' })]) });
  expect(await run({ FIVE_RING_DATA: at('nowhere') }, 'doctor')).toMatchObject({ code: 1, out: expect.stringContaining('There is no data folder') });
  expect(await run({ PORT: 'x' }, 'doctor')).toMatchObject({ code: 1, out: expect.stringMatching(/^FAILED +settings +PORT=x is no port/) });
});
