/** What helped, over HTTP: yields, decisions with what came before, two clocks, pages, rights about departments, and what comes in wrong. */
import { TestApp, written, type Json } from './app.js';
import { casesRefused } from './refused.js';

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

let app: TestApp;
let customer: string;
let ids: string[];
beforeAll(async () => {
  app = await TestApp.withAda();
  customer = await app.customer({ name: 'A', owner: 'ada' });
  ids = await app.log(customer, { kind: 'visit', side: 'us', attended: true, occurredAt: daysAgo(200) }, { kind: 'message-sent', campaign: 'spring', occurredAt: daysAgo(180) }, { kind: 'purchase', occurredAt: daysAgo(150) }, { kind: 'outreach', occurredAt: daysAgo(100) });
  await app.log(customer, { kind: 'helped-decision', side: 'customer', about: ids[0], decision: ids[2], level: 'confirmed', occurredAt: daysAgo(140) });
  await app.parts.projector.caughtUp();
});
afterAll(() => app.remove());

const groups = (answer: Json, by: string): object => Object.fromEntries(answer.by.find((one: Json) => one.by === by).groups.map(({ group, says, advice }: Json) => [group, `${says.split(' (')[0]}: ${advice}`]));

it('says after how many moves they decided for us, by kind, channel, department and campaign, the counts first', async () => {
  const answer = await app.read('helped');
  expect(answer.overall.says).toMatch(/^2 of 3 \(66.7 %; /);
  expect(groups(answer, 'kind')).toEqual({ visit: '1 of 1: too few to say', 'message-sent': '1 of 1: too few to say', outreach: '0 of 1: too few to say' });
  expect(groups(answer, 'channel')).toEqual({ email: '1 of 1: too few to say', 'in-person': '1 of 1: too few to say', 'not recorded': '0 of 1: too few to say' });
  expect(groups(answer, 'campaign')).toEqual({ spring: '1 of 1: too few to say' });
  expect(answer.leadTimes.map(({ kind, medianDays }: Json) => [kind, medianDays])).toEqual([['message-sent', 30], ['visit', 50]]);
});

it('puts small departments together while figures about colleagues are off', async () => {
  expect(groups(await app.read('helped'), 'department')).toEqual({ 'smaller departments': '2 of 3: too few to say' });
});

it('shows each decision with the moves before, and what the customer says had helped', async () => {
  const answer = await app.read('helped/decisions');
  expect(answer).toMatchObject({ total: 1, withMove: 1, withLink: 1, items: [{ customer: { id: customer }, decision: { entry: ids[2], kind: 'purchase', favourable: true }, moves: [{ entry: ids[0], daysBefore: 50 }, { entry: ids[1], campaign: 'spring', daysBefore: 30 }], links: [{ level: 'confirmed', side: 'customer', helped: { entry: ids[0], kind: 'visit' }, daysBefore: 50 }] }] });
});

it('a retracted move is no longer there, and still was as it was known then; pages neither skip nor repeat', async () => {
  const { asOf, asKnown } = await app.read('helped');
  await written(app.post(`customers/${customer}/interactions/${ids[1]}/retract`, { reason: 'Another customer' }));
  await app.log(customer, { kind: 'renewal', occurredAt: daysAgo(20) }, { kind: 'cancellation', occurredAt: daysAgo(10) });
  expect((await app.read('helped')).overall.says).toMatch(/^2 of 2 /);
  expect((await app.read(`helped?asOf=${asOf}&asKnown=${asKnown}`)).overall.says).toMatch(/^2 of 3 /);
  const whole = await app.read('helped/decisions');
  expect(whole.items.map(({ decision }: Json) => decision.kind)).toEqual(['cancellation', 'renewal', 'purchase']);
  const first = await app.read('helped/decisions?limit=1');
  const second = await app.read(`helped/decisions?limit=2&cursor=${first.next}&asOf=${first.asOf}&asKnown=${first.asKnown}`);
  expect([...first.items, ...second.items]).toEqual(whole.items);
  expect(second.next).toBeNull();
  expect((await app.read('helped/decisions?favourable=false')).total).toBe(1);
});

describe('bad input', () => {
  casesRefused(() => app, [
    ['neither for nor against', () => app.get('helped/decisions?favourable=perhaps'), 400, undefined, 'favourable'],
    ['a cursor of another list', () => app.get('helped/decisions?cursor=abc'), 400, 'not-a-cursor', 'cursor'],
    ['another owner', () => app.get('helped?owner=ben'), 403, 'colleague-figures-off', 'owner'],
    ['a window of nothing', () => app.get('helped?window=0'), 400, undefined, 'window'],
  ]);
});
