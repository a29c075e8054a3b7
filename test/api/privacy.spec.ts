/** People's data: objections that hold when something is written, consents, the export, and the register of requests. Sweeps: sweep.spec.ts. */
import { parse } from 'csv-parse/sync';
import { closedFor, objectionsTo } from '../../src/customers/objections.js';
import { linesAbout } from '../../src/privacy/person-export.js';
import { csv, faultsOf, mapping, TestApp, written, type Answer, type Json } from './app.js';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.withAda();
  await app.colleague('ben');
});
afterAll(() => app.remove());

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
const log = (customer: string, entries: readonly object[], options: object = {}): Promise<Answer> => app.post(`customers/${customer}/interactions`, { entries }, options);
/** Refused with this problem, and nothing was appended. */
async function refused(ask: () => Promise<Answer>, status: number, code: string, field?: string): Promise<Answer> {
  const before = await app.eventsInLog();
  const answer = await ask();
  expect(faultsOf(answer, status, code, field)).toEqual([]);
  expect(await app.eventsInLog()).toBe(before);
  return answer;
}
async function customerWithInes(): Promise<{ id: string; ines: string }> {
  const id = await app.customer();
  return { id, ines: await app.person(id, { name: 'Ines Morel', email: 'ines@example.org' }) };
}

describe('an objection to contact', () => {
  it('refuses outreach and messages that name the person, in `people` or in any other way, and says since when', async () => {
    const { id, ines } = await customerWithInes();
    const jo = await app.person(id, { name: 'Jo' });
    const since = daysAgo(10);
    await app.log(id, { kind: 'contact-objected', person: ines, words: 'No more, please', occurredAt: since });
    for (const kind of ['outreach', 'message-sent']) {
      const answer = await refused(() => log(id, [{ kind, people: [jo, ines] }]), 400, 'person-objected', 'entries[0].people');
      expect(answer.json.detail).toContain(since);
      await app.log(id, { kind, people: [jo] });
      // What happened before is history, and may still be brought in.
      await app.log(id, { kind, people: [ines], occurredAt: daysAgo(11) });
    }
    // What the customer begins, what answers it, and what we write down for ourselves stay possible.
    await app.log(id, { kind: 'call', side: 'customer', attended: true, people: [ines] }, { kind: 'meeting', side: 'customer', people: [ines] }, { kind: 'email', side: 'us', people: [ines] }, { kind: 'note', people: [ines] });
  });

  it('against one channel closes that alone; an approach that does not say its channel may be by that one', async () => {
    const { id, ines } = await customerWithInes();
    await app.log(id, { kind: 'contact-objected', person: ines, against: 'phone' });
    await refused(() => log(id, [{ kind: 'outreach', channel: 'phone', people: [ines] }]), 400, 'person-objected');
    await refused(() => log(id, [{ kind: 'outreach', people: [ines] }]), 400, 'person-objected');
    await app.log(id, { kind: 'outreach', channel: 'post', people: [ines] }, { kind: 'message-sent', people: [ines] });
    expect((await app.read(`customers/${id}/people/${ines}/consents`)).objections.now).toEqual([{ channel: 'phone', since: expect.any(String) }]);
  });

  it('is lifted as a whole or for one channel, and holds again when it is said again; a retracted one never was', async () => {
    const { id, ines } = await customerWithInes();
    const approach = (days: number, channel = 'email'): Promise<Answer> => log(id, [{ kind: 'outreach', channel, people: [ines], occurredAt: daysAgo(days) }]);
    const since = daysAgo(30);
    await app.log(id, { kind: 'contact-objected', person: ines, occurredAt: since }, { kind: 'objection-lifted', person: ines, against: 'email', occurredAt: daysAgo(20) }, { kind: 'contact-objected', person: ines, against: 'email', occurredAt: daysAgo(10) });
    expect([(await approach(25)).status, (await approach(15)).status, (await approach(15, 'phone')).status, (await approach(5)).status]).toEqual([400, 201, 400, 400]);
    const [lifted] = await app.log(id, { kind: 'objection-lifted', person: ines, occurredAt: daysAgo(8) });
    expect((await approach(5)).status).toBe(201);
    await written(app.post(`customers/${id}/interactions/${lifted}/retract`, {}));
    expect((await approach(4)).status).toBe(400);
    expect((await app.read(`customers/${id}/people/${ines}/consents`)).objections.now).toEqual([{ channel: null, since }]);
  });

  it('holds among the entries of one request, whatever their order; what stands first at one instant was said first', async () => {
    const { id, ines } = await customerWithInes();
    const objected = { kind: 'contact-objected', person: ines };
    const outreach = { kind: 'outreach', people: [ines] };
    await refused(() => log(id, [objected, outreach]), 400, 'person-objected', 'entries[1].people');
    await refused(() => log(id, [outreach, { ...objected, occurredAt: daysAgo(1) }]), 400, 'person-objected', 'entries[0].people');
    await app.log(id, outreach, objected);
    // One that is corrected by the same request counts as it says then.
    const { id: other, ines: her } = await customerWithInes();
    const sourced = { kind: 'contact-objected', person: her, source: 'crm', sourceId: `o-${other}` };
    await app.log(other, { ...sourced, occurredAt: daysAgo(9) });
    await app.log(other, { ...sourced, occurredAt: daysAgo(2) }, { kind: 'outreach', people: [her], occurredAt: daysAgo(5) });
    await refused(() => log(other, [{ ...sourced, occurredAt: daysAgo(7) }, { kind: 'outreach', people: [her], occurredAt: daysAgo(5) }]), 400, 'person-objected', 'entries[1].people');
  });

  it('holds in corrections, other kinds, entries sent again, and moves; what was done before it was known can still be put right', async () => {
    const { id, ines } = await customerWithInes();
    const from = await app.customer();
    const [early, note] = await app.log(id, { kind: 'outreach', summary: 'Rang her', people: [ines], occurredAt: daysAgo(1), source: 'crm', sourceId: `e-${id}` }, { kind: 'note', people: [ines], occurredAt: daysAgo(1) });
    const [elsewhere] = await app.log(from, { kind: 'outreach', occurredAt: daysAgo(1) });
    const [before] = await app.log(id, { kind: 'outreach', people: [ines], occurredAt: daysAgo(6) }, { kind: 'contact-objected', person: ines, occurredAt: daysAgo(3) });
    await refused(() => app.put(`customers/${id}/interactions/${before}`, { kind: 'outreach', people: [ines], occurredAt: daysAgo(2) }), 400, 'person-objected', 'people');
    await refused(() => app.put(`customers/${id}/interactions/${note}`, { kind: 'outreach', people: [ines], occurredAt: daysAgo(1) }), 400, 'person-objected', 'people');
    await refused(() => app.post(`customers/${from}/interactions/${elsewhere}/move`, { to: id, entry: { people: [ines] } }), 400, 'person-objected');
    await refused(() => log(id, [{ kind: 'outreach', people: [ines], occurredAt: daysAgo(2), source: 'crm', sourceId: `new-${id}` }]), 400, 'person-objected');
    await written(app.put(`customers/${id}/interactions/${early}`, { kind: 'outreach', summary: 'Rang the shop', people: [ines], occurredAt: daysAgo(1) }));
    await app.log(id, { kind: 'outreach', summary: 'Rang the bakehouse', people: [ines], occurredAt: daysAgo(1), source: 'crm', sourceId: `e-${id}` });
  });

  it('refuses imported rows by line, and lets those from before it in; the same on a dry run', async () => {
    const id = await app.customer({ source: 'shop', sourceId: 'S-1' });
    const ines = await app.person(id);
    await app.log(id, { kind: 'contact-objected', person: ines, occurredAt: '2026-03-01' });
    const map = { customer: { source: 'shop', sourceId: '{Account}', name: 'Morel & Fils' }, entry: { kind: '{Kind}', people: '{Who}', occurredAt: '{Date}' } };
    const rows = `Account,Kind,Who,Date\nS-1,outreach,${ines},2026-02-01\nS-1,outreach,${ines},2026-04-01\nS-1,note,${ines},2026-04-01\nS-1,message-sent,${ines},2026-04-02\n`;
    for (const query of ['?dryRun=true', '']) {
      // The run itself is recorded too, in a stream of its own.
      const recorded = async (): Promise<number> => (await app.events()).filter(({ stream }) => stream !== 'imports').length;
      const before = await recorded();
      const { result } = JSON.parse((await app.import([mapping(map), csv(rows)], { query })).text.trim().split('\n').at(-1)!);
      expect(result).toMatchObject({ entriesAdded: 2, failed: 2, errors: [{ line: 3, errors: [{ field: 'people', code: 'person-objected' }] }, { line: 5, errors: [{ code: 'person-objected' }] }] });
      expect(await recorded()).toBe(before + (query === '' ? 2 : 0));
    }
  });

  it('and an outreach at the same moment: one stream, one revision; never both when the objection is first', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { id, ines } = await customerWithInes();
      const at = daysAgo(1);
      const asks = [() => log(id, [{ kind: 'contact-objected', person: ines, occurredAt: daysAgo(2) }]), () => log(id, [{ kind: 'outreach', people: [ines], occurredAt: at }]), () => log(id, [{ kind: 'message-sent', people: [ines], occurredAt: at }])];
      const answers = await Promise.all((round % 2 === 0 ? asks : asks.toReversed()).map((ask) => ask()));
      expect(answers.map(({ status }) => status).filter((status) => ![201, 400].includes(status))).toEqual([]);
      const kindsInOrder = (await app.parts.store.read(`customer-${id}`)).map(({ data }) => (data as { kind?: string }).kind);
      const objected = kindsInOrder.indexOf('contact-objected');
      expect(objected).toBeGreaterThan(0);
      expect(kindsInOrder.slice(objected).filter((kind) => kind === 'outreach' || kind === 'message-sent')).toEqual([]);
    }
  });

  it('lights no ring, is no opening move, and a stale revision is refused first', async () => {
    const { id, ines } = await customerWithInes();
    const [objected] = await app.log(id, { kind: 'contact-objected', person: ines }, { kind: 'objection-lifted', person: ines });
    expect((await app.read(`customers/${id}/journey`)).rings[0]).toMatchObject({ state: 'nothing recorded', wouldLight: expect.not.arrayContaining(['contact-objected', 'objection-lifted']) });
    const portfolio = await app.read('portfolio?limit=200');
    expect(portfolio.items.find((item: Json) => item.id === id).lastContact).toBeNull();
    const moves = await app.read('figures/opening-moves/evidence?limit=200');
    expect(JSON.stringify(moves)).not.toContain(objected);
    await refused(() => log(id, [{ kind: 'outreach', people: [ines] }], { ifMatch: '"0"' }), 412, 'stale-revision');
  });

  it.each<[string, object, string]>([
    ['nobody', {}, 'missing'],
    ['somebody unknown', { person: 'nobody' }, 'unknown-person'],
    ['a channel there is none', { person: 'x', against: 'pigeon' }, 'unknown-choice'],
    ['a list', { person: ['x'] }, 'not-an-id'],
    ['the name of what every object has', { person: '__proto__' }, 'not-an-id'],
    ['words that are none', { person: 'x', words: { a: 1 } }, 'not-text'],
  ])('of %s is refused', async (_, fields, code) => {
    const id = await app.customer();
    await refused(() => log(id, [{ kind: 'contact-objected', ...fields }]), 400, code);
  });

  it('planted bugs: an objection that is not asked, that ends with its day, that counts before it was said, or is of any channel is seen', () => {
    const word = (kind: string, occurredAt: number, against?: string) => ({ kind, occurredAt, fields: { person: 'ines', ...(against !== undefined && { against }) } });
    const outreach = (occurredAt: number, channel?: string) => ({ kind: 'outreach', occurredAt, people: ['ines'], fields: {}, ...(channel !== undefined && { channel }) });
    const words = [word('contact-objected', 10, 'phone'), word('objection-lifted', 20), word('contact-objected', 30)];
    const cases: [number, string | undefined, boolean][] = [[9, 'phone', true], [10, 'phone', false], [15, 'email', true], [15, undefined, false], [20, 'phone', true], [29, undefined, true], [30, 'email', false], [1e6, 'post', false]];
    const faults = (check: typeof objectionsTo): unknown[] => cases.filter(([at, channel, open]) => (check(outreach(at, channel), () => words, '').length === 0) !== open);
    expect(faults(objectionsTo)).toEqual([]);
    expect(faults(() => [])).not.toEqual([]);
    expect(faults((entry, wordsOf, path) => objectionsTo({ ...entry, occurredAt: entry.occurredAt - 1 }, wordsOf, path))).not.toEqual([]);
    expect(faults((entry, wordsOf, path) => objectionsTo({ ...entry, occurredAt: 1e9 }, wordsOf, path))).not.toEqual([]);
    expect(faults((entry, wordsOf, path) => objectionsTo(entry, (person) => wordsOf(person).map((one) => ({ ...one, fields: {} })), path))).not.toEqual([]);
    expect(faults((entry, wordsOf, path) => objectionsTo({ ...entry, channel: entry.channel ?? 'other' }, wordsOf, path))).not.toEqual([]);
    expect(closedFor(words, 15)).toEqual([{ channel: 'phone', since: 10 }]);
    expect(closedFor(words, 30)).toEqual([{ channel: null, since: 30 }]);
  });
});

