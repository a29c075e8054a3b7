/**
 * Who may do what, said here in words, and asked of the server for every route, everybody who may ask, every customer and entry.
 * The words are not read from the table of the sources: a mistake there is one here only when it was made twice.
 */
import { customer, customerStream } from '../../src/customers/customer.js';
import { Principals } from '../../src/access/principals.reader.js';
import { Rights } from '../../src/access/rights.reader.js';
import { ACCOUNT_ROLES, SCOPES, type AccountRole, type Principal, type Scope } from '../../src/access/roles.js';
import { OPEN_ROUTES, ROUTES, type Row } from '../../src/access/route-table.js';
import { Sessions } from '../../src/access/sessions.writer.js';
import { API, TestApp, written, type Answer, type Json } from './app.js';
import { NOBODY, oneOfEach, sessionLeft, signedIn, withAccount, withKey, type Headers } from './parties.js';
import { routesOf } from './routes.js';
import { LINES, NO_KEY, type Line, type Verdict } from './who-may.js';

/** Pages of the documentation, beside those named. */
const isPageOfDocs = (route: string): boolean => /^GET \/api\/docs\//.test(route);

/** Where the words, the table of the sources and the router do not speak of the same routes. */
function undeclared(router: readonly string[], rows: Readonly<Record<string, Row>>, open: Iterable<string>, lines: readonly Line[]): string[] {
  const known = new Set(router.filter((route) => !isPageOfDocs(route)));
  const said = new Set(lines.map(({ route }) => route));
  const byAnyone = new Set(lines.filter(({ scope }) => scope === '-').map(({ route }) => route));
  const rowed = new Set([...Object.keys(rows), ...open]);
  return [
    ...[...known].filter((route) => !said.has(route)).map((route) => `${route}: say in who-may.ts who may`),
    ...[...said].filter((route) => !known.has(route)).map((route) => `${route}: is in who-may.ts, and no route`),
    // What the guard never sees (the documents and the way to them) has no row.
    ...[...known].filter((route) => !rowed.has(route) && !(byAnyone.has(route) && !route.includes('/api/v1/') && !/health/.test(route))).map((route) => `${route}: has no row`),
    ...[...rowed].filter((route) => !known.has(route)).map((route) => `${route}: has a row, and is no route`),
    ...[...open].filter((route) => !byAnyone.has(route)).map((route) => `${route}: is open, and who-may.ts does not say so`),
    ...lines.filter(({ route }, index) => lines.findIndex((other) => other.route === route) !== index).map(({ route }) => `${route}: stands twice in who-may.ts`),
  ];
}

// ---- the world --------------------------------------------------------------------------------------------

const RELATIONS = ['own', 'team', 'nobody’s', 'another’s'] as const;
type Relation = (typeof RELATIONS)[number];
const AUTHORS = ['own entry', 'another’s entry'] as const;
type Author = (typeof AUTHORS)[number];

interface Place {
  readonly relation: Relation;
  readonly customer: string;
  readonly entries: Readonly<Record<Author, string>>;
}

let app: TestApp;
let sessions: Record<AccountRole, Headers>;
const places = {} as Record<AccountRole, Place[]>;
const keys = {} as Record<Scope, Headers>;
/** Those who may not enter: nobody, one whose account is disabled, one who no longer works here. */
const outside: Record<string, Headers> = { 'signed out': NOBODY };

async function noteBy(who: string, at: string): Promise<string> {
  return (await written(app.post(`customers/${at}/interactions`, { entries: [{ kind: 'note', summary: 'Seen' }] }, { as: who }))).entries[0];
}

