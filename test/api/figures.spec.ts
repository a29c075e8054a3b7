/** Figures over HTTP: values anybody can check by hand, two clocks, kept figures, evidence, and what comes in wrong. */
import { get as httpGet } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandBus } from '@nestjs/cqrs';
import type { Parts } from '../../src/app.module.js';
import { FiguresReader } from '../../src/figures/figures.reader.js';
import { keptFigure, keptStream, type Kept } from '../../src/figures/kept-figure.js';
import { KeptReader } from '../../src/figures/kept.reader.js';
import { Walk } from '../../src/figures/walk.reader.js';
import type { EventStore } from '../../src/kernel/event-store.js';
import { Execute } from '../../src/shell/execute.js';
import { Executor } from '../../src/shell/executor.js';
import { Known } from '../../src/shell/known.js';
import { AS_OPERATOR, TestApp, written, type Json } from './app.js';
import { casesRefused, type Case } from './refused.js';

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

interface Organised {
  readonly app: TestApp;
  /** Ids by one letter. */
  readonly id: Readonly<Record<'a' | 'b' | 'c' | 'd' | 'e', string>>;
  readonly entry: Readonly<Record<'purchaseA' | 'referenceA' | 'purchaseB' | 'purchaseC' | 'referenceC', string>>;
  readonly people: Readonly<Record<'a' | 'b' | 'c', string>>;
}

/**
 * Three customers: a and c put their name behind us, c ten days ago only; b does not. d was one until 75 days ago; e asked a question.
 * The advocacy rate is 2 of 3, and was 1 of 3 thirty days ago.
 */
async function organised(tamper?: (parts: Parts) => Parts): Promise<Organised> {
  const app = await TestApp.withAda(tamper);
  await app.colleague('ben', { department: 'sales' });
  await withColleagueFigures(app);
  const [a, b, c, d, e] = [
    await app.customer({ name: 'A', segment: 'bakeries', origin: 'fair', owner: 'ada' }),
    await app.customer({ name: 'B', segment: 'bakeries', origin: 'web', owner: 'ben' }),
    await app.customer({ name: 'C', segment: 'mills', origin: 'fair', owner: 'ben' }),
    await app.customer({ name: 'D', segment: 'mills', origin: 'web' }),
    await app.customer({ name: 'E', segment: 'mills' }),
  ];
  const people = { a: await app.person(a, { name: 'Ann' }), b: await app.person(b, { name: 'Bo' }), c: await app.person(c, { name: 'Cy' }) };
  const [purchaseA, referenceA] = await app.log(a, { kind: 'purchase', offering: 'plan', amount: 100_000, currency: 'EUR', occurredAt: daysAgo(200) }, reference(people.a, 100));
  const [purchaseB] = await app.log(b, { kind: 'purchase', amount: 300_000, currency: 'EUR', occurredAt: daysAgo(150) });
  const [purchaseC, referenceC] = await app.log(c, { kind: 'purchase', offering: 'care', occurredAt: daysAgo(120) }, reference(people.c, 10));
  await app.log(d, { kind: 'purchase', occurredAt: daysAgo(500), end: daysAgo(135) });
  await app.log(e, { kind: 'enquiry', occurredAt: daysAgo(5) });
  await app.parts.projector.caughtUp();
  return { app, people, id: { a, b, c, d, e }, entry: { purchaseA, referenceA, purchaseB, purchaseC, referenceC } as Organised['entry'] };
}

/** Owners and departments of one are asked about here; that they may not be by default is in colleague-figures.spec.ts. */
const withColleagueFigures = (app: TestApp): Promise<Json> => written(app.patch('settings', { values: { colleagueFigures: true }, reason: 'Agreed' }));

