/**
 * Requests made from /api/openapi.json, most of them wrong: no 5xx, every refusal a problem, nothing appended by one (P7, P11);
 * and requests sent two to five times with one key: no duplicates (P2). FUZZ_RUNS sets how many, FUZZ_SEED which.
 */
import fc from 'fast-check';
import type { Parts } from '../../src/app.module.js';
import { commandIdOf } from '../../src/shell/ids.js';
import { ProblemsFilter } from '../../src/shell/problems.filter.js';
import { faultsOf, multipart, TestApp, type Answer, type Json } from './app.js';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 2000);
const REPEATED = Math.ceil(RUNS * 0.15);
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
/** One world serves so many requests; fast-check says which of them broke it. */
const BATCH = 20;

interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

// ---- hostile values ---------------------------------------------------------------------------------------

const deep = (depth: number, open: string, close: string): string => open.repeat(depth) + '1' + close.repeat(depth);
const HOSTILE = ['', ' ', '\0', 'a\0b', '\ud800', '\udfff\ud800', '\u202e', '\uffff', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '../../etc/passwd', '%00', '%', "' OR 1=1 --", '"', '#0', '#999', '#-1', '*', '{Account}', '1e999', '-0', 'NaN', 'null', 'true', '9'.repeat(400), 'é'.repeat(300), '\u0301'.repeat(2000), 'a'.repeat(5000), '😀', '2026-02-30', '0000-00-00', '9999-12-31T23:59:59.999999999-18:00', '+275760-09-13T00:00:00Z', '\r\nX-Injected: 1', '<script>'];
const NUMBERS = [0, -0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 5e-324, Number.MAX_SAFE_INTEGER];
const hostileText = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ maxLength: 30 }));
const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  { weight: 3, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 2, arbitrary: fc.constantFrom(null, true, false, [], {}, [[]], [null], { toString: 1 }, { length: -1 }, { valueOf: null }, { then: 1 }) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.array(hostileText, { maxLength: 60 }) },
);
const RAW = [Buffer.alloc(0), Buffer.from('{'), Buffer.from('null'), Buffer.from('5'), Buffer.from('"x"'), Buffer.from('[]'), Buffer.from([0xff, 0xfe, 0x7b]), Buffer.from('\ufeff{}'), Buffer.from('{"name":1e999}'), Buffer.from('{"__proto__":{"x":1}}'), Buffer.from('{"name":"\\ud800"}'), Buffer.from(deep(5000, '[', ']')), Buffer.from(deep(3000, '{"a":', '}')), Buffer.from(`{"entries":[${deep(30, '[', ']')}]}`), Buffer.from('['.repeat(10_000)), Buffer.from(`{"name":"${'a'.repeat(200_000)}"}`)];
/** Once in so many times; else null. */
const rarely = <T>(one: fc.Arbitrary<T>, outOf: number): fc.Arbitrary<T | null> => fc.oneof({ weight: outOf - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: one });
const rawBody = fc.oneof(fc.constantFrom(...RAW), fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)));

// ---- values as the document describes them ----------------------------------------------------------------

class FromDocument {
  constructor(
    private readonly document: Json,
    private readonly known: Readonly<Record<string, readonly string[]>>,
  ) {}

  private resolved(schema: Json): Json {
    return schema?.$ref === undefined ? schema : this.resolved(schema.$ref.slice(2).split('/').reduce((node: Json, key: string) => node[key], this.document));
  }