beforeAll(async () => {
  app = await TestApp.withAda();
  sessions = await oneOfEach(app);
  await withAccount(app, 'mia', 'account-manager');
  const common = { 'nobody’s': await app.customer({ name: 'Nobody’s' }), 'another’s': await app.customer({ name: 'Another’s', owner: 'mia' }) };
  const anothers = { 'nobody’s': await noteBy('mia', common['nobody’s']), 'another’s': await noteBy('mia', common['another’s']) };
  for (const role of ACCOUNT_ROLES) {
    const own = await app.customer({ name: `Own of ${role}`, owner: role });
    const team = await app.customer({ name: `Team of ${role}`, owner: 'mia', team: [role] });
    places[role] = [
      { relation: 'own', customer: own, entries: { 'own entry': await noteBy(role, own), 'another’s entry': await noteBy('mia', own) } },
      { relation: 'team', customer: team, entries: { 'own entry': await noteBy(role, team), 'another’s entry': await noteBy('mia', team) } },
      ...(['nobody’s', 'another’s'] as const).map((relation) => ({ relation, customer: common[relation], entries: { 'own entry': '', 'another’s entry': anothers[relation] } })),
    ];
    places[role] = await Promise.all(places[role].map(async (place) => (place.entries['own entry'] === '' ? { ...place, entries: { ...place.entries, 'own entry': await noteBy(role, place.customer) } } : place)));
  }
  for (const scope of SCOPES) keys[scope] = await withKey(app, sessions.administrator, [scope]);
  for (const colleague of ['gone', 'retired']) {
    outside[`${colleague}, signed in before`] = await withAccount(app, colleague, 'administrator');
    outside[`${colleague}, by an API key`] = await withKey(app, outside[`${colleague}, signed in before`]!, SCOPES);
  }
  await written(app.patch('accounts/gone', { enabled: false }));
  await written(app.patch('colleagues/retired', { active: false }));
  // Even where a session were left or came to be: it opens nothing.
  for (const colleague of ['gone', 'retired']) outside[`${colleague}, with a session left`] = await sessionLeft(app, colleague);
  await app.parts.projector.caughtUp();
});
afterAll(() => app.remove());

// ---- asking -----------------------------------------------------------------------------------------------

const LATER = new Date(Date.now() + 30 * 86_400_000).toISOString();

/** A body that would be taken, of routes that take one. `place` is where it is asked. */
const BODIES: Readonly<Record<string, (place: Place) => object>> = {
  'POST /api/v1/customers': () => ({ name: 'New' }),
  'PATCH /api/v1/customers/:id': () => ({ owner: 'ada' }),
  'POST /api/v1/customers/:id/people': () => ({ name: 'Ines' }),
  'POST /api/v1/customers/:id/interactions': () => ({ entries: [{ kind: 'note', summary: 'Written' }] }),
  'PUT /api/v1/customers/:id/interactions/:interaction': () => ({ kind: 'note', summary: 'Mended' }),
  'POST /api/v1/customers/:id/interactions/:interaction/retract': () => ({}),
  'POST /api/v1/customers/:id/interactions/:interaction/move': () => ({ to: places['account-manager'].find(({ relation }) => relation === 'nobody’s')!.customer, entry: { summary: 'Moved' } }),
  'POST /api/v1/customers/:id/snooze': () => ({ until: LATER, reason: 'Away' }),
  'POST /api/v1/handovers': ({ customer: id }) => ({ customers: [id], to: 'ada' }),
  'POST /api/v1/handovers/acknowledge': ({ customer: id }) => ({ customers: [id] }),
  'PUT /api/v1/session/password': () => ({ old: 'not the one', password: 'eleven blue bicycles' }),
  'POST /api/v1/keys': () => ({ label: 'Another', scopes: ['read'] }),
  'POST /api/v1/accounts': () => ({ id: 'mia', role: 'administrator' }),
  'PATCH /api/v1/accounts/:id': () => ({ role: 'administrator' }),
  'POST /api/v1/colleagues': () => ({ id: 'new', name: 'New', department: 'sales' }),
  'PATCH /api/v1/colleagues/:id': () => ({ department: 'sales' }),
  'POST /api/v1/customers/:id/erase': ({ customer: id }) => ({ reason: 'Asked for it', confirm: id }),
  'POST /api/v1/customers/:id/people/:person/erase': () => ({ reason: 'Asked for it' }),
  'POST /api/v1/customers/:id/interactions/:interaction/erase-text': () => ({ reason: 'A password' }),
  'POST /api/v1/colleagues/:id/erase': () => ({ reason: 'Asked for it' }),
  'POST /api/v1/log': () => ({ kind: 'change-made', what: 'This', why: 'That' }),
};

