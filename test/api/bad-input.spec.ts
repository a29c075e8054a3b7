/** P7 and P11: whatever comes in wrong is refused by name, appends nothing, and the process goes on. */
import { connect } from 'node:net';
import { API, AS_OPERATOR, csv, faultsOf, mapping, multipart, TestApp, written, type Answer, type Json } from './app.js';
import { casesRefused, refusedBy, stillServes, type Case, type Refused } from './refused.js';

let app: TestApp;
let here: string;
let there: string;
let ines: string;
let note: string;
let call: string;
let issue: string;
let gone: string;

beforeAll(async () => {
  app = await TestApp.withAda();
  await app.colleague('gone-colleague');
  await app.patch('colleagues/gone-colleague', { active: false });
  [here, there] = [await app.customer(), await app.customer({ name: 'Other' })];
  ines = await app.person(here);
  [note, call, issue, gone] = (await app.log(here, { kind: 'note' }, { kind: 'call', side: 'customer' }, { kind: 'issue-opened', severity: 3 }, { kind: 'issue-opened', severity: 1 })) as [string, string, string, string];
  await app.post(`customers/${here}/interactions/${gone}/retract`, {});
});
afterAll(() => app.remove());

const refused: Refused = (send, status, code, field) => refusedBy(app, send, status, code, field);
const allRefused = (cases: readonly Case[]): void => casesRefused(() => app, cases);

const log = (...entries: unknown[]): Promise<Answer> => app.post(`customers/${here}/interactions`, { entries });
const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
const text = (body: string | Buffer, type = 'application/json'): Promise<Answer> => app.raw('POST', `${API}/customers`, { 'x-colleague': 'ada', 'content-type': type }, body);
const as = (colleague: string | null): (() => Promise<Answer>) => () => app.post('customers', { name: 'X' }, { as: colleague });

