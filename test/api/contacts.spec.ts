/** Ways to reach a person come out nowhere for a leader to whom they were not granted: looked for over every read of the API. */
import { KINDS, type Field } from '../../src/customers/catalogue.js';
import { TestApp, written, type Json } from './app.js';
import { withAccount, type Headers } from './parties.js';

const CANARY = { email: 'kanarie-zq71', phone: '+49 5551 887766', earlier: 'kolibri-zq72', retracted: 'zeisig-zq73', moved: 'pirol-zq74' };
/** As they are looked for in what is answered, and searched for. */
const CANARIES = ['kanarie', '887766', 'kolibri', 'zeisig', 'pirol'];

let app: TestApp;
let leader: Headers;
let granted: Headers;
let service: Headers;
let at: string;
let ids: Record<string, string>;
/** Every read by its path, with the names of what its query takes. */
let reads: Record<string, string[]>;

beforeAll(async () => {
  app = await TestApp.withAda();
  leader = await withAccount(app, 'lea', 'leader');
  granted = await withAccount(app, 'lou', 'leader', { contacts: true });
  service = await withAccount(app, 'sam', 'service');
  at = await app.customer({ name: 'Morel & Fils', owner: 'ada', source: 'crm', sourceId: 'C-1' });
  const person = await app.person(at, { name: 'Ines Morel', email: `${CANARY.email}@example.org`, phone: CANARY.phone, roles: ['decider'] });
  const { items: [{ addedBy }] } = await app.read(`customers/${at}/people`);
  // Corrected, retracted and moved: every version is somewhere.
  await written(app.put(`customers/${at}/interactions/${addedBy}`, { kind: 'person-added', name: 'Ines Morel', email: `${CANARY.earlier}@example.org`, phone: CANARY.phone }));
  await written(app.put(`customers/${at}/interactions/${addedBy}`, { kind: 'person-added', name: 'Ines Morel', email: `${CANARY.email}@example.org`, phone: CANARY.phone, source: 'crm', sourceId: 'P-1' }));
  const [gone, going] = await app.log(at, { kind: 'person-added', name: 'Jo', email: `${CANARY.retracted}@example.org` }, { kind: 'person-added', name: 'Kim', phone: `${CANARY.moved} 4` });
  await written(app.post(`customers/${at}/interactions/${gone}/retract`, {}));
  const elsewhere = await app.customer({ name: 'Elsewhere', owner: 'lea' });
  await written(app.post(`customers/${at}/interactions/${going}/move`, { to: elsewhere }));
  const [issue] = await app.log(at, { kind: 'issue-opened', severity: 1, people: [person], summary: 'Stands still' }, { kind: 'step-planned', due: '2026-01-01', people: [person] }, { kind: 'reply', people: [person], summary: 'They wrote' }, { kind: 'survey-answered', nps: 9, person });
  await app.parts.projector.caughtUp();
  ids = { id: at, person, interaction: addedBy, name: 'advocacy-rate', issue: issue! };
  const document: Json = (await app.raw('GET', '/api/openapi.json')).json;
  reads = Object.fromEntries(Object.entries<Json>(document.paths).filter(([, methods]) => methods.get !== undefined).map(([path, methods]) => [path, (methods.get.parameters ?? []).filter((one: Json) => one.in === 'query').map((one: Json) => one.name)]));
});
afterAll(() => app.remove());

/** Every read, with the ids of the world in its path: as it is, and with each canary where it takes words. */
function asked(): string[] {
  return Object.entries(reads).flatMap(([path, takes]) => {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => ids[name] ?? 'none');
    if (takes.includes('seconds')) return [`${filled}?seconds=1`];
    const words = takes.filter((name) => name === 'q' || name === 'text').flatMap((name) => CANARIES.map((canary) => `${name}=${canary}`));
    const others = [...(takes.includes('sourceId') ? ['source=crm&sourceId=C-1', 'source=crm&sourceId=P-1'] : []), ...(takes.includes('originals') ? ['originals=true&limit=200'] : [])];
    return [filled, ...[...words, ...others].map((query) => `${filled}?${query}`)];
  });
}

