/** Builders of OpenAPI schemas, and those of entries: as they are sent, as they are read, and as each version stands. */
import { commonFields, fieldsOf, kinds, type Field } from './customers/catalogue.js';

export type Schema = Record<string, unknown>;
type Properties = Readonly<Record<string, Schema>>;

export const CUSTOMER = '7f9c2b7e-5b3a-8c8e-9a51-8d3c2f1e0b6a';
export const ENTRY = '0191e7a0-7c1e-7b3a-9d55-3f2a5e0c1b11';
export const KEPT = '0a7f3f4c-6f57-8a53-9a51-1c2d3e4f5a6b';
export const PERSON = '5b0a7c1e-0d0f-4f5e-8f3e-2a9f6f1f0c21';

export const text = (description: string, example: string | null, more: Schema = {}): Schema => ({ type: 'string', description, example, ...more });
export const choice = (description: string, choices: readonly string[], example = choices[0]!): Schema => text(description, example, { enum: choices });
export const whole = (description: string, example: number | null, more: Schema = {}): Schema => ({ type: 'integer', description, example, ...more });
export const flag = (description: string, example: boolean): Schema => ({ type: 'boolean', description, example });
export const instant = (description: string, example = '2026-03-02T15:00:00.000Z'): Schema => text(description, example, { format: 'date-time' });
export const list = (description: string, items: Schema, more: Schema = {}): Schema => ({ type: 'array', description, items, ...more });
/** Values by names that the schema does not know. */
export const map = (description: string, values: Schema | true, example: unknown): Schema => ({ type: 'object', description, additionalProperties: values, example });
export const object = (description: string, properties: Properties, optional: Properties = {}): Schema => ({ type: 'object', description, required: Object.keys(properties), properties: { ...properties, ...optional } });
export const nullable = (schema: Schema): Schema => ({ ...schema, nullable: true });
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
/** A property that is another schema, said in its own words. */
export const as = (description: string, schema: Schema): Schema => ({ allOf: [schema], description });
export const both = (description: string, ...schemas: readonly Schema[]): Schema => ({ description, allOf: schemas });
/** One of several, told apart by the value of a property. */
export function oneOf(description: string, propertyName: string, names: Readonly<Record<string, string>>): Schema {
  const mapping = Object.fromEntries(Object.entries(names).map(([value, name]) => [value, String(ref(name)['$ref'])]));
  return { description, oneOf: [...new Set(Object.values(mapping))].map(($ref) => ({ $ref })), discriminator: { propertyName, mapping } };
}

export const named = (description: string, id: Schema, name: string): Schema => object(description, { id, name: nullable(text('Name; null when it was erased, or nobody has it any more.', name)) });
/** In place of ways to reach a person, where the reader may not see them. */
export const hidden = list('Names of fields that are left out because you may not see ways to reach people.', { type: 'string' }, { example: ['email'] });
const personId = text('Id of the person.', PERSON);
const colleagueId = text('Id of the colleague.', 'ada');

function schemaOf(field: Field): Schema {
  const described = { description: field.hint === undefined ? field.says : `${field.says} ${field.hint}`, example: field.example };
  const string = { type: 'string', ...described };
  switch (field.type) {
    case 'integer':
    case 'money':
    case 'number':
      return { type: field.type === 'number' ? 'number' : 'integer', ...described, ...(field.min !== undefined && { minimum: field.min }), ...(field.max !== undefined && { maximum: field.max }) };
    case 'flag':
      return { type: 'boolean', ...described };
    case 'choice':
      return { ...string, enum: field.choices };
    case 'choices':
      return { type: 'array', items: { type: 'string', enum: field.choices }, ...described };
    case 'tags':
    case 'persons':
      return { type: 'array', items: { type: 'string' }, maxItems: 50, ...described };
    case 'instant':
      return { ...string, format: 'date-time' };
    case 'link':
      return { ...string, format: 'uri' };
    case 'text':
      return { ...string, maxLength: field.max ?? 4000 };
    default:
      return string;
  }
}

/** As it is answered: instants whole, personal fields null once erased. */
function answeredOf(field: Field): Schema {
  const schema = { ...schemaOf(field), ...(field.type === 'instant' && { example: new Date(String(field.example)).toISOString() }) };
  return field.personal === true ? nullable(schema) : schema;
}

const mapped = <A, B>(of: Readonly<Record<string, A>>, by: (value: A) => B): Record<string, B> => Object.fromEntries(Object.entries(of).map(([key, value]) => [key, by(value)]));

