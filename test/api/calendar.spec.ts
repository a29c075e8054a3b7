/** Contracts ahead with all that was said about them, and the calendar: whose it is, by which key it opens, and what is not in it. */
import { TestApp, written, type Json } from './app.js';
import { casesRefused } from './refused.js';

const daysFrom = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
const dayOf = (instant: string): string => instant.slice(0, 10).replaceAll('-', '');

let app: TestApp;
let customer: string;
let ada: Record<string, string>;
const [END, STEP, NEEDED, PROMISED] = [daysFrom(60), daysFrom(5), daysFrom(20), daysFrom(9)];
beforeAll(async () => {
  app = await TestApp.withAda();
  await app.colleague('ben', { department: 'sales' });
  ada = await app.signedIn('ada', 'account-manager');
  await app.signedIn('ben', 'administrator');
  customer = await app.customer({ name: 'Morel, Fils; Söhne', owner: 'ada' });
  const person = await app.person(customer, { name: 'Ines Geheim', roles: ['decider'] });
  const [decision] = await app.log(customer, { kind: 'decision-opened', side: 'customer', what: 'Which oven', deciders: [person], occurredAt: daysFrom(-400) }, { kind: 'decision-closed', side: 'customer', about: '#0', outcome: 'us', occurredAt: daysFrom(-380) });
  await app.log(customer, { kind: 'purchase', offering: 'plan', decision, start: daysFrom(-305), end: END, noticeDays: 30, amount: 120_000, currency: 'EUR', wouldChooseAgain: 'unsure', occurredAt: daysFrom(-370) });
  await app.log(customer, { kind: 'alternative-considered', alternative: 'A second-hand oven', occurredAt: daysFrom(-10) }, { kind: 'step-planned', who: 'ada', due: STEP, summary: 'Ring Ines about her knee', occurredAt: daysFrom(-3) }, { kind: 'decision-opened', side: 'us', what: 'Stay with us', neededBy: NEEDED, occurredAt: daysFrom(-2) });
  await app.parts.projector.caughtUp();
});
afterAll(() => app.remove());

describe('contracts ahead', () => {
  const contract = async (): Promise<Json> => (await app.read('contracts-ahead?owner=ada')).items[0];

  it('say when they end and by when notice must be given, what was decided, and what else was looked at', async () => {
    expect(await contract()).toMatchObject({
      what: 'notice', offering: 'plan', end: END, noticeDays: 30, noticeBy: new Date(Date.parse(END) - 30 * 86_400_000).toISOString(), renews: 'no', money: { amount: 120_000, currency: 'EUR' },
      wouldChooseAgain: { answer: 'unsure' },
      decisions: [{ what: 'Which oven', outcome: 'us' }, { what: 'Stay with us', neededBy: NEEDED, closedAt: null, outcome: null }],
      alternatives: [{ alternative: 'A second-hand oven' }],
    });
  });

  it('the last answer counts, and a retracted one no longer', async () => {
    const { entries: [later] } = await written(app.post(`customers/${customer}/interactions`, { entries: [{ kind: 'expansion', amount: 130_000, currency: 'EUR', wouldChooseAgain: 'yes', occurredAt: daysFrom(-1) }] }));
    expect((await contract()).wouldChooseAgain).toMatchObject({ answer: 'yes', entry: later });
    await written(app.post(`customers/${customer}/interactions/${later}/retract`, {}));
    expect((await contract()).wouldChooseAgain).toMatchObject({ answer: 'unsure' });
  });
});

