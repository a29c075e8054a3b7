/** The document is fit for tools: every reference leads somewhere, everything is described and shown, and no route is missing. */
import { commonFields, fieldsOf, kinds, type Field } from '../../src/customers/catalogue.js';
import { Organisation } from '../../src/customers/customers.writer.js';
import { PRESETS } from '../../src/rings/rules.js';
import { csv, mapping, multipart, TestApp, type Answer, type Json } from './app.js';

let app: TestApp;
let document: Json;
beforeAll(async () => {
  app = await TestApp.open(undefined, { FIVE_RING_OIDC_ISSUER: 'https://id.example.org', FIVE_RING_OIDC_CLIENT_ID: 'five-ring', FIVE_RING_OIDC_CLIENT_SECRET: 'nobody asks it' });
  document = (await app.raw('GET', '/api/openapi.json')).json;
});
afterAll(() => app.remove());

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function* nodes(node: Json, path: string): Generator<{ node: Json; path: string }> {
  if (typeof node !== 'object' || node === null) return;
  yield { node, path };
  for (const [key, child] of Object.entries(node)) yield* nodes(child, `${path}/${key}`);
}

const operations = (of: Json): { name: string; operation: Json }[] =>
  Object.entries<Json>(of.paths).flatMap(([path, methods]) => METHODS.filter((method) => methods[method] !== undefined).map((method) => ({ name: `${method.toUpperCase()} ${path}`, operation: methods[method] })));

const said = (text: unknown): boolean => typeof text === 'string' && text.trim() !== '';

/** References that lead nowhere. */
function dangling(of: Json): string[] {
  return [...nodes(of, '#')].filter(({ node }) => typeof node.$ref === 'string' && node.$ref.slice(2).split('/').reduce((at: Json, key: string) => at?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], of) === undefined).map(({ node, path }) => `${path}: ${node.$ref}`);
}

/** Operations, parameters, bodies and properties without a description or an example. */
function undescribed(of: Json): string[] {
  const missing: string[] = [];
  const schema = (given: Json, path: string): void => {
    if (given === undefined || given.$ref !== undefined) return;
    for (const [name, property] of Object.entries<Json>(given.properties ?? {})) {
      if (property.$ref === undefined && !said(property.description)) missing.push(`${path}.${name}: no description`);
      if (property.$ref === undefined && property.example === undefined && property.properties === undefined) missing.push(`${path}.${name}: no example`);
      schema(property, `${path}.${name}`);
    }
    schema(given.items, `${path}[]`);
  };
  for (const { name, operation } of operations(of)) {
    if (!said(operation.summary)) missing.push(`${name}: no summary`);
    if (!said(operation.operationId)) missing.push(`${name}: no operationId`);
    if (Object.keys(operation.responses ?? {}).length === 0) missing.push(`${name}: no responses`);
    for (const [status, response] of Object.entries<Json>(operation.responses ?? {})) if (response.description === undefined) missing.push(`${name} ${status}: no description`);
    for (const parameter of operation.parameters ?? []) {
      if (!said(parameter.description)) missing.push(`${name} ${parameter.in} ${parameter.name}: no description`);
      if (parameter.example === undefined && parameter.schema?.example === undefined) missing.push(`${name} ${parameter.in} ${parameter.name}: no example`);
    }
    for (const [type, content] of Object.entries<Json>(operation.requestBody?.content ?? {})) schema(content.schema, `${name} ${type}`);
    if (/^(POST|PUT|PATCH)/.test(name) && operation.requestBody === undefined) missing.push(`${name}: no body`);
  }
  for (const [name, of_] of Object.entries<Json>(of.components?.schemas ?? {})) schema(of_, name);
  return missing;
}

/** Parts of a path in braces that no parameter stands for, and the other way round. */
function unnamed(of: Json): string[] {
  return operations(of).flatMap(({ name, operation }) => {
    const inPath = [...name.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!).sort();
    const given = (operation.parameters ?? []).filter((parameter: Json) => parameter.in === 'path').map((parameter: Json) => parameter.name).sort();
    return inPath.join() === given.join() ? [] : [`${name}: ${given.join()}`];
  });
}

/** Every route of the server as it is built, from its own table. */
function routes(): string[] {
  const printed = (app.nest.getHttpAdapter().getInstance()).printRoutes({ commonPrefix: false });
  const path: string[] = [];
  return printed.split('\n').flatMap((line) => {
    const match = /^([│├└─\s]*)(\S.*?)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (match === null) return [];
    const depth = Math.ceil(match[1]!.length / 4);
    path.length = Math.max(0, depth - 1);
    path[Math.max(0, depth - 1)] = match[2]!;
    return (match[3] ?? '').split(', ').filter((method) => METHODS.includes(method.toLowerCase())).map((method) => `${method} ${path.join('').replaceAll(/:(\w+)/g, '{$1}')}`);
  });
}

it('every reference leads somewhere', () => expect(dangling(document)).toEqual([]));
it('every operation, parameter and property has a description and an example', () => expect(undescribed(document)).toEqual([]));
it('every part of a path has its parameter', () => expect(unnamed(document)).toEqual([]));

it('every route of the app is in it, and nothing else', () => {
  // The document and its page describe themselves, and the web app has addresses of its own.
  const own = routes().filter((route) => !['GET /', 'GET /*'].includes(route) && !/ \/api\/(docs|openapi|v1\/oidc)/.test(route));
  expect(own.length).toBeGreaterThan(20);
  expect(operations(document).map(({ name }) => name).sort()).toEqual(own.sort());
});