it('a consent stands as the last word on its purpose says, with its wording; the texts are sealed', async () => {
  const { id, ines } = await customerWithInes();
  const wording = 'I agree to be named qzxwvk';
  await app.log(id,
    { kind: 'consent-given', person: ines, purpose: 'name-and-quote', scope: 'Our pages', wording, form: 'signed', occurredAt: daysAgo(30) },
    { kind: 'consent-given', person: ines, purpose: 'reference-calls', occurredAt: daysAgo(20) },
    { kind: 'consent-withdrawn', person: ines, purpose: 'name-and-quote', form: 'spoken', occurredAt: daysAgo(10) });
  const answer = await app.read(`customers/${id}/people/${ines}/consents`);
  expect(answer.consents.now.map(({ purpose, state, form }: Json) => [purpose, state, form])).toEqual([['name-and-quote', 'withdrawn', 'spoken'], ['reference-calls', 'given', null]]);
  expect(answer.consents.history[0]).toMatchObject({ state: 'given', scope: 'Our pages', wording, form: 'signed', loggedBy: 'ada' });
  expect((await app.logBytes()).some((bytes) => bytes.includes('qzxwvk'))).toBe(false);
  expect(faultsOf(await app.get(`customers/${id}/people/nobody/consents`), 404, 'unknown-person')).toEqual([]);
  expect(faultsOf(await app.get('customers/nobody/people/nobody/consents'), 404, 'unknown-customer')).toEqual([]);
});

