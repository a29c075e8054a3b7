/** Alignment over HTTP: verdicts anybody can check by hand, late and retracted entries, two clocks, thresholds, pages, rights, and what comes in wrong. */
import { get as httpGet } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AS_OPERATOR, TestApp, written, type Json } from './app.js';
import { casesRefused } from './refused.js';

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

let app: TestApp;
let customer: string;
beforeAll(async () => {
  app = await TestApp.withAda();
  await app.colleague('ben', { department: 'sales' });
  await written(app.post('log', { kind: 'campaign-launched', campaign: 'spring', needTags: ['less-downtime'], claims: ['no-night-lost'], offering: 'plan', callToAction: 'book', audienceRoles: ['decider'], occurredAt: daysAgo(100) }));
  await written(app.post('log', { kind: 'enablement-completed', colleague: 'ben', offering: 'plan', occurredAt: daysAgo(90) }));
  customer = await app.customer({ name: 'A', segment: 'bakeries', owner: 'ada' });
  await app.parts.projector.caughtUp();
});
afterAll(() => app.remove());

const detectors = async (query = ''): Promise<Record<string, Json>> => Object.fromEntries((await app.read(`alignment${query}`)).items.map((item: Json) => [item.name, item]));
const check = async (detector: string, name: string, query = ''): Promise<Json> => (await detectors(query))[detector].checks.find((one: Json) => one.name === name);
const said = ({ answer, off, n }: Json): string => `${answer}: ${off} of ${n}`;

describe('a detector', () => {
  it('cannot tell while nothing is recorded, and says what is missing and in how many records', async () => {
    await app.log(customer, { kind: 'note', occurredAt: daysAgo(60) });
    const all = await detectors();
    expect(Object.values(all).map(({ number, answer }) => [number, answer])).toEqual([1, 2, 3, 4, 5, 6].map((number) => [number, 'cannot tell']));
    expect(all['message-and-follow-up'].checks.map(({ missing }: Json) => missing)).toEqual([[{ what: 'two statements about the same within the set days', records: 1 }], [{ what: 'a question of a customer', records: 1 }]]);
  });

  it('fires on statements that differ, though their words stand sealed in the log; a retraction makes it clean, and what was known then stays', async () => {
    const [, , third] = await app.log(customer, { kind: 'statement-made', key: 'delivery', value: 'Four weeks', occurredAt: daysAgo(40) }, { kind: 'statement-made', key: 'delivery', value: 'four  weeks', occurredAt: daysAgo(35) }, { kind: 'statement-made', key: 'delivery', value: 'Six weeks', occurredAt: daysAgo(30) });
    const fired = await check('message-and-follow-up', 'statements-agree');
    expect(said(fired)).toBe('fires: 1 of 2');
    const { asKnown, asOf, items } = await app.read('alignment/message-and-follow-up/evidence?found=off');
    expect(items).toMatchObject([{ customer: { id: customer, name: 'A' }, check: 'statements-agree', group: 'delivery', found: 'off', because: [expect.any(String), third] }]);
    await written(app.post(`customers/${customer}/interactions/${third}/retract`, { reason: 'Never said' }));
    expect(said(await check('message-and-follow-up', 'statements-agree'))).toBe('clean: 0 of 1');
    expect(said(await check('message-and-follow-up', 'statements-agree', `?asOf=${asOf}&asKnown=${asKnown}`))).toBe('fires: 1 of 2');
    const [one, two] = items[0].because;
    expect([one, two]).toHaveLength(2);
  });

  it('cannot tell what was said once it was erased', async () => {
    const other = await app.customer({ name: 'Gone' });
    const [, second] = await app.log(other, { kind: 'statement-made', key: 'price', value: '10', occurredAt: daysAgo(20) }, { kind: 'statement-made', key: 'price', value: '12', occurredAt: daysAgo(19) });
    expect(said(await check('message-and-follow-up', 'statements-agree'))).toBe('fires: 1 of 2');
    await written(app.post(`customers/${other}/interactions/${second}/erase-text`, { reason: 'Asked for' }));
    const now = await check('message-and-follow-up', 'statements-agree');
    expect([said(now), now.missing]).toEqual(['clean: 0 of 1', [{ what: 'what was said: it was erased', records: 1 }]]);
  });

  it('reads who handled a response, and an enablement logged late changes the verdict', async () => {
    await app.log(customer, { kind: 'message-response', campaign: 'spring', occurredAt: daysAgo(25) });
    await written(app.post(`customers/${customer}/interactions`, { entries: [{ kind: 'call', side: 'us', occurredAt: daysAgo(24) }] }, { as: 'ada' }));
    const before = await app.read('alignment');
    expect(said(await check('call-to-action-and-team', 'trained-for-responses'))).toBe('fires: 1 of 1');
    await written(app.post('log', { kind: 'enablement-completed', colleague: 'ada', offering: 'plan', occurredAt: daysAgo(50) }));
    expect(said(await check('call-to-action-and-team', 'trained-for-responses'))).toBe('clean: 0 of 1');
    expect(said(await check('call-to-action-and-team', 'trained-for-responses', `?asOf=${before.asOf}&asKnown=${before.asKnown}`))).toBe('fires: 1 of 1');
  });

  it('has thresholds that are settings, changed with a reason, as they were known', async () => {
    await app.log(customer, { kind: 'need-stated', tag: 'even-bake', occurredAt: daysAgo(30) });
    const before = await app.read('alignment');
    expect(said(await check('message-and-need', 'need-in-message'))).toBe('cannot tell: 1 of 1');
    await written(app.patch('settings', { values: { alignmentNeedLeast: 1 }, reason: 'We are small' }));
    expect(said(await check('message-and-need', 'need-in-message'))).toBe('fires: 1 of 1');
    expect((await detectors())['message-and-need'].thresholds.find(({ setting }: Json) => setting === 'alignmentNeedLeast')).toMatchObject({ value: 1, unit: 'records' });
    expect(said(await check('message-and-need', 'need-in-message', `?asOf=${before.asOf}&asKnown=${before.asKnown}`))).toBe('cannot tell: 1 of 1');
  });

  it('can be asked of some customers, and of another time', async () => {
    expect(said(await check('call-to-action-and-team', 'trained-for-responses', '?segment=mills'))).toBe('cannot tell: 0 of 0');
    expect(said(await check('call-to-action-and-team', 'trained-for-responses', '?window=10'))).toBe('cannot tell: 0 of 0');
    expect(said(await check('call-to-action-and-team', 'trained-for-responses', `?asOf=${daysAgo(24.5)}`))).toBe('cannot tell: 0 of 0');
  });
});

