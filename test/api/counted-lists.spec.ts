/** Promises and asks are counted and cut into pages by the database: as if each row were looked at. */
import type { Kysely } from 'kysely';
import type { AdvocacyTables } from '../../src/advocacy/advocacy.view.js';
import { ASK_STATES, type AskState } from '../../src/customers/asks.js';
import { PROMISE_STATES } from '../../src/customers/promises.js';
import { API, faultsOf, TestApp, written, type Json } from './app.js';

const DAY = 86_400_000;
const MINUTE = 60_000;
const from = (ms: number): string => new Date(Date.now() + ms).toISOString();

let app: TestApp;
beforeAll(async () => void (app = await TestApp.withAda()));
afterAll(() => app.remove());

/** All rows of a list, three at a time, with the totals of its first page. */
async function walked(path: string): Promise<{ readonly items: Json[]; readonly totals: Json }> {
  const items: Json[] = [];
  let totals: Json;
  for (let next: string | null = ''; next !== null; ) {
    const page: Json = await app.read(`${API}/${path}${path.includes('?') ? '&' : '?'}limit=3${next === '' ? '' : `&cursor=${next}`}`);
    items.push(...page.items);
    totals ??= page.totals;
    next = page.next;
  }
  return { items, totals };
}

const countedIn = (items: readonly Json[], states: readonly string[]): Json => Object.fromEntries(states.map((state) => [state, items.filter((item) => item.state === state).length]));

describe('promises', () => {
  let id: string;
  beforeAll(async () => {
    id = await app.customer({ name: 'Promised' });
    const made = async (due: string, ...steps: string[]): Promise<void> => {
      const { promise } = await written(app.post(`customers/${id}/promises`, { what: 'A drawing', due, occurredAt: from(-20 * DAY) }));
      for (const [index, at] of steps.entries()) await written(app.post(`customers/${id}/promises/${promise}/${['delivered', 'confirmed'][index]}`, { occurredAt: at }));
    };
    const due = from(-5 * DAY);
    for (let n = 0; n < 3; n += 1) await made(from((n + 2) * DAY));
    await made(from(30 * MINUTE));
    for (let n = 0; n < 2; n += 1) await made(from(-n * DAY - MINUTE));
    // Delivered at its very instant, later, and in some minutes by our clock.
    await made(due, due, due);
    await made(due, from(-6 * DAY));
    await made(due, from(-4 * DAY), from(-3 * DAY));
    await made(from(-3 * MINUTE), from(4 * MINUTE));
    await made(from(9 * DAY), from(4 * MINUTE));
  });

  it('are counted by state whatever is asked for, and each stands in its state’s list alone', async () => {
    const all = await walked(`promises?state=${PROMISE_STATES.join()}`);
    expect(all.items).toHaveLength(11);
    const counted = countedIn(all.items, PROMISE_STATES);
    expect(counted).toEqual({ open: 5, missed: 3, kept: 2, repaired: 1 });
    expect(all.totals).toEqual({ ...counted, dueToday: all.items.filter(({ dueToday }) => dueToday).length, confirmed: 2 });
    expect(all.items.map(({ due }) => due)).toEqual(all.items.map(({ due }) => due).toSorted());
    for (const state of PROMISE_STATES) {
      const own = await walked(`promises?state=${state}`);
      expect(own.items.map((item) => item.id)).toEqual(all.items.filter((item) => item.state === state).map((item) => item.id));
      expect(own.totals).toEqual(all.totals);
    }
    expect((await walked(`customers/${id}/promises`)).items).toHaveLength(11);
    expect((await walked('promises?owner=nobody')).totals).toEqual({ open: 0, dueToday: 0, missed: 0, kept: 0, repaired: 0, confirmed: 0 });
  });

  it('with a place that no list gave are refused, or answered, and nothing fails', async () => {
    for (const place of ['[1e300,"x"]', '[-1e300,"x"]', '[0.5,"x"]', '[1e999,""]']) expect((await app.get(`promises?cursor=${Buffer.from(place).toString('base64url')}`)).status).toBe(200);
    for (const place of ['[-5]', '[0.5]', '[1e999]', '[1e300]']) expect((await app.get(`asks?cursor=${Buffer.from(place).toString('base64url')}`)).status).toBe(200);
    expect(faultsOf(await app.get('asks?cursor=x'), 400, 'not-a-cursor', 'cursor')).toEqual([]);
  });
});

describe('asks', () => {
  const EXPECTED: Readonly<Record<AskState, number>> = { waiting: 4, accepted: 2, declined: 2, done: 1 };
  beforeAll(async () => {
    const id = await app.customer({ name: 'Asked' });
    const made = async (...answers: (readonly [string, object])[]): Promise<void> => {
      const person = await app.person(id, { name: 'Fan' });
      await app.log(id, { kind: 'consent-given', person, purpose: 'reference-calls', occurredAt: from(-300 * DAY) }, { kind: 'survey-answered', person, nps: 9, occurredAt: from(-290 * DAY) });
      const { ask } = await written(app.post(`customers/${id}/asks`, { person, act: 'reference', wording: 'Would you take one call?', occurredAt: from(-9 * DAY) }));
      for (const [answer, body] of answers) await written(app.post(`customers/${id}/asks/${ask}/${answer}`, body));
    };
    const [yes, no] = [['accepted', { occurredAt: from(-8 * DAY) }], ['declined', { occurredAt: from(-7 * DAY), reason: 'No time' }]] as const;
    for (let n = 0; n < 2; n += 1) await made();
    await made(yes);
    for (let n = 0; n < 2; n += 1) await made(yes, no);
    await made(yes, ['act', { entry: { verification: 'claimed', occurredAt: from(-6 * DAY) } }]);
    // What is said in some minutes by our clock does not count yet.
    await made(['accepted', { occurredAt: from(4 * MINUTE) }]);
    await made(['declined', { occurredAt: from(4 * MINUTE), reason: 'No time' }]);
    await made(yes, ['declined', { occurredAt: from(4 * MINUTE), reason: 'No time' }]);
  });

  async function faults(): Promise<string[]> {
    await app.parts.projector.caughtUp();
    const all = await walked('asks');
    const found: string[] = [];
    const same = (what: string, is: unknown, should: unknown): void => void (JSON.stringify(is) === JSON.stringify(should) || found.push(`${what}: ${JSON.stringify(is)}`));
    same('states', countedIn(all.items, ASK_STATES), EXPECTED);
    same('totals', all.totals, EXPECTED);
    for (const state of ASK_STATES) {
      const own = await walked(`asks?state=${state}`);
      same(`${state}`, own.items.map(({ id }) => id), all.items.filter((item) => item.state === state).map(({ id }) => id));
      same(`totals beside ${state}`, own.totals, EXPECTED);
    }
    return found;
  }

  it('are counted by state whatever is asked for, and each stands in its state’s list alone', async () => expect(await faults()).toEqual([]));

  it('planted bug: an answer of later is taken for one of now', async () => {
    await (app.parts.rows.db as Kysely<AdvocacyTables>).updateTable('asks').set({ settled: null }).execute();
    expect(await faults()).not.toEqual([]);
  });
});
