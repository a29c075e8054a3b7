/** OpenAPI at /api/docs and /api/openapi.json; the kinds of entries come from the catalogue. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { OPEN_ROUTES } from './access/route-table.js';
import { WrittenDto } from './customers/customers.dto.js';
import { ANSWERS, answerSchemas, PROBLEMS, type Answered } from './docs.answers.js';
import { VERSION } from './version.js';
import { CUSTOMER, ENTRY, fillExamples, KEPT, PERSON, ref, type Schema } from './docs.schemas.js';

interface Operation {
  readonly parameters?: Schema[];
  responses: Record<string, Schema>;
}

export function openApi(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Five-Ring')
    .setDescription('Records every interaction with a customer as an event, and derives the journey: five rings, each lit only by what the customer does. Refusals are RFC 9457 problem+json. Colleagues sign in (a session’s cookie) or send an API key; writes may carry Idempotency-Key and If-Match; their answer has a position, which reads take as `after`.')
    .setVersion(VERSION)
    .addSecurity('session', { type: 'apiKey', in: 'cookie', name: '__Host-five-ring', description: 'Session of a colleague who signed in. Requests that write must come from a page of the same origin.' })
    .addSecurity('key', { type: 'http', scheme: 'bearer', description: 'API key of a colleague; may what its scopes say.' })
    .addSecurity('operator', { type: 'apiKey', in: 'header', name: 'Authorization', description: 'Operator TOKEN: whoever holds the data folder has the token in server.json, and says with X-Colleague who acts.' })
    .addSecurityRequirements('session')
    .addSecurityRequirements('key')
    .addSecurityRequirements('operator')
    .build();
  const document = SwaggerModule.createDocument(app, config, { extraModels: [WrittenDto] });
  const components = (document.components ??= {});
  const schemas = { ...(components.schemas as Record<string, Schema>), ...copied(answerSchemas()) };
  for (const schema of Object.values(schemas)) fillExamples(schema, schemas);
  components.schemas = schemas;
  // A correction's body is one entry, an own entry's too.
  for (const [path, method] of [['/api/v1/customers/{id}/interactions/{interaction}', 'put'], ['/api/v1/log', 'post']] as const) {
    const operation = document.paths[path]?.[method];
    if (operation !== undefined) operation.requestBody = { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Entry' } } } };
  }
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods as Record<string, Operation>)) {
      describePath(path, operation.parameters ?? []);
      if (OPEN_ROUTES.has(`${method.toUpperCase()} ${path}`)) Object.assign(operation, { security: [] });
      const answers = ANSWERS[`${method.toUpperCase()} ${path}`];
      if (answers !== undefined) operation.responses = responses(answers, schemas);
    }
  }
  return document;
}

/** The table shares parts between answers; the document shares none, or its YAML would be full of anchors. */
const copied = <T>(of: T): T => JSON.parse(JSON.stringify(of)) as T;

function responses(answers: readonly Answered[], schemas: Record<string, Schema>): Record<string, Schema> {
  const etag = { ETag: { description: 'Last revision; give it as If-Match.', schema: { type: 'string', example: '"7"' } } };
  // One status may be answered in several types.
  const given = [...Map.groupBy(answers, ({ status }) => status)].map(([status, alike]) => {
    const content = Object.fromEntries(alike.map(({ schema, type }) => {
      const own = copied(schema);
      fillExamples(own, schemas);
      return [type ?? 'application/json', { schema: own }];
    }));
    return [String(status), { description: alike[0]!.description, ...(alike[0]!.etag === true && { headers: copied(etag) }), content }];
  });
  const problems = Object.entries(PROBLEMS).map(([status, description]) => [status, { description, content: { 'application/problem+json': { schema: ref('Problem') } } }]);
  return Object.fromEntries([...given, ...problems]) as Record<string, Schema>;
}

/** What stands in the braces of a path. */
function describePath(path: string, parameters: Schema[]): void {
  const customer = { description: 'Id of the customer.', example: CUSTOMER };
  const says: Readonly<Record<string, Schema>> = {
    id: path.includes('/colleagues/') || path.includes('/accounts/') ? { description: 'Id of the colleague.', example: 'ada' } : path.includes('/kept-figures/') ? { description: 'Id of the kept figure.', example: KEPT } : path.includes('/requests/') ? { description: 'Id of the request.', example: KEPT } : customer,
    person: { description: 'Id of the person.', example: PERSON },
    name: { description: 'Name of the figure; `GET /api/v1/figures` lists them.', example: 'advocacy-rate' },
    session: { description: 'Id of the session, as the list says.', example: 'c3ab8ff13720e8ad9047dd39466b3c89' },
    key: { description: 'Id of the API key.', example: KEPT },
    check: { description: 'Name of the check.', example: 'want-and-need' },
    detector: { description: 'Name of the detector.', example: 'message-and-need' },
    interaction: { description: 'Id of the entry.', example: ENTRY },
  };
  for (const parameter of parameters) if (parameter['in'] === 'path') Object.assign(parameter, says[String(parameter['name'])]);
}

export function addDocs(app: NestFastifyApplication): void {
  SwaggerModule.setup('api/docs', app, () => openApi(app), { jsonDocumentUrl: 'api/openapi.json', yamlDocumentUrl: 'api/openapi.yaml', customSiteTitle: 'Five-Ring API' });
}
