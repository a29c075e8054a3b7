/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return -- answers are read as they come */
/** The document is fit for tools: every reference leads somewhere, everything is described and shown, and no route is missing. */
import { TestApp, type Json } from './app.js';

let app: TestApp;
let document: Json;
beforeAll(async () => {
  app = await TestApp.open();
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
  // The document and its page describe themselves, and the root only leads to them.
  const own = routes().filter((route) => route !== 'GET /' && !/ \/api\/(docs|openapi)/.test(route));
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
