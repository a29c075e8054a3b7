/** What can be read: complete, in order, filtered, in pages without gaps or doubles. */
import { TestApp, written, type Json } from './app.js';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.withAda();
  await app.colleague('ben', { department: 'sales' });
});
afterAll(() => app.remove());

const at = (customer: string, path = ''): string => `customers/${customer}${path}`;
const kindsIn = (page: Json): string[] => page.items.filter((item: Json) => item.type === 'entry').map((item: Json) => item.kind);
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

/** How much the log grew while the work was done. */
async function growth(work: () => Promise<unknown>): Promise<number> {
  const before = await app.eventsInLog();
  await work();
  return (await app.eventsInLog()) - before;
}

describe('the timeline', () => {
  let id: string;
  let ines: string;
  const all: { kind: string; occurredAt: string }[] = [];
  beforeAll(async () => {
    id = await app.customer();
    ines = await app.person(id);
    const kinds = ['note', 'enquiry', 'outreach', 'reply'];
    for (let day = 1; day <= 60; day += 1) all.push({ kind: kinds[day % 4]!, occurredAt: `2025-0${1 + Math.floor(day / 22)}-${String(1 + (day % 22)).padStart(2, '0')}` });
    await app.log(id, ...all.slice(0, 30));
    // Half of them at one and the same instant, where a cursor of time alone would skip or repeat.
    await app.log(id, ...all.slice(30).map((one) => ({ ...one, occurredAt: '2025-06-01' })));
    await app.log(id, { kind: 'meeting', side: 'customer', attended: true, people: [ines], offering: 'service-plan', department: 'sales', summary: 'Talked about déjà vu and delivery', occurredAt: '2025-07-01' });
    await app.log(id, { kind: 'decision-opened', side: 'customer', what: 'which colour', deciders: [ines], occurredAt: '2025-07-02' });
    await app.parts.projector.caughtUp();
  });

  it.each([1, 7, 50, 200])('comes in pages of %s, complete, without doubles, newest first', async (limit) => {
    const seen: Json[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Json = await app.read(at(id, `/timeline?limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`));
      expect(page.items.filter((item: Json) => item.type === 'entry').length).toBeLessThanOrEqual(limit);
      seen.push(...page.items);
      cursor = page.next;
    }
    const entries = seen.filter(({ type }) => type === 'entry');
    expect(entries).toHaveLength(63);
    expect(new Set(entries.map((one) => one.id)).size).toBe(63);
    const when = seen.map((one) => one.occurredAt ?? one.at);
    expect(when).toEqual([...when].sort().reverse());
    // Ring changes too: each once, whatever the size of the page.
    const changes = seen.filter(({ type }) => type === 'ring-change').map((change) => JSON.stringify(change));
    expect(new Set(changes).size).toBe(changes.length);
    const { spells } = await app.read(at(id, '/journey'));
    const expected = spells.flatMap(({ from, to }: Json) => [from, ...(to === null || Date.parse(to) > Date.now() ? [] : [to])]);
    expect(changes).toHaveLength(expected.length);
    expect(changes.length).toBeGreaterThan(1);
  });

  it('shows the ring changes between the entries, above the one that made them', async () => {
    const own = await app.customer();
    const [enquiry, purchase] = await app.log(own, { kind: 'enquiry', occurredAt: daysAgo(20) }, { kind: 'purchase', occurredAt: daysAgo(10) });
    const { items } = await app.read(at(own, '/timeline'));
    expect(items.map((item: Json) => (item.type === 'entry' ? item.kind : `${item.name} ${item.change}`))).toEqual(['Purchase lit', 'purchase', 'Contact lit', 'enquiry']);
    expect(items[0].because).toEqual([purchase]);
    expect(items[2].because).toEqual([enquiry]);
  });

  const filters: [string, string[] | number][] = [
    ['kind=note', 15],
    ['kind=note,reply', 30],
    ['kind=nothing', 0],
    ['side=customer', 32],
    ['side=us&kind=outreach', 15],
    ['department=sales', ['meeting']],
    ['offering=service-plan', ['meeting']],
    ['from=2025-06-30&to=2025-07-02', ['meeting']],
    ['from=2025-07-01&to=2025-07-01T00:00:00.001Z', ['meeting']],
    ['to=2025-01-03', 1],
    ['text=deja', ['meeting']],
    ['text=DELIV+vu', ['meeting']],
    ['text=delivery+colour', 0],
    ['text=colour', ['decision-opened']],
  ];
  it.each(filters)('filters by %s', async (query, expected) => {
    const kinds = kindsIn(await app.read(at(id, `/timeline?limit=200&${query}`)));
    if (typeof expected === 'number') expect(kinds).toHaveLength(expected);
    else expect(kinds).toEqual(expected);
  });

  it('filters by person, whatever part the person had', async () => {
    expect(kindsIn(await app.read(at(id, `/timeline?person=${ines}`))).sort()).toEqual(['decision-opened', 'meeting', 'person-added']);
  });
});