/** Where a body must be refused for what it says, so that those who may write nothing either. */
const SPOILT: Readonly<Record<string, (place: Place) => object>> = {
  'POST /api/v1/customers/:id/erase': () => ({}),
  'POST /api/v1/customers/:id/people/:person/erase': () => ({}),
  'POST /api/v1/customers/:id/interactions/:interaction/erase-text': () => ({}),
  'POST /api/v1/colleagues/:id/erase': () => ({}),
  'PUT /api/v1/session/password': () => ({}),
  'POST /api/v1/keys': () => ({}),
  'POST /api/v1/accounts': () => ({}),
  'PATCH /api/v1/accounts/:id': () => ({}),
  'POST /api/v1/handovers': ({ customer: id }) => ({ customers: [id], to: 'nobody-at-all' }),
  'POST /api/v1/customers/:id/interactions/:interaction/move': ({ customer: id }) => ({ to: id }),
};

/** What makes a read end at once that would go on. */
const QUERIES: Readonly<Record<string, string>> = { 'GET /api/v1/live': '?since=nowhere' };

interface Cell {
  readonly line: Line;
  readonly place: Place;
  readonly author: Author;
}

/** The cells of a route for a role: one, or one for each sort of customer, or of customer and entry. */
function cellsOf(line: Line, role: AccountRole): Cell[] {
  const { route } = line;
  const [anywhere] = places[role];
  if (!route.includes('/customers/:id') && !route.includes('/handovers')) return [{ line, place: anywhere!, author: 'own entry' }];
  return places[role].flatMap((place) => (route.includes(':interaction') ? AUTHORS : AUTHORS.slice(0, 1)).map((author) => ({ line, place, author })));
}

/** Sends what the cell is about. Who may is given a reason to be refused later on, so that nothing is written: a revision that nobody has seen. */
async function ask({ line: { route }, place, author }: Cell, headers: Headers, may: boolean): Promise<Answer> {
  const [method, pattern] = route.split(' ') as [string, string];
  const isCustomer = pattern.includes('/customers/:id');
  // Ends the session that it is asked with.
  if (route === 'DELETE /api/v1/session' && headers['cookie'] !== undefined) headers = await sessionLeft(app, 'service');
  const path = (pattern + (QUERIES[route] ?? '')).replace('/*', '/nothing-here').replace(':id', isCustomer ? place.customer : /colleagues|accounts/.test(pattern) ? 'mia' : 'none').replace(':interaction', place.entries[author]).replace(':name', 'advocacy-rate').replaceAll(/:\w+/g, 'none');
  const body = method === 'GET' || method === 'DELETE' ? undefined : ((may ? SPOILT[route] : undefined) ?? BODIES[route] ?? (() => ({})))(place);
  return app.raw(method, path, { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }), ...(may && method !== 'GET' && { 'if-match': '"999999"' }) }, body === undefined ? undefined : JSON.stringify(body));
}

function may(verdict: Verdict, { relation }: Place, author: Author): boolean {
  switch (verdict) {
    case 'may':
    case 'anyone':
      return true;
    case 'may not':
      return false;
    case 'theirs':
      return relation !== 'another’s';
    case 'owned':
      return relation === 'own';
    case 'own entry':
      return author === 'own entry';
  }
}