describe('entries', () => {
  const cases: Case[] = [
    ['of an unknown kind', () => log({ kind: 'teleport' }), 400, 'unknown-kind', 'entries[0].kind'],
    ['of a kind named like a part of every object', () => log({ kind: 'toString' }), 400, 'unknown-kind', 'entries[0].kind'],
    ['without a kind', () => log({}), 400, 'missing', 'entries[0].kind'],
    ['that are no objects', () => log({ kind: 'note' }, 7), 400, 'not-an-object', 'entries[1]'],
    ['with a field of another kind', () => log({ kind: 'note', severity: 1 }), 400, 'unknown-field', 'entries[0].severity'],
    ['with a field named like a part of every object', () => app.put(`customers/${here}/interactions/${note}`, { kind: 'note', toString: 'x' }), 400, 'unknown-field', 'toString'],
    ['with a value of the wrong type', () => log({ kind: 'issue-opened', severity: '1' }), 400, 'not-a-number', 'entries[0].severity'],
    ['with text that is a list', () => log({ kind: 'note', summary: ['x'] }), 400, 'not-text', 'entries[0].summary'],
    ['with a value out of range', () => log({ kind: 'issue-opened', severity: 5 }), 400, 'too-large', 'entries[0].severity'],
    ['with a choice that is none', () => log({ kind: 'note', channel: 'pigeon' }), 400, 'unknown-choice', 'entries[0].channel'],
    ['without a required field', () => log({ kind: 'issue-opened' }), 400, 'missing', 'entries[0].severity'],
    ['without a side where the kind leaves it open', () => log({ kind: 'call' }), 400, 'missing', 'entries[0].side'],
    ['of the wrong side', () => log({ kind: 'note', side: 'customer' }), 400, 'wrong-side', 'entries[0].side'],
    ['six minutes ahead', () => log({ kind: 'note', occurredAt: inMinutes(6) }), 400, 'in-the-future', 'entries[0].occurredAt'],
    ['with a date that cannot be read', () => log({ kind: 'note', occurredAt: 'last Tuesday' }), 400, 'not-a-date', 'entries[0].occurredAt'],
    ['on a day that is none', () => log({ kind: 'note', occurredAt: '2026-02-30' }), 400, 'not-a-date', 'entries[0].occurredAt'],
    ['before 1900', () => log({ kind: 'note', occurredAt: '1899-12-31' }), 400, 'out-of-range', 'entries[0].occurredAt'],
    ['that answer an unknown entry', () => log({ kind: 'issue-resolved', about: 'nothing' }), 400, 'unknown-entry', 'entries[0].about'],
    ['that answer an entry of another kind', () => log({ kind: 'issue-resolved', about: note }), 400, 'wrong-kind', 'entries[0].about'],
    ['that answer a retracted entry', () => log({ kind: 'issue-resolved', about: gone }), 400, 'unknown-entry', 'entries[0].about'],
    ['that answer themselves', () => log({ kind: 'note', about: '#0' }), 400, 'unknown-entry', 'entries[0].about'],
    ['that answer a later one of the request', () => log({ kind: 'issue-resolved', about: '#1' }, { kind: 'issue-opened', severity: 1 }), 400, 'unknown-entry', 'entries[0].about'],
    ['that name an unknown person', () => log({ kind: 'note', people: ['nobody'] }), 400, 'unknown-person', 'entries[0].people'],
    ['that are about an unknown person', () => log({ kind: 'person-left', person: 'nobody' }), 400, 'unknown-person', 'entries[0].person'],
    ['that name an unknown colleague', () => log({ kind: 'step-planned', due: '2026-12-01', who: 'nobody' }), 400, 'unknown-colleague', 'entries[0].who'],
    ['that name an unknown customer', () => log({ kind: 'referral', person: ines, referredCustomer: 'nobody' }), 400, 'unknown-customer', 'entries[0].referredCustomer'],
    ['with an amount without a currency', () => log({ kind: 'purchase', amount: 100 }), 400, 'missing', 'entries[0].currency'],
    ['with half a cent', () => log({ kind: 'purchase', amount: 1.5, currency: 'EUR' }), 400, 'not-whole', 'entries[0].amount'],
    ['that end before they start', () => log({ kind: 'purchase', start: '2026-02-01', end: '2026-01-01' }), 400, 'not-after-start', 'entries[0].end'],
    ['with a sourceId without a source', () => log({ kind: 'note', sourceId: '1' }), 400, 'missing', 'entries[0].source'],
    ['with the same sourceId twice in a request', () => log({ kind: 'note', source: 's', sourceId: '1' }, { kind: 'note', source: 's', sourceId: '1' }), 400, 'given-twice', 'entries[1].sourceId'],
    ['with a link that runs code', () => log({ kind: 'testimonial', person: ines, link: 'javascript:alert(1)' }), 400, 'not-a-link', 'entries[0].link'],
    ['that belong to no customer', () => log({ kind: 'change-made', what: 'x', why: 'y' }), 400, 'needs-no-customer', 'entries[0].kind'],
    ['that are none', () => log(), 400, 'array-not-empty', 'entries'],
    ['more than 50 at once', () => log(...Array.from({ length: 51 }, () => ({ kind: 'note' }))), 400, 'array-max-size', 'entries'],
    ['with a text too long', () => log({ kind: 'note', summary: 'a'.repeat(4001) }), 400, 'too-long', 'entries[0].summary'],
    ['of a customer logged as our own', () => app.post('log', { kind: 'call', side: 'us' }), 400, 'needs-a-customer', 'kind'],
    ['corrected to a kind that adds somebody', () => app.put(`customers/${here}/interactions/${note}`, { kind: 'person-added', name: 'Ines' }), 400, 'kind-cannot-change', 'kind'],
    ['corrected by a list', () => app.put(`customers/${here}/interactions/${note}`, []), 400, 'not-an-object', 'entry'],
    ['corrected by nothing', () => app.put(`customers/${here}/interactions/${note}`), 400, 'not-an-object', 'entry'],
    ['corrected to be about itself', () => app.put(`customers/${here}/interactions/${note}`, { kind: 'note', about: note }), 400, 'unknown-entry', 'about'],
    ['corrected where there is none', () => app.put(`customers/${here}/interactions/nothing`, { kind: 'note' }), 404, 'unknown-entry'],
    ['corrected at another customer', () => app.put(`customers/${there}/interactions/${note}`, { kind: 'note' }), 404, 'unknown-entry'],
    ['moved to where they are', () => app.post(`customers/${here}/interactions/${note}/move`, { to: here }), 400, 'same-customer', 'to'],
    ['moved to nobody', () => app.post(`customers/${here}/interactions/${note}/move`, { to: 'nobody' }), 400, 'unknown-customer', 'to'],
  ];
  allRefused(cases);

  it('four minutes ahead are taken: clocks differ', async () => {
    expect((await log({ kind: 'note', occurredAt: inMinutes(4) })).status).toBe(201);
  });

  it('name every field that is wrong at once', async () => {
    const { json } = await refused(() => log({ kind: 'issue-opened', severity: 9, feeling: 3, nonsense: 1 }, { kind: 'teleport' }), 400, 'invalid-fields');
    expect(json.errors.map((error: Json) => error.field).sort()).toEqual(['entries[0].feeling', 'entries[0].nonsense', 'entries[0].severity', 'entries[1].kind']);
  });
});