describe('the export of a person', () => {
  let id: string;
  let ines: string;
  let jo: string;
  let ids: Record<'moved' | 'corrected' | 'gone' | 'theirs' | 'retracted' | 'evil', string>;
  const get = (query = ''): Promise<Answer> => app.get(`customers/${id}/people/${ines}/export${query}`);

  beforeAll(async () => {
    ({ id, ines } = await customerWithInes());
    jo = await app.person(id, { name: 'Jo Secret' });
    const added = (await app.read(`customers/${id}/people`)).items[0].addedBy;
    await written(app.put(`customers/${id}/interactions/${added}`, { kind: 'person-added', person: ines, name: 'Ines Morel-Roux', phone: '+49 30 1', roles: ['user'] }, { as: 'ben' }));
    const [corrected, gone, theirs, retracted, evil] = await app.log(id,
      { kind: 'note', summary: 'First', people: [ines], occurredAt: daysAgo(9) },
      { kind: 'note', summary: 'About Ines after all', people: [ines], occurredAt: daysAgo(8) },
      { kind: 'note', summary: 'Of Jo alone', people: [jo], occurredAt: daysAgo(7) },
      { kind: 'reply', summary: 'By mistake', people: [ines], occurredAt: daysAgo(6) },
      { kind: 'objection-raised', reason: '@SUM(1)', summary: '=HYPERLINK("http://evil")', people: [ines], occurredAt: daysAgo(5) },
    );
    await written(app.put(`customers/${id}/interactions/${corrected}`, { kind: 'note', summary: 'Second', people: [ines, jo], occurredAt: daysAgo(9) }));
    await written(app.put(`customers/${id}/interactions/${gone}`, { kind: 'note', summary: 'Was about Jo', people: [jo], occurredAt: daysAgo(8) }));
    await written(app.post(`customers/${id}/interactions/${retracted}/retract`, { reason: 'Was another Ines' }, { as: 'ben' }));
    const from = await app.customer({ name: 'Elsewhere' });
    const [there] = await app.log(from, { kind: 'reply', summary: 'Came here', occurredAt: daysAgo(4) });
    const moved = (await written(app.post(`customers/${from}/interactions/${there}/move`, { to: id, entry: { people: [ines] } }))).entries[0];
    await app.log(id, { kind: 'survey-answered', person: ines, nps: 9, occurredAt: daysAgo(3) }, { kind: 'review', person: ines, stars: 5, occurredAt: daysAgo(2) }, { kind: 'role-given', person: ines, role: 'champion' }, { kind: 'stance-stated', person: ines, stance: 'for' }, { kind: 'decision-opened', side: 'us', what: 'Which', deciders: [ines] });
    await written(app.post('requests', { kind: 'access', customer: id, person: ines, words: 'What do you have?' }));
    ids = { corrected, gone, theirs, retracted, evil, moved } as typeof ids;
  });

  it('has details with every version, every entry in every version, who recorded it, and what follows from it', async () => {
    await app.parts.projector.caughtUp();
    const answer = await get();
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="person-export-\d{4}-\d\d-\d\d\.json"$/);
    const all = answer.json;
    expect(all.details.versions.map(({ name, email, phone, recordedBy }: Json) => [name, email, phone, recordedBy])).toEqual([['Ines Morel', 'ines@example.org', null, 'ada'], ['Ines Morel-Roux', null, '+49 30 1', 'ben']]);
    expect(all.details.now).toEqual(all.details.versions[1]);
    const of = (entry: string): Json[] => all.entries.filter((line: Json) => line.entry === entry);
    expect(of(ids.corrected).map(({ change, summary, inForce }) => [change, summary, inForce])).toEqual([['logged', 'First', false], ['corrected', 'Second', true]]);
    expect(of(ids.gone).map(({ change, summary }) => [change, summary])).toEqual([['logged', 'About Ines after all'], ['no-longer-named', undefined]]);
    expect(of(ids.retracted).map(({ change, recordedBy, reason }) => [change, recordedBy, reason])).toEqual([['logged', 'ada', undefined], ['retracted', 'ben', 'Was another Ines']]);
    expect(of(ids.moved)[0]).toMatchObject({ summary: 'Came here', movedFrom: { interaction: expect.any(String) } });
    expect(of(ids.theirs)).toEqual([]);
    expect(answer.text).not.toContain('Jo Secret');
    expect(answer.text).not.toContain('Was about Jo');
    expect(all).toMatchObject({ derived: { recommends: 'promoter', entriesInForce: 9 }, surveys: [{ nps: 9 }], acts: [{ kind: 'review', stars: 5 }], stances: [{ stance: 'for' }], requests: [{ kind: 'access', words: 'What do you have?' }] });
    expect(all.roles.map(({ role }: Json) => role)).toEqual(['user', 'champion']);
    expect(all.notIncluded.join(' ')).toContain('audit');
  });

  it('as a table has a row for every version, and no cell that a spreadsheet would run', async () => {
    const answer = await get('?format=csv');
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.text.startsWith('\uFEFF')).toBe(true);
    const rows: Json[] = parse(answer.text, { columns: true, bom: true });
    expect(rows).toHaveLength((await get()).json.entries.length);
    const evil = rows.find(({ entry }) => entry === ids.evil)!;
    expect(evil).toMatchObject({ summary: '\'=HYPERLINK("http://evil")', reason: "'@SUM(1)", change: 'logged', inForce: 'yes', recordedBy: 'ada' });
    expect(rows.flatMap((row) => Object.values<string>(row)).filter((cell) => /^[=+\-@\t\r\n]/.test(cell))).toEqual([]);
    expect(JSON.parse(rows.find(({ kind }) => kind === 'review')!['fields'])).toMatchObject({ person: ines, stars: 5 });
  });

  it('is read in pages, however many entries there are, and holds them all', async () => {
    const { id: large, ines: her } = await customerWithInes();
    for (let page = 0; page < 12; page += 1) await app.log(large, ...Array.from({ length: 50 }, (_, n) => ({ kind: 'note', summary: `${page}-${n}`, people: [her] })));
    const { json } = await app.get(`customers/${large}/people/${her}/export`);
    expect(new Set(json.entries.flatMap(({ summary }: Json) => summary ?? [])).size).toBe(600);
    expect((await app.get(`customers/${large}/people/${her}/export?format=csv`)).text.trim().split('\n')).toHaveLength(602);
  });

  it('of nobody, of somebody elsewhere, or in another format, is refused', async () => {
    expect(faultsOf(await app.get('customers/nobody/people/nobody/export'), 404, 'unknown-customer')).toEqual([]);
    const other = await app.customer();
    expect(faultsOf(await app.get(`customers/${other}/people/${ines}/export`), 404, 'unknown-person')).toEqual([]);
    expect(faultsOf(await get('?format=xml'), 400, undefined, 'format')).toEqual([]);
    expect(faultsOf(await get('?format=csv&more=1'), 400)).toEqual([]);
  });

  it('planted bugs: a version, a retraction or another’s text that slips is seen', () => {
    const event = (type: string, id: string, revision: number, data: object): Json => ({ type, id, revision, recordedAt: revision, metadata: { actor: 'ada' }, data });
    const entry = (people: string[], summary: string, more: object = {}): object => ({ kind: 'note', occurredAt: 0, side: 'us', people, summary, fields: {}, ...more });
    const history = [event('InteractionLogged', 'a', 0, entry(['ines'], '1')), event('InteractionCorrected', 'b', 1, entry(['jo'], '2', { original: 'a' })), event('InteractionRetracted', 'c', 2, { original: 'a', reason: '3' }), event('InteractionLogged', 'd', 3, entry(['ines'], '4')), event('InteractionRetracted', 'e', 4, { original: 'd', reason: '5' })];
    type Read = typeof linesAbout;
    const told = (lines: Read): string => {
      const read = lines('ines', () => true);
      return history.flatMap((one) => read(one, () => ({ data: one.data, erased: [] })) ?? []).map(({ change, summary, reason }) => `${change} ${(summary ?? reason ?? '') as string}`).join(', ');
    };
    const right = 'logged 1, no-longer-named , logged 4, retracted 5';
    expect(told(linesAbout)).toBe(right);
    const skipping = (type: string): Read => (person, isInForce) => { const read = linesAbout(person, isInForce); return (one, open) => (one.type === type ? undefined : read(one, open)); };
    for (const type of ['InteractionLogged', 'InteractionCorrected', 'InteractionRetracted']) expect(told(skipping(type))).not.toBe(right);
    const everybody: Read = (person, isInForce) => { const read = linesAbout(person, isInForce); return (one, open) => read({ ...one, data: { ...(one.data as object), people: ['ines'] } }, open); };
    expect(told(everybody)).not.toBe(right);
  });
});

