/** The way through the front door: what is written can be read back, at once, whole, in order, and after a restart. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Parts } from '../../src/app.module.js';
import { API, csv, mapping, TestApp, written, type Answer, type Json } from './app.js';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.withAda();
  await app.colleague('ben', { department: 'sales' });
  await app.colleague('cy', { department: 'marketing' });
});
afterAll(() => app.remove());

const at = (customer: string, path = ''): string => `customers/${customer}${path}`;
const entry = (customer: string, id: string, path = ''): string => `customers/${customer}/interactions/${id}${path}`;
const kindsIn = (page: Json): string[] => page.items.filter((item: Json) => item.type === 'entry').map((item: Json) => item.kind);

/** How much the log grew while the work was done. */
async function growth(work: () => Promise<unknown>): Promise<number> {
  const before = await app.eventsInLog();
  await work();
  return (await app.eventsInLog()) - before;
}

describe('several entries in one request', () => {
  it('are written together, with one correlation and the first as the cause of the others', async () => {
    const id = await app.customer();
    const ids = await app.log(id, { kind: 'visit', side: 'us', attended: true }, { kind: 'need-stated', tag: 'less-downtime' }, { kind: 'need-agreed', side: 'us', tag: 'less-downtime', about: '#1' });
    const { items } = await app.read('log?limit=1000');
    const events = items.filter((event: Json) => ids.includes(event.id));
    expect(events.map((event: Json) => event.metadata.causationId)).toEqual([null, ids[0], ids[0]]);
    expect(new Set(events.map((event: Json) => event.metadata.correlationId)).size).toBe(1);
    expect(new Set(events.map((event: Json) => event.metadata.commandId)).size).toBe(1);
    expect(events.map((event: Json) => event.metadata.n)).toEqual([0, 1, 2]);
    expect(events.map((event: Json) => event.metadata.actor)).toEqual(['ada', 'ada', 'ada']);
    expect(events[2].data.about).toBe(ids[1]);
  });

  it('are none written when one is wrong', async () => {
    const id = await app.customer();
    const grown = await growth(async () => {
      const answer = await app.post(at(id, '/interactions'), { entries: [{ kind: 'note' }, { kind: 'issue-opened' }] });
      expect(answer.status).toBe(400);
      expect((await app.post(at(id, '/interactions'), { entries: [{ kind: 'note' }, { kind: 'issue-resolved', about: 'nobody' }] })).status).toBe(400);
    });
    expect(grown).toBe(0);
    expect(kindsIn(await app.read(at(id, '/timeline')))).toEqual([]);
  });

  it('may add a person and name it', async () => {
    const id = await app.customer();
    await app.log(id, { kind: 'person-added', name: 'Ola Lind' }, { kind: 'meeting', side: 'customer', attended: true, people: ['#0'] });
    const meeting = (await app.read(at(id, '/timeline?kind=meeting'))).items.find((item: Json) => item.type === 'entry');
    expect(meeting.people).toEqual([{ id: expect.any(String), name: 'Ola Lind' }]);
  });
});

describe('people', () => {
  it('are listed with roles, last entry, and when they left', async () => {
    const id = await app.customer();
    const ines = await app.person(id, { email: 'ines@example.org', phone: '+49 30 1', roles: ['decider'] });
    const tom = await app.person(id, { name: 'Tom Berg' });
    await app.log(id, { kind: 'role-given', person: ines, role: 'champion' }, { kind: 'person-left', person: tom, occurredAt: '2026-01-15' });
    const { items } = await app.read(at(id, '/people'));
    expect(items).toEqual([
      { id: ines, name: 'Ines Morel', email: 'ines@example.org', phone: '+49 30 1', roles: ['decider', 'champion'], left: null, lastEntry: expect.any(String), addedBy: expect.any(String) },
      expect.objectContaining({ id: tom, name: 'Tom Berg', roles: [], left: '2026-01-15T00:00:00.000Z' }),
    ]);
  });
});

