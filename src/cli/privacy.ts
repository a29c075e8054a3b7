/** `person` and `request`: what is held about people, and what they ask about it. */
import { resolve } from 'node:path';
import { findCustomer, type Named } from './customers.js';
import type { Answer } from './failure.js';
import { personCalled } from './log.js';
import { count, plain, table } from './screen.js';
import type { Connection } from './connection.js';
import type { Session } from './session.js';
import { writePieces } from './written-file.js';

export interface ExportFlags {
  readonly out: string;
  readonly format: 'json' | 'csv';
}

export interface ListFlags {
  readonly open?: boolean;
  readonly limit: number;
}

export interface ReceiveFlags {
  readonly customer?: string;
  readonly person?: string;
  readonly who?: string;
  readonly words?: string;
  readonly received?: string;
}

export interface CloseFlags {
  readonly outcome: string;
  readonly done: string;
}

interface Request {
  readonly id: string;
  readonly kind: string;
  readonly customer: Named | null;
  readonly person: Named | null;
  readonly who: string | null;
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly overdue: boolean;
  readonly extended: object | null;
  readonly closed: { readonly outcome: string } | null;
}

interface Consents {
  readonly consents: { readonly now: readonly { readonly purpose: string; readonly state: string; readonly since: string; readonly scope: string | null }[] };
  readonly objections: { readonly now: readonly { readonly channel: string | null; readonly since: string }[] };
}

interface Silent {
  readonly customer: Named;
  readonly person: Named;
  readonly silentSince: string;
}

const called = ({ id, name }: Named): string => plain(name ?? id);

async function findPerson(api: Connection, customer: string, person: string): Promise<{ readonly customer: Named; readonly person: Named }> {
  const at = await findCustomer(api, customer);
  const { items } = await api.get<{ items: Named[] }>(`/api/v1/customers/${at.id}/people`);
  return { customer: at, person: personCalled(items, at, person) };
}

export async function exportPerson(session: Session, customer: string, who: string, { out, format }: ExportFlags): Promise<Answer> {
  const file = resolve(out);
  const api = await session.toRead();
  const found = await findPerson(api, customer, who);
  const bytes = await writePieces(file, api.pieces(`/api/v1/customers/${found.customer.id}/people/${found.person.id}/export`, { format }));
  return { data: { file, format, bytes, customer: found.customer.id, person: found.person.id }, text: `Written: ${file}. It holds personal data: pass it on to the person only, and delete it then.` };
}

export async function showConsents(session: Session, customer: string, who: string): Promise<Answer> {
  const dates = await session.dates();
  const api = await session.toRead();
  const found = await findPerson(api, customer, who);
  const data = await api.get<Consents>(`/api/v1/customers/${found.customer.id}/people/${found.person.id}/consents`);
  const objections = data.objections.now.map(({ channel, since }) => `Objects to being contacted${channel === null ? '' : ` by ${channel}`} since ${dates.day(since)}.`);
  const rows = data.consents.now.map(({ purpose, state, since, scope }) => [purpose, state, dates.day(since), plain(scope ?? '–')]);
  return { data, text: [...(objections.length === 0 ? ['Does not object to being contacted.'] : objections), rows.length === 0 ? 'No consents.' : table(['Purpose', 'State', 'Since', 'Scope'], rows)].join('\n') };
}

export async function listSilent(session: Session): Promise<Answer> {
  const dates = await session.dates();
  const api = await session.toRead();
  const data = await api.get<{ months: number | null; total: number; items: Silent[]; keptTotal: number; kept: (Silent & { because: string })[] }>('/api/v1/erasures/due');
  if (data.months === null) return { data, text: 'Nobody is erased unasked: the setting erasePeopleAfterMonths is off.' };
  const rows = (items: readonly (Silent & { readonly because?: string })[]): string[][] => items.map(({ customer, person, silentSince, because }) => [called(person), called(customer), dates.day(silentSince), because ?? 'to be erased']);
  const shown = [...rows(data.items), ...rows(data.kept)];
  const text = `${count(data.total, 'person', 'people')} to be erased, ${number(data.keptTotal)} kept: nothing was heard of them for ${count(data.months, 'month')}.`;
  return { data, text: shown.length === 0 ? text : `${table(['Person', 'Customer', 'Silent since', 'Why kept'], shown)}\n\n${text}` };
}

const number = (value: number): string => value.toLocaleString('en-GB');

export async function listRequests(session: Session, { open: onlyOpen, limit }: ListFlags): Promise<Answer> {
  const dates = await session.dates();
  const api = await session.toRead();
  const items: Request[] = [];
  let page: { open: number; overdue: number; items: Request[]; next: string | null };
  let cursor: string | undefined;
  do {
    page = await api.get('/api/v1/requests', { limit: Math.min(200, limit - items.length), cursor, open: onlyOpen === true ? 'true' : undefined });
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && items.length < limit);
  const data = { open: page.open, overdue: page.overdue, items };
  const state = ({ closed, overdue, extended }: Request): string => (closed !== null ? closed.outcome : overdue ? 'OVERDUE' : extended !== null ? 'extended' : 'open');
  const rows = items.map((one) => [one.id, one.kind, one.person !== null ? called(one.person) : plain(one.who ?? '–'), dates.day(one.receivedAt), dates.day(one.dueAt), state(one)]);
  return { data, text: items.length === 0 ? 'No requests.' : `${table(['Id', 'Kind', 'Who', 'Received', 'Due', 'State'], rows)}\n\n${count(page.open, 'request')} open, ${number(page.overdue)} of them overdue.` };
}

interface Written {
  readonly id: string;
  readonly position: string | null;
}

export async function addRequest(session: Session, kind: string, { customer, person, received, ...rest }: ReceiveFlags): Promise<Answer> {
  const api = await session.toWrite();
  const found = customer === undefined ? undefined : person === undefined ? { customer: await findCustomer(api, customer) } : await findPerson(api, customer, person);
  const named = found === undefined ? (person === undefined ? {} : { person }) : { customer: found.customer.id, ...('person' in found && { person: found.person.id }) };
  const written = await api.post<Written>('/api/v1/requests', { kind, ...named, ...rest, ...(received !== undefined && { receivedAt: received }) });
  return { data: written, text: `Recorded. Id: ${written.id}` };
}

export async function changeRequest(session: Session, id: string, change: object): Promise<Answer> {
  const api = await session.toWrite();
  const written = await api.patch<Written>(`/api/v1/requests/${encodeURIComponent(id)}`, change);
  return { data: written, text: 'Recorded.' };
}