/** `Entry.<kind>` is sent, `Read.<kind>` is answered, `Version.<kind>` is one of its versions; each has its choice of all kinds. */
export function entrySchemas(): Record<string, Schema> {
  const schemas: Record<string, Schema> = {};
  const { occurredAt, side, ...common } = mapped(commonFields, answeredOf);
  const always = { occurredAt: occurredAt!, side: side! };
  schemas['Read.common'] = object(
    'What every entry has when it is read.',
    {
      id: text('Id of the entry.', ENTRY),
      ...always,
      recordedAt: instant('When it was recorded; a correction does not change it.'),
      loggedBy: named('Who logged it.', colleagueId, 'Ada Berg'),
      corrected: flag('It was corrected: this is its newest version.', false),
      retracted: flag('It was taken back, and counts for nothing.', false),
    },
    {
      ...common,
      people: list('People at the customer who took part.', named('One of them.', personId, 'Ines Morel')),
      movedFrom: object('Where it was logged before it was moved here.', { customer: text('Id of the customer.', CUSTOMER), interaction: text('Id it had there.', ENTRY) }),
      erased: list('Paths of the personal fields that were erased; they are null.', { type: 'string' }, { example: ['summary'] }),
      hidden,
    },
  );
  schemas['Version.common'] = object(
    'What every version of an entry has.',
    { ...always, recordedAt: instant('When this version was recorded.'), recordedBy: text('Id of the colleague who recorded it.', 'ada'), event: text('Id of its event in the log.', ENTRY) },
    { ...common, hidden },
  );
  for (const [name, kind] of Object.entries(kinds)) {
    const label = `${kind.label} (${kind.group}; ${kind.side === 'either' ? 'either side acts' : kind.side === 'us' ? 'we act' : 'the customer acts'})`;
    const fields = fieldsOf(name);
    const kindIs = { kind: text('The kind.', name, { enum: [name] }) };
    const needed = (of: Readonly<Record<string, Field>>): string[] => ['kind', ...Object.keys(of).filter((field) => of[field]!.required === true)];
    schemas[`Entry.${name}`] = { type: 'object', description: label, required: [...needed(fields), ...(kind.side === 'either' ? ['side'] : [])], additionalProperties: false, properties: { ...kindIs, ...mapped(fields, schemaOf) } };
    schemas[`Fields.${name}`] = { type: 'object', description: `${label}: its own fields`, required: needed(kind.fields), properties: { ...kindIs, ...mapped(kind.fields, answeredOf) } };
    schemas[`Read.${name}`] = both(label, ref('Read.common'), ref(`Fields.${name}`));
    schemas[`Version.${name}`] = both(`${label}: one version`, ref('Version.common'), ref(`Fields.${name}`));
  }
  const each = (prefix: string): Record<string, string> => Object.fromEntries(Object.keys(kinds).map((name) => [name, `${prefix}.${name}`]));
  schemas['Entry'] = oneOf('An entry of one of the kinds of the catalogue.', 'kind', each('Entry'));
  schemas['Read'] = oneOf('An entry as it is read: its fields as they stand now, and what is known about it.', 'kind', each('Read'));
  schemas['Version'] = oneOf('One version of an entry, as it was recorded; people by their ids.', 'kind', each('Version'));
  return schemas;
}

/** Examples of lists and objects, made of those of their parts. */
export function fillExamples(schema: Schema, all: Readonly<Record<string, Schema>>): void {
  for (const property of Object.values((schema['properties'] ?? {}) as Properties)) {
    if (property['example'] === undefined) property['example'] = exampleOf(property, all);
    fillExamples(property, all);
  }
  for (const part of [schema['items'], ...((schema['allOf'] ?? schema['oneOf'] ?? []) as Schema[])]) if (part !== undefined) fillExamples(part as Schema, all);
  if (typeof schema['additionalProperties'] === 'object') fillExamples(schema['additionalProperties'] as Schema, all);
}

function exampleOf(schema: Schema, all: Readonly<Record<string, Schema>>): unknown {
  if (schema['example'] !== undefined) return schema['example'];
  if (typeof schema['$ref'] === 'string') return exampleOf(all[schema['$ref'].split('/').at(-1)!]!, all);
  if (schema['items'] !== undefined) return [exampleOf(schema['items'] as Schema, all)];
  if (schema['oneOf'] !== undefined) return exampleOf((schema['oneOf'] as Schema[])[0]!, all);
  if (schema['allOf'] !== undefined) return Object.assign({}, ...(schema['allOf'] as Schema[]).map((part) => exampleOf(part, all))) as unknown;
  if (schema['properties'] === undefined) return undefined;
  const needed = new Set(schema['required'] as string[]);
  return Object.fromEntries(Object.entries(schema['properties'] as Properties).filter(([name]) => needed.has(name)).map(([name, property]) => [name, exampleOf(property, all)]));
}
