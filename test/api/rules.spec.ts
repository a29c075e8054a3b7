/** Rules that change while the server serves: published, taken into force in one turn, and nothing lost on the way. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { PRESETS, type Rules } from '../../src/rings/rules.js';
import { Projector } from '../../src/shell/projector.js';
import { PostgresViews } from '../../src/views/postgres.views.js';
import { SqliteViews } from '../../src/views/sqlite.views.js';
import { TestApp, type Answer, type Json } from './app.js';
import { casesRefused } from './refused.js';

const DAY = 86_400_000;
const rules = PRESETS['annual-contracts']!;
const daysAgo = (count: number): string => new Date(Date.now() - count * DAY).toISOString();
const withWindow = (window: number): Rules => ({ ...rules, preset: 'ours', contact: { ...rules.contact, window } });

const publish = (app: TestApp, draft: unknown, more: object = {}, options: object = {}): Promise<Answer> => app.post('rules', { rules: draft, reason: 'They answer sooner', ...more }, options);

/** Waits until what was published is in force. */
async function inForce(app: TestApp): Promise<Json> {
  for (const end = Date.now() + 10_000; Date.now() < end; await sleep(20)) {
    const answer = (await app.get('rules')).json;
    if (answer.takingEffect === null) return answer;
  }
  throw new Error('the rules do not take effect');
}

/** Customers who wrote 20, 40, 60 … days ago, and how many have ring 1 lit by a window of so many days. */
async function fill(app: TestApp, count: number): Promise<(window: number) => number> {
  for (let n = 1; n <= count; n += 1) await app.log(await app.customer({ name: `Customer ${n}` }), { kind: 'reply', occurredAt: daysAgo(n * 20 - 1) });
  return (window) => Array.from({ length: count }, (_, n) => (n + 1) * 20 - 1).filter((days) => days < window).length;
}

const litIn = ({ items }: Json): number => items.filter(({ lit }: Json) => lit.includes(1)).length;