const reference = (person: string, days: number): object => ({ kind: 'reference', person, verification: 'evidenced', occurredAt: daysAgo(days) });
const [RATE, BY_REVENUE] = ['figures/advocacy-rate', 'figures/advocacy-rate-by-revenue'];
const query = (path: string, params: Readonly<Record<string, string | number>>): string => `${path}?${new URLSearchParams(Object.entries(params).map(([name, value]): [string, string] => [name, String(value)])).toString()}`;
const counts = ({ parts }: Json): Record<string, string> => Object.fromEntries(parts.map(({ part, values }: Json) => [part ?? 'all', values.map(({ above, below }: Json) => `${above} of ${below}`).join()]));
const bare = ({ read: _read, ...answer }: Json): Json => answer;

let org: Organised;
beforeAll(async () => (org = await organised()));
afterAll(() => org.app.remove());
const read = (path: string, params: Readonly<Record<string, string | number>> = {}): Promise<Json> => org.app.read(query(path, params));

describe('a value', () => {
  it('is what can be counted by hand, with the period before, its interval and a sentence', async () => {
    const answer = await read(RATE);
    expect(answer).toMatchObject({ name: 'advocacy-rate', shown: true, note: null, period: null, split: null, parked: 0 });
    expect(answer.parts).toEqual([{
      part: null,
      values: [expect.objectContaining({ group: null, above: 2, below: 3, n: 3, value: 2 / 3, says: '2 of 3 (66.7 %; 20.8 to 93.9 %)' })],
      before: [expect.objectContaining({ above: 1, below: 3, value: 1 / 3, says: '1 of 3 (33.3 %; 6.1 to 79.2 %)' })],
    }]);
    expect(Date.parse(answer.asOf) - Date.parse(answer.before.to)).toBe(30 * 86_400_000);
    expect(answer.read).toMatchObject({ customers: 5 });
  });

  it('is divided by currency where money is', async () => {
    const { parts: [{ values }] } = await read(BY_REVENUE);
    expect(values).toEqual([expect.objectContaining({ group: 'EUR', above: 100_000, below: 400_000, n: 2, value: 0.25, says: '2 customers: 1,000 EUR of 4,000 EUR (25 %)' })]);
  });

  it.each([
    ['department', { sales: '1 of 2', service: '1 of 1' }],
    ['segment', { bakeries: '1 of 2', mills: '1 of 1' }],
    ['origin', { fair: '2 of 2', web: '0 of 1' }],
    ['offering', { care: '1 of 1', plan: '1 of 1' }],
  ])('is split by %s', async (split, expected) => {
    const answer = await read(RATE, { split });
    expect(counts(answer)).toEqual(expected);
    // Offerings overlap and leave out who bought none; the other parts add up to the whole.
    if (split !== 'offering') expect(answer.parts.reduce((sum: number, { values }: Json) => sum + values[0].below, 0)).toBe(3);
  });

  it.each([
    [{ segment: 'bakeries' }, '1 of 2'],
    [{ origin: 'web' }, '0 of 1'],
    [{ owner: 'ben' }, '1 of 2'],
    [{ department: 'service' }, '1 of 1'],
    [{ segment: 'bakeries', owner: 'ben' }, '0 of 1'],
    [{ segment: 'nowhere' }, '0 of 0'],
    // What names no offering counts for each: b, too.
    [{ offering: 'plan' }, '1 of 2'],
  ])('is narrowed by %j', async (filter, expected) => {
    const answer = await read(RATE, filter);
    expect(counts(answer)).toEqual({ all: expected });
    expect(answer.filter).toEqual(filter);
    if (expected === '0 of 0') expect(answer.parts[0].values[0]).toMatchObject({ value: null, says: 'no value: nothing below the line' });
  });

  it('before anything had happened is null, and says why', async () => {
    const answer = await read(RATE, { asOf: '2001-01-01' });
    expect(answer.parts[0].values).toEqual([expect.objectContaining({ value: null, n: 0 })]);
    expect(answer.note).toMatch(/^Nothing had happened by then; the first entry is of 20/);
  });

  it('that the business has no entries for says which kinds it needs', async () => {
    const answer = await read('figures/nps');
    expect(answer).toMatchObject({ shown: false, note: 'Nothing to show: there is no entry of the kinds survey-answered.' });
  });

  it('over everything so far is compared with everything up to a month before', async () => {
    const answer = await read('figures/repeat-rate');
    expect(Date.parse(answer.asOf) - Date.parse(answer.before.to)).toBe(30 * 86_400_000);
    expect(answer.parts[0].before[0]).toMatchObject({ below: 4 });
  });
});

