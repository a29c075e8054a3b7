/**
 * The system clock goes back an hour, forward a year, and back again, under an app that runs on. What was recorded stays in the
 * order in which it was recorded, nothing answers 5xx, and neither sessions nor waits last until the clock comes round again.
 */
import { FREE, MemoryGuessing } from '../../src/access/guessing.js';
import { MemoryStore } from '../../src/stores/memory.store.js';
import type { RecordedEvent } from '../../src/kernel/event-store.js';
import { TestApp } from '../api/app.js';
import { command } from '../event-store.contract.js';
import { invited, isIn, PASSWORD, browserOf, signIn } from '../api/sign-in.js';

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;
const JUMPS = [0, -HOUR, YEAR, 0, -25 * HOUR, YEAR + HOUR, -HOUR, 0];

let offset: number;
let app: TestApp;
beforeEach(async () => {
  offset = 0;
  const real = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => real() + offset);
  app = await TestApp.withAda();
});
afterEach(async () => {
  await app.remove();
  jest.restoreAllMocks();
});

const decreasing = (events: readonly RecordedEvent[]): number => events.filter(({ recordedAt }, i) => i > 0 && recordedAt < events[i - 1]!.recordedAt).length;

it('writes, reads and figures go on, and what was recorded stays in order', async () => {
  const id = await app.customer();
  const failures: string[] = [];
  const known: string[] = [];
  for (const jump of JUMPS) {
    offset = jump;
    const answers = [
      await app.post(`customers/${id}/interactions`, { entries: [{ kind: 'note', summary: `at ${jump}` }] }, { key: `at-${known.length}` }),
      // The same request again, as after a lost answer.
      await app.post(`customers/${id}/interactions`, { entries: [{ kind: 'note', summary: `at ${jump}` }] }, { key: `at-${known.length}` }),
    ];
    const position: string = answers[0]!.json.position;
    known.push(position);
    for (const path of [`customers/${id}?after=${position}`, `customers/${id}/timeline`, `customers/${id}/journey`, 'portfolio', 'attention', 'dashboard', 'figures/advocacy-rate', `figures/advocacy-rate?asKnown=${known[0]}`, 'search?q=morel', 'log', 'proof', 'verify', '/health/ready', '/metrics']) answers.push(await app.get(path));
    failures.push(...answers.filter(({ status }) => status >= 500).map(({ status, text }) => `${jump}: ${status} ${text.slice(0, 200)}`));
    expect(answers[1]!.json).toMatchObject({ repeated: true });
    expect(JSON.parse(answers.find(({ headers }) => headers['content-type']?.includes('ndjson'))!.text.trim().split('\n').at(-1)!).result).toMatchObject({ ok: true });
  }
  expect(failures).toEqual([]);
  const events = await app.events();
  expect(decreasing(events)).toBe(0);
  expect(events.at(-1)!.recordedAt - events[0]!.recordedAt).toBeGreaterThanOrEqual(YEAR);
  // A restart on the wrong side of a jump.
  offset = -HOUR;
  app = await app.restarted();
  expect((await app.get('/health/ready')).status).toBe(200);
  expect(decreasing(await app.events())).toBe(0);
}, 60_000);

it('sessions end neither too late nor with a failure', async () => {
  const before = await invited(app, 'ada');
  expect(await isIn(app, before)).toBe(true);
  offset = -HOUR;
  expect(await isIn(app, before)).toBe(true);
  offset = YEAR;
  expect(await isIn(app, before)).toBe(false);
  const ahead = browserOf(await signIn(app, 'ada', PASSWORD));
  expect(await isIn(app, ahead)).toBe(true);
  offset = 0;
  expect(await isIn(app, ahead)).toBe(false);
  expect((await signIn(app, 'ada', PASSWORD)).status).toBe(200);
}, 60_000);

it('who had to wait when the clock was ahead does not wait for it to come round', async () => {
  const guessing = new MemoryGuessing();
  const guess = { address: '192.0.2.7', account: 'ada' };
  const waits = async (now: number): Promise<number> => {
    try {
      await guessing.begin(guess, now);
      return 0;
    } catch (error) {
      return (error as { details: { retryAfter: number } }).details.retryAfter;
    }
  };
  for (let n = 0; n < FREE.account; n += 1) expect(await waits(YEAR)).toBe(0);
  expect(await waits(YEAR)).toBeGreaterThan(0);
  expect(await waits(0)).toBeLessThanOrEqual(15 * 60);
});

it('planted bug: a store that takes the clock as it is writes the past after the future', async () => {
  const store = new MemoryStore();
  // As a migration does, which names the instant of each event.
  for (const jump of JUMPS) await store.append('a', command(), 'any', Date.now() + jump);
  expect(decreasing(await store.readAll(null, 100))).toBeGreaterThan(0);
  await store.close();
});