describe('correcting', () => {
  it('replaces the content, and keeps the original readable', async () => {
    const id = await app.customer();
    const [note] = await app.log(id, { kind: 'note', summary: 'first words', occurredAt: '2026-02-01' });
    await written(app.put(entry(id, note!), { kind: 'note', summary: 'second words', occurredAt: '2026-02-02' }, { as: 'ben' }));
    const found = await app.read(entry(id, note!));
    expect(found).toMatchObject({ id: note, summary: 'second words', occurredAt: '2026-02-02T00:00:00.000Z', corrected: true, retracted: false });
    expect(found.versions.map(({ summary, recordedBy }: Json) => [summary, recordedBy])).toEqual([['first words', 'ada'], ['second words', 'ben']]);
    expect((await app.read(at(id, '/timeline?text=first'))).items.filter((item: Json) => item.type === 'entry')).toEqual([]);
    expect(kindsIn(await app.read(at(id, '/timeline?text=second')))).toEqual(['note']);
    const [shown] = (await app.read(at(id, '/timeline?originals=true&kind=note'))).items;
    expect(shown.versions.map(({ summary }: Json) => summary)).toEqual(['first words', 'second words']);
  });

  it('with the same content writes nothing', async () => {
    const id = await app.customer();
    const [note] = await app.log(id, { kind: 'note', summary: 'same', occurredAt: '2026-02-01' });
    const grown = await growth(async () => {
      expect((await written(app.put(entry(id, note!), { occurredAt: '2026-02-01', summary: 'same', kind: 'note' }))).entries).toEqual([]);
    });
    expect(grown).toBe(0);
  });

  it('keeps the person that an entry added', async () => {
    const id = await app.customer();
    const person = await app.person(id);
    const { addedBy } = (await app.read(at(id, '/people'))).items[0];
    await written(app.put(entry(id, addedBy), { kind: 'person-added', name: 'Ines Morel-Lind' }));
    expect((await app.read(at(id, '/people'))).items).toEqual([expect.objectContaining({ id: person, name: 'Ines Morel-Lind' })]);
  });
});

describe('retracting', () => {
  it('lists what falls with it first, then takes all of it out, for good', async () => {
    const id = await app.customer();
    const [issue] = await app.log(id, { kind: 'issue-opened', severity: 1 });
    const [resolved] = await app.log(id, { kind: 'issue-resolved', about: issue });
    const [note] = await app.log(id, { kind: 'note', about: issue });
    const before = await app.eventsInLog();
    const first = await app.post(entry(id, issue!, '/retract'), { reason: 'wrong customer' });
    expect(first.status).toBe(409);
    expect(first.json).toMatchObject({ code: 'names-others', entries: [{ id: resolved, kind: 'issue-resolved', falls: true }, { id: note, kind: 'note', falls: false }] });
    expect((await app.post(entry(id, issue!, '/retract'), { including: [resolved, note] })).status).toBe(409);
    expect(await app.eventsInLog()).toBe(before);

    const done = await written(app.post(entry(id, issue!, '/retract'), { reason: 'wrong customer', including: [resolved] }));
    expect(done.entries).toEqual([issue, resolved]);
    expect(kindsIn(await app.read(at(id, '/timeline')))).toEqual(['note']);
    expect(kindsIn(await app.read(at(id, '/timeline?originals=true'))).sort()).toEqual(['issue-opened', 'issue-resolved', 'note']);
    expect((await app.read('issues?limit=200')).items.map((item: Json) => item.id)).not.toContain(issue);

    for (const answer of [await app.post(entry(id, issue!, '/retract'), {}), await app.put(entry(id, issue!), { kind: 'issue-opened', severity: 2 })]) {
      expect([answer.status, answer.json.code]).toEqual([409, 'retracted']);
    }
  });

  it('of a person is refused while others name it', async () => {
    const id = await app.customer();
    const person = await app.person(id);
    const [note] = await app.log(id, { kind: 'note', people: [person] });
    const { addedBy } = (await app.read(at(id, '/people'))).items[0];
    const answer = await app.post(entry(id, addedBy, '/retract'), {});
    expect([answer.status, answer.json.code, answer.json.entries]).toEqual([409, 'person-named', [{ id: note, kind: 'note' }]]);
  });
});