/** What is wrong with an answer to somebody who may, or may not; undefined when nothing is. */
function wrong(answer: Answer, expected: 'passes' | 401 | 403, isOpen = false): string | undefined {
  // Pages that are built beside the server are not there while it is tested.
  if (answer.status === 503 && answer.text.startsWith('<!doctype html>')) return undefined;
  if (answer.status >= 500) return `${answer.status}: ${answer.text}`;
  // Whoever signs in may be refused for what they show; that is not the door's.
  const refused = (answer.status === 401 || answer.status === 403) && (!isOpen || ['sign-in-first', 'no-right', 'not-in-scope'].includes(answer.json?.code));
  if (expected === 'passes') return refused ? `is refused: ${answer.text}` : undefined;
  if (answer.status !== expected) return `is not refused by ${expected}: ${answer.status} ${answer.text.slice(0, 200)}`;
  return typeof answer.json?.code === 'string' && String(answer.json?.detail).length > 15 ? undefined : `is refused without a word: ${answer.text}`;
}

const inLog = async (): Promise<string> => String(await app.parts.store.head());

/** Everything that the views hold. */
async function viewed(): Promise<string> {
  await app.parts.projector.caughtUp();
  return JSON.stringify(await Promise.all(['portfolio?limit=200', 'handovers', 'colleagues', 'issues', 'steps'].map(async (path) => (await app.get(path)).json)));
}

/** Asks a route as everybody, at every sort of customer and entry. @returns what is not as the words say. */
async function faultsAt(line: Line): Promise<string[]> {
  const faults: string[] = [];
  const note = (who: string, cell: Cell, fault: string | undefined): void => {
    if (fault !== undefined) faults.push(`${line.route}, ${who}, ${cell.place.relation}, ${cell.author}: ${fault}`);
  };
  const isOpen = line.scope === '-';
  const before = await inLog();
  for (const role of ACCOUNT_ROLES) {
    for (const cell of cellsOf(line, role)) {
      const expected = may(line.verdicts[role], cell.place, cell.author);
      note(role, cell, wrong(await ask(cell, sessions[role], expected), expected ? 'passes' : 403, isOpen));
    }
  }
  const [cell] = cellsOf(line, 'administrator') as [Cell];
  for (const [who, headers] of Object.entries(outside)) note(who, cell, wrong(await ask(cell, headers, isOpen), isOpen ? 'passes' : 401, isOpen));
  for (const scope of SCOPES) {
    const expected = isOpen || line.scope === scope;
    note(`a key for ${scope}`, cell, wrong(await ask(cell, keys[scope], expected), expected ? 'passes' : 403, isOpen));
  }
  if ((await inLog()) !== before) faults.push(`${line.route}: something was written`);
  return faults;
}

// ---- tests ------------------------------------------------------------------------------------------------

it('every route is declared: in words here, by a row of the table, and nowhere else', () => {
  expect(undeclared(routesOf(app), ROUTES, OPEN_ROUTES.keys(), LINES)).toEqual([]);
});

it('a session begun by password is worth what one begun by link is', async () => {
  const { colleague, role } = (await app.raw('GET', `${API}/session`, await signedIn(app, 'leader'))).json;
  expect([colleague?.id ?? colleague, role]).toEqual(['leader', 'leader']);
});

it('a row of the table is for the key that the words name', () => {
  expect(LINES.filter(({ route, scope }) => scope !== '-' && scope !== NO_KEY && ROUTES[route]?.scope !== scope).map(({ route }) => route)).toEqual([]);
  expect(LINES.filter(({ route, scope }) => (scope === NO_KEY) !== (ROUTES[route]?.noKey === true)).map(({ route }) => route)).toEqual([]);
});

it('rows that speak of a customer or an entry are of routes that name one', () => {
  const named = Object.entries(ROUTES).filter(([route, { cells, alsoIn, ownerIn }]) => Object.values(cells).some((cell) => cell === 'own' || cell === 'author') && !(route.includes('/api/v1/customers/:id') || (alsoIn ?? ownerIn) !== undefined));
  expect(named).toEqual([]);
  expect(Object.entries(ROUTES).filter(([route, { cells }]) => Object.values(cells).includes('author') && !route.includes('/:interaction'))).toEqual([]);
});

describe('the matrix', () => {
  let before: string;
  beforeAll(async () => {
    before = await viewed();
  });
  it.each(LINES.map(({ route }) => route))('%s', async (route) => {
    expect(await faultsAt(LINES.find((line) => line.route === route)!)).toEqual([]);
  });
  it('nothing came of it in the views', async () => {
    expect(await viewed()).toBe(before);
  });
});