/** Answers in which a canary stands. */
async function shown(headers: Headers): Promise<string[]> {
  const found: string[] = [];
  for (const url of asked()) {
    const { status, text } = await app.raw('GET', url, headers);
    if (status >= 500 && status !== 503) throw new Error(`${url}: ${status} ${text}`);
    // A refusal may repeat what was asked.
    if (status < 300 && CANARIES.some((canary) => text.includes(canary))) found.push(url);
  }
  return found;
}

const foundBy = async (headers: Headers): Promise<number[]> =>
  Promise.all(CANARIES.slice(0, 2).flatMap((canary) => [`/api/v1/search?q=${canary}`, `/api/v1/customers/${at}/timeline?text=${canary}`].map(async (url) => {
    const { json } = await app.raw('GET', url, headers);
    return (json.entries ?? json.items).filter(({ type }: Json) => type !== 'ring-change').length;
  })));

it('a leader without the grant sees them nowhere', async () => {
  expect(Object.keys(reads).length).toBeGreaterThan(25);
  expect(await shown(leader)).toEqual([]);
});

it('whoever may see them does, so they are where the test looks', async () => {
  const places = [`/api/v1/customers/${at}/people`, `/api/v1/customers/${at}/timeline`, `/api/v1/customers/${at}/timeline?originals=true&limit=200`, `/api/v1/customers/${at}/interactions/${ids['interaction']}`, `/api/v1/customers/${at}/interactions?source=crm&sourceId=P-1`, '/api/v1/interactions?source=crm&sourceId=P-1', '/api/v1/search?q=kanarie'];
  for (const headers of [service, granted]) {
    const answers = await Promise.all(places.map((place) => app.raw('GET', place, headers)));
    expect(answers.map(({ text }) => CANARIES.some((canary) => text.includes(canary)))).toEqual(places.map(() => true));
  }
});

it('they are said to be hidden, and the rest stays', async () => {
  const { json: { items: [ines] } } = await app.raw('GET', `/api/v1/customers/${at}/people`, leader);
  expect(ines).toMatchObject({ id: ids['person'], name: 'Ines Morel', email: null, phone: null, hidden: ['email', 'phone'] });
  const { json: entry } = await app.raw('GET', `/api/v1/customers/${at}/interactions/${ids['interaction']}`, leader);
  expect(entry).toMatchObject({ kind: 'person-added', name: 'Ines Morel', hidden: ['email', 'phone'] });
  expect(entry.versions.map(({ hidden }: Json) => hidden)).toEqual([['email', 'phone'], ['email', 'phone'], ['email', 'phone']]);
  expect((await app.raw('GET', `/api/v1/customers/${at}/people`, service)).json.items[0]).not.toHaveProperty('hidden');
});

it('nobody is found by what they may not see', async () => {
  expect(await foundBy(leader)).toEqual([0, 0, 0, 0]);
  expect(await foundBy(service)).toEqual([1, 1, 1, 1]);
  const byName = await app.raw('GET', '/api/v1/search?q=ines', leader);
  expect(byName.json.people).toHaveLength(1);
});

it('the grant shows at once, and so does its end', async () => {
  const seen = async (): Promise<unknown> => (await app.raw('GET', `/api/v1/customers/${at}/people`, leader)).json.items[0].email;
  const grant = (contacts: boolean) => written(app.patch('accounts/lea', { contacts }));
  await grant(true);
  expect(await seen()).toBe(`${CANARY.email}@example.org`);
  await grant(false);
  expect(await seen()).toBeNull();
});

it('planted bug: a field that nobody marked as a way to reach a person is found', async () => {
  const email = KINDS['person-added'].fields.email as { contact?: Field['contact'] };
  delete email.contact;
  try {
    expect((await shown(leader)).length).toBeGreaterThan(4);
  } finally {
    email.contact = true;
  }
});