describe('moving', () => {
  it('logs there and retracts here, once, however often it is asked with its key', async () => {
    const [id, to] = [await app.customer(), await app.customer()];
    const [note] = await app.log(id, { kind: 'note', summary: 'to be moved', occurredAt: '2026-03-03' });
    const move = (): Promise<Answer> => app.post(entry(id, note!, '/move'), { to }, { key: 'move-1' });
    const first = await written(move());
    expect(await growth(move)).toBe(0);
    expect(await written(move())).toEqual({ ...first, repeated: true });
    expect(first).toMatchObject({ id: to, repeated: false });
    expect(kindsIn(await app.read(at(id, '/timeline')))).toEqual([]);
    const [there] = (await app.read(at(to, '/timeline'))).items;
    expect(there).toMatchObject({ id: first.entries[0], summary: 'to be moved', occurredAt: '2026-03-03T00:00:00.000Z', movedFrom: { customer: id, interaction: note } });
    const again = await app.post(entry(id, note!, '/move'), { to: await app.customer() });
    expect([again.status, again.json.code]).toEqual([409, 'retracted']);
  });

  it('is refused before anything is written when it names people who stay, until they are left out', async () => {
    const [id, to] = [await app.customer(), await app.customer()];
    const person = await app.person(id);
    const [note] = await app.log(id, { kind: 'note', people: [person] });
    const grown = await growth(async () => {
      const answer = await app.post(entry(id, note!, '/move'), { to });
      expect([answer.status, answer.json.errors[0].field, answer.json.errors[0].code]).toEqual([400, 'entry.people', 'stays-behind']);
    });
    expect(grown).toBe(0);
    await written(app.post(entry(id, note!, '/move'), { to, entry: { people: null } }));
    expect(kindsIn(await app.read(at(to, '/timeline')))).toEqual(['note']);
  });

  it('with a key used before, or a revision that is old, is refused before anything is written', async () => {
    const [id, to] = [await app.customer(), await app.customer()];
    const [note] = await app.log(id, { kind: 'note' });
    await app.post(`customers/${to}/interactions`, { entries: [{ kind: 'note' }] }, { key: 'taken' });
    const grown = await growth(async () => {
      expect((await app.post(entry(id, note!, '/move'), { to }, { key: 'taken' })).json.code).toBe('reused-key');
      expect((await app.post(entry(id, note!, '/move'), { to }, { ifMatch: '"0"' })).json.code).toBe('stale-revision');
    });
    expect(grown).toBe(0);
    expect(await growth(() => written(app.post(entry(id, note!, '/move'), { to }, { ifMatch: '"1"' })))).toBe(2);
  });

  it('lists what falls with it, and writes nothing until that is named', async () => {
    const [id, to] = [await app.customer(), await app.customer()];
    const [issue] = await app.log(id, { kind: 'issue-opened', severity: 2 });
    const [resolved] = await app.log(id, { kind: 'issue-resolved', about: issue });
    const grown = await growth(async () => {
      expect((await app.post(entry(id, issue!, '/move'), { to })).json).toMatchObject({ status: 409, code: 'names-others', entries: [{ id: resolved }] });
    });
    expect(grown).toBe(0);
    expect(await growth(() => written(app.post(entry(id, issue!, '/move'), { to, including: [resolved] })))).toBe(3);
  });
});

