/** The advocacy programme over the API: asks within their budget, whom to ask, who did, and who brought whom. */
import { TestApp, written, type Answer, type Json } from './app.js';

const DAY = 86_400_000;
const ago = (days: number): string => new Date(Date.now() - days * DAY).toISOString();

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.withAda();
});
afterAll(() => app.remove());

const asking = (customer: string, person: string, more: object = {}): Promise<Answer> => app.post(`customers/${customer}/asks`, { person, act: 'reference', wording: 'Would you take one call?', ...more });
const ask = async (customer: string, person: string, more: object = {}): Promise<string> => (await written(asking(customer, person, more))).ask;

/** A customer with somebody who would recommend us, and agreed to be asked. */
async function promoter(name: string, details: object = {}, nps = 9): Promise<{ readonly id: string; readonly person: string }> {
  const id = await app.customer({ name, ...details });
  const person = await app.person(id, { name: `Fan of ${name}`, roles: ['decider'] });
  await app.log(id, { kind: 'consent-given', person, purpose: 'reference-calls', occurredAt: ago(300) }, { kind: 'survey-answered', person, nps, occurredAt: ago(290) });
  return { id, person };
}

describe('an ask', () => {
  it('is accepted, declined after all, and done by an act that answers it', async () => {
    const { id, person } = await promoter('Answering');
    const one = await ask(id, person, { due: ago(-9), channel: 'phone' });
    const state = async (): Promise<Json> => (await app.read(`customers/${id}/asks`)).items[0];
    expect(await state()).toMatchObject({ id: one, state: 'waiting', person: { id: person, name: 'Fan of Answering' }, wording: 'Would you take one call?', by: { id: 'ada' }, overdue: false, channel: 'phone', answers: [] });
    await written(app.post(`customers/${id}/asks/${one}/accepted`, {}));
    expect(await state()).toMatchObject({ state: 'accepted' });
    expect((await app.post(`customers/${id}/asks/${one}/accepted`, {})).json.errors).toMatchObject([{ code: 'already-answered' }]);
    await written(app.post(`customers/${id}/asks/${one}/declined`, { reason: 'Not before the audit is over' }));
    expect(await state()).toMatchObject({ state: 'declined' });
    const { entries: [act] } = await written(app.post(`customers/${id}/asks/${one}/act`, { entry: { verification: 'claimed', reach: 3 } }));
    expect(await state()).toMatchObject({ state: 'done', answers: [{ said: 'accepted' }, { said: 'declined' }, { said: 'done', entry: act }] });
    // Taken back, the act answers nothing any more.
    await written(app.post(`customers/${id}/interactions/${act}/retract`, {}));
    expect(await state()).toMatchObject({ state: 'declined' });
  });

  it('is one of two in 90 days; the third says from when on, and one taken back makes room', async () => {
    const { id, person } = await promoter('Budget');
    const first = await ask(id, person, { occurredAt: ago(80) });
    const second = await ask(id, person, { occurredAt: ago(10) });
    const before = await app.eventsInLog();
    const refused = await asking(id, person);
    expect(refused).toMatchObject({ status: 409, json: { code: 'budget-spent', errors: [{ field: 'person' }], entries: [{ id: first }, { id: second }] } });
    expect(Math.round((Date.parse(refused.json.nextFree) - Date.now()) / DAY)).toBe(10);
    expect(await app.eventsInLog()).toBe(before);
    // Late, too: between the two there was no room either; long before there was.
    expect((await asking(id, person, { occurredAt: ago(40) })).status).toBe(409);
    await ask(id, person, { occurredAt: ago(101) });
    expect((await app.read(`customers/${id}/asks`)).people).toMatchObject([{ left: 0, nextFree: refused.json.nextFree }]);
    await written(app.post(`customers/${id}/asks/${second}/withdraw`, { reason: 'Never asked' }));
    await ask(id, person);
  });

  it('follows the budget that is set', async () => {
    const { id, person } = await promoter('Setting');
    await written(app.patch('settings', { values: { asksPerPerson: 1, askDays: 30 }, reason: 'Less is more' }));
    try {
      await ask(id, person, { occurredAt: ago(31) });
      await ask(id, person);
      expect(await asking(id, person)).toMatchObject({ status: 409, json: { code: 'budget-spent' } });
    } finally {
      await written(app.patch('settings', { values: { asksPerPerson: 2, askDays: 90 }, reason: 'As before' }));
    }
  });

  it('racing for the last slot gives exactly one, whoever sends how many', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { id, person } = await promoter(`Race ${round}`);
      await ask(id, person, { occurredAt: ago(5) });
      const answers = await Promise.all([0, 1, 2, 3].map((n) => asking(id, person, { wording: `Asker ${n}` })));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
      for (const { json } of answers.filter(({ status }) => status === 409)) expect(json).toMatchObject({ code: 'budget-spent', nextFree: expect.any(String) });
      expect((await app.events()).filter(({ type, stream }) => type === 'AdvocacyAsked' && stream === `customer-${id}`)).toHaveLength(2);
    }
  });
});

