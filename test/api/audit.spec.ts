/** The audit through the API: what is noted, that it holds ids and no personal data, who may read it, and what a disk that fails does. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Passwords } from '../../src/access/passwords.writer.js';
import { Postgres } from '../../src/database/postgres.js';
import { AS_OPERATOR, API, faultsOf, TestApp, written, type Json } from './app.js';

let app: TestApp;
let customer: string;
beforeAll(async () => {
  app = await TestApp.withAda();
  await app.colleague('ben');
  customer = await app.customer({ owner: 'ada' });
});
afterAll(() => app.remove());

/** What was noted of what `ask` asks for; waits until it is there. */
async function notedBy(ask: () => Promise<unknown>): Promise<Json[]> {
  const before = (await app.parts.audit.read({}, 1))[0]?.id ?? 0;
  await ask();
  for (let tries = 0; ; tries += 1) {
    const rows = (await app.parts.audit.read({}, 1000)).filter(({ id }) => id > before).reverse();
    if (rows.length > 0 || tries === 50) return rows.map(({ id: _, ...row }) => row);
    await sleep(20);
  }
}

/** All that stands in the audit, byte for byte where it is a file. */
async function standing(of: TestApp): Promise<string> {
  await of.parts.audit.flush();
  if (of.db === '') return readdirSync(of.folder).filter((name) => name.startsWith('audit.db')).map((name) => readFileSync(join(of.folder, name)).toString('latin1')).join('');
  return asked(of, 'SELECT * FROM five_ring.audit');
}

async function asked(of: TestApp, sql: string): Promise<string> {
  const postgres = await Postgres.open(of.db);
  try {
    return JSON.stringify(await postgres.all(sql));
  } finally {
    await postgres.close();
  }
}

/** Nothing can be written to the audit until what is returned is called. */
async function unwritable(of: TestApp): Promise<() => Promise<unknown>> {
  if (of.db !== '') {
    await asked(of, 'ALTER TABLE five_ring.audit RENAME TO audit_away');
    return () => asked(of, 'ALTER TABLE five_ring.audit_away RENAME TO audit');
  }
  const other = new Database(join(of.folder, 'audit.db'));
  other.exec('BEGIN IMMEDIATE');
  return async () => other.exec('ROLLBACK').close();
}

const AS_ADA = { ...AS_OPERATOR, 'x-colleague': 'ada' };

it('a read of a customer is noted: who, what, of whom, from where, and how it ended', async () => {
  const [row, ...more] = await notedBy(() => app.raw('GET', `${API}/customers/${customer}/timeline?text=deliv`, AS_ADA));
  expect(more).toEqual([]);
  expect(row).toEqual({ at: expect.any(Number), action: 'read', outcome: 'done', colleague: 'ada', via: 'operator', route: 'GET /api/v1/customers/:id/timeline', target: customer, part: null, status: 200, address: '127.0.0.1', request: expect.any(String), times: 1, until: null });
});

it('each sort of record', async () => {
  const person = await app.person(customer);
  const [entry] = await app.log(customer, { kind: 'call', side: 'customer', attended: true, summary: 'Asked about delivery' });
  expect(await notedBy(() => app.get(`customers/${customer}/interactions/${entry}`))).toMatchObject([{ action: 'read', target: customer, part: entry }]);
  expect(await notedBy(() => app.get('log?limit=5'))).toMatchObject([{ action: 'export', route: 'GET /api/v1/log' }]);
  expect(await notedBy(() => app.patch('colleagues/ben', { department: 'sales' }))).toMatchObject([{ action: 'rights', colleague: 'ada', target: 'ben', outcome: 'done' }]);
  expect(await notedBy(() => app.patch('settings', { values: { auditDays: 500 }, reason: 'Our auditors ask for it' }))).toMatchObject([{ action: 'settings', colleague: 'ada' }]);
  expect(await notedBy(() => app.patch('settings', { values: { auditDays: 1 }, reason: 'x' }))).toMatchObject([{ action: 'settings', outcome: 'refused', status: 400 }]);
  expect(await notedBy(() => app.get('audit'))).toMatchObject([{ action: 'read', route: 'GET /api/v1/audit' }]);
  expect(await notedBy(() => app.raw('HEAD', `${API}/customers/${customer}`))).toMatchObject([{ action: 'read', route: 'GET /api/v1/customers/:id' }]);
  expect(person).toEqual(expect.any(String));
});