describe('source and sourceId', () => {
  it('find a customer, and update it instead of registering it again', async () => {
    const source = { source: 'crm', sourceId: 'C-1' };
    const first = await app.post('customers', { name: 'Alder', segment: 'bakeries', ...source });
    expect(first.status).toBe(201);
    const { id } = first.json;
    expect(first.headers['location']).toBe(`${API}/customers/${id}`);
    expect((await app.read('customers?source=crm&sourceId=C-1'))).toMatchObject({ id, name: 'Alder', ...source });

    let same: Answer | undefined;
    expect(await growth(async () => (same = await app.post('customers', { name: 'Alder', segment: 'bakeries', ...source })))).toBe(0);
    expect([same!.status, same!.json.id]).toEqual([200, id]);
    expect(await growth(() => app.post('customers', { name: 'Alder & Sons', ...source }))).toBe(1);
    expect(await app.read(at(id))).toMatchObject({ name: 'Alder & Sons', segment: 'bakeries' });
  });

  it('find an entry, leave it alone when nothing differs, and correct it when something does', async () => {
    const id = await app.customer();
    const ticket = { kind: 'issue-opened', severity: 2, occurredAt: '2026-04-01', source: 'helpdesk', sourceId: 'T-1' };
    const [issue] = await app.log(id, ticket);
    expect(await growth(() => app.log(id, ticket))).toBe(0);
    expect(await app.log(id, { ...ticket, severity: 1 })).toEqual([issue]);
    const found = await app.read(at(id, '/interactions?source=helpdesk&sourceId=T-1'));
    expect(found).toMatchObject({ id: issue, severity: 1, corrected: true });
    expect(found.versions.map(({ severity }: Json) => severity)).toEqual([2, 1]);
    expect((await app.get(at(await app.customer(), '/interactions?source=helpdesk&sourceId=T-1'))).status).toBe(404);
  });

  it('in a file: the same file again adds nothing', async () => {
    const map = mapping({ customer: { source: 'file', sourceId: '{A}', name: '{A} Ltd' }, entry: { kind: 'call', side: 'customer', occurredAt: '{D}', summary: '{S}' } });
    const file = csv('A,D,S\nX,2026-01-01,hello\nX,2026-01-01,hello\nY,2026-01-02,there\n');
    const result = async (): Promise<Json> => JSON.parse((await app.import([map, file])).text.trim().split('\n').at(-1)!).result;
    expect(await result()).toMatchObject({ rows: 3, customersCreated: 2, entriesAdded: 3, alreadyHere: 0, failed: 0, errors: [] });
    expect(await growth(async () => expect(await result()).toMatchObject({ entriesAdded: 0, alreadyHere: 3 }))).toBe(0);
    const x = await app.read('customers?source=file&sourceId=X');
    expect(x).toMatchObject({ name: 'X Ltd', entries: 2 });
  });

  it('in a file, tried only: says what would happen and writes nothing', async () => {
    const map = mapping({ customer: { source: 'dry', sourceId: '{A}' }, entry: { kind: 'note', occurredAt: '{D}' } });
    const grown = await growth(async () => {
      const answer = await app.import([map, csv('A,D\nX,2026-01-01\nY,bad\n')], { query: '?dryRun=true' });
      expect(JSON.parse(answer.text.trim().split('\n').at(-1)!).result).toMatchObject({ dryRun: true, customersCreated: 1, entriesAdded: 1, failed: 1 });
    });
    expect(grown).toBe(0);
  });
});

describe('dates', () => {
  it('reach back to 1950, and order the timeline by what happened, not by what was recorded', async () => {
    const id = await app.customer();
    await app.log(id, { kind: 'note', occurredAt: '2020-05-05' });
    await app.log(id, { kind: 'purchase', occurredAt: '1950-06-15', end: '1951-06-15' });
    await app.log(id, { kind: 'enquiry', occurredAt: '1990-01-01T12:00:00+02:00' });
    expect(kindsIn(await app.read(at(id, '/timeline')))).toEqual(['note', 'enquiry', 'purchase']);
    const then = await app.read(at(id, '/journey?asOf=1950-07-01'));
    expect(then.label).toBe('customer');
    expect((await app.read(at(id, '/journey?asOf=1950-06-01'))).label).toBe('prospect');
    expect((await app.read(at(id, '/journey'))).label).toBe('former customer');
  });
});

