/** Promises over the API: from made to confirmed, in the lists, in the rings, in what is exported and erased; and what is refused. */
import { TestApp, written, type Json } from './app.js';

const DAY = 86_400_000;
const ago = (days: number): string => new Date(Date.now() - days * DAY).toISOString();
const ahead = (days: number): string => ago(-days);

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.withAda();
  await app.colleague('ben', { department: 'operations' });
});
afterAll(() => app.remove());

const make = async (customer: string, body: object): Promise<string> => (await written(app.post(`customers/${customer}/promises`, body))).promise;
const step = (customer: string, promise: string, what: string, body: object = {}) => app.post(`customers/${customer}/promises/${promise}/${what}`, body);
const listed = async (customer: string): Promise<Json[]> => (await app.read(`customers/${customer}/promises`)).items;

describe('a promise', () => {
  it('goes from made to confirmed, and is made in one append with the entry in which it was given', async () => {
    const id = await app.customer({ name: 'Quiller' });
    const ines = await app.person(id);
    const before = await app.eventsInLog();
    const promise = await make(id, { what: 'A quote for the second line', due: ahead(9), people: [ines], owner: 'ben', entry: { kind: 'visit', side: 'us', attended: true, people: [ines], summary: 'Looked at the line' } });
    const [visit, made] = (await app.events()).slice(before);
    expect([visit!.type, made!.type, made!.id]).toEqual(['InteractionLogged', 'PromiseMade', promise]);
    expect(made!.metadata.commandId).toBe(visit!.metadata.commandId);
    expect(JSON.stringify(made!.data)).not.toContain('quote');
    expect(await listed(id)).toMatchObject([{ id: promise, what: 'A quote for the second line', state: 'open', owner: { id: 'ben', name: 'Colleague ben' }, department: 'operations', people: [{ id: ines, name: 'Ines Morel' }], givenIn: visit!.id, produced: null, delivered: null, confirmed: null, daysLate: 0 }]);
    for (const what of ['produced', 'delivered', 'confirmed']) await written(step(id, promise, what, { summary: `It was ${what}` }));
    expect(await listed(id)).toMatchObject([{ state: 'kept', produced: { at: expect.any(String) }, delivered: { at: expect.any(String) }, confirmed: { at: expect.any(String) } }]);
    const { items } = await app.read(`customers/${id}/timeline`);
    expect(items.filter(({ kind }: Json) => kind?.startsWith('promise-')).map(({ kind, people }: Json) => [kind, people?.[0]?.name])).toEqual([['promise-confirmed', 'Ines Morel'], ['promise-delivered', 'Ines Morel'], ['promise-produced', 'Ines Morel'], ['promise-made', 'Ines Morel']]);
  });

  it('is missed when its due instant has passed, and repaired when it is delivered late; a delivery of before makes it kept', async () => {
    const id = await app.customer({ name: 'Missing' });
    const promise = await make(id, { what: 'A spare seal', due: ago(5), occurredAt: ago(9) });
    expect(await listed(id)).toMatchObject([{ state: 'missed', daysLate: 5 }]);
    expect((await app.read(`customers/${id}/overview`)).promises).toMatchObject([{ entry: promise, what: 'A spare seal', state: 'missed', owner: { id: 'ada' }, department: 'service' }]);
    expect((await app.read('attention')).items.find((line: Json) => line.id === id).reasons.map(({ reason }: Json) => reason)).toContain('promise missed');
    const { entries: [late] } = await written(step(id, promise, 'delivered', { occurredAt: ago(2) }));
    expect(await listed(id)).toMatchObject([{ state: 'repaired', daysLate: 3 }]);
    // It was delivered earlier than was noted: a correction changes the verdict, and taking the delivery back changes it again.
    await written(app.put(`customers/${id}/interactions/${late}`, { kind: 'promise-delivered', about: promise, occurredAt: ago(6) }));
    expect(await listed(id)).toMatchObject([{ state: 'kept', daysLate: 0 }]);
    await written(app.post(`customers/${id}/interactions/${late}/retract`, {}));
    expect(await listed(id)).toMatchObject([{ state: 'missed' }]);
  });

  it('given for a day may be kept until the end of that day', async () => {
    const id = await app.customer({ name: 'Day' });
    await make(id, { what: 'A call', due: '2031-03-05' });
    expect(await listed(id)).toMatchObject([{ due: '2031-03-05T23:59:59.999Z' }]);
  });

  it('missed for 30 days darkens adoption', async () => {
    const id = await app.customer({ name: 'Dark' });
    await app.log(id, { kind: 'purchase', occurredAt: ago(100) }, { kind: 'value-reached', occurredAt: ago(90) });
    const ring = async (): Promise<Json> => (await app.read(`customers/${id}/journey`)).rings[2];
    expect(await ring()).toMatchObject({ state: 'lit' });
    const promise = await make(id, { what: 'The second training', due: ago(40), occurredAt: ago(80) });
    expect(await ring()).toMatchObject({ state: 'out', cause: 'promise missed', because: [promise] });
    await written(app.post(`customers/${id}/promises/${promise}/withdraw`, { reason: 'Noted at the wrong customer' }));
    expect(await ring()).toMatchObject({ state: 'lit' });
    expect(await listed(id)).toEqual([]);
  });

  it('stands in the lists by who owes it, and in figures', async () => {
    await app.colleague('cy', { department: 'marketing' });
    const id = await app.customer({ name: 'Listed' });
    const today = await make(id, { what: 'Today', due: new Date().toISOString().slice(0, 10), owner: 'cy' });
    await make(id, { what: 'Later', due: ahead(9), owner: 'cy' });
    const missed = await make(id, { what: 'Before', due: ago(3), occurredAt: ago(5), owner: 'cy' });
    const kept = await make(id, { what: 'Done', due: ago(2), occurredAt: ago(5), owner: 'cy' });
    await written(step(id, kept, 'delivered', { occurredAt: ago(4) }));
    const { items, totals } = await app.read('promises?owner=cy');
    expect(items.map(({ what, state, dueToday }: Json) => [what, state, dueToday])).toEqual([['Before', 'missed', false], ['Today', 'open', true], ['Later', 'open', false]]);
    expect(totals).toEqual({ open: 2, dueToday: 1, missed: 1, kept: 1, repaired: 0, confirmed: 0 });
    expect((await app.read(`promises?owner=cy&dueBefore=${ahead(2)}`)).items.map(({ id: one }: Json) => one)).toEqual([missed, today]);
    const first = await app.read('promises?department=marketing&state=kept,missed&limit=1');
    expect([...first.items, ...(await app.read(`promises?department=marketing&state=kept,missed&limit=1&cursor=${first.next}`)).items].map(({ id: one }: Json) => one)).toEqual([missed, kept]);
    expect(JSON.stringify(await app.read('figures/promise-kept'))).toContain('Promises kept');
  });

  it('is exported with the person to whom it was given, and unreadable when they are erased', async () => {
    const id = await app.customer({ name: 'Told' });
    const kim = await app.person(id, { name: 'Kim Canary' });
    const promise = await make(id, { what: 'The canary key', due: ahead(3), people: [kim] });
    await written(step(id, promise, 'delivered', { summary: 'Handed the canary over' }));
    const exported = await app.read(`customers/${id}/people/${kim}/export`);
    expect(exported.entries.filter(({ kind }: Json) => kind.startsWith('promise-')).map(({ kind, what, summary }: Json) => [kind, what ?? summary])).toEqual([['promise-made', 'The canary key'], ['promise-delivered', 'Handed the canary over']]);
    const { status } = await app.post(`customers/${id}/people/${kim}/erase`, { reason: 'They asked' });
    expect(status).toBeLessThan(300);
    expect(await listed(id)).toMatchObject([{ state: 'kept', what: null }]);
    expect(JSON.stringify(await app.read(`customers/${id}/timeline`))).not.toContain('canary');
  });
});