describe('the journey', () => {
  it('is told now and as it was, and by offering', async () => {
    const id = await app.customer();
    const [first] = await app.log(id, { kind: 'purchase', offering: 'plan-a', occurredAt: daysAgo(400), end: daysAgo(100) });
    const [second] = await app.log(id, { kind: 'purchase', offering: 'plan-b', occurredAt: daysAgo(10) });
    const ring2 = (journey: Json): Json => journey.rings.find(({ ring }: Json) => ring === 2);
    const now = await app.read(at(id, '/journey'));
    expect(ring2(now)).toMatchObject({ state: 'lit', because: [second] });
    expect(now).toMatchObject({ customer: id, label: 'customer', offering: null, revision: 2 });
    expect(now.spells.filter(({ ring }: Json) => ring === 2)).toHaveLength(2);
    expect(ring2(await app.read(at(id, `/journey?asOf=${daysAgo(300)}`)))).toMatchObject({ state: 'lit', because: [first] });
    expect(ring2(await app.read(at(id, `/journey?asOf=${daysAgo(20)}`)))).toMatchObject({ state: 'out' });
    expect(ring2(await app.read(at(id, `/journey?asOf=${daysAgo(500)}`)))).toMatchObject({ state: 'nothing recorded' });
    expect(ring2(await app.read(at(id, '/journey?offering=plan-a')))).toMatchObject({ state: 'out' });
    expect(ring2(await app.read(at(id, '/journey?offering=plan-b')))).toMatchObject({ state: 'lit', because: [second] });
  });

  it('names a place in the log at which it is the same again, also when the views have not read so far', async () => {
    const id = await app.customer();
    await app.read(at(id));
    await app.log(id, { kind: 'reply', occurredAt: daysAgo(3) });
    const now = (await app.get(at(id, '/journey'))).json;
    expect(now.lit).toEqual([1]);
    expect((await app.get(at(id, `/journey?asOf=${now.at}&asKnown=${now.asKnown}`))).json).toEqual(now);
  });
});

