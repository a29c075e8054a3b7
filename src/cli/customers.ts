/** Verbs about customers and colleagues. */
import { kinds } from '../customers/catalogue.js';
import { ID } from '../customers/entry.js';
import type { Connection } from './connection.js';
import { Failure, notFound, type Answer } from './failure.js';
import { gistOf, ringLine, ringsShort, sideSays, type WireEntry, type WireRing } from './journey-words.js';
import { count, plain, styled, table, type Dates } from './screen.js';
import type { Session } from './session.js';

export interface Named {
  readonly id: string;
  readonly name: string | null;
}

interface Customer extends Named {
  readonly segment: string | null;
  readonly origin: string | null;
  readonly referredBy: string | null;
  readonly owner: string | null;
  readonly team: readonly string[];
  readonly source?: string;
  readonly sourceId?: string;
  readonly entries: number;
}

interface Person extends Named {
  readonly email: string | null;
  readonly phone: string | null;
  /** Fields that we may not see. */
  readonly hidden?: readonly string[];
  readonly roles: readonly string[];
  readonly left: string | null;
}

interface Journey {
  readonly label: string;
  readonly says: string;
  readonly renewedAhead: string | null;
  readonly pausedForAsks: readonly string[];
  readonly rings: readonly WireRing[];
}

interface PortfolioItem extends Named {
  readonly label: string;
  readonly owner: Named | null;
  readonly rings: readonly { readonly ring: number; readonly state: string }[];
  readonly lastContact: string | null;
  readonly attention: readonly { readonly says: string }[];
}

interface Colleague extends Named {
  readonly department: string;
  readonly active: boolean;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
  readonly total?: number;
}

interface Written {
  readonly id: string;
  readonly position: string | null;
  readonly entries: readonly string[];
  readonly repeated: boolean;
}

const CANDIDATES = 20;
const PAGE = 200;
const ENTRIES_SHOWN = 10;

export const called = ({ id, name }: Named): string => plain(name ?? id);

/** The customer with this id, or the only one whose name has these words. @throws Failure with the candidates. */
export async function findCustomer(api: Connection, words: string): Promise<Named> {
  if (ID.test(words)) {
    try {
      return await api.get<Customer>(`/api/v1/customers/${words}`);
    } catch (error) {
      if (!(error instanceof Failure) || error.problem.code !== 'unknown-customer') throw error;
    }
  }
  const none = notFound('unknown-customer', `No customer has the id or the name ${plain(words)}.`);
  if (!/[\p{L}\p{N}]/u.test(words)) throw none;
  const { customers } = await api.get<{ customers: Named[] }>('/api/v1/search', { q: words.slice(0, 200), limit: CANDIDATES + 1 });
  const same = customers.filter(({ name }) => name?.trim().toLowerCase() === words.trim().toLowerCase());
  const found = same.length === 1 ? same : customers;
  if (found.length === 0) throw none;
  if (found.length === 1) return found[0]!;
  const some = found.slice(0, CANDIDATES);
  const detail = `${found.length > CANDIDATES ? `More than ${CANDIDATES}` : found.length} customers have a name with ${plain(words)}; say more of it, or give the id.`;
  throw notFound('ambiguous-customer', detail, { candidates: some }, `${detail}\n${table(['Id', 'Name'], some.map((one) => [one.id, called(one)]), '  ')}`);
}

export interface CustomerFlags {
  readonly segment?: string;
  readonly origin?: string;
  readonly owner?: string;
  readonly team?: readonly string[];
  readonly source?: string;
  readonly sourceId?: string;
  readonly referredBy?: string;
}

export async function addCustomer(session: Session, name: string, { referredBy, ...flags }: CustomerFlags): Promise<Answer> {
  const api = await session.toWrite();
  const referrer = referredBy === undefined ? undefined : (await findCustomer(api, referredBy)).id;
  const written = await api.post<Written>('/api/v1/customers', { name, ...flags, ...(referrer !== undefined && { referredBy: referrer }) });
  return { data: written, text: `${plain(name)} is a customer on record now. Id: ${written.id}` };
}