describe('the register of requests', () => {
  const receive = (body: object, options: object = {}): Promise<Answer> => app.post('requests', body, options);
  const one = async (id: string): Promise<Json> => (await app.read('requests?limit=200')).items.find((item: Json) => item.id === id);

  it('says by when a request is to be answered, and who asked, sealed', async () => {
    const { id } = await written(receive({ kind: 'access', who: 'qjxvbz@example.org', words: 'What do you have?', receivedAt: '2026-03-02' }));
    expect(await one(id)).toMatchObject({ kind: 'access', who: 'qjxvbz@example.org', words: 'What do you have?', customer: null, person: null, receivedAt: '2026-03-02T00:00:00.000Z', dueAt: '2026-04-01T00:00:00.000Z', overdue: true, extended: null, notes: [], closed: null, recordedBy: 'ada' });
    expect((await app.logBytes()).some((bytes) => bytes.includes('qjxvbz'))).toBe(false);
    expect(await written(receive({ kind: 'access', who: 'A' }, { key: 'r-1' }))).toMatchObject({ repeated: false });
    expect(await written(receive({ kind: 'access', who: 'A' }, { key: 'r-1' }))).toMatchObject({ repeated: true });
  });

  it('lists overdue ones first, then those that fall due, then closed ones; page by page', async () => {
    const made: string[] = [];
    for (const days of [5, 50, 1, 40]) made.push((await written(receive({ kind: 'erasure', who: `${days}`, receivedAt: daysAgo(days) }))).id);
    await written(app.patch(`requests/${made[1]}`, { outcome: 'done', done: 'Erased' }));
    const list = await app.read('requests?limit=200');
    const mine = list.items.filter(({ id }: Json) => made.includes(id));
    expect(mine.map(({ id }: Json) => made.indexOf(id))).toEqual([3, 0, 2, 1]);
    expect(list.items.map(({ overdue }: Json) => overdue).lastIndexOf(true)).toBe(list.overdue - 1);
    expect(list.open).toBe(list.items.filter(({ closed }: Json) => closed === null).length);
    const paged: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await app.read(`requests?limit=2${cursor}`);
      paged.push(...page.items.map(({ id }: Json) => id));
      if (page.next === null) break;
      cursor = `&cursor=${page.next}`;
    }
    expect(paged).toEqual(list.items.map(({ id }: Json) => id));
    expect((await app.read('requests?open=false&limit=200')).items.every(({ closed }: Json) => closed !== null)).toBe(true);
  });

  it('is extended once, with a reason; takes notes; and is closed for good', async () => {
    const { id, ines } = await customerWithInes();
    const { id: request } = await written(receive({ kind: 'rectification', customer: id, person: ines, receivedAt: '2026-03-02' }));
    const change = (body: object, options: object = {}): Promise<Answer> => app.patch(`requests/${request}`, body, options);
    await refused(() => change({ extendTo: '2026-05-01' }), 400, 'missing', 'reason');
    await refused(() => change({ extendTo: '2026-08-01', reason: 'Long' }), 400, 'out-of-bounds', 'extendTo');
    await refused(() => change({ extendTo: '2026-03-15', reason: 'Earlier' }), 400, 'out-of-bounds', 'extendTo');
    const answer = await change({ note: 'Asked who she is', extendTo: '2026-05-01', reason: 'Much to read' }, { ifMatch: '"0"' });
    expect(answer.headers['etag']).toBe('"2"');
    await refused(() => change({ extendTo: '2026-05-20', reason: 'Again' }), 409, 'extended-already');
    await refused(() => change({ outcome: 'done' }), 400, 'missing', 'done');
    await refused(() => change({ done: 'x' }), 400, 'missing', 'outcome');
    await refused(() => change({}), 400, 'missing', 'note');
    await written(change({ outcome: 'partly', done: 'Name put right' }));
    await refused(() => change({ note: 'More' }), 409, 'closed-already');
    expect(await one(request)).toMatchObject({ person: { id: ines, name: 'Ines Morel' }, dueAt: '2026-05-01T00:00:00.000Z', overdue: false, extended: { reason: 'Much to read', by: 'ada' }, notes: [{ note: 'Asked who she is' }], closed: { outcome: 'partly', done: 'Name put right' } });
  });

  it('goes by the setting', async () => {
    await written(app.patch('settings', { values: { requestDueDays: 10 }, reason: 'Our promise' }));
    const { id } = await written(receive({ kind: 'portability', who: 'B', receivedAt: '2026-03-02' }));
    expect((await one(id)).dueAt).toBe('2026-03-12T00:00:00.000Z');
  });

  it.each<[string, object, string, string?]>([
    ['another right', { kind: 'revenge', who: 'x' }, '', 'kind'],
    ['nobody', { kind: 'access' }, 'missing', 'who'],
    ['a person of nobody', { kind: 'access', person: 'x' }, 'missing', 'customer'],
    ['a customer there is none', { kind: 'access', customer: 'x', person: 'x' }, 'unknown-customer', 'customer'],
    ['tomorrow', { kind: 'access', who: 'x', receivedAt: '2199-01-01' }, 'in-the-future', 'receivedAt'],
    ['no day', { kind: 'access', who: 'x', receivedAt: 'soon' }, 'not-a-date', 'receivedAt'],
    ['what is no text', { kind: 'access', who: { a: 1 } }, '', 'who'],
    ['an unknown field', { kind: 'access', who: 'x', dueAt: '2026-01-01' }, '', 'dueAt'],
    ['a hundred thousand letters', { kind: 'access', who: 'x', words: 'a'.repeat(100_000) }, '', 'words'],
  ])('refuses a request of %s', async (_, body, code, field) => {
    const before = await app.eventsInLog();
    expect(faultsOf(await receive(body), 400, code === '' ? undefined : code, field)).toEqual([]);
    expect(await app.eventsInLog()).toBe(before);
  });

  it('refuses what is not there, and cursors that are none', async () => {
    await refused(() => app.patch('requests/nobody', { note: 'x' }), 404, 'unknown-request');
    await refused(() => app.get('requests?cursor=x'), 400, 'not-a-cursor', 'cursor');
    await refused(() => app.get(`requests?cursor=${Buffer.from('["a",{},3]').toString('base64url')}`), 400, 'not-a-cursor', 'cursor');
  });
});
