/** `log` and `kinds`: what the catalogue knows, and one entry of it. */
import type { Command } from 'commander';
import { fieldsOf, HINT, kinds, type Field } from '../customers/catalogue.js';
import { findCustomer, type Named } from './customers.js';
import type { Connection } from './connection.js';
import { flagOf, notFound, wrongUsage, type Answer } from './failure.js';
import { argumentsIn, checkForm, entryFrom, exampleOf, flagWithValue } from './flags.js';
import { plain, table } from './screen.js';
import type { Session } from './session.js';

interface Written {
  readonly entries: readonly string[];
  readonly position: string | null;
}

const SEE = 'See: five-ring kinds';

/** @throws CommanderError when help is wanted, or a flag is not one of the kind. */
export async function logEntry(session: Session, args: readonly string[], command: Command): Promise<Answer> {
  const { customer, kind, flags } = argumentsIn(args);
  if (kind === undefined) {
    if (flags.includes('--help') || flags.includes('-h')) command.help();
    if (customer.length < 2) throw wrongUsage('Say CUSTOMER and KIND: five-ring log "morel" call --side us');
    throw wrongUsage(`${plain(customer.at(-1)!)} is no kind. ${SEE}`);
  }
  const entry = entryFrom(kind, flags, command);
  const own = kinds[kind]!.group === 'ours';
  if (own && customer.length > 0) throw wrongUsage(`${kind} is tied to no customer: five-ring log ${kind} …`);
  if (!own && customer.length === 0) throw wrongUsage(`Say whose ${kind} it is: five-ring log CUSTOMER ${kind} …`);
  const { zone } = await session.config({ ...session.env, PORT: undefined });
  checkForm(entry, { now: Date.now(), zone });
  const api = await session.toWrite();
  if (own) {
    const written = await api.post<Written>('/api/v1/log', entry);
    return { data: written, text: `Logged: ${kinds[kind]!.label}. Entry ${written.entries.join(', ')}` };
  }
  const who = await findCustomer(api, customer.join(' '));
  const written = await api.post<Written>(`/api/v1/customers/${who.id}/interactions`, { entries: [await withPeople(api, who, entry)] });
  const said = written.entries.length === 0 ? 'Nothing to log: this entry is here already, unchanged.' : `Logged at ${plain(who.name ?? who.id)}: ${kinds[kind]!.label}. Entry ${written.entries.join(', ')}`;
  return { data: { ...written, customer: { id: who.id, name: who.name } }, text: said };
}

/** One of these people of a customer: by id, or by words of the name. @throws Failure that lists who there is. */
export function personCalled(items: readonly Named[], { id, name }: Named, text: string): Named {
  const known = items.find((person) => person.id === text);
  if (known !== undefined) return known;
  const words = text.toLowerCase().split(/\s+/);
  const fitting = items.filter((person) => words.every((word) => person.name?.toLowerCase().split(/\s+/).some((part) => part.startsWith(word))));
  if (fitting.length === 1) return fitting[0]!;
  const detail = fitting.length === 0 ? `${plain(name ?? id)} has nobody with the id or name ${plain(text)}.` : `${fitting.length} people of ${plain(name ?? id)} are called ${plain(text)}; give the id.`;
  const candidates = (fitting.length === 0 ? items : fitting).map((person) => ({ id: person.id, name: person.name }));
  throw notFound(fitting.length === 0 ? 'unknown-person' : 'ambiguous-person', detail, { candidates }, candidates.length === 0 ? detail : `${detail}\n${table(['Id', 'Name'], candidates.map((one) => [one.id, plain(one.name ?? '–')]), '  ')}`);
}

/** People named by their names become ids. */
async function withPeople(api: Connection, { id, name }: Named, entry: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const specs = fieldsOf(String(entry['kind']));
  // Somebody who is added has no name to be found by yet.
  const named = entry['kind'] === 'person-added' ? [] : Object.keys(entry).filter((field) => specs[field]?.type === 'person' || specs[field]?.type === 'persons');
  if (named.length === 0) return { ...entry };
  const { items } = await api.get<{ items: Named[] }>(`/api/v1/customers/${id}/people`);
  const idOf = (text: string): string => personCalled(items, { id, name }, text).id;
  return { ...entry, ...Object.fromEntries(named.map((field) => [field, Array.isArray(entry[field]) ? (entry[field] as string[]).map(idOf) : idOf(String(entry[field]))])) };
}

const ACTS = { customer: 'customer', us: 'we', either: 'either' } as const;

function fieldRow([name, field]: [string, Field]): string[] {
  return [flagWithValue(name, field), field.required === true ? 'yes' : '', exampleOf(field), field.choices === undefined ? field.says : `${field.says} One of ${field.choices.join(', ')}.`];
}

/** All kinds, those of a group, or one with its fields. */
export function showKinds(wanted: string | undefined): Answer {
  const all = Object.entries(kinds).map(([kind, rest]) => ({ kind, ...rest }));
  const one = all.find(({ kind }) => kind === wanted);
  if (one !== undefined) {
    const { kind, label, group, side, synonyms = [], anyOf, fields } = one;
    const common = Object.entries(fieldsOf(kind)).filter(([name]) => !Object.hasOwn(fields, name));
    const head = ['Flag', 'Required', 'Example', 'What'];
    const text = [
      `${label} (${kind}): ${group}; who acts: ${ACTS[side]}${synonyms.length > 0 ? `; also called ${synonyms.join(', ')}` : ''}.`,
      ...(anyOf === undefined ? [] : [`At least one of ${anyOf.map(flagOf).join(', ')}.`]),
      '',
      ...(Object.keys(fields).length === 0 ? ['No fields of its own.'] : ['Its own fields', table(head, Object.entries(fields).map(fieldRow), '  ')]),
      '',
      'Fields of every entry',
      table(head, common.map(fieldRow), '  '),
      '',
      `Free text: ${HINT}`,
    ];
    return { data: { ...one, common: Object.fromEntries(common) }, text: text.join('\n') };
  }
  const items = wanted === undefined ? all : all.filter(({ group }) => group === wanted);
  if (items.length === 0) throw wrongUsage(`${plain(wanted!)} is neither a kind nor a group. ${SEE}`);
  const rows = items.map(({ kind, group, side, fields, anyOf, synonyms = [] }) => {
    const needs = Object.entries(fields).filter(([, { required }]) => required === true).map(([name]) => flagOf(name));
    return [kind, group, ACTS[side], [...needs, ...(anyOf === undefined ? [] : [anyOf.map(flagOf).join(' or ')]), ...(side === 'either' ? ['--side'] : [])].join(' ') || '–', synonyms.join(', ') || '–'];
  });
  return { data: { items }, text: `${table(['Kind', 'Group', 'Who acts', 'Needs', 'Also called'], rows)}\n\nThe fields of one: five-ring kinds KIND` };
}