export async function showCustomer(session: Session, words: string): Promise<Answer> {
  const dates = await session.dates();
  const api = await session.toRead();
  const { id } = await findCustomer(api, words);
  const at = `/api/v1/customers/${id}`;
  const [customer, journey, people, timeline, colleagues] = await Promise.all([
    api.get<Customer>(at),
    api.get<Journey>(`${at}/journey`),
    api.get<Page<Person>>(`${at}/people`),
    api.get<Page<WireEntry>>(`${at}/timeline`, { limit: ENTRIES_SHOWN }),
    api.get<Page<Colleague>>('/api/v1/colleagues'),
  ]);
  const entries = timeline.items.filter(({ type }) => type === 'entry');
  const known = new Map(entries.map((entry) => [entry.id, entry]));
  const reasons = new Set(journey.rings.flatMap(({ because = [] }) => because.slice(-1)));
  await Promise.all([...reasons].filter((entry) => !known.has(entry)).map(async (entry) => known.set(entry, await api.get<WireEntry>(`${at}/interactions/${entry}`))));
  const referrer = customer.referredBy === null ? null : await api.get<Customer>(`/api/v1/customers/${customer.referredBy}`);

  const nameOf = (colleague: string): string => plain(colleagues.items.find((one) => one.id === colleague)?.name ?? colleague);
  const facts = [
    ['Id', customer.id],
    ['Segment', customer.segment],
    ['Origin', customer.origin],
    ['Referred by', referrer === null ? null : called(referrer)],
    ['Owner', customer.owner === null ? null : nameOf(customer.owner)],
    ['Team', customer.team.length === 0 ? null : customer.team.map(nameOf).join(', ')],
    ['Source', customer.source === undefined ? null : `${customer.source} ${customer.sourceId ?? ''}`],
    ['Renewed', journey.renewedAhead === null ? null : `ahead, from ${dates.day(journey.renewedAhead)}`],
    ['Asks', journey.pausedForAsks.length === 0 ? null : `paused: ${count(journey.pausedForAsks.length, 'severe issue')} open`],
  ].filter((fact): fact is [string, string] => fact[1] !== null);
  const text = [
    `${styled('bold', called(customer))} – ${journey.label}, ${journey.says}`,
    table(['', ''], facts.map(([fact, value]) => [fact, plain(value)])),
    '',
    styled('bold', 'Rings'),
    table(['', '', ''], journey.rings.map((ring) => ringLine(ring, known, dates)), '  '),
    '',
    ...(people.items.length === 0 ? ['No people on record yet.'] : [styled('bold', 'People'), peopleTable(people.items, dates)]),
    '',
    ...(customer.entries === 0 ? ['No entries yet.'] : [styled('bold', customer.entries > entries.length ? `Last ${entries.length} of ${count(customer.entries, 'entry')}` : count(customer.entries, 'entry')), entryTable(entries, dates)]),
  ];
  return { data: { customer, journey, people: people.items, entries }, text: text.join('\n') };
}

const wayTo = (person: Person, way: 'email' | 'phone'): string => (person.hidden?.includes(way) === true ? 'hidden' : plain(person[way] ?? '–'));

function peopleTable(people: readonly Person[], dates: Dates): string {
  return table(['Name', 'Roles', 'E-mail', 'Phone', 'Id'], people.map((person) => [
    called(person) + (person.left === null ? '' : ` (left ${dates.day(person.left)})`), person.roles.join(', ') || '–', wayTo(person, 'email'), wayTo(person, 'phone'), person.id,
  ]), '  ');
}

function entryTable(entries: readonly WireEntry[], dates: Dates): string {
  return table(['Happened', 'Kind', 'Who acted', 'Id', 'What'], entries.map((entry) => [
    dates.time(entry.occurredAt), kinds[entry.kind]?.label ?? entry.kind, sideSays(entry), entry.id, gistOf(entry, dates),
  ]), '  ');
}

export interface ListFlags {
  readonly owner?: string;
  readonly team?: string;
  readonly segment?: string;
  readonly text?: string;
  readonly sort?: string;
  readonly limit: number;
}

export async function listCustomers(session: Session, { limit, ...filter }: ListFlags): Promise<Answer> {
  const dates = await session.dates();
  const api = await session.toRead();
  const items: PortfolioItem[] = [];
  let page: Page<PortfolioItem>;
  let cursor: string | undefined;
  do {
    page = await api.get<Page<PortfolioItem>>('/api/v1/portfolio', { ...filter, limit: Math.min(limit - items.length, PAGE), cursor });
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && items.length < limit);
  const total = page.total ?? items.length;
  const data = { items, total };
  if (items.length === 0) return { data, text: Object.keys(filter).length > 0 ? 'No customer fits.' : 'No customers yet.' };
  const rows = items.map((item) => [called(item), item.label, ringsShort(item.rings), item.owner === null ? '–' : called(item.owner), dates.day(item.lastContact), item.attention[0]?.says ?? '–']);
  const more = total > items.length ? `${items.length} of ${count(total, 'customer')}; more with --limit.` : `${count(total, 'customer')}.`;
  return { data, text: `${table(['Customer', 'Stands as', 'Rings', 'Owner', 'Last contact', 'Attention'], rows)}\n\n${more} Rings: a number is lit, ! at risk, · out.` };
}

export async function addColleague(session: Session, id: string, name: string, department: string): Promise<Answer> {
  // Without --as it adds itself, which the server allows where it may.
  const api = await session.toWrite(id);
  const written = await api.post<Written>('/api/v1/colleagues', { id, name, department });
  return { data: written, text: `${plain(name)} is a colleague now. Id: ${written.id}` };
}

export async function listColleagues(session: Session): Promise<Answer> {
  const api = await session.toRead();
  const { items } = await api.get<Page<Colleague>>('/api/v1/colleagues');
  const rows = items.map((one) => [one.id, called(one), one.department, one.active ? 'yes' : 'no']);
  return { data: { items }, text: items.length === 0 ? 'No colleagues yet. The first adds itself: five-ring colleague add ID NAME --department DEPARTMENT' : table(['Id', 'Name', 'Department', 'Active'], rows) };
}