describe('details and owner', () => {
  it('change together, in one append; the owner is an entry', async () => {
    const id = await app.customer({ owner: 'ada', team: ['cy'] });
    const answer = await written(app.patch(at(id), { name: 'New & Co', segment: null, team: ['ben'], owner: 'ben' }));
    expect(answer.entries).toHaveLength(1);
    expect(await app.read(at(id))).toMatchObject({ name: 'New & Co', segment: null, owner: 'ben', team: ['ben'] });
    expect(kindsIn(await app.read(at(id, '/timeline')))).toEqual(['owner-changed']);
    const [one, two] = (await app.events()).slice(-2);
    expect([one!.metadata.commandId, one!.metadata.correlationId]).toEqual([two!.metadata.commandId, two!.metadata.correlationId]);
  });

  it('are retried with key and If-Match as one', async () => {
    const id = await app.customer({ owner: 'ada' });
    const { etag } = (await app.get(at(id))).headers;
    const change = (): Promise<Answer> => app.patch(at(id), { name: 'Morel & Fils', owner: 'ben' }, { key: 'p-1', ifMatch: etag! });
    const first = await written(change());
    expect(await growth(async () => expect(await written(change())).toEqual({ ...first, repeated: true }))).toBe(0);
  });

  it('that are read while they change are not old afterwards', async () => {
    const id = await app.customer();
    for (let round = 0; round < 5; round += 1) {
      const owner = round % 2 === 0 ? 'ben' : 'cy';
      const reads = Array.from({ length: 10 }, async (_, turns) => {
        for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        return app.get(at(id));
      });
      const [{ position }] = (await Promise.all([written(app.patch(at(id), { segment: `s${round}`, owner })), ...reads])) as [Json];
      expect((await app.get(at(id, `?after=${position}`))).json).toMatchObject({ segment: `s${round}`, owner });
      const rows = csv(`A,D,S\n${`Z,2026-01-0${round + 1},x\n`.repeat(2)}`);
      const map = mapping({ customer: { source: 'race', sourceId: '{A}', segment: `s${round}` }, entry: { kind: 'note', occurredAt: '{D}', summary: '{S}' } });
      const more = Array.from({ length: 10 }, () => app.get('customers?source=race&sourceId=Z'));
      await Promise.all([app.import([map, rows]), ...more]);
      expect((await app.get('customers?source=race&sourceId=Z')).json).toMatchObject({ segment: `s${round}`, entries: 2 * (round + 1) });
    }
  });
});