describe('checks', () => {
  it('fire on a purchase with an open gap, and are clean once the need was agreed, however late that was logged', async () => {
    const gap = await app.customer({ name: 'Gap' });
    await app.log(gap, { kind: 'want-stated', tag: 'newer-model', occurredAt: daysAgo(20) }, { kind: 'need-stated', tag: 'less-downtime', occurredAt: daysAgo(20) }, { kind: 'purchase', occurredAt: daysAgo(10) });
    const at = async (): Promise<Json> => (await app.read(`customers/${gap}/checks`)).items.find(({ name }: Json) => name === 'want-and-need');
    expect(await at()).toMatchObject({ answer: 'fires', detector: null, findings: [{ found: 'off', says: 'wants newer-model; needs less-downtime' }] });
    await app.log(gap, { kind: 'need-agreed', side: 'us', tag: 'newer-model', occurredAt: daysAgo(15) });
    expect(await at()).toMatchObject({ answer: 'clean' });
  });

  it('know which side’s benefit was recorded, though the words stand sealed', async () => {
    const one = await app.customer({ name: 'One side' });
    await app.log(one, { kind: 'benefit-recorded', side: 'us', customerBenefit: 'Less paper', occurredAt: daysAgo(30) }, { kind: 'purchase', occurredAt: daysAgo(20) });
    const answer = async (): Promise<Json> => (await app.read(`customers/${one}/checks`)).items.find(({ name }: Json) => name === 'mutual-benefit-before');
    expect(await answer()).toMatchObject({ answer: 'fires', findings: [{ says: 'without our benefit' }] });
    const [late] = await app.log(one, { kind: 'benefit-recorded', side: 'us', providerBenefit: 'A first in the region', occurredAt: daysAgo(25) });
    expect((await answer()).answer).toBe('clean');
    await written(app.post(`customers/${one}/interactions/${late}/retract`, { reason: 'Not so' }));
    expect((await answer()).answer).toBe('fires');
  });

  it('give their evidence page by page, nothing twice and nothing left out', async () => {
    const whole = await app.read('checks/next-decision-dated/evidence');
    expect(whole.total).toBeGreaterThan(1);
    const items: Json[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Json = await app.read(`checks/next-decision-dated/evidence?limit=1&asOf=${whole.asOf}&asKnown=${whole.asKnown}${cursor === '' ? '' : `&cursor=${cursor}`}`);
      items.push(...page.items);
      cursor = page.next;
    }
    expect(items).toEqual(whole.items);
  });

  it('say what period they looked at, and none for what speaks of an instant', async () => {
    const { items } = await app.read('checks?window=30');
    const periods = Object.fromEntries(items.map(({ name, period }: Json) => [name, period === null ? null : Math.round((Date.parse(period.to) - Date.parse(period.from)) / 86_400_000)]));
    expect(periods).toMatchObject({ 'want-and-need': 30, prepared: 30, qualified: null, 'next-decision-dated': null });
  });
});

