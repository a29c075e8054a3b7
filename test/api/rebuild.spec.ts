/** Views made anew on command, and a check that leaves others their turn: what the live views lack is found, mended, and nobody waits for it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { TimelineTables } from '../../src/customers/timeline.view.js';
import type { Verdict } from '../../src/shell/operations.js';
import { faultsOf, TestApp, type Answer, type Json } from './app.js';

let app: TestApp;
let customer: string;
beforeAll(async () => {
  app = await TestApp.withAda();
  customer = await app.customer({ name: 'Morel & Fils' });
  await app.log(customer, ...Array.from({ length: 50 }, (_, n) => ({ kind: 'note', summary: `n ${n}` })));
  await app.parts.projector.caughtUp();
});
afterAll(() => app.remove());

const linesOf = (answer: Answer): Json[] => answer.text.trim().split('\n').map((line) => JSON.parse(line));
const verdict = async (): Promise<Verdict> => linesOf(await app.get('verify')).at(-1).result;
const rebuilt = (): Promise<Answer> => app.post('rebuild', {});
const rows = (): Kysely<TimelineTables> => app.parts.rows.db;

it('a row that is not what the log says is found by the check, and right again once the views were made anew', async () => {
  expect((await verdict()).ok).toBe(true);
  // Planted: somebody wrote into views.db, and took a row away.
  await rows().updateTable('timeline').set({ kind: 'call' }).where('customer', '=', customer).where('kind', '=', 'note').execute();
  await rows().deleteFrom('timeline_people').execute();
  const found = await verdict();
  expect(found).toMatchObject({ ok: false, problems: [expect.stringMatching(/^The view table timeline differs from a fresh replay of the log\. .*five-ring rebuild\.$/)] });

  const lines = linesOf(await rebuilt());
  expect(lines[0].progress).toMatchObject({ done: expect.any(Number), of: found.events });
  expect(lines.at(-1).result).toEqual({ events: found.events, parked: 0, ms: expect.any(Number) });
  expect(await verdict()).toMatchObject({ ok: true, head: found.head });
});

it('reads are answered and writes go through meanwhile, and all of it is in the new views', async () => {
  let isOver = false;
  const seen: number[] = [];
  const reading = (async () => {
    // A request of a test asks for no turn of the event loop by itself.
    for (; !isOver; await nextTurn()) seen.push((await app.get(`customers/${customer}/timeline?limit=1`)).status);
  })();
  const making = rebuilt();
  const logged: string[] = [];
  for (let n = 0; n < 5; n += 1) logged.push(...(await app.log(customer, { kind: 'reply', summary: `while ${n}` })));
  expect(linesOf(await making).at(-1).result.parked).toBe(0);
  isOver = true;
  await reading;
  expect(new Set(seen)).toEqual(new Set([200]));
  const { items } = await app.read(`customers/${customer}/timeline?limit=10`);
  expect(items.map(({ id }: Json) => id)).toEqual(expect.arrayContaining(logged));
  expect((await verdict()).ok).toBe(true);
});

it('one at a time, and for those alone who run it', async () => {
  const [one, other] = await Promise.all([rebuilt(), rebuilt()]);
  const refused = [one, other].filter(({ status }) => status !== 200);
  for (const answer of refused) expect(faultsOf(answer, 409, 'already-running')).toEqual([]);
  expect(refused.length).toBeLessThan(2);
  expect(faultsOf(await app.raw('POST', '/api/v1/rebuild', { ...(await app.signedIn('ada', 'leader')), 'content-type': 'application/json' }, '{}'), 403)).toEqual([]);
  // It can be asked again.
  expect((await rebuilt()).status).toBe(200);
});

it('the check sees the rows of one moment, a few at a time, whoever writes meanwhile', async () => {
  const live = await app.parts.rows.digest();
  const snapshot = await app.parts.rows.snapshot();
  let turns = 0;
  const digest = await snapshot.digest(async () => {
    turns += 1;
    if (turns === 2) await rows().updateTable('timeline').set({ actor: 'somebody' }).execute();
  });
  await snapshot.close();
  expect(digest).toEqual(live);
  // Planted bug: read without a snapshot, the same rows are others by now.
  expect(await app.parts.rows.digest()).not.toEqual(live);
  const count = (await rows().selectFrom('timeline').select('id').execute()).length;
  expect(turns).toBeGreaterThan(count / 25);
  await rebuilt();
});
