/** What a review found wrong with the writing of customers, each seen to be right. */
import type { Parts } from '../../src/app.module.js';
import { customer as aggregate, customerStream, type CustomerState } from '../../src/customers/customer.js';
import { faultsOf, TestApp, written, type Answer, type Json } from './app.js';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.withAda();
  await app.colleague('ben', { department: 'sales' });
});
afterAll(() => app.remove());

const entry = (customer: string, id: string, path = ''): string => `customers/${customer}/interactions/${id}${path}`;
const timeline = async (customer: string): Promise<Json[]> => (await app.read(`customers/${customer}/timeline`)).items.filter(({ type }: Json) => type === 'entry');
const kinds = async (customer: string): Promise<string[]> => (await timeline(customer)).map(({ kind }) => kind);
const move = (from: string, id: string, to: string, more: object = {}): Promise<Answer> => app.post(entry(from, id, '/move'), { to, ...more });
const retract = (customer: string, id: string, body: object = {}): Promise<Answer> => app.post(entry(customer, id, '/retract'), body);
const stateOf = async (customer: string): Promise<CustomerState> => (await app.parts.executor.load(aggregate, customerStream(customer))).state;

async function growth(work: () => Promise<unknown>): Promise<number> {
  const before = await app.eventsInLog();
  await work();
  return (await app.eventsInLog()) - before;
}

/** The data of the last event, as it stands in the log. */
const lastData = async (): Promise<Json> => (await app.events()).at(-1)!.data;

describe('moving a sourced entry', () => {
  const ticket = { kind: 'note', summary: 'wandering', source: 's', sourceId: '1', occurredAt: '2026-01-01' };

  it('there, back and there again loses nothing, and it is known by its source where it is', async () => {
    const [a, b] = [await app.customer(), await app.customer()];
    let [id] = await app.log(a, ticket);
    for (const [from, to] of [[a, b], [b, a], [a, b]] as const) {
      id = (await written(move(from, id!, to))).entries[0];
      expect([await kinds(from), await kinds(to)]).toEqual([[], ['note']]);
      expect((await app.read(`customers/${to}/interactions?source=s&sourceId=1`)).id).toBe(id);
    }
    expect(await growth(() => app.log(b, ticket))).toBe(0);
    expect(await app.log(b, { ...ticket, summary: 'other words' })).toEqual([id]);
  });

  it('to a customer that holds the pair is refused, and nothing is written', async () => {
    const [a, b] = [await app.customer(), await app.customer()];
    const [id] = await app.log(a, ticket);
    await app.log(b, { ...ticket, summary: 'mine' });
    expect(await growth(async () => expect(faultsOf(await move(a, id!, b), 409, 'already-there', 'sourceId')).toEqual([]))).toBe(0);
    expect([await kinds(a), await kinds(b)]).toEqual([['note'], ['note']]);
  });

  it('of a person gives it an id of its own; a step stays with who planned it', async () => {
    const [a, b] = [await app.customer(), await app.customer()];
    const person = await app.person(a);
    const [step] = await app.log(a, { kind: 'step-planned', due: '2030-01-01' });
    await written(move(a, (await app.read(`customers/${a}/people`)).items[0].addedBy, b));
    const [there] = (await app.read(`customers/${b}/people`)).items;
    expect(there).toMatchObject({ name: 'Ines Morel' });
    expect(there.id).not.toBe(person);
    await written(app.post(entry(a, step!, '/move'), { to: b }, { as: 'ben' }));
    expect((await timeline(b)).find(({ kind }) => kind === 'step-planned')).toMatchObject({ who: 'ada' });
  });
});