it('sign-ins, done and refused: whose account was tried, where there is one, and nothing of what else was typed', async () => {
  const session = await app.signedIn('ada');
  await app.signedIn('ben', 'service');
  const signIn = (colleague: string, password: string) => app.raw('POST', `${API}/session`, { authorization: '', 'content-type': 'application/json', origin: 'http://localhost' }, JSON.stringify({ colleague, password }));
  expect(await notedBy(() => signIn('ben', 'wrong-and-long'))).toMatchObject([{ action: 'sign-in', outcome: 'refused', status: 401, colleague: null, target: 'ben', via: 'nobody' }]);
  expect(await notedBy(() => signIn('hunter2hunter2', 'oops'))).toMatchObject([{ action: 'sign-in', outcome: 'refused', status: 401, target: null }]);
  const { password } = { password: 'eleven blue bicycles' };
  await app.parts.vault.secrets.setPassword('ben', await new Passwords().hash(password), Date.now());
  expect(await notedBy(() => signIn('ben', password))).toMatchObject([{ action: 'sign-in', outcome: 'done', status: 200, colleague: 'ben', via: 'session' }]);
  expect(await notedBy(() => app.get(`customers/${customer}`, { headers: session }))).toMatchObject([{ action: 'read', colleague: 'ada', via: 'session' }]);
  const leaving = await app.signedIn('ben');
  expect(await notedBy(() => app.raw('DELETE', `${API}/session`, leaving))).toMatchObject([{ action: 'sign-in', outcome: 'done', route: 'DELETE /api/v1/session', colleague: 'ben', via: 'session' }]);
  const ben = await app.signedIn('ben');
  expect(await notedBy(() => app.patch('settings', { values: { auditDays: 100 }, reason: 'x' }, { as: null, headers: ben }))).toMatchObject([{ action: 'denied', colleague: 'ben', status: 403, via: 'session' }]);
  const bytes = await standing(app);
  for (const typed of ['wrong-and-long', 'hunter2hunter2', password]) expect(bytes).not.toContain(typed);
});

it('every attempt that was not allowed', async () => {
  const nobody = { authorization: '' };
  expect(await notedBy(() => app.raw('GET', `${API}/customers/${customer}`, nobody))).toMatchObject([{ action: 'denied', outcome: 'refused', status: 401, via: 'nobody', colleague: null, target: customer }]);
  expect(await notedBy(() => app.raw('GET', `${API}/portfolio`, { authorization: 'Operator of-another-folder' }))).toMatchObject([{ action: 'denied', status: 401 }]);
  expect(await notedBy(() => app.raw('GET', `${API}/portfolio`, { host: 'evil.example' }))).toMatchObject([{ action: 'denied', status: 403 }]);
  expect(await notedBy(() => app.post('customers', { name: 'X' }, { as: 'stranger' }))).toMatchObject([{ action: 'denied', status: 403, colleague: 'stranger' }]);
  await Promise.all(Array.from({ length: 20 }, () => app.raw('GET', `${API}/steps`, nobody)));
  const counted = async (): Promise<number> => (await app.parts.audit.read({ action: 'denied' }, 1000)).filter(({ route }) => route === 'GET /api/v1/steps').reduce((sum, { times }) => sum + times, 0);
  while ((await counted()) < 20) await sleep(20);
  expect(await counted()).toBe(20);
});

it('what concerns nobody’s data is not noted', async () => {
  expect(await notedBy(async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics', `${API}/kinds`, `${API}/colleagues`, `${API}/rules`, '/api/openapi.json']) await app.raw('GET', path);
    await app.get(`customers/${customer}`);
  })).toMatchObject([{ route: 'GET /api/v1/customers/:id' }]);
});

describe('reading it', () => {
  it('by time, colleague, action and target, page by page', async () => {
    await app.read(`customers/${customer}`);
    const all = (await app.get('audit?limit=200')).json;
    expect(all.next).toBeNull();
    expect(all.items.map(({ at }: Json) => at)).toEqual(all.items.map(({ at }: Json) => at).toSorted().toReversed());
    const pages: Json[] = [];
    const until = all.items[0].at;
    for (let next: string | null = ''; next !== null; ) {
      const { json } = await app.get(`audit?limit=3&to=${until}${next === '' ? '' : `&cursor=${next}`}`);
      pages.push(...json.items);
      ({ next } = json);
    }
    expect(pages).toEqual(all.items.filter(({ at }: Json) => at < until));
    for (const [query, fits] of [
      ['action=denied', ({ action }: Json) => action === 'denied'],
      ['colleague=ada', ({ colleague }: Json) => colleague === 'ada'],
      [`target=${customer}`, ({ target, part }: Json) => target === customer || part === customer],
    ] as const) {
      const { items } = (await app.get(`audit?limit=200&to=${until}&${query}`)).json;
      expect(items.length).toBeGreaterThan(0);
      expect(items).toEqual(all.items.filter((item: Json) => item.at < until && fits(item)));
    }
    expect((await app.get('audit?from=2020-01-01&to=2020-02-01')).json).toEqual({ items: [], next: null });
  });

  it('as CSV, all that fits, with cells that no spreadsheet runs', async () => {
    app.parts.audit.note({ at: Date.now(), action: 'denied', outcome: 'refused', colleague: null, via: 'nobody', route: '=1+1', target: null, part: null, status: 401, address: '@evil', request: '-2', times: 1, until: null });
    const answer = await app.get('audit?format=csv&limit=1');
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.headers['content-disposition']).toBe('attachment; filename="audit.csv"');
    const lines = answer.text.trimEnd().split('\n');
    expect(lines[0]).toBe('at,action,outcome,colleague,via,route,target,part,status,address,request,times,until');
    expect(lines.length).toBeGreaterThan(10);
    expect(answer.text).toContain(",'=1+1,,,401,'@evil,'-2,1,");
  });

  it.each([
    ['from=yesterday', 'from'], ['to=2026-13-01', 'to'], ['action=everything', 'action'], ['colleague=a b', 'colleague'], ['target=', 'target'], ['format=xml', 'format'], ['limit=0', 'limit'], ['limit=201', 'limit'], ['cursor=x', 'cursor'], ['cursor=WyJhIiwxXQ', 'cursor'], ['who=ada', 'who'],
  ])('%s is refused', async (query, field) => {
    expect(faultsOf(await app.get(`audit?${query}`), 400, undefined, field)).toEqual([]);
  });
});