describe('evidence', () => {
  it('names who is above and below the line, and the entries that put them there', async () => {
    const above = await read(`${RATE}/evidence`, { side: 'above' });
    expect(above.items.map(({ customer, because }: Json) => [customer.name, because])).toEqual(expect.arrayContaining([['A', [org.entry.referenceA]], ['C', [org.entry.referenceC]]]));
    expect(above).toMatchObject({ total: 2, next: null });
    const below = await read(`${RATE}/evidence`, { side: 'below' });
    expect(below.items).toEqual([expect.objectContaining({ customer: { id: org.id.b, name: 'B' }, above: 0, below: 1, because: [org.entry.purchaseB] })]);
  });

  it('adds up to the value, comes in pages without gaps and doubles, and has the same digest when asked twice', async () => {
    const { asOf, asKnown } = await read(RATE);
    const seen: Json[] = [];
    const digests = new Set<string>();
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Json = await read(`${RATE}/evidence`, { asOf, asKnown, limit: 1, ...(cursor !== '' && { cursor }) });
      expect(page.items.length).toBe(1);
      seen.push(...page.items);
      digests.add(page.digest);
      cursor = page.next;
    }
    expect(seen.map(({ customer }) => customer.name).sort()).toEqual(['A', 'B', 'C']);
    expect(seen.reduce((sum, { above }) => sum + above, 0)).toBe(2);
    expect(digests.size).toBe(1);
    const { digest } = await read(`${RATE}/evidence`, { asOf, asKnown, segment: 'mills' });
    expect(digests.has(digest)).toBe(false);
  });

  it('is narrowed to a group', async () => {
    expect((await read(`${BY_REVENUE}/evidence`, { group: 'EUR' })).total).toBe(2);
    expect((await read(`${BY_REVENUE}/evidence`, { group: 'USD' }))).toMatchObject({ total: 0, items: [], next: null });
  });
});

describe('a series', () => {
  it.each(['day', 'week', 'month', 'quarter'])('by %s ends with the single value', async (by) => {
    const { asOf, asKnown } = await read(RATE);
    const [single, series] = [await read(RATE, { asOf, asKnown }), await read(`${RATE}/series`, { asOf, asKnown, by, from: daysAgo(60) })];
    const course = series.parts[0].series;
    expect(series.points).toHaveLength(course.length);
    expect(series.points.at(-1)).toBe(asOf);
    expect(course.at(-1)).toEqual(single.parts[0].values);
    expect(series.points).toEqual([...new Set<string>(series.points)].sort());
    // Nobody had been an advocate but a for 50 days; c came ten days ago.
    const early = series.points.findIndex((point: string) => point > daysAgo(60));
    if (series.points[early]! < daysAgo(11)) expect(course[early][0]).toMatchObject({ above: 1, below: 3 });
  });

  it('begins with the period that contains its first day, given as a date or as an instant', async () => {
    for (const from of ['2026-03-01', '2026-03-01T00:00:00Z', '2026-03-31']) expect((await read(`${RATE}/series`, { from, asOf: '2026-05-10' })).points).toEqual(['2026-04-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z', '2026-05-11T00:00:00.000Z']);
  });
});