describe('customers and colleagues', () => {
  const cases: Case[] = [
    ['a customer that is not there', () => app.get('customers/nobody'), 404, 'unknown-customer'],
    ['entries for a customer that is not there', () => app.post('customers/nobody/interactions', { entries: [{ kind: 'note' }] }), 404, 'unknown-customer'],
    ['people for a customer that is not there', () => app.post('customers/nobody/people', { name: 'X' }), 404, 'unknown-customer'],
    ['the journey of nobody', () => app.get('customers/nobody/journey'), 404, 'unknown-customer'],
    ['the timeline of nobody', () => app.get('customers/nobody/timeline'), 404, 'unknown-customer'],
    ['a customer without a name', () => app.post('customers', {}), 400, 'is-string', 'name'],
    ['a customer with an empty name', () => app.post('customers', { name: '   ' }), 400, 'is-length', 'name'],
    ['a customer with an unknown field', () => app.post('customers', { name: 'X', isAdmin: true }), 400, 'unknown-field', 'isAdmin'],
    ['a customer with an unknown owner', () => app.post('customers', { name: 'X', owner: 'nobody' }), 400, 'unknown-colleague', 'owner'],
    ['a team with somebody unknown', () => app.post('customers', { name: 'X', team: ['ada', 'nobody'] }), 400, 'unknown-colleague', 'team[1]'],
    ['a sourceId without a source', () => app.post('customers', { name: 'X', sourceId: '7' }), 400, 'missing', 'source'],
    ['a source that is null', () => app.post('customers', { name: 'X', source: null, sourceId: null }), 400, 'is-string', 'source'],
    ['a name taken away', () => app.patch(`customers/${here}`, { name: null }), 400, 'is-string', 'name'],
    ['a team that is null', () => app.patch(`customers/${here}`, { team: null }), 400, 'is-array', 'team'],
    ['a change of nothing', () => app.patch(`customers/${here}`, {}), 400, 'missing', 'name'],
    ['a customer that referred itself', () => app.patch(`customers/${here}`, { referredBy: here }), 400, 'itself', 'referredBy'],
    ['a department that is null', () => app.patch('colleagues/ada', { department: null }), 400, 'is-in', 'department'],
    ['a colleague that is there already', () => app.post('colleagues', { id: 'ada', name: 'X', department: 'sales' }), 409, 'already-there', 'id'],
    ['a colleague that is not there', () => app.patch('colleagues/nobody', { name: 'X' }), 404, 'unknown-colleague'],
    ['a list for a body', () => app.post('customers', []), 400, undefined, 'name'],
    ['a number for a body', () => app.post('customers', '5'), 400, undefined, 'name'],
    ['no colleague', as(null), 400, 'no-colleague', 'X-Colleague'],
    ['an unknown colleague', as('nobody'), 403, 'unknown-colleague', 'X-Colleague'],
    ['a colleague who left', as('gone-colleague'), 403, 'unknown-colleague', 'X-Colleague'],
    ['a colleague that is no id', as('../ada'), 400, 'not-an-id', 'X-Colleague'],
    ['a colleague named like a part of every object', as('constructor'), 403, 'unknown-colleague', 'X-Colleague'],
    ['somebody adding themselves under another id', () => app.post('colleagues', { id: 'cy', name: 'X', department: 'sales' }, { as: 'dan' }), 403, 'unknown-colleague', 'X-Colleague'],
    ['a key with a line break in it', () => app.post('customers', { name: 'X' }, { key: 'ä' }), 400, 'not-a-key', 'Idempotency-Key'],
    ['a key too long', () => app.post('customers', { name: 'X' }, { key: 'a'.repeat(201) }), 400, 'not-a-key', 'Idempotency-Key'],
    ['an If-Match that is no ETag', () => app.patch(`customers/${here}`, { name: 'X' }, { ifMatch: '7' }), 400, 'not-an-etag', 'If-Match'],
    ['an If-Match that is weak', () => app.patch(`customers/${here}`, { name: 'X' }, { ifMatch: 'W/"7"' }), 400, 'not-an-etag', 'If-Match'],
    ['an If-Match that is old', () => app.patch(`customers/${here}`, { name: 'X' }, { ifMatch: '"0"' }), 412, 'stale-revision'],
    ['an If-Match from the future', () => app.patch(`customers/${here}`, { name: 'X' }, { ifMatch: '"999999999999999"' }), 412, 'stale-revision'],
  ];
  allRefused(cases);

  it('the same Idempotency-Key with another body is refused, also at another address', async () => {
    await app.post('customers', { name: 'First' }, { key: 'k1' });
    await refused(() => app.post('customers', { name: 'Second' }, { key: 'k1' }), 422, 'reused-key');
    await refused(() => app.post(`customers/${here}/interactions`, { entries: [{ kind: 'note' }] }, { key: 'k1' }), 422, 'reused-key');
  });

  it('a stale If-Match is told the newest revision', async () => {
    const { json } = await refused(() => app.patch(`customers/${here}`, { name: 'X' }, { ifMatch: '"1"' }), 412, 'stale-revision');
    expect(`"${json.revision}"`).toBe((await app.get(`customers/${here}`)).headers['etag']);
  });
});