// ---- what bodies name -------------------------------------------------------------------------------------

/** Requests whose body names what the path does not: by role, who may. */
describe('what stands in a body', () => {
  const placeOf = (role: AccountRole, relation: Relation): Place => places[role].find((place) => place.relation === relation)!;

  /** Must be refused, and nothing written. */
  async function refused(role: AccountRole, method: string, path: string, body: unknown, code: string): Promise<Answer> {
    const before = await inLog();
    const answer = await app.raw(method, `${API}/${path}`, { ...sessions[role], 'content-type': 'application/json' }, JSON.stringify(body));
    expect(`${answer.status} ${answer.json?.code}`).toBe(`403 ${code}`);
    expect(await inLog()).toBe(before);
    return answer;
  }
  async function allowed(role: AccountRole, method: string, path: string, body: unknown, headers: Headers = {}): Promise<Json> {
    return written(app.raw(method, `${API}/${path}`, { ...sessions[role], ...headers, 'content-type': 'application/json' }, JSON.stringify(body)));
  }

  it('an entry that gives the customer away is a change of the customer', async () => {
    const at = (role: AccountRole, relation: Relation): string => `customers/${placeOf(role, relation).customer}/interactions`;
    const giving = { entries: [{ kind: 'note', summary: 'And' }, { kind: 'owner-changed', owner: 'service' }] };
    for (const relation of RELATIONS) await refused('service', 'POST', at('service', relation), giving, 'no-right');
    const own = placeOf('service', 'own');
    await refused('service', 'PUT', `${at('service', 'own')}/${own.entries['own entry']}`, { kind: 'owner-changed', owner: 'service' }, 'no-right');
    await refused('service', 'POST', `${at('service', 'own')}/${own.entries['own entry']}/move`, { to: placeOf('service', 'another’s').customer, entry: { kind: 'owner-changed', owner: 'service' } }, 'no-right');
    await refused('account-manager', 'POST', at('account-manager', 'another’s'), { entries: [{ kind: 'owner-changed', owner: 'account-manager' }] }, 'not-your-customer');
    // One they logged when their role let them: taking it back changes the owner too.
    const { entries: [earlier] } = await written(app.post(at('service', 'own'), { entries: [{ kind: 'owner-changed', owner: 'service' }] }, { as: 'service' }));
    await refused('service', 'POST', `${at('service', 'own')}/${earlier}/retract`, {}, 'no-right');
    await refused('service', 'POST', `${at('service', 'own')}/${earlier}/move`, { to: placeOf('service', 'another’s').customer }, 'no-right');
  });

  it('an entry moves to no customer of another', async () => {
    const { customer: from, entries } = placeOf('account-manager', 'own');
    const path = `customers/${from}/interactions/${entries['own entry']}/move`;
    await refused('account-manager', 'POST', path, { to: placeOf('account-manager', 'another’s').customer }, 'not-your-customer');
    await allowed('account-manager', 'POST', path, { to: placeOf('account-manager', 'team').customer });
  });

  it('registering a customer who is there is changing it', async () => {
    const owners: readonly [Relation, object][] = [['own', { owner: 'account-manager' }], ['team', { owner: 'mia', team: ['account-manager'] }], ['nobody’s', {}], ['another’s', { owner: 'mia' }]];
    for (const [relation, details] of owners) {
      const from = { source: 'crm', sourceId: `C-${relation}` };
      await app.customer({ name: 'Known', ...details, ...from });
      await refused('service', 'POST', 'customers', { name: 'Mine now', owner: 'service', source: ' crm ', sourceId: ` C-${relation}` }, 'no-right');
      if (relation === 'another’s') await refused('account-manager', 'POST', 'customers', { name: 'Mine now', owner: 'account-manager', ...from }, 'not-your-customer');
      else await allowed('account-manager', 'POST', 'customers', { name: 'Known still', ...from });
    }
    const repeat = { name: 'New from afar', owner: 'mia', source: 'crm', sourceId: 'new' };
    expect(await allowed('service', 'POST', 'customers', repeat, { 'idempotency-key': 'one' })).toMatchObject({ repeated: false });
    expect(await allowed('service', 'POST', 'customers', repeat, { 'idempotency-key': 'one' })).toMatchObject({ repeated: true });
    await refused('service', 'POST', 'customers', repeat, 'no-right');
  });

  it('an entry of another, sent again by its source, is a correction', async () => {
    const at = placeOf('service', 'nobody’s').customer;
    const entry = { kind: 'note', summary: 'By mia', source: 'desk', sourceId: 'T-1' };
    await written(app.post(`customers/${at}/interactions`, { entries: [entry] }, { as: 'mia' }));
    await refused('service', 'POST', `customers/${at}/interactions`, { entries: [{ ...entry, summary: 'By me', sourceId: ' T-1 ' }] }, 'not-your-entry');
    const own = { ...entry, sourceId: 'T-2' };
    await allowed('service', 'POST', `customers/${at}/interactions`, { entries: [own] });
    await allowed('service', 'POST', `customers/${at}/interactions`, { entries: [{ ...own, summary: 'Better' }] });
  });

  it('what falls with an own entry must be their own', async () => {
    const at = placeOf('service', 'nobody’s').customer;
    const { entries: [question] } = await allowed('service', 'POST', `customers/${at}/interactions`, { entries: [{ kind: 'question-asked', question: 'When?' }] });
    const { entries: [answer] } = await written(app.post(`customers/${at}/interactions`, { entries: [{ kind: 'question-answered', about: question }] }, { as: 'mia' }));
    await refused('service', 'POST', `customers/${at}/interactions/${question}/retract`, { including: [answer] }, 'not-your-entry');
    await refused('service', 'POST', `customers/${at}/interactions/${question}/move`, { to: placeOf('service', 'own').customer, including: [answer] }, 'not-your-entry');
  });

  it('customers are handed over by their own colleague, and all of a colleague by that colleague', async () => {
    const [own, anothers] = [placeOf('account-manager', 'own').customer, placeOf('account-manager', 'another’s').customer];
    await refused('account-manager', 'POST', 'handovers', { customers: [own, anothers], to: 'ada' }, 'not-your-customer');
    await refused('account-manager', 'POST', 'handovers', { owner: 'mia', to: 'ada' }, 'not-your-customer');
  });

  it('whoever gave a customer away gets the first answer to the same request, and cannot ask another', async () => {
    const at = await app.customer({ name: 'Given', owner: 'account-manager' });
    const key = { 'idempotency-key': 'give' };
    const first = await allowed('account-manager', 'PATCH', `customers/${at}`, { owner: 'mia' }, key);
    expect(await allowed('account-manager', 'PATCH', `customers/${at}`, { owner: 'mia' }, key)).toEqual({ ...first, repeated: true });
    const before = await inLog();
    const other = await app.raw('PATCH', `${API}/customers/${at}`, { ...sessions['account-manager'], ...key, 'content-type': 'application/json' }, '{"owner":"account-manager"}');
    expect(other.json).toMatchObject({ status: 403, code: 'not-your-customer' });
    expect(await inLog()).toBe(before);
  });
});