describe('what comes in wrong', () => {
  const refusedAt = (path: string, params: Readonly<Record<string, string | number>> = {}) => () => org.app.get(query(path, params));
  const cases: readonly Case[] = [
    ['asOf after asKnown', refusedAt(RATE, { asOf: '2026-02-01', asKnown: '2026-01-01' }), 400, 'after-as-known', 'asOf'],
    ['asOf in the future', refusedAt(RATE, { asOf: daysAgo(-2) }), 400, 'in-the-future', 'asOf'],
    ['asKnown in the future', refusedAt(RATE, { asKnown: daysAgo(-2) }), 400, 'in-the-future', 'asKnown'],
    ['asOf that is no date', refusedAt(RATE, { asOf: 'yesterday' }), 400, undefined, 'asOf'],
    ['asKnown that is no position', refusedAt(RATE, { asKnown: 'nowhere' }), 400, 'not-a-date', 'asKnown'],
    ['asKnown beyond the log', refusedAt(RATE, { asKnown: '999999999' }), 400, 'not-a-date', 'asKnown'],
    ['a figure there is not', refusedAt('figures/happiness'), 404, 'unknown-figure'],
    ['evidence of a figure there is not', refusedAt('figures/happiness/evidence'), 404, 'unknown-figure'],
    ['a split there is not', refusedAt(RATE, { split: 'colour' }), 400, undefined, 'split'],
    ['a filter there is not', refusedAt(RATE, { colour: 'red' }), 400, 'unknown-field', 'colour'],
    ['a department there is not', refusedAt(RATE, { department: 'magic' }), 400, undefined, 'department'],
    ['a window of no days', refusedAt(RATE, { window: 0 }), 400, undefined, 'window'],
    ['a hundred years by day', refusedAt(`${RATE}/series`, { from: '1926-01-01', by: 'day' }), 400, 'too-many-points', 'by'],
    ['from after asOf', refusedAt(`${RATE}/series`, { from: '2026-02-01', asOf: '2026-01-01' }), 400, 'after-as-of', 'from'],
    ['from that is no date', refusedAt(`${RATE}/series`, { from: '2026-02-31' }), 400, undefined, 'from'],
    ['a period there is not', refusedAt(`${RATE}/series`, { by: 'decade' }), 400, undefined, 'by'],
    ['a page of nothing', refusedAt(`${RATE}/evidence`, { limit: 0 }), 400, undefined, 'limit'],
    ['a cursor of another list', refusedAt(`${RATE}/evidence`, { cursor: 'eyJhIjoxfQ' }), 400, 'not-a-cursor', 'cursor'],
    ['a kept figure there is not', refusedAt('kept-figures/nothing'), 404, 'unknown-kept-figure'],
    ['keeping a figure there is not', () => org.app.post('kept-figures', { figure: 'happiness', label: 'x' }), 404, 'unknown-figure'],
    ['keeping without a label', () => org.app.post('kept-figures', { figure: 'advocacy-rate' }), 400, undefined, 'label'],
  ];
  casesRefused(() => org.app, cases);

  it('400 months are drawn, however long they are', async () => {
    const { points } = await read(`${RATE}/series`, { from: '1993-05-01', asOf: '2026-08-15' });
    expect(points).toHaveLength(400);
  });
});