describe('bodies', () => {
  const nested = (depth: number, open: string, close: string): string => `{"name":${open.repeat(depth)}1${close.repeat(depth)}}`;
  const cases: Case[] = [
    ['malformed JSON', () => text('{"name":'), 400, 'malformed-json'],
    ['an empty body', () => text(''), 400, 'empty-body'],
    ['a body of blanks', () => text('  \n'), 400, 'empty-body'],
    ['a body of 10 MB', () => text(JSON.stringify({ name: 'a'.repeat(10_000_000) })), 413, 'body-too-large'],
    ['10 kB of brackets', () => text('['.repeat(10_000)), 400, 'malformed-json'],
    ['10 kB of brackets that close', () => text('['.repeat(5000) + ']'.repeat(5000)), 400, 'too-deep'],
    ['lists 5,000 deep', () => text(nested(5000, '[', ']')), 400, 'too-deep'],
    ['objects 5,000 deep', () => text(nested(5000, '{"a":', '}')), 400, 'too-deep'],
    ['a megabyte of brackets', () => text('['.repeat(500_000) + ']'.repeat(500_000)), 400, 'too-deep'],
    ['bytes that are no UTF-8', () => text(Buffer.from([...Buffer.from('{"name":"'), 0xff, 0xfe, ...Buffer.from('"}')])), 400, 'bad-encoding'],
    ['an encoded surrogate', () => text(Buffer.from([...Buffer.from('{"name":"'), 0xed, 0xa0, 0x80, ...Buffer.from('"}')])), 400, 'bad-encoding'],
    ['half a character', () => text('{"name":"\\ud800"}'), 400, 'lone-surrogate'],
    ['half a character in a key', () => text('{"\\udc00":1}'), 400, 'lone-surrogate'],
    ['a NUL', () => text('{"name":"a\\u0000b"}'), 400, 'nul-character'],
    ['the key __proto__', () => text('{"name":"X","__proto__":{"admin":true}}'), 400, 'forbidden-key'],
    ['the key constructor', () => text('{"name":"X","constructor":{"prototype":{"admin":true}}}'), 400, 'forbidden-key'],
    ['the key __proto__ deep inside', () => text('{"name":"X","team":[{"__proto__":1}]}'), 400, 'forbidden-key'],
    ['a number that is too large', () => text('{"name":1e999}'), 400, 'number-too-large'],
    ['an amount that is too large to be whole', () => log({ kind: 'purchase', amount: 1e300, currency: 'EUR' }), 400, 'not-whole', 'entries[0].amount'],
    ['plain text', () => text('name=X', 'text/plain'), 415, 'unsupported-media-type'],
    ['a form', () => text('name=X', 'application/x-www-form-urlencoded'), 415, 'unsupported-media-type'],
    ['XML', () => text('<name/>', 'application/xml'), 415, 'unsupported-media-type'],
    ['a content type that is none', () => text('{}', 'nonsense'), 415, 'unsupported-media-type'],
    ['no content type', () => app.raw('POST', `${API}/customers`, { 'x-colleague': 'ada' }, '{}'), 415, 'unsupported-media-type'],
  ];
  allRefused(cases);
  afterEach(() => expect(({} as Json).admin).toBeUndefined());
});