// ---- ways round -------------------------------------------------------------------------------------------

describe('ways round', () => {
  const VARIANTS = ['/api/v1//settings', '//api/v1/settings', '/api/v1/%73ettings', '/api/v1/settings/', '/API/v1/settings', '/api/v1/Settings', '/api/v1/settings/..;/settings', '/api/v1/kinds/../settings', '/api/v1/kinds/..%2fsettings', '/api/v1/kinds/%2e%2e/settings', '/api/v1/settings;a=b', '/api/v1/settings%00', '/api/v1/settings?x=/api/v1/kinds', '/api/v1\\settings', '/api/v1/settings.json', '/api/v1/settings#/api/v1/kinds'];
  it.each(VARIANTS)('%s shows nothing that the plain path hides', async (path) => {
    const answers = await Promise.all([NOBODY, sessions.service].flatMap((headers) => ['GET', 'HEAD'].map((method) => app.raw(method, path, headers))));
    expect(answers.map(({ status }) => status).filter((status) => ![400, 401, 403, 404, 405].includes(status))).toEqual([]);
    expect(answers.filter(({ text }) => text.includes('figuresAboutColleagues') || text.includes('revision'))).toEqual([]);
  });

  it('HEAD is asked as GET is', async () => {
    const statuses = async (headers: Headers): Promise<number[]> => Promise.all([`${API}/settings`, `${API}/log`, '/metrics', `${API}/figures`].map(async (path) => (await app.raw('HEAD', path, headers)).status));
    expect(await statuses(NOBODY)).toEqual([401, 401, 401, 401]);
    expect(await statuses(sessions.service)).toEqual([403, 403, 403, 403]);
    expect(await statuses(sessions.administrator)).toEqual([200, 200, 200, 200]);
  });

  it.each(['x-http-method-override', 'x-http-method', 'x-method-override'])('%s changes no method', async (header) => {
    const before = await inLog();
    const at = places.service.find(({ relation }) => relation === 'another’s')!.customer;
    const answers = [
      await app.raw('POST', `${API}/customers/${at}?_method=PATCH`, { ...sessions.service, [header]: 'PATCH', 'content-type': 'application/json' }, '{"owner":"service"}'),
      await app.raw('GET', `${API}/customers/${at}/snooze`, { ...sessions.service, [header]: 'DELETE' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(await inLog()).toBe(before);
  });

  it('a parameter given twice is no way to two customers', async () => {
    for (const path of ['customers?source=a&source=b&sourceId=c', 'interactions?source=a&sourceId=b&sourceId=c', 'handovers?to=mia&to=ada']) expect((await app.raw('GET', `${API}/${path}`, sessions.service)).status).toBe(400);
  });

  it('who is signed in acts for nobody else', async () => {
    const answer = await app.raw('POST', `${API}/colleagues`, { ...sessions.service, 'x-colleague': 'ada', 'content-type': 'application/json' }, '{"id":"x","name":"X","department":"sales"}');
    expect(answer.json).toMatchObject({ status: 403, code: 'not-you' });
    expect((await app.raw('GET', `${API}/settings`, { ...sessions.service, 'x-colleague': 'administrator' })).status).toBe(403);
  });

  it('nobody waits for a position before they say who they are', async () => {
    expect((await app.raw('GET', `${API}/kinds?after=999999`, NOBODY)).status).toBe(401);
  });
});

// ---- planted bugs -----------------------------------------------------------------------------------------

describe('planted bugs are found', () => {
  const lineOf = (route: string): Line => LINES.find((line) => line.route === route)!;
  const MOVE = 'POST /api/v1/customers/:id/interactions/:interaction/move';

  /** Puts something else in the place of a member for as long as the work runs. */
  async function planted<T>(of: object, member: string, instead: unknown, work: () => Promise<T>): Promise<T> {
    const target = of as Record<string, unknown>;
    const own = Object.hasOwn(target, member);
    const before = target[member];
    target[member] = instead;
    try {
      return await work();
    } finally {
      if (own) target[member] = before;
      else delete target[member];
    }
  }

  it('a route without a row, a row without a route, and a route without a word', () => {
    const { 'GET /api/v1/log': _gone, ...rows } = ROUTES;
    expect(undeclared(routesOf(app), rows, OPEN_ROUTES.keys(), LINES)).toEqual(['GET /api/v1/log: has no row']);
    expect(undeclared(routesOf(app), { ...ROUTES, 'GET /api/v1/nowhere': ROUTES['GET /api/v1/log']! }, OPEN_ROUTES.keys(), LINES)).toEqual(['GET /api/v1/nowhere: has a row, and is no route']);
    expect(undeclared([...routesOf(app), 'GET /api/v1/new'], ROUTES, OPEN_ROUTES.keys(), LINES)).toEqual(['GET /api/v1/new: say in who-may.ts who may', 'GET /api/v1/new: has no row']);
    expect(undeclared(routesOf(app), rows, [...OPEN_ROUTES.keys(), 'GET /api/v1/log'], LINES)).toEqual(['GET /api/v1/log: is open, and who-may.ts does not say so']);
  });

  it('a missing row refuses everybody', async () => {
    const row = ROUTES['GET /api/v1/kinds']!;
    delete (ROUTES as Record<string, Row>)['GET /api/v1/kinds'];
    try {
      expect(await faultsAt(lineOf('GET /api/v1/kinds'))).toHaveLength(ACCOUNT_ROLES.length + 1);
    } finally {
      (ROUTES as Record<string, Row>)['GET /api/v1/kinds'] = row;
    }
  });

  it('a cell that says yes', async () => {
    const row = ROUTES['GET /api/v1/log']!;
    expect(await planted(row.cells, 'leader', 'yes', () => faultsAt(lineOf('GET /api/v1/log')))).toEqual([expect.stringMatching(/leader.*is not refused by 403/)]);
  });

  it('whose the customer is, not asked', async () => {
    const faults = await planted(app.nest.get(Rights), 'isTheirs', () => Promise.resolve(true), () => faultsAt(lineOf('DELETE /api/v1/customers/:id/snooze')));
    expect(faults).toEqual([expect.stringMatching(/account-manager, another’s/)]);
  });

  it('who logged the entry, not asked', async () => {
    const row = ROUTES['PUT /api/v1/customers/:id/interactions/:interaction']!;
    const faults = await planted(row.cells, 'service', 'yes', () => faultsAt(lineOf('PUT /api/v1/customers/:id/interactions/:interaction')));
    expect(faults.filter((fault) => fault.includes('service'))).toHaveLength(RELATIONS.length);
    expect(faults.at(-1)).toContain('something was written');
  });

  it('where an entry moves to, not asked', async () => {
    const { customer: from } = places['account-manager'].find(({ relation }) => relation === 'own')!;
    const entry = await noteBy('account-manager', from);
    const to = places['account-manager'].find(({ relation }) => relation === 'another’s')!.customer;
    const { alsoIn, ...row } = ROUTES[MOVE]!;
    expect(alsoIn).toBe('to');
    const moved = await planted(ROUTES, MOVE, row, () => app.raw('POST', `${API}/customers/${from}/interactions/${entry}/move`, { ...sessions['account-manager'], 'content-type': 'application/json' }, JSON.stringify({ to })));
    expect(moved.status).toBe(200);
    expect((await app.parts.executor.load(customer, customerStream(to))).state.interactions.get(moved.json.entries[0])?.actor).toBe('account-manager');
  });

  it('what a key is for, not asked', async () => {
    const principals = app.nest.get(Principals);
    const of = principals.of.bind(principals);
    const faults = await planted(principals, 'of', async (request: never) => {
      const principal = await of(request);
      return principal === undefined ? undefined : ({ ...principal, scopes: null } satisfies Principal);
    }, () => faultsAt(lineOf('GET /api/v1/kinds')));
    expect(faults).toHaveLength(SCOPES.length - 1);
  });

  it('a key that makes a way in which outlives it', async () => {
    const row = ROUTES['POST /api/v1/accounts/:id/link']!;
    const faults = await planted(row, 'noKey', undefined, () => faultsAt(lineOf('POST /api/v1/accounts/:id/link')));
    expect(faults).toEqual([expect.stringMatching(/a key for administer.*is not refused by 403: 200/)]);
  });

  it('a session that outlives its account', async () => {
    const signedOut = app.nest.get(Sessions);
    const standing = await signedOut.mayEnter('administrator');
    expect((await planted(signedOut, 'mayEnter', () => Promise.resolve(standing), () => faultsAt(lineOf('GET /api/v1/kinds')))).filter((fault) => /session left/.test(fault))).toHaveLength(2);
  });
});
