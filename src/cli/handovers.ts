/** `handover`: give customers to another colleague, see who still waits, and say that they were taken. */
import { called, findCustomer, type Named } from './customers.js';
import { wrongUsage, type Answer } from './failure.js';
import { count, table } from './screen.js';
import type { Session } from './session.js';

interface Done {
  readonly items: readonly { readonly customer: string; readonly done: boolean; readonly entry: string | null }[];
  readonly done: number;
  readonly unchanged: number;
  readonly position: string | null;
}

interface Waiting {
  readonly customer: Named;
  readonly owner: Named;
  readonly by: Named;
  readonly at: string | null;
}

const PAGE = 200;

export async function handOver(session: Session, customers: readonly string[], { to, allOf, note }: { readonly to: string; readonly allOf?: string; readonly note?: string }): Promise<Answer> {
  if ((customers.length === 0) === (allOf === undefined)) throw wrongUsage('Name the customers, or --all-of COLLEAGUE.');
  const api = await session.toWrite();
  const ids: string[] = [];
  for (const words of customers) ids.push((await findCustomer(api, words)).id);
  const data = await api.post<Done>('/api/v1/handovers', { ...(allOf === undefined ? { customers: ids } : { owner: allOf }), to, ...(note !== undefined && { note }) });
  const already = data.unchanged === 0 ? '' : ` ${count(data.unchanged, 'customer')} ${data.unchanged === 1 ? 'was' : 'were'} theirs already.`;
  return { data, text: `${count(data.done, 'customer')} handed over to ${to}, who can say that they took them: five-ring handover acknowledge --as ${to}.${already}` };
}

export async function listHandovers(session: Session, { to, left }: { readonly to?: string; readonly left?: boolean }): Promise<Answer> {
  const dates = await session.dates();
  const api = await session.toRead();
  const items = await waiting(api, { ...(to !== undefined && { to }), ...(left === true && { waitingFor: 'owner' }) });
  if (items.length === 0) return { data: { items }, text: left === true ? 'Every customer’s owner is here.' : 'Nothing handed over waits to be acknowledged.' };
  const rows = items.map(({ customer, owner, by, at }) => [called(customer), called(owner), called(by), dates.day(at), customer.id]);
  return { data: { items }, text: `${table(['Customer', 'Owner', 'Made so by', 'Since', 'Id'], rows)}\n\n${count(items.length, 'customer')}${left === true ? ' to be handed over: five-ring handover give --all-of OWNER --to COLLEAGUE' : ' not acknowledged yet'}.` };
}

/** Those named, or all that wait for the colleague who runs it. */
export async function acknowledge(session: Session, customers: readonly string[]): Promise<Answer> {
  const api = await session.toWrite();
  const ids: string[] = [];
  for (const words of customers) ids.push((await findCustomer(api, words)).id);
  if (customers.length === 0) ids.push(...(await waiting(api, { to: session.actor() })).map(({ customer }) => customer.id));
  if (ids.length === 0) return { data: { items: [], done: 0, unchanged: 0, position: null }, text: 'Nothing waits for you.' };
  const data = await api.post<Done>('/api/v1/handovers/acknowledge', { customers: ids });
  return { data, text: `${count(data.done, 'customer')} acknowledged${data.unchanged === 0 ? '' : `; ${data.unchanged} had nothing to acknowledge`}.` };
}

async function waiting(api: Awaited<ReturnType<Session['toRead']>>, query: Readonly<Record<string, string>>): Promise<Waiting[]> {
  const items: Waiting[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.get<{ readonly items: readonly Waiting[]; readonly next: string | null }>('/api/v1/handovers', { ...query, limit: PAGE, cursor });
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}