describe('ids of people', () => {
  it('are given by the server alone', async () => {
    const id = await app.customer();
    for (const person of ['ada', '#0', 'mine']) {
      const answer = await app.post(`customers/${id}/interactions`, { entries: [{ kind: 'person-added', name: 'Eve', person }] });
      expect(faultsOf(answer, 400, undefined, 'entries[0].person')).toEqual([]);
    }
    expect((await app.read('colleagues')).items.find((one: Json) => one.id === 'ada')).toMatchObject({ name: 'Colleague ada' });
  });

  it('may be repeated by a correction, not changed', async () => {
    const id = await app.customer();
    const person = await app.person(id);
    const { addedBy } = (await app.read(`customers/${id}/people`)).items[0];
    expect(faultsOf(await app.put(entry(id, addedBy), { kind: 'person-added', name: 'Eve', person: 'eve' }), 400, 'given-by-server', 'person')).toEqual([]);
    await written(app.put(entry(id, addedBy), { kind: 'person-added', name: 'Eve', person }));
    expect(await growth(() => written(app.put(entry(id, addedBy), { kind: 'person-added', name: ' Eve' })))).toBe(0);
    expect((await app.read(`customers/${id}/people`)).items).toEqual([expect.objectContaining({ id: person, name: 'Eve' })]);
  });

  it('a colleague called as a customer is renames nobody; their keys are apart', async () => {
    const id = await app.customer({ name: 'Namesake' });
    await app.colleague(id);
    expect(await app.read(`customers/${id}`)).toMatchObject({ name: 'Namesake' });
    const subjects = (await app.events()).filter(({ stream }) => stream.endsWith(id)).map(({ data }) => (data as Json).name.s);
    expect(subjects).toEqual([[`customer:${id}`], [`colleague:${id}`]]);
  });
});

describe('what the log shows without keys', () => {
  it('equal names have different hashes', async () => {
    const [a, b] = [await stateOf(await app.customer({ name: 'Same' })), await stateOf(await app.customer({ name: 'Same' }))];
    expect(a.nameMac).not.toBe(b.nameMac);
  });

  it('why an entry was taken back is sealed under the people it named', async () => {
    const id = await app.customer();
    const person = await app.person(id);
    const [note] = await app.log(id, { kind: 'note', people: [person] });
    await written(retract(id, note!, { reason: 'Ines was ill' }));
    expect((await lastData()).reason.s).toEqual([`person:${person}`, expect.stringMatching(/^text:/)]);
  });
});

describe('a correction by somebody else', () => {
  it('keeps department, channel and when it happened unless it says otherwise', async () => {
    const id = await app.customer();
    const [call] = await app.log(id, { kind: 'call', side: 'us', channel: 'chat', occurredAt: '2026-01-01' });
    await written(app.put(entry(id, call!), { kind: 'call', side: 'us', summary: 'more' }, { as: 'ben' }));
    expect(await app.read(entry(id, call!))).toMatchObject({ department: 'service', channel: 'chat', occurredAt: '2026-01-01T00:00:00.000Z', summary: 'more' });
    await written(app.put(entry(id, call!), { kind: 'call', side: 'us', department: 'sales', channel: 'phone' }, { as: 'ben' }));
    expect(await app.read(entry(id, call!))).toMatchObject({ department: 'sales', channel: 'phone' });
  });

  it('leaves a step with who planned it', async () => {
    const id = await app.customer();
    const [step] = await app.log(id, { kind: 'step-planned', due: '2030-01-01' });
    await written(app.put(entry(id, step!), { kind: 'step-planned', due: '2030-02-02' }, { as: 'ben' }));
    expect((await stateOf(id)).interactions.get(step!)).toMatchObject({ actor: 'ada' });
    expect((await app.read(entry(id, step!))).versions.map(({ recordedBy }: Json) => recordedBy)).toEqual(['ada', 'ben']);
  });

  it('by its source keeps the department too', async () => {
    const id = await app.customer();
    const note = { kind: 'note', source: 'mail', sourceId: '7' };
    const [first] = await app.log(id, note);
    await written(app.post(`customers/${id}/interactions`, { entries: [{ ...note, summary: 'x' }] }, { as: 'ben' }));
    expect(await app.read(entry(id, first!))).toMatchObject({ department: 'service', summary: 'x' });
  });
});