  /** A value that fits, or nearly. */
  value(given: Json, name = ''): fc.Arbitrary<unknown> {
    const schema = this.resolved(given) ?? {};
    if (schema.oneOf !== undefined) return fc.nat(schema.oneOf.length - 1).chain((index) => this.value(schema.oneOf[index]));
    const fitting = ((): fc.Arbitrary<unknown> => {
      if (schema.enum !== undefined && schema.type !== 'array') return fc.constantFrom(...schema.enum);
      switch (schema.type) {
        case 'object':
          return this.object(schema);
        case 'array':
          return fc.array(this.value(schema.items ?? {}, name), { maxLength: 3 });
        case 'boolean':
          return fc.boolean();
        case 'integer':
        case 'number':
          return fc.oneof(fc.constant(schema.example ?? 1), fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 100 }));
        default:
          return fc.oneof(fc.constant(schema.example ?? 'x'), fc.constantFrom(...(this.known[name] ?? this.known['any']!)), fc.string({ minLength: 1, maxLength: 20 }));
      }
    })();
    return fc.oneof({ weight: 30, arbitrary: fitting }, { weight: 1, arbitrary: hostileValue });
  }

  private object(schema: Json): fc.Arbitrary<unknown> {
    const entries = Object.entries<Json>(schema.properties ?? {});
    const required: string[] = schema.required ?? [];
    const parts = entries.map(([name, property]) => fc.tuple(fc.constant(name), this.value(property, name), fc.nat(9)));
    const extra = rarely(fc.tuple(hostileText, hostileValue), 12);
    return fc.tuple(fc.tuple(...parts), extra, fc.nat(30)).map(([list, more, drop]) => {
      // What must be there nearly always is, what may be there sometimes is.
      const kept = list.filter(([name, , chance], index) => (required.includes(name) ? index !== drop : chance < 3));
      return Object.fromEntries([...kept.map(([name, value]) => [name, value] as const), ...(more === null ? [] : [more])]);
    });
  }

  requests(): fc.Arbitrary<Request> {
    const operations = Object.entries<Json>(this.document.paths).flatMap(([path, methods]) => Object.entries<Json>(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })));
    const writes = operations.filter(({ method }) => method !== 'GET');
    // Writing is what there is to break: as often as reading.
    return fc.oneof(fc.constantFrom(...operations), fc.constantFrom(...writes)).chain(({ path, method, operation }) => this.request(path, method, operation));
  }

  private request(path: string, method: string, operation: Json): fc.Arbitrary<Request> {
    const parameters: Json[] = operation.parameters ?? [];
    const inPath = parameters.filter((parameter) => parameter.in === 'path');
    // `after` beyond the log waits for seconds, and who listens does; what they do is tested elsewhere.
    const inQuery = parameters.filter((parameter) => parameter.in === 'query');
    const ids = fc.tuple(...inPath.map(({ name }) => fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...(this.known[name] ?? this.known['any']!)) }, { weight: 1, arbitrary: hostileText })));
    const query = fc.tuple(...inQuery.map(({ name, schema, required }) => fc.tuple(fc.constant(name as string), name === 'after' ? fc.constantFrom('1', '2', 'x', '-1', '1.5', '') : name === 'seconds' ? fc.constantFrom('1', '0', 'x', '') : this.value(schema ?? {}, name), fc.nat(9).map((chance) => required === true || name === 'seconds' || chance < 3))));
    const stray = rarely(fc.tuple(hostileText, hostileText), 15);
    const headers = fc.record({
      'x-colleague': fc.oneof({ weight: 20, arbitrary: fc.constant('ada') }, { weight: 1, arbitrary: fc.constantFrom('', 'nobody', '__proto__', '\xff', 'a b', 'x'.repeat(100)) }),
      'idempotency-key': rarely(fc.constantFrom('a', 'b', 'c', '', '\xe9', 'k'.repeat(300)), 6),
      'if-match': rarely(fc.constantFrom('"0"', '"1"', '"99999999999999999999"', 'W/"1"', '*', 'x', ''), 12),
      'content-type': fc.oneof({ weight: 25, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constantFrom('text/plain', 'application/json; charset=utf-16', 'multipart/form-data', 'multipart/form-data; boundary=x', ';', 'application/json;;;', 'x/y') }),
    });
    const otherMethod = rarely(fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'), 25);
    return fc.tuple(ids, query, stray, headers, this.body(operation), otherMethod).map(([values, list, more, chosen, body, other]) => {
      const filled = inPath.reduce((url: string, { name }, index) => url.replace(`{${name}}`, encoded(values[index])), path);
      const pairs = [...list.filter(([, , given]) => given).map(([name, value]) => `${name}=${encoded(value)}`), ...(more === null ? [] : [`${encoded(more[0])}=${encoded(more[1])}`])];
      const type = chosen['content-type'] === '' ? body.type : chosen['content-type'];
      const own = { 'x-colleague': chosen['x-colleague'], ...(chosen['idempotency-key'] !== null && { 'idempotency-key': chosen['idempotency-key'] }), ...(chosen['if-match'] !== null && { 'if-match': chosen['if-match'] }), ...(type !== undefined && { 'content-type': type }) };
      const sent = other ?? method;
      return { method: sent, url: `${filled}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`, headers: own, body: ['GET', 'HEAD'].includes(sent) ? undefined : body.bytes };
    });
  }

  private body(operation: Json): fc.Arbitrary<{ type: string | undefined; bytes: Buffer | undefined }> {
    const content = operation.requestBody?.content;
    if (content === undefined) return fc.constant({ type: undefined, bytes: undefined });
    if (content['multipart/form-data'] !== undefined) return this.upload();
    const fitting = this.value(content['application/json']?.schema).map((value) => Buffer.from(JSON.stringify(value) ?? ''));
    return fc.oneof({ weight: 12, arbitrary: fitting }, { weight: 1, arbitrary: rawBody }).map((bytes) => ({ type: 'application/json', bytes }));
  }

  private upload(): fc.Arbitrary<{ type: string; bytes: Buffer }> {
    const cell = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('{A}', '{D}', 'x{A}y', '{Nowhere}', 5, true, { column: 'A' }, { column: 'A', values: { 1: 'x' }, default: 'y' }) }, { weight: 1, arbitrary: hostileValue });
    const fields = fc.dictionary(fc.constantFrom('name', 'owner', 'team', 'segment', 'summary', 'people', 'about', 'severity', 'colour', 'side', 'due', 'amount', 'currency'), cell, { maxKeys: 3 });
    const dates = fc.oneof(fc.constant(undefined), fc.record({ format: fc.oneof(fc.constantFrom('ISO', 'unix', 'YYYY-MM-DD', 'DD.DD', '(', ''), hostileValue), zone: fc.oneof(fc.constantFrom('UTC', 'Europe/Berlin', 'Nope'), hostileValue) }, { requiredKeys: [] }), hostileValue);
    const mapped = fc.record({ customer: fields.map((more) => ({ source: 'fuzz', sourceId: '{A}', ...more })), entry: fields.map((more) => ({ kind: 'note', occurredAt: '{D}', ...more })), dates, delimiter: rarely(fc.oneof(fc.constantFrom(',', ';', '"', '\n'), hostileValue), 4).map((value) => value ?? undefined) });
    const mapping = fc.oneof({ weight: 6, arbitrary: mapped.map((value) => Buffer.from(JSON.stringify(value))) }, { weight: 1, arbitrary: rawBody });
    const file = fc.oneof(fc.constant(Buffer.from('A,D\n1,2026-01-01\n2,2026-01-02\n')), fc.array(hostileText, { maxLength: 6 }).map((rows) => Buffer.from(`A,D\n${rows.join(',2026-01-01\n')}`)), rawBody);
    return fc.tuple(mapping, file, fc.boolean(), fc.nat(15)).map(([first, second, ended, order]) => {
      const parts = [{ name: 'mapping', value: first }, { name: 'file', value: second, filename: 'x.csv' }];
      const { type, body } = multipart(order === 0 ? parts.reverse() : order === 1 ? parts.slice(0, 1) : order === 2 ? [...parts, ...parts] : parts, ended || order > 3);
      return { type, bytes: body };
    });
  }
}