describe('addresses', () => {
  const get = (url: string) => (): Promise<Answer> => app.raw('GET', url);
  const cases: Case[] = [
    ['an unknown route', get(`${API}/nothing`), 404, 'no-such-route'],
    ['what is above the API', get('/api'), 404, 'no-such-route'],
    ['DELETE on a known route', () => app.raw('DELETE', `${API}/customers/x`, { 'x-colleague': 'ada' }), 404, 'no-such-route'],
    ['PUT on a known route', () => app.raw('PUT', `${API}/customers`, { 'x-colleague': 'ada', 'content-type': 'application/json' }, '{}'), 404, 'no-such-route'],
    ['OPTIONS', () => app.raw('OPTIONS', `${API}/customers`), 404, 'no-such-route'],
    ['PROPFIND', () => app.raw('PROPFIND', `${API}/customers`), 404, 'no-such-route'],
    ['two slashes in front', get(`/${API}/rules`), 404, 'no-such-route'],
    ['two slashes inside', get('/api//v1/rules'), 404, 'no-such-route'],
    ['a slash at the end', get(`${API}/rules/`), 404, 'no-such-route'],
    ['capitals', get('/API/V1/RULES'), 404, 'no-such-route'],
    ['a semicolon', get(`${API}/rules;x=1`), 404, 'no-such-route'],
    ['an encoded slash', get(`${API}/customers/a%2Fjourney`), 404, 'unknown-customer'],
    ['an encoded NUL', get(`${API}/customers/%00`), 404, 'unknown-customer'],
    ['dots, encoded', get(`${API}/customers/%2e%2e%2f%2e%2e%2fetc%2fpasswd`), 404],
    ['a name of every object', get(`${API}/customers/__proto__`), 404, 'unknown-customer'],
    ['half an escape', get(`${API}/customers/%zz`), 400, 'fst-err-bad-url'],
    ['an escape that is no UTF-8', get(`${API}/customers/%ff`), 400, 'fst-err-bad-url'],
    ['a part of 201 characters', get(`${API}/customers/${'a'.repeat(201)}`), 404, 'no-such-route'],
    ['a path of 10,000 characters', get(`${API}/${'a'.repeat(10_000)}`), 404, 'no-such-route'],
  ];
  allRefused(cases);

  it('an encoded letter is the letter', async () => {
    expect((await app.raw('GET', `${API}/%72ules`)).status).toBe(200);
  });

  it('HEAD answers like GET, without a body', async () => {
    expect(await app.raw('HEAD', `${API}/rules`)).toMatchObject({ status: 200, text: '' });
    expect(await app.raw('HEAD', `${API}/customers/nobody`)).toMatchObject({ status: 404, text: '' });
  });
});

