/** OpenAPI at /api/docs and /api/openapi.json; the kinds of entries come from the catalogue. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { fieldsOf, kinds, type Field } from './customers/catalogue.js';

type Schema = Record<string, unknown>;

function schemaOf(field: Field): Schema {
  const described = { description: field.says, example: field.example };
  const text = { type: 'string', ...described };
  switch (field.type) {
    case 'integer':
    case 'money':
    case 'number':
      return { type: field.type === 'number' ? 'number' : 'integer', ...described, ...(field.min !== undefined && { minimum: field.min }), ...(field.max !== undefined && { maximum: field.max }) };
    case 'flag':
      return { type: 'boolean', ...described };
    case 'choice':
      return { ...text, enum: field.choices };
    case 'choices':
      return { type: 'array', items: { type: 'string', enum: field.choices }, ...described };
    case 'tags':
    case 'persons':
      return { type: 'array', items: { type: 'string' }, maxItems: 50, ...described };
    case 'instant':
      return { ...text, format: 'date-time' };
    case 'link':
      return { ...text, format: 'uri' };
    case 'text':
      return { ...text, maxLength: field.max ?? 4000 };
    default:
      return text;
  }
}

/** One schema a kind, and `Entry`, which is one of them. */
function entrySchemas(): Record<string, Schema> {
  const schemas: Record<string, Schema> = {};
  const refs: Record<string, string> = {};
  for (const [name, kind] of Object.entries(kinds)) {
    const fields = fieldsOf(name);
    const required = ['kind', ...Object.keys(fields).filter((field) => fields[field]!.required === true), ...(kind.side === 'either' ? ['side'] : [])];
    const schema = `Entry.${name}`;
    refs[name] = `#/components/schemas/${schema}`;
    schemas[schema] = {
      type: 'object',
      description: `${kind.label} (${kind.group}; ${kind.side === 'either' ? 'either side acts' : kind.side === 'us' ? 'we act' : 'the customer acts'})`,
      required,
      additionalProperties: false,
      properties: { kind: { type: 'string', enum: [name], description: 'The kind.', example: name }, ...Object.fromEntries(Object.entries(fields).map(([field, spec]) => [field, schemaOf(spec)])) },
    };
  }
  schemas['Entry'] = { description: 'An entry of one of the kinds of the catalogue.', oneOf: Object.values(refs).map(($ref) => ({ $ref })), discriminator: { propertyName: 'kind', mapping: refs } };
  return schemas;
}

export function openApi(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Five-Ring')
    .setDescription('Records every interaction with a customer as an event, and derives the journey: five rings, each lit only by what the customer does. Refusals are RFC 9457 problem+json. Writes name the colleague in X-Colleague and may carry Idempotency-Key and If-Match; their answer has a position, which reads take as `after`.')
    .setVersion('0.1.0')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  const components = (document.components ??= {});
  components.schemas = { ...components.schemas, ...(entrySchemas() as typeof components.schemas) };
  // A correction's body is one entry, an own entry's too.
  for (const [path, method] of [['/api/v1/customers/{id}/interactions/{interaction}', 'put'], ['/api/v1/log', 'post']] as const) {
    const operation = document.paths[path]?.[method];
    if (operation !== undefined) operation.requestBody = { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Entry' } } } };
  }
  for (const [path, methods] of Object.entries(document.paths)) for (const operation of Object.values(methods as Record<string, { parameters?: Schema[] }>)) describePath(path, operation.parameters ?? []);
  return document;
}

/** What stands in the braces of a path. */
function describePath(path: string, parameters: Schema[]): void {
  const customer = { description: 'Id of the customer.', example: '7f9c2b7e-5b3a-8c8e-9a51-8d3c2f1e0b6a' };
  const says: Readonly<Record<string, Schema>> = {
    id: path.includes('/colleagues/') ? { description: 'Id of the colleague.', example: 'ada' } : customer,
    interaction: { description: 'Id of the entry.', example: '0191e7a0-7c1e-7b3a-9d55-3f2a5e0c1b11' },
  };
  for (const parameter of parameters) if (parameter['in'] === 'path') Object.assign(parameter, says[String(parameter['name'])]);
}

export function addDocs(app: NestFastifyApplication): void {
  SwaggerModule.setup('api/docs', app, () => openApi(app), { jsonDocumentUrl: 'api/openapi.json', yamlDocumentUrl: 'api/openapi.yaml', customSiteTitle: 'Five-Ring API' });
}