describe('personal data', () => {
  const CANARIES = { name: 'Zylinska Quorrel', email: 'quorrel@zylinska.example', phone: '+49 30 90817263', words: 'xylographisch' };

  /** Canaries in the audit, in the forms in which they may stand there. */
  async function found(): Promise<string[]> {
    const bytes = (await standing(app)).toLowerCase();
    const forms = (text: string): string[] => [text, encodeURIComponent(text), text.replaceAll(' ', '+'), Buffer.from(text).toString('base64'), Buffer.from(text).toString('hex'), ...text.split(' ').filter((word) => word.length > 5)];
    return Object.values(CANARIES).flatMap(forms).filter((form) => bytes.includes(form.toLowerCase()));
  }

  it('names, addresses, searches and texts are in no file of it, whatever is asked and however it is refused', async () => {
    const { name, email, phone, words } = CANARIES;
    const person = await app.person(customer, { name, email, phone });
    await app.log(customer, { kind: 'call', side: 'customer', attended: true, summary: words, people: [person] });
    for (const text of [name, email, phone, words]) {
      const one = encodeURIComponent(text);
      for (const path of [`search?q=${one}`, `customers/${one}`, `customers/${one}/people`, `customers/${customer}/interactions/${one}`, `customers/${customer}/timeline?text=${one}`, `portfolio?text=${one}`, `figures/${one}/evidence`, `customers?source=${one}&sourceId=${one}`]) {
        for (const headers of [{}, { authorization: '' }]) await app.raw('GET', `${API}/${path}`, headers);
      }
      await app.patch(`colleagues/${one}`, { name: text });
      await app.post('customers', { name: text }, { as: 'stranger' });
      await app.raw('GET', `${API}/portfolio`, { authorization: `Operator ${one}` });
      await app.raw('GET', `${API}/portfolio`, { authorization: '', cookie: `__Host-session=${one}` });
    }
    await app.read(`customers/${customer}`);
    expect((await app.parts.audit.read({}, 1000)).filter(({ action }) => action === 'denied').length).toBeGreaterThan(5);
    expect(await found()).toEqual([]);
  });

  it('planted bug: a record with the address as it was asked for is found', async () => {
    const { name } = CANARIES;
    app.parts.audit.note({ at: Date.now(), action: 'read', outcome: 'done', colleague: 'ada', via: 'session', route: `GET /api/v1/search?q=${encodeURIComponent(name)}`, target: null, part: null, status: 200, address: '', request: '', times: 1, until: null });
    expect(await found()).not.toEqual([]);
  });
});

it('while it cannot be written everything is answered, health and metrics say so, and afterwards all of it is there', async () => {
  const here = await TestApp.withAda();
  try {
    const id = await here.customer();
    await here.parts.audit.flush();
    const free = await unwritable(here);
    for (let i = 0; i < 5; i += 1) await here.read(`customers/${id}`);
    await here.parts.audit.flush();
    const health = await here.raw('GET', '/health/ready');
    expect(health).toMatchObject({ status: 200, json: { status: 'ok', detail: expect.stringContaining('The audit cannot be written') } });
    expect((await here.raw('GET', '/metrics')).text).toMatch(/^five_ring_audit_failing 1$/m);
    await written(here.patch(`customers/${id}`, { segment: 'bakeries' }));
    await free();
    expect((await here.get(`audit?target=${id}`)).json.items.filter(({ action }: Json) => action === 'read').length).toBe(5);
    expect((await here.raw('GET', '/health/ready')).json.detail).toBe('All is well.');
    const text = (await here.raw('GET', '/metrics')).text;
    for (const line of ['five_ring_audit_failing 0', 'five_ring_audit_lost_records 0']) expect(text.split('\n')).toContain(line);
  } finally {
    await here.remove();
  }
});