describe('what is ours', () => {
  it('lists campaigns, the last launch of each, and who was trained', async () => {
    await written(app.post('log', { kind: 'campaign-launched', campaign: 'spring', needTags: ['less-downtime', 'even-bake'], occurredAt: daysAgo(5) }));
    expect((await app.read('campaigns')).items).toMatchObject([{ campaign: 'spring', needTags: ['less-downtime', 'even-bake'], offering: null, launches: 2, by: { id: 'ada' } }]);
    expect((await app.read('enablements')).items.map(({ colleague, offering }: Json) => [colleague.id, offering])).toEqual([['ada', 'plan'], ['ben', 'plan']]);
    expect(await app.read('tags')).toMatchObject({ needs: expect.arrayContaining([{ tag: 'even-bake', uses: 1 }]), claims: [{ tag: 'no-night-lost', uses: 1 }], callsToAction: [{ tag: 'book', uses: 1 }] });
  });

  it('names no colleague who was not trained', async () => {
    const { text } = await app.get('alignment/call-to-action-and-team/evidence');
    expect(text).not.toMatch(/"ada"|"ben"/);
  });
});

describe('work nobody waits for', () => {
  it('ends when the reader has gone', async () => {
    await app.nest.listen(0, '127.0.0.1');
    const { port } = app.nest.getHttpServer().address() as AddressInfo;
    const errors: unknown[] = [];
    await new Promise<void>((done) => {
      const request = httpGet({ port, path: '/api/v1/alignment', headers: AS_OPERATOR }, () => done());
      request.on('error', (error) => (errors.push(error), done()));
      setImmediate(() => request.destroy());
    });
    expect((await app.get('alignment')).status).toBe(200);
  });
});

describe('bad input', () => {
  casesRefused(() => app, [
    ['an unknown detector', () => app.get('alignment/nothing/evidence'), 404, 'unknown-detector'],
    ['an unknown check of a detector', () => app.get('alignment/message-and-need/evidence?check=nothing'), 404, 'unknown-check'],
    ['an unknown check', () => app.get('checks/nothing/evidence'), 404, 'unknown-check'],
    ['a window of nothing', () => app.get('alignment?window=0'), 400, undefined, 'window'],
    ['a day that is none', () => app.get('alignment?asOf=yesterday'), 400, undefined, 'asOf'],
    ['the future', () => app.get(`checks?asOf=${daysAgo(-5)}`), 400, 'in-the-future', 'asOf'],
    ['something found that is nothing', () => app.get('checks/prepared/evidence?found=maybe'), 400, undefined, 'found'],
    ['a cursor of another list', () => app.get('checks/prepared/evidence?cursor=abc'), 400, 'not-a-cursor', 'cursor'],
    ['a customer who is not there', () => app.get('customers/nobody/checks'), 404, 'unknown-customer'],
    ['another owner, while figures about colleagues are off', () => app.get('alignment?owner=ben'), 403, 'colleague-figures-off', 'owner'],
    ['a threshold out of bounds', () => app.patch('settings', { values: { alignmentNeedPercent: 101 }, reason: 'All of them' }), 400, 'out-of-bounds', 'values.alignmentNeedPercent'],
    ['a relevance without an offering', () => app.post(`customers/${customer}/interactions`, { entries: [{ kind: 'relevance-recorded' }] }), 400, 'missing', 'entries[0].offering'],
  ]);
});