describe('the calendar', () => {
  const key = async (scopes: readonly string[], as = ada): Promise<Json> => written(app.post('keys', { label: 'calendar', scopes }, { as: null, headers: as }));
  const feed = (token: string) => app.raw('GET', `/api/v1/calendar.ics?key=${token}`, { authorization: '' });

  it('opens by a key in its address that is for the calendar alone, for whose key it is', async () => {
    await app.log(customer, { kind: 'promise-made', what: 'A new manual', due: PROMISED, owner: 'ada', occurredAt: daysFrom(-1) });
    await app.parts.projector.caughtUp();
    const { token } = await key(['calendar']);
    const answer = await feed(token);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8']);
    const lines = answer.text.replaceAll('\r\n ', '').split('\r\n');
    const events = lines.flatMap((line, index) => (line.startsWith('SUMMARY:') ? [`${lines[index - 2]!.split(':')[1]} ${line.slice(8)}`] : []));
    const name = 'Morel\\, Fils\\; Söhne';
    expect(events).toEqual([`${dayOf(STEP)} Step due: ${name}`, `${dayOf(PROMISED)} Promise due: ${name}`, `${dayOf(NEEDED)} Decision needed: ${name}`, `${dayOf(new Date(Date.parse(END) - 30 * 86_400_000).toISOString())} Last day to give notice: ${name}`, `${dayOf(END)} Contract ends: ${name}`]);
    expect(answer.text).not.toMatch(/Ines|knee|Which oven|Stay with us|manual/);
    expect((await feed(token)).text.match(/^UID:.*/gm)).toEqual(answer.text.match(/^UID:.*/gm));
    const other = await key(['calendar'], await app.signedIn('ben'));
    expect((await feed(other.token)).text).not.toContain('VEVENT');
  });

  it('what was done, kept or closed is no longer in it', async () => {
    const { token } = await key(['calendar']);
    const { items } = await app.read('steps?who=ada');
    await app.log(customer, { kind: 'step-done', about: items[0].id });
    await app.parts.projector.caughtUp();
    expect((await feed(token)).text).not.toContain('Step due');
  });

  it('what somebody was asked for has its day, until they answer by an act or a no', async () => {
    const { token } = await key(['calendar']);
    const { items: [person] } = await app.read(`customers/${customer}/people`);
    await app.log(customer, { kind: 'consent-given', person: person.id, purpose: 'reference-calls', occurredAt: daysFrom(-1) });
    const { entry, id, entries } = await written(app.post(`customers/${customer}/asks`, { person: person.id, act: 'reference', wording: 'Would you take a call from a mill?', due: STEP }));
    await app.parts.projector.caughtUp();
    expect((await feed(token)).text).toContain('SUMMARY:Asked to stand up for us');
    expect((await feed(token)).text).not.toMatch(/Ines|mill/);
    await written(app.post(`customers/${customer}/asks/${entry ?? entries?.[0] ?? id}/declined`, {}));
    await app.parts.projector.caughtUp();
    expect((await feed(token)).text).not.toContain('Asked to stand up');
  });

  it('closes when the key is revoked, and when the account is', async () => {
    const { id, token } = await key(['calendar']);
    await app.raw('DELETE', `/api/v1/keys/${id}`, ada);
    expect((await feed(token)).status).toBe(401);
    const another = await key(['calendar']);
    await written(app.patch('accounts/ada', { enabled: false }, { as: 'ben' }));
    expect((await feed(another.token)).status).toBe(401);
    await written(app.patch('accounts/ada', { enabled: true }, { as: 'ben' }));
    expect((await feed(another.token)).status).toBe(200);
    // Their sessions ended with it.
    ada = await app.signedIn('ada', 'account-manager');
  });

  it('no wider key opens it by its address, and its key opens nothing else', async () => {
    const [wide, narrow] = [await key(['calendar', 'read']), await key(['calendar'])];
    expect((await feed(wide.token)).status).toBe(401);
    expect((await app.raw('GET', '/api/v1/calendar.ics', { authorization: `Bearer ${wide.token}` })).status).toBe(200);
    expect((await app.raw('GET', '/api/v1/portfolio', { authorization: `Bearer ${narrow.token}` })).status).toBe(403);
    expect((await app.raw('GET', `/api/v1/portfolio?key=${narrow.token}`, { authorization: '' })).status).toBe(401);
  });

  it('who read it stands in the audit, the key does not', async () => {
    const { token } = await key(['calendar']);
    await feed(token);
    const { text } = await app.get('audit?limit=200');
    expect(text).toContain('calendar.ics');
    expect(text).not.toContain(token);
  });
});

describe('bad input', () => {
  casesRefused(() => app, [
    ['a key that is none', () => app.raw('GET', '/api/v1/calendar.ics?key=abc', { authorization: '' }), 401, 'sign-in-first'],
    ['two keys', () => app.raw('GET', `/api/v1/calendar.ics?key=fr_${'a'.repeat(43)}&key=fr_${'b'.repeat(43)}`, { authorization: '' }), 401, 'sign-in-first'],
    ['nobody', () => app.raw('GET', '/api/v1/calendar.ics', { authorization: '' }), 401, 'sign-in-first'],
    ['an operator for nobody', () => app.get('calendar.ics'), 400, 'no-colleague'],
    ['contracts of no days', () => app.get('contracts-ahead?days=0'), 400, undefined, 'days'],
  ]);
});