it('operation ids are unique', () => {
  const ids = operations(document).map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

it('it says OpenAPI 3, and what this is', () => {
  expect(document).toMatchObject({ openapi: expect.stringMatching(/^3\./), info: { title: 'Five-Ring', version: expect.any(String) } });
});

it('the page that shows it is there', async () => {
  expect(await app.raw('GET', '/api/docs')).toMatchObject({ status: 200, headers: { 'content-type': expect.stringMatching(/^text\/html/) } });
});

it('planted bugs: a broken reference, a bare parameter and a bare property are found', () => {
  const spoilt = structuredClone(document);
  spoilt.components.schemas.Entry.oneOf[0].$ref = '#/components/schemas/Nowhere';
  delete spoilt.paths['/api/v1/portfolio'].get.parameters[0].description;
  delete spoilt.components.schemas['Entry.call'].properties.attended.example;
  delete spoilt.paths['/api/v1/rules'].get.summary;
  spoilt.paths['/api/v1/customers/{id}'].get.parameters = [];
  expect(dangling(spoilt)).toEqual(['#/components/schemas/Entry/oneOf/0: #/components/schemas/Nowhere']);
  expect(undescribed(spoilt)).toEqual(expect.arrayContaining(['GET /api/v1/rules: no summary', 'Entry.call.attended: no example', expect.stringMatching(/^GET \/api\/v1\/portfolio query \w+: no description$/)]));
  expect(unnamed(spoilt)).toEqual(['GET /api/v1/customers/{id}: ']);
});

describe('answers', () => {
  /** Success answers without a schema, and operations without problems. */
  function bare(of: Json): string[] {
    return operations(of).flatMap(({ name, operation }) => {
      const responses = Object.entries<Json>(operation.responses);
      const successes = responses.filter(([status]) => status.startsWith('2'));
      const problems = ['4XX', '5XX'].filter((status) => operation.responses[status]?.content?.['application/problem+json']?.schema?.$ref !== '#/components/schemas/Problem');
      const withoutSchema = successes.filter(([, response]) => Object.values<Json>(response.content ?? {}).filter(({ schema }) => schema !== undefined).length === 0);
      return [...(successes.length === 0 ? [`${name}: no success`] : []), ...withoutSchema.map(([status]) => `${name}: ${status} has no schema`), ...problems.map((status) => `${name}: ${status} is no problem`)];
    });
  }

  const resolved = (schema: Json, of: Json): Json => (schema?.$ref === undefined ? schema : of.components.schemas[schema.$ref.split('/').at(-1)]);

  /** Properties in schemas of answers, wherever they stand, without a description or an example. */
  function unsaid(of: Json): string[] {
    const missing = new Set<string>();
    const seen = new Set<Json>();
    const visit = (given: Json, path: string): void => {
      const schema = resolved(given, of);
      if (typeof schema !== 'object' || schema === null || seen.has(schema)) return;
      seen.add(schema);
      const at = given.$ref === undefined ? path : given.$ref.split('/').at(-1);
      for (const [name, property] of Object.entries<Json>(schema.properties ?? {})) {
        if (!said(property.description)) missing.add(`${at}.${name}: no description`);
        if (property.example === undefined) missing.add(`${at}.${name}: no example`);
        visit(property, `${at}.${name}`);
      }
      for (const part of [schema.items, schema.additionalProperties, ...(schema.allOf ?? []), ...(schema.oneOf ?? [])]) visit(part, at);
    };
    for (const { name, operation } of operations(of)) for (const [status, response] of Object.entries<Json>(operation.responses)) for (const { schema } of Object.values<Json>(response.content ?? {})) visit(schema, `${name} ${status}`);
    return [...missing];
  }

  /** The schema without allOf and oneOf: each of its alternatives as one flat schema. */
  function alternatives(given: Json, of: Json): Json[] {
    const { allOf = [], oneOf, ...own } = resolved(given, of);
    const merged = (a: Json, b: Json): Json => ({ ...a, ...b, properties: { ...a.properties, ...b.properties }, required: [...(a.required ?? []), ...(b.required ?? [])] });
    let all: Json[] = oneOf === undefined ? [own] : oneOf.flatMap((one: Json) => alternatives(one, of));
    for (const part of allOf) all = alternatives(part, of).flatMap((one) => all.map((other) => merged(one, other)));
    return all;
  }

  const TYPES: Record<string, (value: unknown) => boolean> = {
    string: (value) => typeof value === 'string',
    integer: Number.isInteger,
    number: (value) => typeof value === 'number',
    boolean: (value) => typeof value === 'boolean',
    array: Array.isArray,
    object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  };

  /** Where a value is not as its schema says: keys nobody wrote down, missing ones, wrong types. */
  function misfits(value: Json, given: Json, of: Json, path: string): string[] {
    const all = alternatives(given, of);
    // What tells alternatives apart is a property with fixed values.
    const told = all.length === 1 ? all : all.filter(({ properties = {} }) => Object.entries<Json>(properties).every(([name, { enum: values }]) => values === undefined || value?.[name] === undefined || values.includes(value[name])));
    const tried = (told.length > 0 ? told : all).map((schema) => misfitsOfOne(value, schema, of, path));
    return tried.reduce((a, b) => (b.length < a.length ? b : a));
  }

  function misfitsOfOne(value: Json, schema: Json, of: Json, path: string): string[] {
    if (value === null) return schema.nullable === true ? [] : [`${path}: null`];
    const type = schema.type ?? (Object.keys(schema.properties ?? {}).length > 0 ? 'object' : undefined);
    if (type === undefined) return [];
    if (!TYPES[type]!(value)) return [`${path}: ${JSON.stringify(value)} is no ${type}`];
    if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${path}: ${value} is not among ${schema.enum.join()}`];
    if (schema.format === 'date-time' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value)) return [`${path}: ${value} is no instant`];
    if (type === 'array') return value.flatMap((item: Json, index: number) => misfits(item, schema.items, of, `${path}[${index}]`));
    if (type !== 'object') return [];
    const missing = (schema.required ?? []).filter((key: string) => value[key] === undefined).map((key: string) => `${path}.${key}: missing`);
    return Object.entries<Json>(value).reduce((faults: string[], [key, inner]) => {
      if (schema.properties?.[key] !== undefined) return [...faults, ...misfits(inner, schema.properties[key], of, `${path}.${key}`)];
      if (schema.additionalProperties === true) return faults;
      return [...faults, ...(typeof schema.additionalProperties === 'object' ? misfits(inner, schema.additionalProperties, of, `${path}.${key}`) : [`${path}.${key}: not in the schema`])];
    }, missing);
  }

  /** What was really answered, by operation. */
  const real: { readonly name: string; readonly answer: Answer }[] = [];

  /** Real answers that are not as a document says. */
  function drifted(of: Json): string[] {
    return real.flatMap(({ name, answer }) => {
      const [method, path] = name.split(' ') as [string, string];
      const responses = of.paths[path]?.[method.toLowerCase()]?.responses ?? {};
      const response = responses[String(answer.status)] ?? responses[`${String(answer.status)[0]}XX`];
      const type = (answer.headers['content-type'] ?? '').split(';')[0]!;
      const schema = response?.content?.[type]?.schema;
      if (schema === undefined) return [`${name}: ${answer.status} ${type} is not in the document`];
      const values: Json[] = type === 'application/x-ndjson' ? answer.text.trim().split('\n').map((line) => JSON.parse(line)) : [type.startsWith('text/') || type === 'application/xml' ? answer.text : answer.json];
      return values.flatMap((value) => misfits(value, schema, of, `${name} ${answer.status}`));
    });
  }

  /** Sends a request to a route, written as in the document with its ids filled in, and keeps the answer. */
  async function ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', route: string, ids: readonly string[] = [], { query = '', body, status }: { query?: string; body?: object; status?: number } = {}): Promise<Json> {
    const left = [...ids];
    await app.parts.projector.caughtUp();
    const answer = await app.send(method, `${route.replaceAll(/\{\w+\}/g, () => left.shift()!)}${query}`, body);
    real.push({ name: `${method} ${route}`, answer });
    if (answer.status !== (status ?? answer.status) || (status === undefined && answer.status > 299)) throw new Error(`${method} ${route}: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  const V1 = '/api/v1';
  const ONE = `${V1}/customers/{id}`;
  const ENTRY = `${ONE}/interactions/{interaction}`;
  const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

  /** An entry of a kind with every field it can have; entries it names are those logged before. */
  function fullEntry(kind: string, person: string, customer: string, logged: ReadonlyMap<string, string>): object {
    const value = (name: string, field: Field): unknown => {
      if (name === 'occurredAt') return daysAgo(2);
      if (name === 'sourceId') return `full-${kind}`;
      switch (field.type) {
        case 'entry': return field.of === undefined || field.of.length === 0 ? logged.get('outreach') : field.of.map((of) => logged.get(of)).find((id) => id !== undefined);
        // The server gives it.
        case 'person': return kind === 'person-added' ? undefined : person;
        case 'persons': return [person];
        case 'colleague': return 'ada';
        case 'customer': return customer;
        default: return field.example;
      }
    };
    const side = kinds[kind]!.side === 'either' ? 'customer' : kinds[kind]!.side;
    return { ...Object.fromEntries(Object.entries(fieldsOf(kind)).map(([name, field]) => [name, value(name, field)])), kind, side };
  }

  beforeAll(async () => {
    await ask('POST', `${V1}/colleagues`, [], { body: { id: 'ada', name: 'Ada Berg', department: 'service' } });
    await ask('POST', `${V1}/colleagues`, [], { body: { id: 'ben', name: 'Ben Orth', department: 'sales' } });
    await ask('PATCH', `${V1}/colleagues/{id}`, ['ben'], { body: { active: false } });
    const from = { source: 'crm', sourceId: 'C-1' };
    const { id } = await ask('POST', `${V1}/customers`, [], { body: { name: 'Morel & Fils', segment: 'bakeries', origin: 'fair', owner: 'ada', team: ['ada'], ...from } });
    await ask('POST', `${V1}/customers`, [], { body: { name: 'Morel & Filles', ...from }, status: 200 });
    const { id: other } = await ask('POST', `${V1}/customers`, [], { body: { name: 'Bare Ltd', referredBy: id } });
    await ask('PATCH', ONE, [other], { body: { segment: 'mills' } });
    const { person } = await ask('POST', `${ONE}/people`, [id], { body: { name: 'Ines Morel', email: 'ines@example.org', phone: '+49 30 1', roles: ['champion'] } });
    await ask('POST', `${ONE}/people`, [id], { body: { name: 'Jo' } });
    await ask('POST', `${V1}/colleagues`, [], { body: { id: 'cleo', name: 'Cleo Fink', department: 'service' } });
    await ask('POST', `${V1}/handovers`, [], { body: { customers: [other], to: 'cleo', note: 'She knows mills' } });
    await ask('GET', `${V1}/handovers`);
    await ask('POST', `${V1}/handovers/acknowledge`, [], { body: { customers: [id] } });

    // Rings in every state: bought long ago and over, bought now, advocacy proved, a following term.
    const log = (customer: string, ...entries: object[]): Promise<Json> => ask('POST', `${ONE}/interactions`, [customer], { body: { entries } });
    await log(other, { kind: 'reply', occurredAt: daysAgo(800) }, { kind: 'purchase', occurredAt: daysAgo(700), end: daysAgo(400) }, { kind: 'outcome-confirmed', occurredAt: daysAgo(650) });
    await log(id, { kind: 'reply', occurredAt: daysAgo(70), summary: 'They wrote', people: [person] }, { kind: 'purchase', occurredAt: daysAgo(60), offering: 'service-plan' }, { kind: 'outcome-confirmed', occurredAt: daysAgo(50), measure: 'hours-saved', value: 1.5 });
    const [issue, , call] = (await log(id, { kind: 'issue-opened', severity: 1, occurredAt: daysAgo(3), summary: 'Standing still' }, { kind: 'step-planned', due: daysAgo(1), who: 'ada' }, { kind: 'call', side: 'us', occurredAt: daysAgo(3), summary: 'Delivery', source: 'crm', sourceId: 'E-1' })).entries;
    await ask('PUT', ENTRY, [id, issue], { body: { kind: 'issue-opened', severity: 2, summary: 'Standing still again', people: [person] } });
    const { entries: [wrong] } = await log(id, { kind: 'note', summary: 'Elsewhere' });
    const moved = (await ask('POST', `${ENTRY}/move`, [id, wrong], { body: { to: other } })).entries[0];
    const { entries: [question] } = await log(id, { kind: 'question-asked', question: 'Why?' }, { kind: 'question-answered', about: '#0' });
    const refused = await ask('POST', `${ENTRY}/retract`, [id, question], { body: {}, status: 409 });
    await ask('POST', `${ENTRY}/retract`, [id, question], { body: { reason: 'A mistake', including: refused.entries.filter(({ falls }: Json) => falls !== false).map((entry: Json) => entry.id) } });

    // One of every kind, with all its fields, at a customer of its own.
    const { id: full } = await ask('POST', `${V1}/customers`, [], { body: { name: 'Full AG' } });
    const { person: somebody } = await ask('POST', `${ONE}/people`, [full], { body: { name: 'Kim' } });
    const logged = new Map<string, string>();
    const needs = (kind: string): number => Object.values(fieldsOf(kind)).filter(({ type, required, of }) => type === 'entry' && required === true && of !== undefined).reduce((most, { of }) => Math.max(most, of!.length === 0 ? 1 : 1 + Math.min(...of!.map(needs))), 0);
    const theirs = Object.keys(kinds).filter((kind) => kinds[kind]!.group !== 'ours').sort((a, b) => needs(a) - needs(b));
    // Nobody is asked for anything who has left, or without consent, or while an issue is open.
    const { person: willing } = await ask('POST', `${ONE}/people`, [full], { body: { name: 'Lou' } });
    const [, asked] = (await log(full, { kind: 'consent-given', person: willing, purpose: 'reference-calls', occurredAt: daysAgo(9) }, { ...fullEntry('advocacy-asked', willing, other, logged), about: undefined, occurredAt: daysAgo(5) })).entries;
    logged.set('advocacy-asked', asked);
    for (const kind of theirs.filter((one) => !logged.has(one))) logged.set(kind, (await log(full, fullEntry(kind, somebody, other, logged))).entries[0]);
    for (const kind of Object.keys(kinds).filter((one) => !theirs.includes(one))) await ask('POST', `${V1}/log`, [], { body: fullEntry(kind, somebody, other, logged) });

    // Promises through their steps.
    const PROMISE = `${ONE}/promises/{interaction}`;
    const promise = async (body: object): Promise<string> => (await ask('POST', `${ONE}/promises`, [id], { body })).promise;
    const done = await promise({ what: 'A quote', due: daysAgo(-9), people: [person], entry: { kind: 'visit', side: 'us', attended: true, summary: 'Looked at the line' } });
    for (const step of ['produced', 'delivered', 'confirmed']) await ask('POST', `${PROMISE}/${step}`, [id, done], { body: { summary: 'By mail' } });
    await ask('POST', `${PROMISE}/confirmed`, [id, done], { body: {}, status: 400 });
    await promise({ what: 'A call back', due: daysAgo(4), occurredAt: daysAgo(9), owner: 'cleo', offering: 'service-plan', givenIn: call, summary: 'After lunch' });
    await promise({ what: 'Too late', due: daysAgo(-1) });
    await ask('POST', `${ONE}/promises`, [id], { body: { what: 'A quote', due: daysAgo(1) }, status: 400 });
    await ask('POST', `${PROMISE}/withdraw`, [id, await promise({ what: 'A mistake', due: '2031-01-01' })], { body: { reason: 'Noted twice' } });
    for (const query of ['', '?limit=1', '?owner=cleo&department=service&state=missed,kept&dueBefore=2031-01-01']) await ask('GET', `${V1}/promises`, [], { query });
    await ask('GET', `${ONE}/promises`, [id]);

    // Asks through their answers, at a customer who was brought by another and brings others.
    const ASK = `${ONE}/asks/{interaction}`;
    const { id: warm } = await ask('POST', `${V1}/customers`, [], { body: { name: 'Warm KG', segment: 'bakeries', owner: 'ada', referredBy: other } });
    const { person: fan } = await ask('POST', `${ONE}/people`, [warm], { body: { name: 'Fay', roles: ['decider'] } });
    await log(warm, { kind: 'consent-given', person: fan, purpose: 'reference-calls', occurredAt: daysAgo(200) }, { kind: 'purchase', occurredAt: daysAgo(190), offering: 'service-plan', amount: 5000, currency: 'EUR' }, { kind: 'survey-answered', person: fan, nps: 9, occurredAt: daysAgo(180) }, { kind: 'contact-objected', person: fan, against: 'post', occurredAt: daysAgo(170) });
    const asking = async (body: object): Promise<string> => (await ask('POST', `${ONE}/asks`, [warm], { body: { person: fan, wording: 'Would you?', channel: 'email', ...body } })).ask;
    const first = await asking({ act: 'referral', occurredAt: daysAgo(150), due: daysAgo(100), channel: 'phone', offering: 'service-plan' });
    await ask('POST', `${ASK}/accepted`, [warm, first], { body: { summary: 'Gladly' } });
    await ask('POST', `${ASK}/act`, [warm, first], { body: { entry: { referredCustomer: full, verification: 'evidenced', reach: 3, occurredAt: daysAgo(120) } } });
    await log(warm, { kind: 'referral', person: fan, referredCustomer: other, occurredAt: daysAgo(110) });
    const second = await asking({ act: 'review', occurredAt: daysAgo(20), incentivised: true });
    await ask('POST', `${ASK}/declined`, [warm, second], { body: { reason: 'No time' } });
    await ask('POST', `${ASK}/withdraw`, [warm, await asking({ act: 'speaking', due: daysAgo(-30) })], { body: { reason: 'Never asked' } });
    await asking({ act: 'reference' });
    await ask('POST', `${ONE}/asks`, [warm], { body: { person: fan, act: 'reference', wording: 'Once more?', channel: 'email' }, status: 409 });
    for (const query of ['', '?limit=1', `?person=${fan}&by=ada&state=waiting,declined`]) await ask('GET', `${V1}/asks`, [], { query });
    await ask('GET', `${ONE}/asks`, [warm]);
    for (const query of ['?all=true&act=referral&offering=service-plan&segment=bakeries&role=decider', '?limit=1&owner=ada']) await ask('GET', `${V1}/whom-to-ask`, [], { query });
    for (const query of ['', '?limit=1&owner=ada']) await ask('GET', `${V1}/advocates`, [], { query });
    for (const query of ['', '?limit=1', `?customer=${full}`]) await ask('GET', `${V1}/referrals`, [], { query });

    const map = { customer: { source: 'crm', sourceId: '{Account}' }, entry: { kind: 'call', side: 'us', occurredAt: '{Date}' } };
    const imported = async (given: object, rows: string, query = ''): Promise<Answer> => {
      const answer = await app.import([mapping(given), csv(rows)], { query });
      real.push({ name: `POST ${V1}/imports`, answer });
      return answer;
    };
    await imported(map, 'Account,Date\nA1,2026-01-01\nA2,never\n');
    await imported(map, `Account,Date\n${'A1,2026-01-01\n'.repeat(2001)}`, '?dryRun=true');
    await imported({ ...map, more: 1 }, 'Account,Date\n');
    const many = await imported(map, `Account,Date\n${Array.from({ length: 51 }, (_, n) => `U${n},2026-01-01\n`).join('')}U0,never\n`, '?badRows=true');
    const { run } = JSON.parse(many.text.trim().split('\n').at(-1)!).result;
    await ask('GET', `${V1}/imports`, [], { query: '?limit=1' });
    for (let times = 0; times < 2; times += 1) await ask('POST', `${V1}/imports/{id}/undo`, [run], { body: {} });
    await ask('GET', `${V1}/imports`);
    await ask('GET', `${V1}/imports/layouts`);
    const { type, body: unknown } = multipart([csv('Account,Opened at,Status\nA1,03/04/2026,open\n')]);
    real.push({ name: `POST ${V1}/imports/recognise`, answer: await app.raw('POST', `${V1}/imports/recognise`, { 'content-type': type, 'x-colleague': 'ada' }, unknown) });
    const json = multipart([csv('{"rows":[{"account":{"id":"A1"},"date":"2026-01-02"}]}')]);
    real.push({ name: `POST ${V1}/imports/recognise`, answer: await app.raw('POST', `${V1}/imports/recognise`, { 'content-type': json.type, 'x-colleague': 'ada' }, json.body) });

    for (const customer of [id, other, full]) {
      for (const route of [ONE, `${ONE}/people`, `${ONE}/journey`, `${ONE}/overview`]) await ask('GET', route, [customer]);
      for (const query of ['?limit=200', '?limit=200&originals=true', '?limit=3']) await ask('GET', `${ONE}/timeline`, [customer], { query });
    }
    await ask('POST', `${ONE}/snooze`, [other], { body: { until: daysAgo(-20), reason: 'Nobody there until then' } });
    for (const query of ['', '?snoozed=true', '?new=true']) await ask('GET', `${V1}/attention`, [], { query });
    await ask('GET', `${V1}/portfolio`);
    await ask('POST', `${ONE}/snooze`, [other], { body: { until: daysAgo(-20), reason: 'Known', only: 'silent' } });
    await ask('GET', `${V1}/attention`, [], { query: '?snoozed=true' });
    await ask('DELETE', `${ONE}/snooze`, [other], { query: '?only=silent' });
    await ask('DELETE', `${ONE}/snooze`, [other]);
    await ask('DELETE', `${ONE}/snooze`, [other], { status: 409 });
    await ask('GET', `${ONE}/timeline`, [id], { query: `?asKnown=${new Date().toISOString()}&channel=phone` });
    await ask('GET', `${ONE}/overview`, [id], { query: `?asOf=${daysAgo(55)}` });
    await ask('GET', `${ONE}/journey`, [other], { query: `?asOf=${daysAgo(640)}` });
    await ask('GET', `${ONE}/journey`, [other], { query: `?asOf=${daysAgo(420)}` });
    await ask('GET', `${ONE}/journey`, [id], { query: '?offering=service-plan' });
    for (const one of [issue, call]) await ask('GET', ENTRY, [id, one]);
    await ask('GET', ENTRY, [other, moved]);
    await ask('GET', ENTRY, [id, wrong]);
    await ask('GET', `${ONE}/interactions`, [id], { query: '?source=crm&sourceId=E-1' });
    await ask('GET', `${V1}/interactions`, [], { query: '?source=crm&sourceId=E-1' });
    await ask('GET', `${V1}/customers`, [], { query: '?source=crm&sourceId=C-1' });
    await ask('GET', ONE, ['nobody'], { status: 404 });
    await ask('GET', `${V1}/portfolio`, [], { query: '?limit=0', status: 400 });
    for (const query of ['', '?limit=1', '?sort=name', '?sort=worth&reverse=true&rings=2:lit&atRisk=false']) await ask('GET', `${V1}/portfolio`, [], { query });
    for (const query of ['?days=730', '?limit=1']) await ask('GET', `${V1}/contracts-ahead`, [], { query });
    for (const q of ['morel', 'ines', 'standing']) await ask('GET', `${V1}/search`, [], { query: `?q=${q}` });
    for (const route of [`${V1}/colleagues`, `${V1}/kinds`, `${V1}/issues`, `${V1}/steps`, `${V1}/rules`, `${V1}/verify`, `${V1}/proof`, `${V1}/status`, '/health/live', '/health/ready', '/metrics']) await ask('GET', route);
    await ask('GET', `${V1}/log`, [], { query: '?limit=1000' });
    for (const what of ['log', 'interactions', 'journeys', 'xes']) await ask('GET', `${V1}/export/${what}`);
    await ask('GET', `${ONE}/export`, [id]);
    await ask('POST', `${V1}/parked/retry`, [], { body: {} });
    await ask('POST', `${V1}/rebuild`, [], { body: {} });
    await ask('POST', `${V1}/sample`, [], { body: {}, status: 409 });
    // Only where there are no customers.
    const empty = await TestApp.open(undefined, { FIVE_RING_STORE: 'memory:' });
    await empty.colleague('ada');
    real.push({ name: `POST ${V1}/sample`, answer: await empty.post('sample', {}) });
    await empty.remove();

    const { entries: [mistaken, shared] } = await log(id, { kind: 'reply', people: [person] }, { kind: 'note', people: [person], summary: 'Somebody' });
    await ask('PUT', ENTRY, [id, shared], { body: { kind: 'note', summary: 'Nobody' } });
    await ask('POST', `${ENTRY}/retract`, [id, mistaken], { body: { reason: 'Another Ines' } });
    const { id: request } = await ask('POST', `${V1}/requests`, [], { body: { kind: 'access', customer: full, person: somebody, words: 'What do you have?', receivedAt: daysAgo(40) } });
    await ask('POST', `${V1}/requests`, [], { body: { kind: 'erasure', who: 'kim@example.org' } });
    await ask('PATCH', `${V1}/requests/{id}`, [request], { body: { note: 'Asked who it is', extendTo: daysAgo(5), reason: 'Much to read' } });
    await ask('PATCH', `${V1}/requests/{id}`, [request], { body: { outcome: 'done', done: 'Sent' } });
    for (const query of ['', '?open=true', '?limit=1']) await ask('GET', `${V1}/requests`, [], { query });
    for (const [customer, who] of [[id, person], [full, somebody]] as const) {
      await ask('GET', `${ONE}/people/{person}/consents`, [customer, who]);
      for (const query of ['', '?format=csv']) await ask('GET', `${ONE}/people/{person}/export`, [customer, who], { query });
    }
    await ask('GET', `${V1}/live`, [], { query: '?seconds=1' });
    await ask('GET', `${V1}/verify`, [], { query: `?at=1,2&head=${'0'.repeat(64)}` });
    await app.parts.heads.keep();
    await ask('GET', `${V1}/proof`);

    await ask('GET', `${V1}/changes-made`);
    for (const query of ['', '?split=department&by=quarter&points=3', `?asOf=${daysAgo(200)}`]) await ask('GET', `${V1}/dashboard`, [], { query });
    const { link } = await ask('POST', `${V1}/accounts`, [], { body: { id: 'ada', role: 'administrator', contacts: true } });
    const token = link.path.split('#')[1];
    await ask('POST', `${V1}/links`, [], { body: { token } });
    await ask('POST', `${V1}/links/use`, [], { body: { token, password: 'eleven blue bicycles' } });
    await ask('POST', `${V1}/links`, [], { body: { token }, status: 404 });
    await ask('PUT', `${V1}/session/password`, [], { body: { old: 'eleven blue bicycles', password: 'twelve blue bicycles' } });
    await ask('POST', `${V1}/session`, [], { body: { colleague: 'ada', password: 'twelve blue bicycles' } });
    await ask('POST', `${V1}/session`, [], { body: { colleague: 'ada', password: 'eleven blue bicycles' }, status: 401 });
    await ask('GET', `${V1}/session`);
    const mine = await app.get('sessions', { headers: { 'x-colleague': 'ada' } });
    real.push({ name: `GET ${V1}/sessions`, answer: mine });
    await ask('POST', `${V1}/session`, [], { body: { colleague: 'ada', password: 'twelve blue bicycles' } });
    await ask('DELETE', `${V1}/sessions/{session}`, [mine.json.items[0].session]);
    await ask('DELETE', `${V1}/sessions`);
    await ask('DELETE', `${V1}/session`);
    await ask('PUT', `${V1}/accounts/{id}/identity`, ['ada'], { body: { identity: 'ada@example.org' } });
    await ask('DELETE', `${V1}/accounts/{id}/identity`, ['ada']);
    await ask('POST', `${V1}/accounts/{id}/link`, ['ada'], { body: { endSessions: true } });
    await ask('PATCH', `${V1}/accounts/{id}`, ['ada'], { body: { contacts: false } });
    await ask('GET', `${V1}/accounts`);
    const { id: key } = await ask('POST', `${V1}/keys`, [], { body: { label: 'nightly import', scopes: ['read', 'import'] } });
    await ask('GET', `${V1}/keys`);
    await ask('DELETE', `${V1}/keys/{key}`, [key]);
    const { id: lost } = await ask('POST', `${V1}/keys`, [], { body: { label: 'lost', scopes: ['read'] } });
    await ask('GET', `${V1}/accounts/{id}/keys`, ['ada']);
    await ask('DELETE', `${V1}/accounts/{id}/keys/{key}`, ['ada', lost]);
    const draft = structuredClone(PRESETS['shop']!);
    for (const given of [draft, { ...draft, response: -1 }]) await ask('POST', `${V1}/rules/check`, [], { body: { rules: given } });
    await ask('POST', `${V1}/rules/rehearsals`, [], { body: { rules: draft } });
    await ask('GET', `${V1}/rules/back-test`, [], { query: '?months=30' });
    await ask('POST', `${V1}/rules`, [], { body: { rules: draft, reason: 'We are a shop' } });
    await ask('GET', `${V1}/rules/history`);
    await ask('PATCH', `${V1}/settings`, [], { body: { values: { auditDays: 500 }, reason: 'Our auditors ask for it' } });
    await ask('GET', `${V1}/settings`);
    await ask('GET', `${V1}/audit`, [], { query: '?limit=20' });
    await ask('GET', `${V1}/rules/compare`, [], { query: '?a=shop&b=consultancy' });
    await ask('GET', `${V1}/rules`);
    const { items: figures } = await ask('GET', `${V1}/figures`);
    for (const { name } of figures) await ask('GET', `${V1}/figures/{name}`, [name]);
    for (const query of ['?split=segment', '?split=offering&window=30', '?segment=bakeries&offering=service-plan', `?asOf=${daysAgo(900)}`]) await ask('GET', `${V1}/figures/{name}`, ['ring-conversion-1-to-2'], { query });
    for (const name of ['advocacy-rate', 'net-revenue-retention', 'ring-conversion-2-to-3']) {
      await ask('GET', `${V1}/figures/{name}/series`, [name], { query: '?by=quarter&split=segment' });
      await ask('GET', `${V1}/figures/{name}/evidence`, [name], { query: '?limit=1' });
    }
    const keeping = { figure: 'advocacy-rate', label: 'Board', segment: 'bakeries' };
    const { id: keptNow } = await ask('POST', `${V1}/kept-figures`, [], { body: keeping });
    const { id: keptThen } = await ask('POST', `${V1}/kept-figures`, [], { body: { ...keeping, asOf: daysAgo(30) } });
    await ask('GET', `${V1}/kept-figures/{id}`, [keptNow]);
    await log(id, { kind: 'review', stars: 5, occurredAt: daysAgo(40), person });
    await log(id, { kind: 'cancellation', occurredAt: daysAgo(35) });
    await ask('GET', `${V1}/kept-figures/{id}`, [keptThen]);
    await ask('GET', `${V1}/kept-figures`);

    const { items: detectors } = await ask('GET', `${V1}/alignment`);
    for (const { name } of detectors) await ask('GET', `${V1}/alignment/{detector}/evidence`, [name], { query: '?limit=2' });
    const { items: checks } = await ask('GET', `${V1}/checks`, [], { query: '?window=400' });
    for (const { name } of checks) await ask('GET', `${V1}/checks/{check}/evidence`, [name]);
    for (const customer of [id, other, full]) await ask('GET', `${ONE}/checks`, [customer]);
    await ask('GET', `${V1}/helped`);
    for (const query of ['', '?limit=1', '?favourable=false']) await ask('GET', `${V1}/helped/decisions`, [], { query });
    real.push({ name: `GET ${V1}/calendar.ics`, answer: await app.get('calendar.ics', { headers: { 'x-colleague': 'ada' } }) });
    for (const route of ['campaigns', 'enablements', 'tags']) await ask('GET', `${V1}/${route}`);

    const reason = 'Asked for it by letter';
    await ask('POST', `${ENTRY}/erase-text`, [id, shared], { body: { reason } });
    await ask('POST', `${ONE}/people/{person}/erase`, [full, somebody], { body: { reason } });
    const { id: going } = await ask('POST', `${V1}/customers`, [], { body: { name: 'Going & Gone' }, status: 201 });
    await ask('POST', `${ONE}/erase`, [going], { body: { reason, confirm: going } });
    await app.colleague('gone');
    await ask('PATCH', `${V1}/colleagues/{id}`, ['gone'], { body: { active: false } });
    await ask('POST', `${V1}/colleagues/{id}/erase`, ['gone'], { body: { reason } });
    for (const query of ['', '?limit=1']) await ask('GET', `${V1}/erasures`, [], { query });

    // Last, as it erases: nothing was heard of anybody for long once the clock has moved.
    const clock = app.nest.get<{ now: () => number }>(Organisation);
    const { now } = clock;
    await ask('GET', `${V1}/erasures/due`);
    await ask('PATCH', `${V1}/settings`, [], { body: { values: { erasePeopleAfterMonths: 12 }, reason: 'Agreed' } });
    clock.now = () => Date.now() + 1000 * 86_400_000;
    try {
      await ask('GET', `${V1}/erasures/due`);
      await ask('POST', `${V1}/erasures/sweep`, [], { body: { atMost: 1 } });
    } finally {
      clock.now = now;
    }
  }, 300_000);

  it('every success has a schema, and every operation its problems', () => expect(bare(document)).toEqual([]));
  it('every property of every answer has a description and an example', () => expect(unsaid(document)).toEqual([]));
  it('real answers are as their schemas say', () => expect(drifted(document)).toEqual([]));

  it('every operation was really asked, and every alternative of what it answers was seen', () => {
    const answered = new Set(real.filter(({ answer }) => answer.status < 300).map(({ name }) => name));
    expect(operations(document).map(({ name }) => name).filter((name) => !answered.has(name))).toEqual([]);
    const items = real.filter(({ name }) => name.endsWith('/timeline')).flatMap(({ answer }) => answer.json.items);
    expect(new Set(items.map(({ type }) => type))).toEqual(new Set(['entry', 'ring-change']));
    expect(Object.keys(kinds).filter((kind) => kinds[kind]!.group !== 'ours' && !items.some((item) => item.kind === kind))).toEqual([]);
    const lines = real.filter(({ answer }) => answer.headers['content-type']?.startsWith('application/x-ndjson') === true).flatMap(({ name, answer }) => answer.text.trim().split('\n').map((line) => `${name} ${Object.keys(JSON.parse(line)).join()}`));
    expect(new Set(lines)).toEqual(new Set(['POST /api/v1/imports', 'POST /api/v1/sample', 'GET /api/v1/verify', 'POST /api/v1/rules/rehearsals', 'GET /api/v1/rules/back-test', 'POST /api/v1/imports/{id}/undo', 'POST /api/v1/rebuild'].flatMap((name) => [`${name} progress`, `${name} result`]).concat('POST /api/v1/imports bad', ['fiveRingLog,exportedAt,version', 'id,stream,revision,type,recordedAt,metadata,data', 'end,events,head'].map((keys) => `GET /api/v1/export/log ${keys}`))));
    const states = real.filter(({ name }) => name.endsWith('/journey')).flatMap(({ answer }) => answer.json.rings.map(({ state }: Json) => state));
    expect(new Set(states)).toEqual(new Set(Object.keys(document.components.schemas.Ring.discriminator.mapping)));
    expect(Object.keys(commonFields).filter((field) => !items.some((item) => item[field] !== undefined))).toEqual([]);
  });

  it('planted bugs: an answer without a schema, a bare property, a missing key, a wrong type and a wrong status are found', () => {
    const spoilt = structuredClone(document);
    const at = (path: string, method = 'get', status = 200): Json => spoilt.paths[path][method].responses[status];
    delete at(`${V1}/kinds`).content;
    delete spoilt.paths[`${V1}/rules`].get.responses['4XX'];
    delete at(`${V1}/steps`).content['application/json'].schema.properties.next.example;
    delete spoilt.components.schemas['Read.common'].properties.corrected;
    delete spoilt.components.schemas['Fields.purchase'].properties.offering.description;
    delete at(`${ONE}/people`).content['application/json'].schema.properties.items.items.properties.lastEntry;
    delete spoilt.components.schemas.RingChange.properties.because;
    at(`${V1}/portfolio`).content['application/json'].schema.properties.total.type = 'string';
    at(`${V1}/rules`).content['application/json'].schema.required.push('author');
    const correction = spoilt.paths[ENTRY].put.responses;
    correction['201'] = correction['200'];
    delete correction['200'];
    expect(bare(spoilt)).toEqual(expect.arrayContaining([`GET ${V1}/kinds: 200 has no schema`, `GET ${V1}/rules: 4XX is no problem`]));
    expect(unsaid(spoilt)).toEqual(expect.arrayContaining([`GET ${V1}/steps 200.next: no example`, 'Fields.purchase.offering: no description']));
    const faults = drifted(spoilt);
    for (const found of [
      `GET ${V1}/kinds: 200 application/json is not in the document`,
      /\/timeline 200\.items\[\d+\]\.corrected: not in the schema/,
      /\/timeline 200\.items\[\d+\]\.because: not in the schema/,
      /\/issues 200\.items\[0\]\.corrected: not in the schema/,
      /\/people 200\.items\[0\]\.lastEntry: not in the schema/,
      /\/portfolio 200\.total: \d+ is no string/,
      /\/rules 200\.author: missing/,
      `PUT ${ENTRY}: 200 application/json is not in the document`,
    ]) expect(faults).toContainEqual(typeof found === 'string' ? found : expect.stringMatching(found));
  });
});