describe('publishing', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await TestApp.withAda()));
  afterAll(() => app.remove());

  it('brings new rules into force without a restart; who, when and why stay with them', async () => {
    const lit = await fill(app, 6);
    expect(await app.read('rules')).toMatchObject({ version: expect.stringMatching(/^annual-contracts-/), revision: null, since: null, by: null, reason: null, takingEffect: null });
    expect(litIn(await app.read('portfolio'))).toBe(lit(90));

    const answer = await publish(app, withWindow(50));
    expect(answer).toMatchObject({ status: 201, headers: { etag: '"0"' }, json: { id: expect.stringMatching(/^ours-/), revision: 0, repeated: false } });
    const now = await inForce(app);
    expect(now).toMatchObject({ version: answer.json.id, preset: 'ours', revision: 0, since: expect.any(String), by: { id: 'ada', name: 'Colleague ada' }, reason: 'They answer sooner', rules: { contact: { window: 50 } } });
    expect(now.sentences[1].says).toContain('in the last 50 days');
    expect((await app.get('rules')).headers['etag']).toBe('"0"');
    expect(litIn(await app.read('portfolio'))).toBe(lit(50));
    expect(existsSync(join(app.folder, 'views.next.db'))).toBe(false);
    expect(await app.parts.operations.verify()).toMatchObject({ ok: true });

    // A figure of now is by the rules of now; one of what was known before them, by those before.
    const known = (await app.events()).at(-2)!.position;
    expect((await app.read('figures/ring-share')).rulesVersion).toBe(now.version);
    expect((await app.read(`figures/ring-share?asKnown=${known}`)).rulesVersion).toMatch(/^annual-contracts-/);
  });

  it('keeps older versions, and compares them', async () => {
    await publish(app, withWindow(70), { reason: 'Not that soon' }, { ifMatch: '"0"' });
    await inForce(app);
    const { items } = await app.read('rules/history');
    expect(items.map(({ reason, revision }: Json) => ({ reason, revision }))).toEqual([{ reason: 'Not that soon', revision: 1 }, { reason: 'They answer sooner', revision: 0 }, { reason: null, revision: null }]);
    expect(items.map((one: Json) => one.inForce)).toEqual([true, false, false]);
    expect(items[0].differences).toEqual({ fields: [{ field: 'contact.window', before: 50, after: 70 }], sentences: [{ about: '1 Contact', before: expect.stringContaining('50 days') as string, after: expect.stringContaining('70 days') as string }] });
    expect(await app.read(`rules/compare?a=${items[0].version}&b=annual-contracts`)).toMatchObject({ fields: [{ field: 'contact.window', before: 70, after: 90 }] });
    expect(await app.read(`rules/compare?a=shop&b=shop`)).toMatchObject({ fields: [], sentences: [] });
  });

  it('stays in force over a restart, whatever the environment says', async () => {
    const before = await app.read('rules');
    app = await app.restarted();
    expect(await app.read('rules')).toEqual(before);
    expect(await app.parts.operations.verify()).toMatchObject({ ok: true });
  });

  it('once written, the same request writes nothing more', async () => {
    const first = await publish(app, withWindow(45), {}, { key: 'k1' });
    await inForce(app);
    const again = await publish(app, withWindow(45), {}, { key: 'k1' });
    expect(again).toMatchObject({ status: 201, json: { ...first.json, repeated: true } });
  });

  it('the last of several published one after the other is the one in force', async () => {
    for (const window of [31, 32, 33]) expect((await publish(app, withWindow(window))).status).toBe(201);
    expect((await inForce(app)).rules.contact.window).toBe(33);
    // Back to what is still live when it is published.
    await publish(app, withWindow(34));
    await publish(app, withWindow(33));
    expect(await inForce(app)).toMatchObject({ rules: { contact: { window: 33 } } });
    expect(await app.parts.operations.verify()).toMatchObject({ ok: true });
  });

  it('checks a draft and records nothing', async () => {
    const before = await app.eventsInLog();
    const good = await app.post('rules/check', { rules: withWindow(60) });
    expect(good).toMatchObject({ status: 200, json: { ok: true, problems: [], version: expect.stringMatching(/^ours-/), differences: { fields: [{ field: 'contact.window', before: 33, after: 60 }] } } });
    const bad = await app.post('rules/check', { rules: { ...rules, advocacy: { window: -1 }, adoption: { ...rules.adoption, evidence: ['usage-report'] } } });
    expect(bad).toMatchObject({ status: 200, json: { ok: false, version: null, sentences: null, differences: null } });
    expect(bad.json.problems.map(({ field, code }: Json) => `${field} ${code}`)).toEqual(['adoption.evidence our-own-doing', 'advocacy.window not-days']);
    for (const odd of [[], 'x', 7, true, {}]) expect((await app.post('rules/check', { rules: odd })).json).toMatchObject({ ok: false });
    expect(await app.eventsInLog()).toBe(before);
  });

  describe('refuses', () => {
    const evidence = (kinds: string[]): unknown => ({ ...rules, adoption: { ...rules.adoption, evidence: kinds } });
    casesRefused(() => app, [
      ['a ring that only we can light', () => publish(app, evidence(['usage-report'])), 400, 'our-own-doing', 'rules.adoption.evidence'],
      ['a negative window', () => publish(app, { ...rules, advocacy: { window: -1 } }), 400, 'not-days', 'rules.advocacy.window'],
      ['an unknown kind', () => publish(app, evidence(['happiness'])), 400, 'unknown-kind', 'rules.adoption.evidence'],
      ['what is no object', () => publish(app, 'shop'), 400, 'not-an-object', 'rules'],
      ['no rules', () => app.post('rules', { reason: 'x' }), 400, undefined, 'rules'],
      ['what is not JSON', () => app.post('rules', '{"rules": {', {}), 400, 'malformed-json'],
      ['a huge document', () => publish(app, { ...rules, more: 'x'.repeat(1_100_000) }), 413, 'body-too-large'],
      ['a deep document', () => publish(app, JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`)), 400, 'too-deep'],
      ['no reason', () => app.post('rules', { rules: withWindow(20) }), 400, undefined, 'reason'],
      ['an empty reason', () => publish(app, withWindow(20), { reason: '   ' }), 400, undefined, 'reason'],
      ['a stale revision', () => publish(app, withWindow(20), {}, { ifMatch: '"0"' }), 412, 'stale-revision'],
      ['what is in force already', () => publish(app, withWindow(33)), 409, 'in-force-already', 'rules'],
      ['nobody who acts', () => publish(app, withWindow(20), {}, { as: null }), 400, 'no-colleague', 'X-Colleague'],
      ['to compare what is not there', () => app.get('rules/compare?a=shop&b=nothing'), 404, 'unknown-rules', 'b'],
    ]);
  });
});

/** Writes and reads while rules are published. @returns what was found wrong, and how much of each rules was seen. */
async function underLoad(): Promise<{ readonly problems: string[]; readonly seen: ReadonlySet<number>; readonly reads: number; readonly writes: number }> {
  const app = await TestApp.withAda();
  try {
    const lit = await fill(app, 6);
    const late = await app.customer({ name: 'Busy' });
    // More than one batch of the rebuild.
    for (let n = 0; n < 8; n += 1) await app.log(late, ...Array.from({ length: 50 }, () => ({ kind: 'note' })));
    await app.parts.projector.caughtUp();
    const [before, after] = [lit(90), lit(50)];
    const problems: string[] = [];
    const seen = new Set<number>();
    let [reads, writes, isOver] = [0, 0, false];
    const writer = async (): Promise<void> => {
      while (!isOver) {
        const { status, json } = await app.post(`customers/${late}/interactions`, { entries: [{ kind: 'note', summary: `n${writes}` }] });
        if (status !== 201) problems.push(`a write got ${status}`);
        writes += 1;
        if (writes % 3 !== 0) continue;
        const read = await app.get(`customers/${late}/timeline?after=${json.position}&limit=20`);
        if (read.status !== 200 || !read.json.items.some(({ id }: Json) => id === json.entries[0])) problems.push(`a write was not seen: ${read.status} ${read.text.slice(0, 200)}`);
      }
    };
    const reader = async (): Promise<void> => {
      while (!isOver) {
        // An injected request needs no turn of the event loop: without one of our own nobody else would get any.
        await nextTurn();
        // Rules seen before the read are those it was made by, or the read is newer.
        const [rulesBefore, portfolio] = [(await app.get('rules')).json, await app.get('portfolio?limit=200')];
        const rulesAfter = (await app.get('rules')).json;
        reads += 1;
        if (portfolio.status !== 200) {
          problems.push(`a read got ${portfolio.status}`);
          continue;
        }
        if (portfolio.json.total !== 7) problems.push(`${portfolio.json.total} customers of 7`);
        const now = litIn(portfolio.json);
        seen.add(now);
        if (now !== before && now !== after) problems.push(`a half: ${now} lit`);
        if (rulesBefore.version === rulesAfter.version && now !== lit(rulesBefore.rules.contact.window)) problems.push(`by ${rulesBefore.rules.contact.window} days ${now} are lit`);
      }
    };
    const load = [writer(), writer(), reader(), reader()];
    try {
      await sleep(100);
      for (const window of [50, 90, 50]) {
        const answer = await publish(app, withWindow(window));
        if (answer.status !== 201) problems.push(`publishing got ${answer.status} ${answer.text}`);
        await inForce(app);
        await sleep(50);
      }
    } finally {
      isOver = true;
      await Promise.all(load);
    }
    const verdict = await app.parts.operations.verify();
    if (!verdict.ok) problems.push(...verdict.problems);
    if (verdict.events !== (await app.eventsInLog())) problems.push('the verdict is of another log');
    if (litIn(await app.read('portfolio')) !== after) problems.push('the last rules are not in force');
    return { problems, seen, reads, writes };
  } finally {
    await app.remove();
  }
}

describe('publishing under load', () => {
  it('loses nothing, shows no half, and every answer is by the rules in force', async () => {
    const { problems, seen, reads, writes } = await underLoad();
    expect([...new Set(problems)]).toEqual([]);
    expect(seen.size).toBe(2);
    expect(Math.min(reads, writes)).toBeGreaterThan(10);
  }, 60_000);

  it('planted bug: rows that take the place of the live ones before they know as much are found', async () => {
    const past = jest.spyOn(Projector.prototype, 'past').mockResolvedValue();
    const exchangedFor = jest.spyOn(Projector.prototype, 'exchangedFor').mockImplementation(async (next, ready) => {
      await next.stop();
      (await ready())();
    });
    try {
      const { problems } = await underLoad();
      expect(problems.length).toBeGreaterThan(0);
    } finally {
      past.mockRestore();
      exchangedFor.mockRestore();
    }
  }, 60_000);

  it('planted bug: rules in force before the rows are made by them are found', async () => {
    // The old rows stay: as if the exchange forgot them.
    const planted = [SqliteViews, PostgresViews].map((engine) => jest.spyOn(engine.prototype, 'exchange').mockImplementation(async (next) => () => void next.close()));
    try {
      const { problems } = await underLoad();
      expect(problems.join('\n')).toMatch(/are lit|differs from a fresh replay/);
    } finally {
      for (const one of planted) one.mockRestore();
    }
  }, 60_000);
});