describe('queries', () => {
  const get = (path: string) => (): Promise<Answer> => app.get(path);
  const cursor = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');
  const cases: Case[] = [
    ['a cursor that is none', get('portfolio?cursor=nonsense'), 400, 'not-a-cursor', 'cursor'],
    ['a cursor of another list', () => app.get(`customers/${here}/timeline?cursor=${cursor([1, 2, 'x'])}`), 400, 'not-a-cursor', 'cursor'],
    ['a cursor with the wrong types', () => app.get(`issues?cursor=${cursor(['1', 2, 'x'])}`), 400, 'not-a-cursor', 'cursor'],
    ['a cursor that is an object', get(`steps?cursor=${Buffer.from('{"length":2}').toString('base64url')}`), 400, 'not-a-cursor', 'cursor'],
    ['an `after` that is no position', get('portfolio?after=yesterday'), 400, 'not-a-position', 'after'],
    ['an empty `after`', get('portfolio?after='), 400, 'not-a-position', 'after'],
    ['a negative `after`', get('portfolio?after=-1'), 400, 'not-a-position', 'after'],
    ['two of `after`', get('portfolio?after=1&after=2'), 400, 'is-string', 'after'],
    ['a `since` that is no position', get('log?since=x'), 400, 'not-a-position', 'since'],
    ['a limit of nothing', get('portfolio?limit=0'), 400, 'min', 'limit'],
    ['a limit too large', get('portfolio?limit=201'), 400, 'max', 'limit'],
    ['a limit that is no number', get('log?limit=many'), 400, 'is-int', 'limit'],
    ['half a limit', get('log?limit=1.5'), 400, 'is-int', 'limit'],
    ['an unknown sort', get('portfolio?sort=luck'), 400, 'is-in', 'sort'],
    ['an unknown parameter', get('portfolio?colour=red'), 400, 'unknown-field', 'colour'],
    ['a severity of 5', get('issues?severity=5'), 400, 'max', 'severity'],
    ['a date that is none', () => app.get(`customers/${here}/journey?asOf=soon`), 400, 'is-iso8601', 'asOf'],
    ['a week for a date', () => app.get(`customers/${here}/journey?asOf=2026-W05`), 400, 'not-a-date', 'asOf'],
    ['a side that is none', () => app.get(`customers/${here}/timeline?side=both`), 400, 'is-in', 'side'],
    ['a flag that is none', () => app.get(`customers/${here}/timeline?originals=perhaps`), 400, 'is-boolean', 'originals'],
    ['a search for nothing', get('search?q='), 400, 'min-length', 'q'],
    ['a search without words to look for', get('search'), 400, 'is-string', 'q'],
    ['a source without a sourceId', get('customers?source=crm'), 400, 'is-string', 'sourceId'],
  ];
  allRefused(cases);

  it.each(['timeline?kind=%00', 'timeline?offering=a%00b', 'interactions?source=%00&sourceId=1', 'interactions/%00', 'interactions/a%00b'])('a NUL in %s finds nothing, or is refused', async (path) => {
    expect([200, 400, 404]).toContain((await app.get(`customers/${here}/${path}`)).status);
  });

  it('an `after` beyond the log is no position of it', async () => {
    const beyond = (await app.parts.store.head())!.replace(/\d+/g, '$&000');
    expect(faultsOf(await app.get(`portfolio?after=${beyond}`), 400, 'not-a-position', 'after')).toEqual([]);
  });

  it('an `after` that is no position is refused on an empty log too, and holds up nobody', async () => {
    const empty = await TestApp.open();
    expect(faultsOf(await empty.get('portfolio?after=nonsense'), 400, 'not-a-position', 'after')).toEqual([]);
    const { position } = await written(empty.post('colleagues', { id: 'ada', name: 'Ada', department: 'service' }));
    expect((await empty.get(`portfolio?after=${position}`)).status).toBe(200);
    await empty.remove();
  });
});