function encoded(value: unknown): string {
  const text = typeof value === 'string' ? value : Array.isArray(value) ? value.map(String).join(',') : (JSON.stringify(value) ?? '');
  return encodeURIComponent(text.toWellFormed()).slice(0, 3000).replace(/%[0-9A-F]?$/, '');
}

// ---- the invariant ----------------------------------------------------------------------------------------

function tell({ method, url, headers, body }: Request): string {
  return `${method} ${url.slice(0, 300)} ${JSON.stringify(headers).slice(0, 300)} ${body?.toString('latin1').slice(0, 600) ?? ''}`;
}

/** Sends a request, and says what is wrong with the answer. Empty when nothing is. */
async function faultsIn(app: TestApp, request: Request): Promise<string[]> {
  const before = await app.parts.store.head();
  const answer = await within(5000, app.raw(request.method, request.url, request.headers, request.body));
  if (answer === undefined) return ['no answer within 5 s'];
  // Just after a write the views may be a moment behind, and the readiness check says so.
  if (request.url.startsWith('/health/ready') && answer.status === 503 && ['behind', undefined].includes(answer.json?.status)) return [];
  if (answer.status >= 500) return [`status ${answer.status}: ${answer.text.slice(0, 200)}`];
  // An import that has begun to answer says so in its last line.
  const last = answer.text.trim().split('\n').at(-1) ?? '';
  if (answer.headers['content-type']?.startsWith('application/x-ndjson') === true && last !== '' && (JSON.parse(last)).problem?.status >= 500) return [`the import ended with ${last}`];
  if (answer.status < 400) return [];
  const after = await app.parts.store.head();
  return [...(request.method === 'HEAD' ? [] : faultsOf(answer, answer.status)), ...(before === after ? [] : [`refused, but the log grew from ${before} to ${after}`])];
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

interface Ids {
  readonly known: Readonly<Record<string, readonly string[]>>;
  readonly customer: string;
}

async function people(app: TestApp): Promise<Ids> {
  await app.colleague('ben');
  const [one, two] = [await app.customer(), await app.customer({ source: 'crm', sourceId: 'C-1' })];
  const person = await app.person(one);
  const entries = await app.log(one, { kind: 'issue-opened', severity: 2 }, { kind: 'question-asked' }, { kind: 'purchase' }, { kind: 'decision-opened', side: 'us', what: 'x' }, { kind: 'note', people: [person] });
  const any = [one, two, person, ...entries, 'ada', 'nobody'];
  // Customers and colleagues are both `id` in a path.
  return { customer: one, known: { any, id: [one, one, two, 'ben', 'nobody'], interaction: entries, about: entries, term: entries, decision: entries, person: [person], people: [person], deciders: [person], owner: ['ada', 'ben'], who: ['ada'], team: ['ada', 'ben'], colleague: ['ben'], to: [two], referredBy: [two], referredCustomer: [two], including: entries } };
}

/** Sends this many requests. @throws with the seed and the request that breaks the invariant; those before it made the world it met, so nothing is shrunk. */
async function fuzz(app: TestApp, runs: number, seed = SEED): Promise<Map<string, number>> {
  const { known } = await people(app);
  const document = (await app.raw('GET', '/api/openapi.json')).json;
  const tally = new Map<string, number>();
  let sent = 0;
  let broken = '';
  const result = await fc.check(
    fc.asyncProperty(fc.array(new FromDocument(document, known).requests(), { minLength: BATCH, maxLength: BATCH }), async (requests) => {
      for (const request of requests) {
        const faults = await faultsIn(app, request);
        if (faults.length > 0) {
          broken = `${faults.join('; ')}\n${tell(request)}`;
          return false;
        }
        sent += 1;
        tally.set(request.method, (tally.get(request.method) ?? 0) + 1);
      }
      await within(5000, app.parts.projector.caughtUp());
      const ready = await app.raw('GET', '/health/ready');
      if (ready.status !== 200) broken = `it no longer serves: ${ready.text}\n${requests.map(tell).join('\n')}`;
      return broken === '';
    }),
    { seed, numRuns: Math.ceil(runs / BATCH), endOnFailure: true, markInterruptAsFailure: true },
  );
  if (result.failed) throw new Error(`FUZZ_SEED=${seed}, request ${sent + 1}: ${broken}`, { cause: result.errorInstance });
  tally.set('sent', sent);
  return tally;
}

describe(`requests made from the OpenAPI document (FUZZ_SEED=${SEED})`, () => {
  it(`${RUNS} of them: no 5xx, every refusal a problem that appended nothing, and it still serves`, async () => {
    const app = await TestApp.withAda();
    const before = await app.eventsInLog();
    const tally = await fuzz(app, RUNS);
    const written = (await app.eventsInLog()) - before;
    // A fuzzer that is only ever refused at the door tests the door.
    expect(written).toBeGreaterThan(RUNS / 100);
    expect(await app.parts.operations.parked()).toEqual([]);
    expect((await app.parts.operations.verify()).problems).toEqual([]);
    process.stdout.write(`fuzz: ${tally.get('sent')} requests, ${written} events written by those that were right, 0 broken; FUZZ_SEED=${SEED}\n`);
    await app.remove();
  }, 60_000 + RUNS * 60);

  it('planted bug: an error that becomes a 500 turns it red', async () => {
    const sound = Object.getOwnPropertyDescriptor(ProblemsFilter.prototype, 'catch')!;
    ProblemsFilter.prototype.catch = function (error, host) {
      // One code of many is mistaken for a fault of ours.
      const mistaken = (error as { code?: unknown }).code === 'unknown-customer' ? new Error('mistaken') : error;
      (sound.value as ProblemsFilter['catch']).call(this, mistaken, host);
    };
    const app = await TestApp.withAda();
    try {
      await expect(fuzz(app, 400, 1)).rejects.toThrow(/status 500/);
    } finally {
      Object.defineProperty(ProblemsFilter.prototype, 'catch', sound);
      await app.remove();
    }
  });

  it('planted bug: a refusal that has appended something turns it red', async () => {
    const app = await TestApp.withAda((parts): Parts => {
      const { executor } = parts;
      const sound = executor.execute.bind(executor);
      executor.execute = async (aggregate, stream, requests, envelope) => {
        try {
          return await sound(aggregate, stream, requests, envelope);
        } catch (error) {
          await parts.store.append('refusals', [{ id: crypto.randomUUID(), type: 'Refused', data: {}, metadata: { commandId: commandIdOf(), n: 0, mac: '', correlationId: '', causationId: null, actor: 'ada' } }], 'any');
          throw error;
        }
      };
      return parts;
    });
    await expect(fuzz(app, 400, 1)).rejects.toThrow(/the log grew/);
    await app.remove();
  });
});

// ---- repeats ----------------------------------------------------------------------------------------------

/** Sends each of many writes two to five times with one key, half of them at once. @returns what is wrong. */
async function repeat(app: TestApp, runs: number, seed = SEED): Promise<string[]> {
  const { customer } = await people(app);
  const other = await app.customer();
  const faults: string[] = [];
  let owner = 'ada';
  const plans = fc.sample(fc.record({ times: fc.integer({ min: 2, max: 5 }), atOnce: fc.boolean(), what: fc.nat(6) }), { seed, numRuns: runs });
  for (const [index, { times, atOnce, what }] of plans.entries()) {
    const key = { key: `repeat-${index}` };
    const [note] = what === 4 || what === 5 || what === 6 ? await app.log(customer, { kind: 'note', summary: `n${index}` }) : [];
    if (what === 3) owner = owner === 'ada' ? 'ben' : 'ada';
    const next = owner;
    const [send, expected] = ([
      [() => app.post('customers', { name: `C${index}` }, key), 1],
      [() => app.post(`customers/${customer}/interactions`, { entries: [{ kind: 'enquiry' }, { kind: 'note' }] }, key), 2],
      [() => app.post(`customers/${customer}/people`, { name: `P${index}` }, key), 1],
      [() => app.patch(`customers/${customer}`, { name: `N${index}`, owner: next }, key), 2],
      [() => app.post(`customers/${customer}/interactions/${note}/retract`, {}, key), 1],
      [() => app.post(`customers/${customer}/interactions/${note}/move`, { to: other }, key), 2],
      [() => app.put(`customers/${customer}/interactions/${note}`, { kind: 'note', summary: `m${index}` }, key), 1],
    ] as const satisfies readonly (readonly [() => Promise<Answer>, number])[])[what as 0];
    const before = await app.parts.store.head();
    const answers: Answer[] = [];
    if (atOnce) answers.push(...(await Promise.all(Array.from({ length: times }, send))));
    else for (let time = 0; time < times; time += 1) answers.push(await send());
    const grown = (await app.parts.store.readAll(before, 100)).length;
    if (grown !== expected) faults.push(`request ${index} (sort ${what}, ${times} times${atOnce ? ' at once' : ''}): ${grown} events instead of ${expected}`);
    const done = answers.filter(({ status }) => status < 300);
    const first = done.filter(({ json }) => json.repeated === false);
    const refused = answers.filter(({ status, json }) => status >= 300 && json.code !== 'still-running');
    if (refused.length > 0) faults.push(`request ${index}: ${refused[0]!.text}`);
    if (first.length !== 1) faults.push(`request ${index}: ${first.length} first answers`);
    if (new Set(done.map(({ json }) => JSON.stringify([json.id, json.entries, json.person]))).size !== 1) faults.push(`request ${index}: different answers`);
  }
  return faults;
}

describe(`requests sent two to five times, half at once (FUZZ_SEED=${SEED})`, () => {
  it(`${REPEATED} of them: no duplicates, one answer`, async () => {
    const app = await TestApp.withAda();
    expect(await repeat(app, REPEATED)).toEqual([]);
    process.stdout.write(`repeats: ${REPEATED} requests sent 2-5 times: 0 duplicates; FUZZ_SEED=${SEED}\n`);
    await app.remove();
  }, 30_000 + REPEATED * 200);

  it('planted bug: an executor that forgets the names of its commands turns it red', async () => {
    const app = await TestApp.withAda((parts): Parts => {
      const sound = parts.executor.execute.bind(parts.executor);
      parts.executor.execute = (aggregate, stream, requests, envelope) => sound(aggregate, stream, requests.map((request) => ({ ...request, commandId: commandIdOf() })), envelope);
      return parts;
    });
    expect((await repeat(app, 20, 1)).join()).toMatch(/events instead of/);
    await app.remove();
  });
});