describe('revisions', () => {
  it('go out as ETag, and come back as If-Match', async () => {
    const id = await app.customer();
    const answer = await app.get(at(id));
    expect(answer.headers['etag']).toBe('"0"');
    const change = await app.patch(at(id), { name: 'A' }, { ifMatch: '"0"' });
    expect([change.status, change.headers['etag'], change.json.revision]).toEqual([200, '"1"', 1]);
    expect((await app.patch(at(id), { name: 'B' }, { ifMatch: '"0"' })).status).toBe(412);
    expect((await app.patch(at(id), { name: 'C' }, { ifMatch: '*' })).status).toBe(200);
    expect(await app.read(at(id))).toMatchObject({ name: 'C' });
  });

  it('let one of two win who have seen the same', async () => {
    const id = await app.customer();
    const answers = await Promise.all(['A', 'B', 'C'].map((name) => app.patch(at(id), { name }, { ifMatch: '"0"' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });
});

describe('the same Idempotency-Key', () => {
  it('gives the first answer and writes nothing, also after a restart', async () => {
    let own = await TestApp.withAda();
    const id = await own.customer();
    const register = (): Promise<Answer> => own.post('customers', { name: 'Once' }, { key: 'r' });
    const log = (): Promise<Answer> => own.post(at(id, '/interactions'), { entries: [{ kind: 'note', summary: 'once' }, { kind: 'enquiry' }] }, { key: 'l' });
    const add = (): Promise<Answer> => own.post(at(id, '/people'), { name: 'Ines' }, { key: 'p' });
    const ours = (): Promise<Answer> => own.post('log', { kind: 'change-made', what: 'a', why: 'b' }, { key: 'o' });
    const all = [register, log, add, ours];
    const first = await Promise.all(all.map((one) => written(one())));
    const events = await own.eventsInLog();
    const again = async (): Promise<void> => {
      for (const [index, one] of all.entries()) {
        const { repeated, entries, id: same, person } = await written(one());
        expect({ repeated, entries, id: same, person }).toEqual({ repeated: true, entries: first[index].entries, id: first[index].id, person: first[index].person });
      }
      expect(await own.eventsInLog()).toBe(events);
    };
    await again();
    own = await own.restarted();
    await again();
    expect((await own.post('customers', { name: 'Twice' }, { key: 'r' })).status).toBe(422);
    expect((await own.read(at(id))).entries).toBe(3);
    await own.remove();
  });

  it('twice at once is one write; the other is told it is still running, or the answer', async () => {
    const id = await app.customer();
    for (let round = 0; round < 10; round += 1) {
      let answers: Answer[] = [];
      const log = (): Promise<Answer> => app.post(at(id, '/interactions'), { entries: [{ kind: 'note' }] }, { key: `twice-${round}` });
      expect(await growth(async () => (answers = await Promise.all([log(), log()])))).toBe(1);
      const wrote = answers.filter(({ status, json }) => status === 201 && json.repeated === false);
      const others = answers.filter((answer) => !wrote.includes(answer));
      expect(wrote).toHaveLength(1);
      for (const other of others) expect(other.status === 201 ? other.json.repeated : other.json.code).toEqual(other.status === 201 ? true : 'still-running');
    }
  });

  it('of another colleague is another key', async () => {
    expect(await growth(() => Promise.all(['ada', 'ben'].map((as) => app.post('customers', { name: 'X' }, { as, key: 'shared' }))))).toBe(2);
  });
});

describe('reading your own write', () => {
  it('with `after` every read has it', async () => {
    const id = await app.customer();
    for (let round = 0; round < 3; round += 1) {
      const word = `zebra${round}`;
      const name = `Quagga ${round} Ltd`;
      await app.patch(at(id), { name, owner: 'cy' });
      const { position, entries } = await written(app.post(at(id, '/interactions'), { entries: [{ kind: 'issue-opened', severity: 1, summary: word }, { kind: 'step-planned', due: '2030-01-01', who: 'cy' }, { kind: 'note', source: 'ryow', sourceId: `s${round}` }] }));
      const read = async (path: string): Promise<Json> => (await app.get(`${path}${path.includes('?') ? '&' : '?'}after=${position}`)).json;
      expect((await read(at(id))).name).toBe(name);
      expect((await read(entry(id, entries[0]))).id).toBe(entries[0]);
      expect(kindsIn(await read(at(id, `/timeline?text=${word}`)))).toEqual(['issue-opened']);
      expect((await read(at(id, '/journey'))).pausedForAsks).toContain(entries[0]);
      expect((await read('issues?owner=cy&limit=200')).items.map((item: Json) => item.id)).toContain(entries[0]);
      expect((await read('steps?who=cy&limit=200')).items.map((item: Json) => item.id)).toContain(entries[1]);
      expect((await read(`search?q=${word}`)).entries).toHaveLength(1);
      expect((await read(`portfolio?text=quagga+${round}`)).items).toHaveLength(1);
      expect((await read(at(id, `/interactions?source=ryow&sourceId=s${round}`))).id).toBe(entries[2]);
      const person = await written(app.post(at(id, '/people'), { name: word }));
      expect((await app.get(`${at(id, '/people')}?after=${person.position}`)).json.items.at(-1).name).toBe(word);
      const hired = await written(app.post('colleagues', { id: word, name: word, department: 'sales' }));
      expect((await app.get(`colleagues?after=${hired.position}`)).json.items.map((item: Json) => item.id)).toContain(word);
      expect((await app.get(`rules?after=${hired.position}`)).status).toBe(200);
      expect((await app.get(`customers?source=crm&sourceId=C-1&after=${hired.position}`)).status).toBe(200);
    }
  });

  it('when the views get there while the log is still being asked for its end', async () => {
    const own = await TestApp.withAda(({ store, ...parts }): Parts => {
      const head = store.head.bind(store);
      store.head = () => head().then(async (position) => (await new Promise((resolve) => setTimeout(resolve, 300)), position));
      return { store, ...parts };
    });
    await own.get('portfolio');
    const { position } = await written(own.post('customers', { name: 'Slow' }));
    expect((await own.get(`portfolio?after=${position}`)).status).toBe(200);
    await own.remove();
  });
});

describe('personal data', () => {
  const NAME = 'Xylothka Quarzbein';
  const OTHERS = ['Zwirbelmeyer', 'quendolin.q', 'Brontowitz', 'Fliederkranz', 'Grummelbach', 'Pfefferlein', 'Hutzelborn', 'Knorkelstein'];
  /** The ways in which a text might stand in a file. */
  const shapes = (text: string): Buffer[] => {
    // Base64 of the text at each of the three offsets, without the ends that depend on what stands beside it.
    const base64 = [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString('base64').slice(4, -4)).filter((part) => part.length >= 6);
    return [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(text.toLowerCase()), ...base64.map((part) => Buffer.from(part)), Buffer.from(Buffer.from(text).toString('hex'))];
  };
  const within = (bytes: readonly Buffer[], texts: readonly string[]): string[] => texts.filter((text) => bytes.some((content) => shapes(text).some((shape) => content.includes(shape))));
  const found = (folder: string, file: string, texts: readonly string[]): string[] =>
    within(['', '-wal'].map((suffix) => join(folder, file + suffix)).filter((path) => existsSync(path)).map((path) => readFileSync(path)), texts);

  it('stands neither in the log nor in any file but the views, and there only as names and words to search', async () => {
    let own = await TestApp.withAda();
    const id = await own.customer({ name: NAME });
    await own.colleague('ben', { name: OTHERS[0] });
    const person = await own.person(id, { name: OTHERS[2], email: `${OTHERS[1]}@example.org`, phone: '+49 30 987654321' });
    const [note] = await own.log(id, { kind: 'note', summary: `about ${OTHERS[3]}`, people: [person], customerGot: OTHERS[4] });
    await own.log(id, { kind: 'objection-raised', reason: OTHERS[5] }, { kind: 'testimonial', person, link: `https://example.org/${OTHERS[6]}` });
    await written(own.put(entry(id, note!), { kind: 'note', summary: `about ${OTHERS[7]}` }));
    await written(own.post(entry(id, note!, '/retract'), { reason: OTHERS[4] }));
    await own.parts.projector.caughtUp();
    const look = async (): Promise<void> => {
      expect(within(await own.logBytes(), [NAME, ...OTHERS, '987654321'])).toEqual([]);
      expect(found(own.folder, 'keys.db', [NAME, ...OTHERS, '987654321'])).toEqual([]);
      const tables = (await own.dbFiles()).flatMap((folder) => readdirSync(folder).map((name) => readFileSync(join(folder, name))));
      // Texts stand in the views as single words only, in lower case; what nobody searches for not at all.
      const inViews = (texts: readonly string[]): string[] => (tables.length > 0 ? within(tables, texts) : found(own.folder, 'views.db', texts));
      expect(inViews(['about Hutz', `about ${OTHERS[7]}`, OTHERS[6]!, '@example.org'])).toEqual([]);
      expect(inViews([NAME])).toEqual([NAME]);
    };
    await look();
    own = await own.restarted();
    await look();
    expect((await own.read(`search?q=${OTHERS[5]}`)).entries).toHaveLength(1);
    await own.remove();
  });

  it('planted bug: a log in the clear is noticed', async () => {
    const own = await TestApp.withAda();
    await own.parts.store.append('planted', [{ id: '0191e7a0-7c1e-7b3a-9d55-3f2a5e0c1b11', type: 'Planted', data: { text: NAME, more: Buffer.from(`x${OTHERS[0]}yyy`).toString('base64') }, metadata: { commandId: '0'.repeat(32), n: 0, mac: '', correlationId: '', causationId: null, actor: 'ada' } }], 'any');
    expect(within(await own.logBytes(), [NAME, ...OTHERS])).toEqual([NAME, OTHERS[0]]);
    await own.remove();
  });
});
