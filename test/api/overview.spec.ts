/** How things stand at a customer, in numbers anyone can check by hand: today, and on a day that has passed. Beside it each number is broken once. */
import { CustomersReader } from '../../src/customers/customers.reader.js';
import type { Interaction } from '../../src/customers/customer.js';
import { OverviewReader } from '../../src/figures/overview.reader.js';
import { TestApp, type Json } from './app.js';

const DAY = 86_400_000;
const now = Date.now();
const ago = (days: number): string => new Date(now - days * DAY).toISOString();

let app: TestApp;
let customer: string;
let [decider, gone]: [string, string] = ['', ''];
beforeAll(async () => {
  app = await TestApp.withAda();
  customer = await app.customer({ owner: 'ada' });
  await app.log(customer, ...['Ines Morel', 'Jo Pasternak'].map((name) => ({ kind: 'person-added', name, occurredAt: ago(300) })));
  const { items } = await app.read(`customers/${customer}/people`);
  [decider, gone] = ['Ines Morel', 'Jo Pasternak'].map((name) => items.find((one: Json) => one.name === name).id) as [string, string];
  await app.log(customer,
    { kind: 'purchase', occurredAt: ago(400), end: ago(135), amount: 600_000, currency: 'EUR' },
    { kind: 'purchase', occurredAt: ago(100), end: ago(-265), amount: 1_200_000, currency: 'EUR' },
    { kind: 'call', side: 'customer', occurredAt: ago(90), people: [decider] },
    { kind: 'person-left', occurredAt: ago(50), person: gone },
  );
  const [, , solved] = await app.log(customer, { kind: 'issue-opened', severity: 3, occurredAt: ago(80) }, { kind: 'issue-opened', severity: 1, occurredAt: ago(20) }, { kind: 'issue-opened', severity: 2, occurredAt: ago(70) });
  await app.log(customer, { kind: 'issue-resolved', occurredAt: ago(30), about: solved });
  const [step] = await app.log(customer, { kind: 'step-planned', occurredAt: ago(15), due: ago(-1), who: 'ada' }, { kind: 'step-planned', occurredAt: ago(14), due: ago(-9), who: 'ada' });
  await app.log(customer, { kind: 'step-done', occurredAt: ago(10), about: step });
  await app.log(customer, { kind: 'decision-opened', side: 'customer', what: 'A second line', occurredAt: ago(92), deciders: [decider] });
});
afterAll(() => app.remove());

const overview = async (days?: number): Promise<Json> => app.read(`customers/${customer}/overview${days === undefined ? '' : `?asOf=${ago(days)}`}`);

const checks = {
  'worth is that of the term in force': async () => {
    expect((await overview()).worth).toEqual([{ amount: 1_200_000, currency: 'EUR' }]);
    expect((await overview(401)).worth).toEqual([]);
  },
  'open issues: the gravest first, without what was resolved': async () => expect((await overview()).issues.map(({ severity }: Json) => severity)).toEqual([1, 3]),
  'on a past day: what had happened by then, and no more': async () => {
    expect((await overview(60)).issues.map(({ severity }: Json) => severity)).toEqual([2, 3]);
    expect((await overview(95)).decisions).toEqual([]);
  },
  'steps that are not done': async () => expect((await overview()).steps).toHaveLength(1),
  'who left has left, since the day they did': async () => {
    const leftOf = ({ people }: Json): unknown => people.find(({ id }: Json) => id === gone).left;
    expect(leftOf(await overview())).toBe(ago(50));
  },
  'the last time we heard from them': async () => {
    expect((await overview()).people.find(({ id }: Json) => id === decider).lastContact).toBe(ago(90));
    expect((await overview(95)).lastContact === ago(90)).toBe(false);
  },
  'what the next decision lacks': async () => expect((await overview()).decisions).toMatchObject([{ deciders: [{ person: { id: decider }, met: true }], lacks: ['date', 'need agreed', 'customer benefit', 'our benefit'] }]),
} satisfies Record<string, () => Promise<unknown>>;
type Check = keyof typeof checks;

it.each(Object.keys(checks) as Check[])('%s', async (check) => {
  await checks[check]();
});

/** The state without the entries that a bug would overlook, or with others in their place. */
const seenAs = (change: (entry: Interaction) => Interaction | undefined) => (): jest.SpyInstance => {
  const stateOf = Reflect.get<CustomersReader, 'stateOf'>(CustomersReader.prototype, 'stateOf');
  return jest.spyOn(CustomersReader.prototype, 'stateOf').mockImplementation(async function (this: CustomersReader, id: string) {
    const found = await stateOf.call(this, id);
    const interactions = new Map([...found.state.interactions].flatMap(([one, entry]) => {
      const seen = change(entry);
      return seen === undefined ? [] : [[one, seen] as const];
    }));
    return { ...found, state: { ...found.state, interactions } };
  });
};
const without = (kind: string) => seenAs((entry) => (entry.kind === kind ? undefined : entry));
/** Whatever day is asked for, today is told. */
const alwaysToday = (): jest.SpyInstance => {
  const asked = Reflect.get<OverviewReader, 'overview'>(OverviewReader.prototype, 'overview');
  return jest.spyOn(OverviewReader.prototype, 'overview').mockImplementation(function (this: OverviewReader, id, _given, sight) {
    return asked.call(this, id, { asOf: undefined }, sight);
  });
};

const bugs: readonly [string, Check, () => jest.SpyInstance][] = [
  ['a term that ended still counts', 'worth is that of the term in force', seenAs((entry) => (entry.kind === 'purchase' ? { ...entry, fields: { ...entry.fields, end: now + 365 * DAY } } : entry))],
  ['resolved issues stay', 'open issues: the gravest first, without what was resolved', without('issue-resolved')],
  ['the day that is asked for is not heard', 'on a past day: what had happened by then, and no more', alwaysToday],
  ['steps that were done stay', 'steps that are not done', without('step-done')],
  ['nobody leaves', 'who left has left, since the day they did', without('person-left')],
  ['what they say is not heard', 'the last time we heard from them', seenAs((entry) => (entry.kind === 'call' ? { ...entry, side: 'us' as const } : entry))],
  ['a decision has a date', 'what the next decision lacks', seenAs((entry) => (entry.kind === 'decision-opened' ? { ...entry, fields: { ...entry.fields, neededBy: now + DAY } } : entry))],
];

describe('planted bugs are found', () => {
  it.each(bugs)('%s, by: %s', async (_bug, check, plant) => {
    const planted = plant();
    try {
      await expect(checks[check]()).rejects.toThrow();
    } finally {
      planted.mockRestore();
    }
  });
  it('by every check there is', () => expect([...new Set(bugs.map(([, check]) => check))].sort()).toEqual(Object.keys(checks).sort()));
});
