/** The verbs about figures, on a small organisation; what they print, write and refuse. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { csv, defused } from '../../src/cli/csv.js';
import { localeOf } from '../../src/cli/report.js';
import { escaped } from '../../src/cli/report-page.js';
import { build, type Built, type Run, type Running } from './five-ring.js';

let built: Built;
let data: string;
let server: Running;
const cli = (...args: string[]): Promise<Run> => built.run(args, { FIVE_RING_DATA: data, FIVE_RING_AS: 'ada', LC_ALL: 'C' });
const out = async (...args: string[]): Promise<string> => {
  const run = await cli(...args);
  if (run.code !== 0) throw new Error(`${args.join(' ')}: ${run.code} ${run.out}${run.err}`);
  return run.out;
};
const json = async (...args: string[]): Promise<{ code: number | null; said: Record<string, unknown> }> => {
  const run = await cli('--json', ...args);
  return { code: run.code, said: JSON.parse(run.out) as Record<string, unknown> };
};
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

beforeAll(async () => {
  built = build();
  data = mkdtempSync(join(tmpdir(), 'five-ring-figures-'));
  server = built.start(['serve'], { FIVE_RING_DATA: data, PORT: '0', LOG_LEVEL: 'silent' });
  await server.says(/listens on/);
  await out('colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales');
  await out('customer', 'add', '=HYPERLINK("x") & <b>Morel</b>', '--segment', 'bakeries', '--owner', 'ada');
  await out('customer', 'add', 'Beta', '--segment', 'mills');
  await out('log', 'morel', 'purchase', '--amount', '1200000', '--currency', 'EUR', '--occurred-at', daysAgo(100));
  await out('log', 'beta', 'purchase', '--amount', '300000', '--currency', 'EUR', '--occurred-at', daysAgo(90));
  await out('log', 'morel', 'person-added', '--name', 'Ines Morel');
  await out('log', 'morel', 'reference', '--person', 'ines', '--verification', 'evidenced', '--occurred-at', daysAgo(10));
}, 60_000);
afterAll(async () => {
  await server.end('SIGTERM');
  built.remove();
  rmSync(data, { recursive: true, force: true });
});

describe('figures', () => {
  it('lists all by topic', async () => expect(await out('figures')).toMatch(/^Advocacy\n {2}advocacy-rate +Of those who are customers/));

  it('shows one with the period before, and how to have the same again', async () => {
    const said = await out('figures', 'advocacy-rate', '--split', 'segment');
    expect(said).toMatch(/^bakeries +1 of 1 \(100 %; 20\.7 to 100 %\) +0 of 1/m);
    expect(said).toMatch(/^mills +0 of 1/m);
    const [, asOf, asKnown] = /--as-of (\S+) --as-known (\S+);/.exec(said)!;
    await out('log', 'beta', 'note');
    const { said: again } = await json('figures', 'advocacy-rate', '--split', 'segment', '--as-of', asOf!, '--as-known', asKnown!);
    expect(again).toMatchObject({ asOf, asKnown, parts: [{ part: 'bakeries', values: [{ above: 1, below: 1 }] }, { part: 'mills', values: [{ above: 0, below: 1 }] }] });
    expect(await out('figures', 'advocacy-rate-by-revenue', '--window', '90')).toMatch(/^EUR +2 customers: 12,000 EUR of 15,000 EUR \(80 %\)/m);
    expect(await out('figures', 'advocacy-rate', '--segment', 'nowhere')).toContain('no value: nothing below the line');
  });

  it('draws a series, and names the evidence', async () => {
    expect((await out('figures', 'advocacy-rate', '--series', 'month', '--from', daysAgo(40))).match(/^\d{4}-\d\d-\d\d \d\d:\d\d +[01] of 2/gm)!.length).toBeGreaterThanOrEqual(2);
    const above = await out('figures', 'advocacy-rate', '--evidence', '--side', 'above');
    expect(above).toContain('<b>Morel</b>');
    expect(above).toMatch(/1 in all\. Digest [0-9a-f]{64}/);
    expect(await out('figures', 'advocacy-rate', '--evidence', '--limit', '1')).toContain('1 of 2; more with --limit.');
  });

  it('says all that have something to show, and which have not', async () => {
    const said = await out('figures', '--all');
    expect(said).toMatch(/^ {2}Advocacy rate +1 of 2 \(50 %; 9\.5 to 90\.5 %\)$/m);
    expect(said).toMatch(/^Not shown, for want of entries: .*nps/m);
  });

  it('gives CSV in which nothing is run', async () => {
    const rows = parse(await out('figures', 'advocacy-rate', '--evidence', '--csv'), { columns: true });
    expect(rows.map((row) => (row as { Customer: string }).Customer).sort()).toEqual([`'=HYPERLINK("x") & <b>Morel</b>`, 'Beta']);
    const values = parse(await out('figures', 'advocacy-rate', '--csv'), { columns: true, cast: true });
    expect(values).toEqual([expect.objectContaining({ Value: 0.5, Above: 1, Below: 2, n: 2 })]);
    expect(await out('figures', '--all', '--csv')).toMatch(/^Topic,Name,Title,Group,Says,Value\n/);
  });

  it.each(['=1', '+1', '-1', '@x', '\t=1', '\r=1', '＝1'])('defuses %j', (cell) => {
    expect(defused(cell)).toBe(`'${cell}`);
    expect(parse(csv(['x'], [[cell], [-1]]), { columns: true })).toEqual([{ x: `'${cell}` }, { x: '-1' }]);
  });

  it('keeps one, and says later what changed it', async () => {
    const { said: { id } } = await json('figures', 'advocacy-rate', '--keep', 'Board', '--segment', 'mills');
    expect(await out('kept')).toMatch(new RegExp(`^${String(id)} +advocacy-rate .*Board$`, 'm'));
    expect(await out('kept', String(id))).toContain('Board – advocacy-rate on');
    expect(await out('kept', String(id))).toContain(': unchanged\n');
    await out('log', 'beta', 'cancellation', '--occurred-at', daysAgo(5));
    const changed = await out('kept', String(id));
    expect(changed).toContain(': changed\n');
    expect(changed).toMatch(/^ {2}late entry /m);
    expect(changed).toContain('As it was known then, the log still gives what was kept.');
    expect(parse(await out('kept', String(id), '--csv'), { columns: true })).toEqual([expect.objectContaining({ Now: 'no value: nothing below the line' })]);
  });

  it.each([
    ['a figure there is not', ['figures', 'happiness'], 1, 'There is no figure "happiness"'],
    ['a kept figure there is not', ['kept', 'nothing'], 1, 'No such kept figure.'],
    ['a date that is none', ['figures', 'nps', '--as-of', 'yesterday'], 1, '--as-of'],
    ['two ways at once', ['figures', 'nps', '--evidence', '--series', 'day'], 2, 'Say one of --series and --evidence.'],
    ['a side without evidence', ['figures', 'nps', '--side', 'above'], 2, '--side goes with --evidence.'],
    ['a name and all', ['figures', 'nps', '--all'], 2, 'not both'],
    ['a series of nothing', ['figures', '--series', 'day'], 2, 'Say which figure'],
    ['two forms', ['figures', 'nps', '--csv', '--json'], 2, 'Say --csv or --json'],
    ['a period there is not', ['figures', 'nps', '--series', 'decade'], 2, 'Allowed choices are day'],
    ['a window of no days', ['figures', 'nps', '--window', '0'], 2, '--window 0 is no whole number'],
    ['a language there is not', ['report', '--out', '/tmp/x.html', '--locale', 'zz-!!'], 2, '--locale zz-!! is no language'],
  ])('refuses %s', async (_what, args, code, says) => {
    const run = await cli(...args);
    expect(run.code).toBe(code);
    expect(run.err + run.out).toContain(says);
  });
});

describe('the report', () => {
  it('is one page that needs nothing else, with every number explained on it', async () => {
    const file = join(data, 'report.html');
    writeFileSync(file, 'old');
    expect(await out('report', '--out', file, '--locale', 'de-DE')).toBe(`Written: ${file}\n`);
    const page = readFileSync(file, 'utf8');
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|\son\w+=|https?:/i);
    for (const [, name] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`<dt id="${name}">`);
    expect([...page.matchAll(/href="(?!#)/g)]).toEqual([]);
    expect(page).toContain('--as-known');
    expect(page).toMatch(/12\.000&nbsp;EUR|Value at risk/);
    expect(page).toContain('Net promoter score (NPS)</a>: Nothing to show: there is no entry of the kinds survey-answered.');
    expect(page).toMatch(/\(Europe\/Berlin\)/);
    expect(readdirSync(data).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it.each([
    ['a folder', () => data, 'it is a folder'],
    ['a folder there is not', () => join(data, 'none', 'report.html'), 'there is no such folder'],
    ['a file as a folder', () => join(data, 'log.db', 'report.html'), 'what should be a folder on the way is none'],
  ])('refuses %s in a sentence, and leaves nothing behind', async (_what, place, says) => {
    const run = await cli('report', '--out', place());
    expect(run).toMatchObject({ code: 1, out: '' });
    expect(run.err).toBe(`${place()} cannot be written: ${says}.\n`);
  });

  it('leaves the old page when the new one cannot be written', async () => {
    const folder = join(data, 'locked');
    mkdirSync(folder);
    writeFileSync(join(folder, 'report.html'), 'old');
    chmodSync(folder, 0o500);
    const run = await cli('report', '--out', join(folder, 'report.html'));
    // Whoever is root may write anywhere.
    if (process.getuid?.() !== 0) expect(run).toMatchObject({ code: 1, err: expect.stringContaining('it is not allowed') as string });
    chmodSync(folder, 0o700);
    expect(existsSync(join(folder, 'report.html'))).toBe(true);
    expect(readdirSync(folder)).toEqual(['report.html']);
  });

  it('takes the language of the environment, and texts from outside as text', () => {
    expect(localeOf(undefined, { LANG: 'de_DE.UTF-8' })).toBe('de-DE');
    expect(localeOf(undefined, { LC_ALL: 'fr_FR@euro', LANG: 'de_DE.UTF-8' })).toBe('fr-FR');
    for (const env of [{}, { LANG: 'C' }, { LANG: 'C.UTF-8' }, { LC_ALL: 'POSIX' }, { LANG: '???' }]) expect(localeOf(undefined, env)).toBe('en-GB');
    expect(escaped('<b title="x">&\'')).toBe('&lt;b title=&quot;x&quot;&gt;&amp;&#39;');
  });
});