it('a request that was given up stops reading', async () => {
  let reads = 0;
  // Without `status` it is a log on this machine, whose streams are read one after the other.
  const slow = (store: EventStore): EventStore => new Proxy(store, {
    get: (target, name) => name === 'status' ? undefined : name !== 'read' ? (Reflect.get(target, name) as { bind?: (to: EventStore) => unknown })?.bind?.(target) : async (...args: Parameters<EventStore['read']>) => {
      reads += 1;
      await sleep(100);
      return target.read(...args);
    },
  });
  const { app } = await organised((parts) => ({ ...parts, store: slow(parts.store) }));
  try {
    await app.nest.listen(0, '127.0.0.1');
    const { port } = app.nest.getHttpServer().address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/api/v1/${RATE}`;
    reads = 0;
    expect((await fetch(url, { headers: AS_OPERATOR })).status).toBe(200);
    const whole = reads;
    expect(whole).toBeGreaterThanOrEqual(5);
    reads = 0;
    const request = httpGet(url, { headers: AS_OPERATOR }).on('error', () => undefined);
    while (reads < 2) await sleep(5);
    await new Promise((resolve) => request.once('close', resolve).destroy());
    await sleep(100 * (whole + 2));
    expect(reads).toBeLessThan(whole);
    expect((await fetch(url, { headers: AS_OPERATOR })).status).toBe(200);
  } finally {
    await app.remove();
  }
});

// ---- the two clocks, and kept figures: each check on an organisation of its own ----------------------------

const need = (found: unknown, expected: unknown, what: string): void => {
  if (JSON.stringify(found) !== JSON.stringify(expected)) throw new Error(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
};

async function keep({ app }: Organised, more: object = {}): Promise<string> {
  await app.parts.projector.caughtUp();
  return (await written(app.post('kept-figures', { figure: 'advocacy-rate', label: 'Board', ...more }))).id;
}
const causes = ({ differences }: Json): string[] => differences.map(({ cause }: Json) => cause);
const both = ({ kept, now }: Json): string => [kept, now].map(([{ above, below }]: Json) => `${above} of ${below}`).join(' → ');

const checks: Readonly<Record<string, (own: Organised) => Promise<void>>> = {
  'a late entry changes nothing of what was known before it': async ({ app, id, people }) => {
    const first = await app.read(RATE);
    const until = new Date().toISOString();
    await sleep(5);
    await app.log(id.b, reference(people.b, 50));
    need(counts(await app.read(RATE)), { all: '3 of 3' }, 'known now');
    need(counts(await app.read(query(RATE, { asKnown: first.asKnown }))), { all: '2 of 3' }, 'by position');
    need(counts(await app.read(query(RATE, { asKnown: until }))), { all: '2 of 3' }, 'by date');
  },
  'what was true then is asked apart from what was known': async ({ app, id, people }) => {
    await app.log(id.b, reference(people.b, 50));
    need(counts(await app.read(query(RATE, { asOf: daysAgo(40) }))), { all: '2 of 3' }, 'forty days ago');
    need(counts(await app.read(query(RATE, { asOf: daysAgo(60) }))), { all: '1 of 3' }, 'sixty days ago');
  },
  'an answer comes out again exactly, whatever was recorded since': async ({ app, id, people }) => {
    const path = query(RATE, { split: 'department' });
    const first = await app.read(path);
    await app.log(id.b, reference(people.b, 50));
    await app.patch('colleagues/ada', { department: 'marketing' });
    const again = await app.read(query(RATE, { split: 'department', asOf: first.asOf, asKnown: first.asKnown }));
    need(bare(again), bare(first), 'the same question');
  },
  'a kept figure is unchanged while nothing happens to it': async (own) => {
    const kept = await keep(own);
    await own.app.log(own.id.e, { kind: 'note', occurredAt: daysAgo(1) });
    const opened = await own.app.read(`kept-figures/${kept}`);
    need([opened.unchanged, opened.differences, opened.givenAgain, both(opened)], [true, [], true, '2 of 3 → 2 of 3'], 'opened');
    need((await own.app.read('kept-figures')).items.map(({ id, label, by }: Json) => [id, label, by]), [[kept, 'Board', 'ada']], 'listed');
  },
  'a late entry, a correction and a retraction are named as causes': async (own) => {
    const { app, id, people, entry } = own;
    const kept = await keep(own);
    const open = (): Promise<Json> => app.read(`kept-figures/${kept}`);
    const [late] = await app.log(id.b, reference(people.b, 50));
    let opened = await open();
    need([opened.unchanged, both(opened), opened.givenAgain], [false, '2 of 3 → 3 of 3', true], 'late entry');
    need(opened.differences.map(({ cause, customer, entry: of }: Json) => [cause, customer, of]), [['late entry', id.b, late]], 'its cause');
    await written(app.put(`customers/${id.b}/interactions/${late}`, { kind: 'reference', person: people.b, verification: 'claimed', occurredAt: daysAgo(50) }));
    opened = await open();
    need([opened.unchanged, both(opened)], [true, '2 of 3 → 2 of 3'], 'corrected to what proves nothing');
    await written(app.put(`customers/${id.a}/interactions/${entry.referenceA}`, { kind: 'reference', person: people.a, stance: 'mixed', verification: 'evidenced', occurredAt: daysAgo(100) }));
    opened = await open();
    need([causes(opened), both(opened)], [['correction'], '2 of 3 → 1 of 3'], 'correction');
    await written(app.post(`customers/${id.c}/interactions/${entry.referenceC}/retract`, {}));
    opened = await open();
    need([causes(opened).sort(), both(opened), opened.givenAgain], [['correction', 'retraction'], '2 of 3 → 0 of 3', true], 'retraction');
  },
  'details and departments that changed are named where they are asked for': async (own) => {
    const { app, id } = own;
    const [bySegment, byDepartment] = [await keep(own, { segment: 'bakeries' }), await keep(own, { department: 'sales' })];
    await written(app.patch(`customers/${id.b}`, { segment: 'mills' }));
    let opened = await app.read(`kept-figures/${bySegment}`);
    need([causes(opened), opened.differences[0].customer, both(opened), opened.givenAgain], [['details changed'], id.b, '1 of 2 → 1 of 1', true], 'segment');
    await written(app.patch('colleagues/ben', { department: 'marketing' }));
    opened = await app.read(`kept-figures/${byDepartment}`);
    need([opened.differences[0].cause, opened.differences[0].colleague, both(opened), opened.givenAgain], ['details changed', 'ben', '1 of 2 → 0 of 0', true], 'department');
  },
  'a late entry of another customer is found where it speaks of this one': async (own) => {
    const { app, id, people } = own;
    const kept = await keep(own, { figure: 'referral-conversion' });
    const [late] = await app.log(id.a, { kind: 'referral', person: people.a, referredCustomer: id.c, verification: 'claimed', occurredAt: daysAgo(130) });
    const opened = await app.read(`kept-figures/${kept}`);
    need([both(opened), opened.differences.map(({ customer, entry }: Json) => [customer, entry])], ['0 of 0 → 1 of 1', [[id.a, late]]], 'referral');
  },
};

/** As it is, to be called from what takes its place. */
const methodOf = <T extends object, Name extends keyof T>(of: T, name: Name): T[Name] => Reflect.get(of, name);

/** What must turn a check red. */
const bugs: readonly (readonly [bug: string, check: keyof typeof checks, plant: () => { mockRestore(): void }])[] = [
  ['everything counts as known', 'a late entry changes nothing of what was known before it', () => jest.spyOn(Known.prototype, 'includes').mockReturnValue(true)],
  ['a date of knowledge means now', 'a late entry changes nothing of what was known before it', () => jest.spyOn(Known.prototype, 'at').mockImplementation(async function (this: Known) {
    return this.now();
  })],
  ['only what was known then counts as having happened', 'what was true then is asked apart from what was known', () => jest.spyOn(Known.prototype, 'now').mockReturnValue(null)],
  ['departments are those of today', 'an answer comes out again exactly, whatever was recorded since', () => {
    const real = methodOf(Walk.prototype, 'departments');
    return jest.spyOn(Walk.prototype, 'departments').mockImplementation(async function (this: Walk) {
      return real.call(this, await (this as unknown as { store: EventStore }).store.head());
    });
  }],
  ['the digest depends on the hour', 'a kept figure is unchanged while nothing happens to it', () => {
    const real = methodOf(FiguresReader.prototype, 'settled');
    return jest.spyOn(FiguresReader.prototype, 'settled').mockImplementation(async function (this: FiguresReader, question) {
      return { ...(await real.call(this, question)), digest: String(performance.now()) };
    });
  }],
  ['no event is looked for', 'a late entry, a correction and a retraction are named as causes', () => jest.spyOn(Executor.prototype, 'eventsFrom').mockResolvedValue([])],
  ['what was known then is forgotten', 'a late entry, a correction and a retraction are named as causes', () => jest.spyOn(Known.prototype, 'includes').mockReturnValue(true)],
  ['colleagues do not count', 'details and departments that changed are named where they are asked for', () => jest.spyOn(KeptReader.prototype as unknown as { movedColleagues: () => Promise<object[]> }, 'movedColleagues').mockResolvedValue([])],
  ['only the customer’s own entries are looked at', 'a late entry of another customer is found where it speaks of this one', () => jest.spyOn(Known.prototype, 'after').mockImplementation(async function* () {})],
];

async function checked(check: keyof typeof checks): Promise<void> {
  const own = await organised();
  try {
    await checks[check]!(own);
  } finally {
    await own.app.remove();
  }
}

describe('the two clocks and kept figures', () => {
  it.each(Object.keys(checks))('%s', (check) => checked(check));

  it('new rules and a new definition are named as causes', async () => {
    const own = await organised();
    try {
      const { app } = own;
      const id = await keep(own);
      const { rules } = await app.read('rules');
      // Under the new rules the reference of a, a hundred days old, has lapsed.
      await written(app.post('rules', { rules: { ...rules, preset: 'ours', advocacy: { window: 30 } }, reason: 'A month is enough' }));
      while ((await app.read('rules')).takingEffect !== null) await sleep(20);
      expect(await app.read(`kept-figures/${id}`)).toMatchObject({ unchanged: false, now: [{ above: 1, below: 3 }], differences: [{ cause: 'new rules' }], givenAgain: true });

      const from = <T>(of: abstract new (...args: never[]) => T): T => app.nest.get(of as never);
      const { state } = await from(Executor).load(keptFigure, keptStream(id));
      const older: Kept = { ...state.kept!, asked: { ...state.kept!.asked, definition: 0 }, digest: 'another' };
      await from(CommandBus).execute(new Execute(keptFigure, keptStream('older'), [{ commandId: '0'.repeat(32), mac: 'x', command: { type: 'KeepFigure', kept: older } }], { actor: 'ada', correlationId: 'x' }));
      expect(await app.read('kept-figures/older')).toMatchObject({ unchanged: false, differences: [{ cause: 'new definition' }, { cause: 'new rules' }], givenAgain: null });

      // Rules that stand in no log: the environment named them, and has changed since.
      const unknown: Kept = { ...state.kept!, asked: { ...state.kept!.asked, rulesVersion: 'gone' }, digest: 'another' };
      await from(CommandBus).execute(new Execute(keptFigure, keptStream('unknown'), [{ commandId: '1'.repeat(32), mac: 'x', command: { type: 'KeepFigure', kept: unknown } }], { actor: 'ada', correlationId: 'x' }));
      expect(await app.read('kept-figures/unknown')).toMatchObject({ unchanged: false, differences: [{ cause: 'new rules' }], givenAgain: null });
    } finally {
      await own.app.remove();
    }
  });
});

describe('planted bugs in the two clocks and kept figures are found', () => {
  it.each(bugs)('%s, by: %s', async (_bug, check, plant) => {
    const planted = plant();
    try {
      await expect(checked(check)).rejects.toThrow();
    } finally {
      planted.mockRestore();
    }
  });
  it('by every check there is', () => expect([...new Set(bugs.map(([, check]) => check))].sort()).toEqual(Object.keys(checks).sort()));
});