describe('refused, and nothing is appended', () => {
  it.each<[string, (id: string, person: string) => Promise<unknown>, object, number, string]>([
    ['without consent', (id, person) => app.log(id, { kind: 'consent-withdrawn', person, purpose: 'reference-calls' }), {}, 409, 'no-consent'],
    ['while a severe issue is open', (id) => app.log(id, { kind: 'issue-opened', severity: 2 }), {}, 409, 'paused-for-asks'],
    ['against an objection', (id, person) => app.log(id, { kind: 'contact-objected', person }), {}, 400, 'person-objected'],
    ['by a channel they object to', (id, person) => app.log(id, { kind: 'contact-objected', person, against: 'phone' }), { channel: 'phone' }, 400, 'person-objected'],
    ['somebody who left', (id, person) => app.log(id, { kind: 'person-left', person }), {}, 409, 'person-left'],
    ['somebody who is nobody', async () => undefined, { person: 'nobody' }, 400, 'unknown-person'],
    ['for what is no act', async () => undefined, { act: 'note' }, 400, 'invalid-fields'],
    ['by a day that has passed', async () => undefined, { due: ago(1) }, 400, 'in-the-past'],
  ])('an ask %s', async (name, happens, more, status, code) => {
    const { id, person } = await promoter(name);
    await happens(id, person);
    const before = await app.eventsInLog();
    const answer = await asking(id, person, more);
    expect([answer.status, [answer.json.code, ...(answer.json.errors ?? []).map((error: Json) => error.code)].includes(code)]).toEqual([status, true]);
    expect(await app.eventsInLog()).toBe(before);
  });

  it('an act that answers the ask of somebody else, a referral to oneself, and proof of what is not there', async () => {
    const { id, person } = await promoter('Others');
    const other = await app.person(id, { name: 'Other' });
    const one = await ask(id, person);
    const before = await app.eventsInLog();
    const refused = async (sent: Promise<Answer>, field: string, code: string): Promise<void> => expect((await sent).json.errors).toMatchObject([{ field, code }]);
    await refused(app.post(`customers/${id}/interactions`, { entries: [{ kind: 'reference', person: other, about: one }] }), 'entries[0].about', 'another-person');
    await refused(app.post(`customers/${id}/interactions`, { entries: [{ kind: 'referral', person, referredCustomer: id }] }), 'entries[0].referredCustomer', 'itself');
    await refused(app.post(`customers/${id}/interactions`, { entries: [{ kind: 'act-verified', side: 'us', about: one, level: 'evidenced' }] }), 'entries[0].about', 'wrong-kind');
    expect((await app.post(`customers/${id}/asks/nothing/act`, { entry: {} })).status).toBe(404);
    expect((await app.post(`customers/${id}/asks/nothing/withdraw`, {})).status).toBe(404);
    expect(await app.eventsInLog()).toBe(before);
  });
});