describe('refused, and nothing is appended', () => {
  let id: string;
  let promise: string;
  beforeAll(async () => {
    id = await app.customer({ name: 'Refusing' });
    promise = await make(id, { what: 'A quote', due: ahead(9) });
  });
  it.each<[string, () => ReturnType<TestApp['post']>, number, string, string]>([
    ['due in the past', () => app.post(`customers/${id}/promises`, { what: 'A quote', due: ago(1) }), 400, 'in-the-past', 'due'],
    ['no day', () => app.post(`customers/${id}/promises`, { what: 'A quote', due: 'soon' }), 400, 'isIso8601', 'due'],
    ['an owner who is nobody', () => app.post(`customers/${id}/promises`, { what: 'A quote', due: ahead(1), owner: 'nobody' }), 400, 'unknown-colleague', 'owner'],
    ['given in no entry', () => app.post(`customers/${id}/promises`, { what: 'A quote', due: ahead(1), givenIn: 'nothing' }), 400, 'unknown-entry', 'givenIn'],
    ['the entry is wrong', () => app.post(`customers/${id}/promises`, { what: 'A quote', due: ahead(1), entry: { kind: 'visit' } }), 400, 'missing', 'entry.side'],
    ['confirmed before delivered', () => step(id, promise, 'confirmed'), 400, 'not-delivered', 'promise'],
    ['delivered before it was made', () => step(id, promise, 'delivered', { occurredAt: ago(1) }), 400, 'before-the-promise', 'occurredAt'],
    ['a step of what is no promise', () => step(id, 'nothing', 'delivered'), 400, 'unknown-entry', 'promise'],
    ['another kind instead', () => app.put(`customers/${id}/interactions/${promise}`, { kind: 'note', summary: 'No promise' }), 400, 'kind-cannot-change', 'kind'],
  ])('%s', async (_, ask, status, code, field) => {
    const before = await app.eventsInLog();
    const answer = await ask();
    expect([answer.status, answer.json.errors?.map((one: Json) => one.field)]).toEqual([status, [field]]);
    if (code !== 'isIso8601') expect(answer.json.errors[0].code).toBe(code);
    expect(await app.eventsInLog()).toBe(before);
  });
  it('withdrawing what is no promise', async () => {
    const [note] = await app.log(id, { kind: 'note', summary: 'Stays' });
    expect((await app.post(`customers/${id}/promises/${note}/withdraw`, {})).status).toBe(404);
  });
});
