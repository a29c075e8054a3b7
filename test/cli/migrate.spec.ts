/** The verb `migrate` as its users run it: what it says, how it ends, and that the server goes on from the target. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Built, type Run } from './five-ring.js';

let built: Built;
let folder: string;
let data: string;
beforeAll(async () => {
  built = build();
  folder = mkdtempSync(join(tmpdir(), 'five-ring-data-'));
  data = join(folder, 'data');
  expect(await cli('colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales')).toMatchObject({ code: 0 });
  expect(await cli('customer', 'add', 'Morel & Fils')).toMatchObject({ code: 0 });
  expect(await cli('log', 'morel', 'call', '--side', 'customer', '--attended', '--summary', 'Asked about delivery')).toMatchObject({ code: 0 });
});
afterAll(() => {
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

const runWith = (env: Record<string, string>, ...args: string[]): Promise<Run> => built.run(args, { FIVE_RING_DATA: data, FIVE_RING_AS: 'ada', ...env });
const cli = (...args: string[]): Promise<Run> => runWith({}, ...args);
const from = (): string => `sqlite:${join(data, 'log.db')}`;
const to = (): string => `sqlite:${join(folder, 'moved', 'log.db')}`;

const headIn = ({ out }: Run): string | undefined => /^Head of the log: ([0-9a-f]{64})$/m.exec(out)?.[1];

it('moves the log, says what to do next, and all is well on the target with the same head', async () => {
  const head = headIn(await cli('verify'))!;
  const moved = await cli('migrate', '--from', from(), '--to', to());
  expect(moved).toMatchObject({ code: 0, err: '' });
  expect(moved.out).toBe(
    [
      `${to()} holds the whole log of ${from()}: 3 events in 2 streams, 3 copied now.`,
      `Head of the source: ${head}`,
      `Head of the target: ${head}`,
      '',
      `Next: set FIVE_RING_STORE=${to()}, run five-ring verify, and start the server.`,
      `Keep keys.db: the keys stay in the data folder (${data}), and without them no name or text can be read.`,
      'The views follow at the next start: what does not fit the log is made anew. The source is as it was.',
      '',
    ].join('\n'),
  );
  const again = await cli('--json', 'migrate', '--from', from(), '--to', to());
  expect(JSON.parse(again.out)).toEqual({ from: from(), to: to(), events: 3, streams: 2, copied: 0, already: 3, head, targetHead: head });

  const there = { FIVE_RING_STORE: to() };
  const verified = await runWith(there, 'verify');
  expect(verified.out).toMatch(/^All is well/);
  expect(headIn(verified)).toBe(head);
  expect((await runWith(there, 'customer', 'show', 'morel')).out).toContain('Asked about delivery');

  // What is recorded there goes back only to a source that stood still.
  expect(await runWith(there, 'log', 'morel', 'call', '--side', 'us', '--attended')).toMatchObject({ code: 0 });
  const other = await cli('migrate', '--from', from(), '--to', to());
  expect(other).toMatchObject({ code: 1, out: '' });
  expect(other.err).toMatch(/^The target holds another log: its event 4 is stream customer-\S+, revision 2, and the source ends before it\. Nothing was written; [^\n]*\n$/);
  expect((await cli('migrate', '--from', to(), '--to', from())).out).toContain('4 events in 2 streams, 1 copied now, 3 there already.');
});

it('is refused while a server runs, which is named', async () => {
  const server = built.start(['serve'], { FIVE_RING_DATA: data, PORT: '0', LOG_LEVEL: 'silent' });
  const [, url] = await server.says(/listens on (http:\S+:\d+)\. /);
  const target = `sqlite:${join(folder, 'third', 'log.db')}`;
  const refused = await cli('migrate', '--from', from(), '--to', target);
  expect(refused).toEqual({ code: 1, out: '', err: `A Five-Ring process uses ${data} (the server at ${url}). Stop it first: what it records meanwhile would be left behind.\n` });
  expect(existsSync(join(folder, 'third'))).toBe(false);
  expect(await server.end('SIGTERM')).toMatchObject({ code: 0 });
  expect(await cli('migrate', '--from', from(), '--to', target)).toMatchObject({ code: 0 });
});

it.each([
  ['the same twice', () => ['--from', from(), '--to', from()], 2, '--from and --to name the same log.\n'],
  ['a scheme nobody knows', () => ['--from', 'mysql://root:secret@host/log', '--to', to()], 2, /^No event store is known as "mysql:"; [^\n]*\n$/],
  ['no target', () => ['--from', from()], 2, /^Say --from and --to to move the log, or --db to move keys and audit into PostgreSQL\.\n$/],
  ['no source', () => ['--from', `sqlite:${join(folder, 'none.db')}`, '--to', to()], 1, /^There is no file \S+none\.db to move from\.\n$/],
  ['a target that cannot be', () => ['--from', from(), '--to', `sqlite:${folder}`], 1, /cannot be opened: unable to open database file\.\n$/],
])('says in a sentence why not: %s', async (_what, args, code, says) => {
  const run = await cli('migrate', ...args());
  expect(run).toEqual({ code, out: '', err: typeof says === 'string' ? says : expect.stringMatching(says) as string });
  const json = await cli('--json', 'migrate', ...args());
  expect({ code: json.code, says: (JSON.parse(json.out) as { detail: string }).detail }).toEqual({ code, says: run.err.trim() });
  expect(run.err + json.out).not.toContain('secret');
  expect(existsSync(join(folder, 'none.db'))).toBe(false);
});
