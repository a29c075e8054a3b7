/** `promise`: make one, say how far it has come, take it back, list what is owed. */
import { called, findCustomer, type Named } from './customers.js';
import { wrongUsage, type Answer } from './failure.js';
import { personCalled } from './log.js';
import { plain, table } from './screen.js';
import type { Session } from './session.js';

export interface PromiseFlags {
  readonly due: string;
  readonly owner?: string;
  readonly department?: string;
  readonly people?: string;
  readonly offering?: string;
  readonly in?: string;
  readonly at?: string;
}

export interface StepFlags {
  readonly at?: string;
  readonly summary?: string;
}

export interface PromisesFlags {
  readonly owner?: string;
  readonly department?: string;
  readonly state?: string;
  readonly dueBefore?: string;
}

interface Written {
  readonly position: string | null;
  readonly promise?: string;
}

interface Promised {
  readonly id: string;
  readonly customer: Named;
  readonly what: string | null;
  readonly due: string;
  readonly state: string;
  readonly daysLate: number;
  readonly owner: Named;
  readonly department: string | null;
  readonly confirmed: object | null;
}

interface Page {
  readonly items: readonly Promised[];
  readonly next: string | null;
  readonly totals: Readonly<Record<'open' | 'dueToday' | 'missed' | 'kept' | 'repaired' | 'confirmed', number>>;
}

const PAGE = 200;

export async function makePromise(session: Session, customer: string, what: string, { due, at, people, in: givenIn, ...rest }: PromiseFlags): Promise<Answer> {
  const api = await session.toWrite();
  const who = await findCustomer(api, customer);
  const given = people === undefined ? [] : people.split(',').map((one) => one.trim()).filter((one) => one !== '');
  const { items } = given.length === 0 ? { items: [] } : await api.get<{ items: Named[] }>(`/api/v1/customers/${who.id}/people`);
  const named = given.length === 0 ? {} : { people: given.map((one) => personCalled(items, who, one).id) };
  const data = await api.post<Written>(`/api/v1/customers/${who.id}/promises`, { what, due, ...rest, ...named, ...(at !== undefined && { occurredAt: at }), ...(givenIn !== undefined && { givenIn }) });
  return { data, text: `Promised to ${called(who)}. Promise ${data.promise}` };
}

export async function promiseStep(session: Session, step: string, customer: string, id: string, { at, summary }: StepFlags): Promise<Answer> {
  const api = await session.toWrite();
  const who = await findCustomer(api, customer);
  const data = await api.post<Written>(`/api/v1/customers/${who.id}/promises/${idIn(id)}/${step}`, { ...(at !== undefined && { occurredAt: at }), ...(summary !== undefined && { summary }) });
  return { data, text: `The promise to ${called(who)} is ${step}.` };
}

export async function withdrawPromise(session: Session, customer: string, id: string, { reason }: { readonly reason?: string }): Promise<Answer> {
  const api = await session.toWrite();
  const who = await findCustomer(api, customer);
  const data = await api.post<Written>(`/api/v1/customers/${who.id}/promises/${idIn(id)}/withdraw`, { ...(reason !== undefined && { reason }) });
  return { data, text: `The promise to ${called(who)} was taken back.` };
}

export async function listPromises(session: Session, customer: string | undefined, flags: PromisesFlags): Promise<Answer> {
  const dates = await session.dates();
  const api = await session.toRead();
  const who = customer === undefined ? undefined : await findCustomer(api, customer);
  if (who !== undefined && Object.keys(flags).length > 0) throw wrongUsage('Of one customer all promises are listed: leave CUSTOMER or the flags out.');
  const items: Promised[] = [];
  let page: Page;
  let cursor: string | undefined;
  do {
    page = await api.get<Page>(who === undefined ? '/api/v1/promises' : `/api/v1/customers/${who.id}/promises`, { ...flags, limit: PAGE, cursor });
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  const { totals } = page;
  const counted = `${totals.open} open (${totals.dueToday} due today), ${totals.missed} missed, ${totals.kept} kept, ${totals.repaired} repaired, ${totals.confirmed} confirmed.`;
  if (items.length === 0) return { data: { items, totals }, text: `No promise to list: ${counted}` };
  const late = (one: Promised): string => (one.daysLate > 0 ? `, ${one.daysLate} d late` : '');
  const rows = items.map((one) => [dates.day(one.due), `${one.state}${late(one)}${one.confirmed === null ? '' : ', confirmed'}`, called(one.customer), plain(one.what ?? '–'), called(one.owner), one.department ?? '–', one.id]);
  return { data: { items, totals }, text: `${table(['Due', 'State', 'Customer', 'What', 'Owner', 'Department', 'Id'], rows)}\n\n${counted}` };
}

/** An id as part of a path. @throws Failure when it is none. */
export function idIn(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)) throw wrongUsage(`${plain(text)} is no id.`);
  return text;
}