describe('on the wire', () => {
  let port: number;
  beforeAll(async () => {
    await app.nest.listen(0, '127.0.0.1');
    port = (app.nest.getHttpServer().address() as { port: number }).port;
  });

  /** Writes bytes, and reads what comes until the server closes or falls silent. */
  function wire(chunks: readonly (string | Buffer)[], quietMs = 300): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      let heard = '';
      const done = (): void => {
        socket.destroy();
        resolve(heard);
      };
      socket.setTimeout(quietMs, done);
      socket.on('data', (bytes) => (heard += bytes.toString('latin1'))).on('error', done).on('close', done);
      for (const chunk of chunks) socket.write(chunk);
    });
  }
  const statuses = (heard: string): string[] => [...heard.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => match[1]!);
  const head = (line: string, ...headers: string[]): string => `${[`${line} HTTP/1.1`, 'host: localhost', `authorization: ${AS_OPERATOR.authorization}`, ...headers].join('\r\n')}\r\n\r\n`;

  const cases: [string, string | Buffer, RegExp][] = [
    ['what is no HTTP', 'hello\r\n\r\n', /^400$/],
    ['TLS on the plain port', Buffer.from('16030100c8010000c40303', 'hex'), /^(400)?$/],
    ['headers of 100 kB', head(`GET ${API}/rules`, `x-filler: ${'a'.repeat(100_000)}`), /^431$/],
    ['two lengths', head(`POST ${API}/customers`, 'content-length: 2', 'content-length: 3'), /^400$/],
    ['a length and chunks', `${head(`POST ${API}/customers`, 'content-length: 2', 'transfer-encoding: chunked')}0\r\n\r\n`, /^400$/],
    ['bytes above ASCII in the path', Buffer.from(head(`GET ${API}/customers/\xff\xfe`), 'latin1'), /^4\d\d$/],
    ['an absolute address', head(`GET http://example.org${API}/rules`), /^(200|4\d\d)$/],
    ['an asterisk', head('OPTIONS *'), /^4\d\d$/],
    ['a colleague in Latin-1', Buffer.from(`${head(`POST ${API}/customers`, 'x-colleague: J\xfcrgen', 'content-type: application/json', 'content-length: 2')}{}`, 'latin1'), /^400$/],
    ['two colleagues', `${head(`POST ${API}/customers`, 'x-colleague: ada', 'x-colleague: ada', 'content-type: application/json', 'content-length: 2')}{}`, /^400$/],
    ['dots in the path', head(`GET ${API}/customers/../../../etc/passwd`), /^404$/],
  ];
  it.each(cases)('%s: refused', async (_, bytes, expected) => {
    const before = await app.eventsInLog();
    expect(statuses(await wire([bytes])).join()).toMatch(expected);
    expect(await app.eventsInLog()).toBe(before);
    expect(await stillServes(app)).toBe(200);
  });

  it('a body that stops in the middle writes nothing', async () => {
    const before = await app.eventsInLog();
    expect(statuses(await wire([head(`POST ${API}/customers`, 'x-colleague: ada', 'content-type: application/json', 'content-length: 100'), '{"name":"half']))).toEqual([]);
    expect(await app.eventsInLog()).toBe(before);
  });

  it('an import that stops in the middle of the file writes nothing of the chunk, and the process goes on', async () => {
    const { type, body } = multipart([mapping({ customer: { source: 'crm', sourceId: '{A}' }, entry: { kind: 'note', occurredAt: '{D}' } }), csv(`A,D\n${'h1,2026-01-01\n'.repeat(100)}`)], false);
    const before = await app.eventsInLog();
    await wire([head(`POST ${API}/imports`, 'x-colleague: ada', `content-type: ${type}`, `content-length: ${body.length + 1000}`), body]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await app.eventsInLog()).toBe(before);
    expect(await stillServes(app)).toBe(200);
  });

  it('a refused import of 5 MB leaves the connection fit for the next request', async () => {
    const { type, body } = multipart([mapping({ customer: { source: 'crm', sourceId: '{Nowhere}' }, entry: { kind: 'note', occurredAt: '{D}' } }), csv(`A,D\n${'h1,2026-01-01\n'.repeat(350_000)}`)]);
    const heard = await wire([head(`POST ${API}/imports`, 'x-colleague: ada', `content-type: ${type}`, `content-length: ${body.length}`), body, head(`GET ${API}/kinds`)], 1500);
    expect(statuses(heard)).toEqual(['400', '200']);
  });
});

it('the references that the tests above lean on are what they say', async () => {
  expect((await app.read(`customers/${here}/interactions/${call}`)).kind).toBe('call');
  expect((await app.read(`customers/${here}/interactions/${issue}`)).retracted).toBe(false);
  expect((await app.read(`customers/${here}/interactions/${gone}`)).retracted).toBe(true);
});

it('planted bug: a refusal that appends something, or is no problem, is noticed', async () => {
  const spoilt = async (): Promise<Answer> => {
    await app.log(here, { kind: 'note' });
    return log({ kind: 'teleport' });
  };
  await expect(refused(spoilt, 400, 'unknown-kind')).rejects.toThrow();
  await expect(refused(() => app.get('rules'), 400)).rejects.toThrow();
  await expect(refused(() => log({ kind: 'teleport' }), 400, 'unknown-kind', 'entries[1].kind')).rejects.toThrow();
});