describe('nothing new writes nothing', () => {
  it('the owner who is the owner already', async () => {
    const id = await app.customer({ owner: 'ada' });
    expect(await growth(() => written(app.patch(`customers/${id}`, { owner: 'ada' })))).toBe(0);
    expect(await growth(() => written(app.patch(`customers/${id}`, { owner: 'ben' })))).toBe(1);
    expect(await growth(() => written(app.patch(`customers/${id}`, { owner: 'ben' })))).toBe(0);
  });

  it('the same content in other words for the same instant and text', async () => {
    const id = await app.customer();
    const note = { kind: 'note', summary: 'same', occurredAt: '2026-02-01T00:00:00Z', source: 'a', sourceId: '1' };
    const [first] = await app.log(id, note);
    const again = { ...note, summary: 'same ', occurredAt: '2026-02-01T00:00:00.000Z', feeling: null };
    expect(await growth(() => app.log(id, again))).toBe(0);
    expect(await growth(() => written(app.put(entry(id, first!), again, { as: 'ben' })))).toBe(0);
    await app.log(id, { kind: 'note', source: 'a', sourceId: '2' });
    expect(await growth(() => app.log(id, { kind: 'note', source: 'a', sourceId: '2' }))).toBe(0);
  });
});

describe('source and sourceId', () => {
  it('are asked for at one customer, or at all', async () => {
    const [a, b] = [await app.customer({ name: 'Alpha' }), await app.customer({ name: 'Beta' })];
    const [inA] = await app.log(a, { kind: 'note', source: 'two', sourceId: '1' });
    const [inB] = await app.log(b, { kind: 'note', source: 'two', sourceId: '1' });
    expect((await app.read(`customers/${a}/interactions?source=two&sourceId=1`)).id).toBe(inA);
    expect((await app.read(`customers/${b}/interactions?source=two&sourceId=1`)).id).toBe(inB);
    await written(retract(b, inB!));
    expect(await app.read('interactions?source=two&sourceId=1')).toMatchObject({ id: inA, customer: { id: a, name: 'Alpha' } });
    expect((await app.get('interactions?source=two&sourceId=none')).status).toBe(404);
  });

  it('of another entry cannot be taken over', async () => {
    const id = await app.customer();
    const [one, two] = await app.log(id, { kind: 'note', source: 'x', sourceId: '1' }, { kind: 'note', source: 'x', sourceId: '2' });
    expect(faultsOf(await app.put(entry(id, one!), { kind: 'note', source: 'x', sourceId: '2' }), 400, 'held-by-another', 'sourceId')).toEqual([]);
    await written(app.put(entry(id, one!), { kind: 'note', source: 'x', sourceId: '3' }));
    await written(app.put(entry(id, two!), { kind: 'note', source: 'x', sourceId: '1' }));
    expect(await app.log(id, { kind: 'note', source: 'x', sourceId: '1', summary: 'changed' })).toEqual([two]);
  });
});

describe('the catalogue', () => {
  it.each(['purchase', 'renewal', 'expansion', 'contraction', 'cancellation', 'refund'])('%s may say whether they would choose again', async (kind) => {
    const amount = { amount: 100, currency: 'EUR' };
    expect(await app.log(await app.customer(), { kind, wouldChooseAgain: 'unsure', ...(kind === 'expansion' || kind === 'contraction' ? amount : {}) })).toHaveLength(1);
  });

  it('a purchase that ends before it happened is refused; a renewal may begin later', async () => {
    const id = await app.customer();
    const log = (more: object): Promise<Answer> => app.post(`customers/${id}/interactions`, { entries: [{ occurredAt: '2026-02-01', end: '2026-01-01', ...more }] });
    expect(faultsOf(await log({ kind: 'purchase' }), 400, 'not-after-start', 'entries[0].end')).toEqual([]);
    expect(faultsOf(await log({ kind: 'renewal', start: '2026-01-01' }), 400, 'not-after-start', 'entries[0].end')).toEqual([]);
    expect((await log({ kind: 'purchase', start: '2025-01-01' })).status).toBe(201);
    expect((await log({ kind: 'renewal' })).status).toBe(201);
  });

  it('a score nps with one person is that person’s', async () => {
    const id = await app.customer();
    const [ines, tom] = [await app.person(id), await app.person(id)];
    const ids = await app.log(id, { kind: 'survey-answered', nps: 2, people: [ines] }, { kind: 'survey-answered', nps: 2, people: [ines, tom] }, { kind: 'survey-answered', csat: 2, people: [ines] });
    const { interactions } = await stateOf(id);
    expect(ids.map((one) => interactions.get(one)!.fields['person'])).toEqual([ines, undefined, undefined]);
  });
});