describe('across customers', () => {
  let own: TestApp;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    own = await TestApp.withAda();
    await own.colleague('ben');
    for (const [name, owner, team, segment] of [['Étoile Nord', 'ada', [], 'bakeries'], ['beta Works', 'ben', ['ada'], 'bakeries'], ['Alpha Works', 'ben', [], 'farms'], ['Zulu', undefined, [], undefined]] as const) {
      ids[name] = await own.customer({ name, team, ...(owner !== undefined && { owner }), ...(segment !== undefined && { segment }) });
    }
    await own.log(ids['beta Works']!, { kind: 'enquiry', occurredAt: daysAgo(5), summary: 'wants a unicorn' }, { kind: 'purchase', occurredAt: daysAgo(4) }, { kind: 'issue-opened', severity: 1, occurredAt: daysAgo(3) }, { kind: 'step-planned', due: daysAgo(1), occurredAt: daysAgo(3) });
    await own.log(ids['Alpha Works']!, { kind: 'enquiry', occurredAt: daysAgo(50) }, { kind: 'issue-opened', severity: 3, occurredAt: daysAgo(9) }, { kind: 'step-planned', due: '2030-01-01', who: 'ben' });
    const done = await own.log(ids['Étoile Nord']!, { kind: 'issue-opened', severity: 2, occurredAt: daysAgo(2) }, { kind: 'issue-opened', severity: 2, occurredAt: daysAgo(1) }, { kind: 'step-planned', due: '2030-01-01' }, { kind: 'person-added', name: 'Élodie Unicorn' });
    await own.log(ids['Étoile Nord']!, { kind: 'issue-resolved', about: done[0] }, { kind: 'step-done', about: done[2] });
  });
  afterAll(() => own.remove());
  const names = async (query: string): Promise<string[]> => (await own.read(`portfolio?${query}`)).items.map((item: Json) => item.name);

  it('the portfolio sorts', async () => {
    expect(await names('sort=name')).toEqual(['Alpha Works', 'beta Works', 'Étoile Nord', 'Zulu']);
    expect(await names('sort=attention')).toEqual(['beta Works', 'Étoile Nord', 'Alpha Works', 'Zulu']);
    expect((await names('')).slice(0, 1)).toEqual(['beta Works']);
    expect((await names('sort=last-contact')).slice(-1)).toEqual(['Étoile Nord']);
    expect((await names('sort=depth'))[0]).toBe('beta Works');
  });

  it('the portfolio filters by owner, team, segment and name', async () => {
    expect(await names('sort=name&owner=ben')).toEqual(['Alpha Works', 'beta Works']);
    expect(await names('sort=name&team=ada')).toEqual(['beta Works', 'Étoile Nord']);
    expect(await names('sort=name&segment=bakeries')).toEqual(['beta Works', 'Étoile Nord']);
    expect(await names('sort=name&text=works')).toEqual(['Alpha Works', 'beta Works']);
    expect(await names('text=ETO+nor')).toEqual(['Étoile Nord']);
    expect(await names('text=toile')).toEqual([]);
    expect(await names('owner=nobody')).toEqual([]);
  });

  it('the portfolio narrows by how rings stand, and sorts by what is due and what it is worth', async () => {
    expect(await names('sort=name&rings=2:lit')).toEqual(['beta Works']);
    expect(await names('sort=name&rings=2:nothing recorded,1:lit')).toEqual(['Alpha Works', 'Étoile Nord']);
    expect(await names('sort=name&rings=2:lit,2:nothing recorded')).toEqual(['Alpha Works', 'beta Works', 'Étoile Nord', 'Zulu']);
    expect(await names('gap=5')).toEqual([]);
    expect(await names('snoozed=true')).toEqual([]);
    expect(await names('sort=next')).toEqual(['beta Works', 'Alpha Works', 'Étoile Nord', 'Zulu']);
    expect(await names('sort=next&reverse=true')).toEqual(['Alpha Works', 'beta Works', 'Étoile Nord', 'Zulu']);
    expect(await names('sort=name&reverse=true')).toEqual(['Zulu', 'Étoile Nord', 'beta Works', 'Alpha Works']);
    expect((await own.read('portfolio')).segments).toEqual(['bakeries', 'farms']);
    for (const query of ['rings=6:lit', 'rings=1:bright', 'gap=0', 'atRisk=perhaps', 'sort=value']) expect((await own.get(`portfolio?${query}`)).status).toBe(400);
  });

  it('contracts with a date ahead that nothing follows, the first date first, and what they are worth', async () => {
    const ahead = await TestApp.open();
    try {
      await ahead.colleague('ada');
      const at = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
      const bought = async (name: string, ...terms: object[]): Promise<void> => void (await ahead.log(await ahead.customer({ name, owner: 'ada' }), ...terms.map((term) => ({ kind: 'purchase', occurredAt: daysAgo(50), currency: 'EUR', ...term }))));
      await bought('Ends', { end: at(100), amount: 500_000 });
      await bought('Notice', { end: at(120), noticeDays: 90, amount: 700_000 });
      await bought('Far', { end: at(300), amount: 900_000 });
      await bought('Silent', { end: at(60), renews: 'automatic', noticeDays: 30 });
      const all: Json = await ahead.read('contracts-ahead?owner=ada');
      expect(all.items.map(({ customer, what, money }: Json) => [customer.name, what, money?.amount ?? null])).toEqual([['Notice', 'notice', expect.any(Number)], ['Silent', 'goes on', null], ['Ends', 'ends', expect.any(Number)]]);
      expect([all.total, all.next, all.worth[0].currency, all.worth[0].amount]).toEqual([3, null, 'EUR', all.items[0].money.amount + all.items[2].money.amount]);
      const first: Json = await ahead.read('contracts-ahead?limit=2');
      const rest: Json = await ahead.read(`contracts-ahead?limit=2&cursor=${first.next}`);
      expect([...first.items, ...rest.items].map(({ contract }: Json) => contract)).toEqual(all.items.map(({ contract }: Json) => contract));
      expect((await ahead.read('contracts-ahead?owner=nobody')).items).toEqual([]);
      expect((await ahead.read('contracts-ahead?days=365')).total).toBe(4);
    } finally {
      await ahead.remove();
    }
  });

  it.each(['name', 'attention', 'depth', 'last-contact', 'worth', 'next'])('the portfolio by %s comes in pages, complete and without doubles', async (sort) => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Json = await own.read(`portfolio?sort=${sort}&limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(page.total).toBe(4);
      seen.push(...page.items.map((item: Json) => item.name));
      cursor = page.next;
    }
    expect(seen).toEqual(await names(`sort=${sort}`));
  });

  it('the portfolio says how each customer stands', async () => {
    const [beta] = (await own.read('portfolio?text=beta')).items;
    expect(beta).toMatchObject({ id: ids['beta Works'], segment: 'bakeries', owner: { id: 'ben', name: 'Colleague ben' }, label: 'customer', lit: [1, 2], depth: 2 });
    expect(beta.attention.map(({ reason }: Json) => reason)).toEqual(['severe issue open', 'step overdue']);
  });

  it('open issues come gravest and oldest first, filtered, in pages', async () => {
    const list = async (query: string): Promise<number[]> => (await own.read(`issues?${query}`)).items.map((item: Json) => item.severity);
    expect(await list('')).toEqual([1, 2, 3]);
    expect(await list('owner=ben')).toEqual([1, 3]);
    expect(await list('severity=2')).toEqual([1, 2]);
    const first = await own.read('issues?limit=2');
    expect((await own.read(`issues?limit=2&cursor=${first.next}`)).items.map((item: Json) => item.severity)).toEqual([3]);
    expect(first.items[0].customer).toEqual({ id: ids['beta Works'], name: 'beta Works' });
  });

  it('planned steps come by due date, without those that are done', async () => {
    const list = async (query: string): Promise<string[]> => (await own.read(`steps?${query}`)).items.map((item: Json) => item.customer.name);
    expect(await list('')).toEqual(['beta Works', 'Alpha Works']);
    expect(await list('who=ben')).toEqual(['Alpha Works']);
    expect(await list('dueBefore=2029-01-01')).toEqual(['beta Works']);
    const first = await own.read('steps?limit=1');
    expect((await own.read(`steps?limit=1&cursor=${first.next}`))).toMatchObject({ next: null, items: [{ customer: { name: 'Alpha Works' } }] });
  });

  it('search finds customers, people and entries', async () => {
    const found = await own.read('search?q=unicorn');
    expect(found.customers).toEqual([]);
    expect(found.people).toEqual([{ id: expect.any(String), name: 'Élodie Unicorn', customer: { id: ids['Étoile Nord'], name: 'Étoile Nord' } }]);
    expect(found.entries.map(({ kind, customer }: Json) => [kind, customer.name]).sort()).toEqual([['enquiry', 'beta Works'], ['person-added', 'Étoile Nord']]);
    expect((await own.read('search?q=work&limit=1')).customers).toHaveLength(1);
    expect((await own.read('search?q=elo+uni')).people).toHaveLength(1);
  });
});

describe('the log', () => {
  it('comes in pages, complete and in order', async () => {
    const seen: Json[] = [];
    let since = '';
    for (;;) {
      const page = await app.read(`log?limit=7${since === '' ? '' : `&since=${since}`}`);
      if (page.items.length === 0) break;
      seen.push(...page.items);
      since = page.next;
    }
    expect(seen.map(({ id }) => id)).toEqual((await app.events()).map(({ id }) => id));
  });

  it('takes entries of ours that belong to no customer', async () => {
    const grown = await growth(async () => {
      await written(app.post('log', { kind: 'campaign-launched', campaign: 'spring', claims: ['saves-time'] }));
      await written(app.post('log', { kind: 'enablement-completed', colleague: 'ben', offering: 'plan-a' }));
      await written(app.post('log', { kind: 'change-made', what: 'new onboarding', why: 'too slow' }));
    });
    expect(grown).toBe(3);
    const tail = (await app.read('log?limit=1000')).items.slice(-3);
    expect(tail.map(({ stream }: Json) => stream)).toEqual(['campaign-spring', 'enablement-ben', 'changes']);
    expect(tail[2].data.fields).toEqual({ what: 'new onboarding', why: 'too slow' });
  });
});

describe('what describes it', () => {
  it('the kinds, the rules, the health and the figures', async () => {
    const { items, common, departments } = await app.read('kinds');
    expect(items.length).toBeGreaterThan(60);
    expect(common.occurredAt.says).toMatch(/ISO 8601/);
    expect(departments).toContain('sales');
    expect(await app.read('rules')).toMatchObject({ preset: 'annual-contracts', rings: { 1: 'Contact', 5: 'Advocacy' } });
    expect((await app.raw('GET', '/health/live')).json).toEqual({ status: 'ok' });
    const { store, ...health } = (await app.raw('GET', '/health/ready')).json;
    expect(health).toEqual({ status: 'ok', detail: 'All is well.', parked: 0, lagSeconds: 0 });
    // A log in a file is not reached over any line.
    expect(store).toEqual(app.parts.store.status === undefined ? undefined : { connected: true, lastContact: expect.any(Number), reconnects: 0, notes: [] });
    const metrics = await app.raw('GET', '/metrics');
    expect(metrics.headers['content-type']).toMatch(/^text\/plain/);
    expect(metrics.text).toMatch(/^five_ring_views_caught_up 1$/m);
    expect(metrics.text).toMatch(/^five_ring_parked_streams 0$/m);
    expect(metrics.text).toMatch(/five_ring_http_request_seconds_count\{method="POST",route="\/api\/v1\/customers",status="201"\} \d+/);
  });

  it('the colleagues', async () => {
    expect((await app.read('colleagues')).items).toEqual(expect.arrayContaining([{ id: 'ben', name: 'Colleague ben', department: 'sales', active: true }]));
  });
});