describe('whom to ask', () => {
  it('names promoters and advocates with the entries behind it, the best fit first, and says what stands against the others', async () => {
    const fits = await promoter('Fitting', { segment: 'mills' });
    await app.log(fits.id, { kind: 'purchase', offering: 'mill-plan', occurredAt: ago(100) }, { kind: 'reference', person: fits.person, verification: 'evidenced', occurredAt: ago(90) });
    const plain = await promoter('Plain', { segment: 'mills' });
    const passive = await promoter('Passive', { segment: 'mills' }, 7);
    const asked = await promoter('Asked out', { segment: 'mills' });
    for (const days of [20, 10]) await ask(asked.id, asked.person, { occurredAt: ago(days) });
    const severe = await promoter('Severe', { segment: 'mills' });
    const [issue] = await app.log(severe.id, { kind: 'issue-opened', severity: 1 });
    const whom = async (query = ''): Promise<Json[]> => (await app.read(`whom-to-ask?limit=200&act=reference&offering=mill-plan&segment=mills&role=decider${query}`)).items.filter(({ segment }: Json) => segment === 'mills');
    const found = await whom();
    expect(found.map(({ customer, fit }: Json) => [customer.name, fit])).toEqual([['Fitting', 4], ['Plain', 2]]);
    expect(found[0]).toMatchObject({ mayAsk: true, left: 2, roles: ['decider'], for: expect.arrayContaining([expect.objectContaining({ ground: 'promoter', because: [expect.any(String)] }), expect.objectContaining({ ground: 'advocate' }), expect.objectContaining({ ground: 'consent' }), expect.objectContaining({ ground: 'act done before' })]) });
    const all = await whom('&all=true');
    const against = (of: { id: string }): Json => all.find(({ customer }: Json) => customer.id === of.id)?.against;
    expect(against(passive)).toBeUndefined();
    expect(against(asked)).toMatchObject([{ ground: 'budget spent', because: [expect.any(String), expect.any(String)] }]);
    expect(against(severe)).toMatchObject([{ ground: 'severe issue open', because: [issue] }]);
    // A survey that comes in late changes the verdict.
    await app.log(plain.id, { kind: 'survey-answered', person: plain.person, nps: 3, occurredAt: ago(1) });
    expect((await whom()).map(({ customer }: Json) => customer.name)).toEqual(['Fitting']);
  });
});

describe('the board', () => {
  it('credits an act once however often it is reported', async () => {
    const { id, person } = await promoter('Reported', { owner: 'ada' });
    const [first] = await app.log(id, { kind: 'review', person, stars: 5, reach: 10, occurredAt: ago(30) });
    await app.log(id, { kind: 'review', person, stars: 5, reach: 40, verification: 'evidenced', occurredAt: ago(30) });
    const one = await ask(id, person, { act: 'speaking', occurredAt: ago(29) });
    for (const days of [20, 5]) await app.log(id, { kind: 'speaking', person, about: one, occurredAt: ago(days) });
    const line = (await app.read('advocates?limit=200&owner=ada')).items.find(({ customer }: Json) => customer.id === id);
    expect(line).toMatchObject({ acts: { total: 2, evidenced: 1, incentivised: 0, reach: 40 }, asks: { total: 1, recent: 1, left: 1, done: 1 } });
    expect(line.list[0]).toMatchObject({ entry: first, also: [expect.any(String)], level: 'evidenced', reach: 40 });
  });
});

describe('the referral tree', () => {
  it('goes from a referral to purchase and own advocacy, and holds when customers refer each other', async () => {
    const a = await promoter('Tree A');
    const b = await promoter('Tree B');
    const c = await app.customer({ name: 'Tree C', referredBy: b.id });
    await app.log(a.id, { kind: 'referral', person: a.person, referredCustomer: b.id, occurredAt: ago(250) });
    await app.log(b.id, { kind: 'purchase', occurredAt: ago(200), amount: 600_000, currency: 'EUR' }, { kind: 'testimonial', person: b.person, occurredAt: ago(100) });
    await app.log(c, { kind: 'enquiry', occurredAt: ago(90) });
    // B names A, too, later: that would close a circle.
    await app.log(b.id, { kind: 'referral', person: b.person, referredCustomer: a.id, occurredAt: ago(50) });
    const { items, totals, leftOut } = await app.read(`referrals?customer=${c}`);
    expect(items).toMatchObject([{ customer: { name: 'Tree A' }, depth: 0, below: { customers: 2, bought: 1, worth: [{ amount: 600_000, currency: 'EUR' }] }, children: [
      { customer: { name: 'Tree B' }, depth: 1, link: { inFile: false }, purchase: { days: 50 }, advocacy: { days: 150 }, worth: [{ amount: 600_000, currency: 'EUR' }], children: [{ customer: { name: 'Tree C' }, depth: 2, link: { inFile: true }, purchase: null }] },
    ] }]);
    expect(totals).toMatchObject({ referred: 2, bought: 1, depth: 2, daysToPurchase: 50 });
    expect(leftOut).toMatchObject([{ from: { name: 'Tree B' }, to: { name: 'Tree A' } }]);
    expect((await app.get('referrals?customer=nobody')).status).toBe(404);
  });
});