describe('retracting what others name', () => {
  it('lists those that stay too, and needs to be told that it was seen', async () => {
    const id = await app.customer();
    const [question, note] = await app.log(id, { kind: 'enquiry' }, { kind: 'note', about: '#0', summary: 'kept' });
    const answer = await retract(id, question!);
    expect([answer.status, answer.json.code, answer.json.entries]).toEqual([409, 'names-others', [{ id: note, kind: 'note', falls: false }]]);
    await written(retract(id, question!, { including: [] }));
    expect(await kinds(id)).toEqual(['note']);
    await written(app.put(entry(id, note!), { kind: 'note', about: question, summary: 'corrected' }));
    expect(faultsOf(await app.post(`customers/${id}/interactions`, { entries: [{ kind: 'note', about: question }] }), 400, 'unknown-entry')).toEqual([]);
  });
});

describe('the wrong kind', () => {
  it('is put right in one step: retracted and logged again, once', async () => {
    const id = await app.customer();
    const [call] = await app.log(id, { kind: 'call', side: 'us', occurredAt: '2026-01-01', source: 'tel', sourceId: '1' });
    const put = (): Promise<Answer> => app.put(entry(id, call!), { kind: 'meeting', side: 'us', attended: true }, { as: 'ben', key: 'kind-1' });
    const first = await written(put());
    expect(first.entries).toHaveLength(1);
    expect(first.entries).not.toContain(call);
    expect(await growth(async () => expect(await written(put())).toEqual({ ...first, repeated: true }))).toBe(0);
    expect(await timeline(id)).toEqual([expect.objectContaining({ id: first.entries[0], kind: 'meeting', channel: 'meeting', department: 'service', occurredAt: '2026-01-01T00:00:00.000Z', source: 'tel', sourceId: '1' })]);
    expect((await app.read(`customers/${id}/interactions?source=tel&sourceId=1`)).id).toBe(first.entries[0]);
    expect((await app.get(entry(id, call!))).json.retracted).toBe(true);
  });

  it('is refused while something would fall with it, and for people', async () => {
    const id = await app.customer();
    const [issue, resolved] = await app.log(id, { kind: 'issue-opened', severity: 1 }, { kind: 'issue-resolved', about: '#0' });
    const answer = await app.put(entry(id, issue!), { kind: 'enquiry' });
    expect([answer.status, answer.json.entries]).toEqual([409, [{ id: resolved, kind: 'issue-resolved', falls: true }]]);
    await app.person(id);
    const { addedBy } = (await app.read(`customers/${id}/people`)).items[0];
    expect(faultsOf(await app.put(entry(id, addedBy), { kind: 'note' }), 400, 'kind-cannot-change', 'kind')).toEqual([]);
  });
});

it('a move asked for twice at once is one move, whatever the second finds done when its content has been read', async () => {
  // A log on another machine answers later.
  const own = await TestApp.withAda(({ store, ...parts }): Parts => {
    const read = store.read.bind(store);
    store.read = async (...where) => {
      const events = await read(...where);
      for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return events;
    };
    return { store, ...parts };
  });
  const [id, to] = [await own.customer(), await own.customer()];
  for (let turns = 0; turns < 30; turns += 1) {
    const [note] = await own.log(id, { kind: 'note', summary: `n${turns}` });
    const before = await own.eventsInLog();
    const move = (): Promise<Answer> => own.post(entry(id, note!, '/move'), { to }, { key: `both-${turns}` });
    const first = move();
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const answers = await Promise.all([first, move()]);
    expect(answers.filter(({ status, json }) => status >= 300 && json.code !== 'still-running').map(({ text }) => text)).toEqual([]);
    expect(answers.filter(({ json }) => json.repeated === false)).toHaveLength(1);
    expect((await own.eventsInLog()) - before).toBe(2);
  }
  await own.remove();
});
