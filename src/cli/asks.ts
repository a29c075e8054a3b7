/** `ask`, `advocates`, `referrals`: the advocacy programme on the command line. */
import type { Connection } from './connection.js';
import { called, findCustomer, type Named } from './customers.js';
import type { Answer } from './failure.js';
import { personCalled } from './log.js';
import { idIn } from './promises.js';
import { count, money, plain, table } from './screen.js';
import type { Session } from './session.js';

export interface AskFlags {
  readonly due?: string;
  readonly channel?: string;
  readonly offering?: string;
  readonly incentivised?: true;
  readonly at?: string;
}

export interface WhomFlags {
  readonly act?: string;
  readonly offering?: string;
  readonly segment?: string;
  readonly role?: string;
  readonly owner?: string;
  readonly all?: true;
}

interface Written {
  readonly position: string | null;
  readonly ask?: string;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

interface AskLine {
  readonly id: string;
  readonly customer: Named;
  readonly person: Named;
  readonly act: string;
  readonly asked: string;
  readonly by: Named;
  readonly state: string;
}

interface Ground {
  readonly says: string;
}

interface Somebody {
  readonly person: Named;
  readonly customer: Named;
  readonly mayAsk: boolean;
  readonly fit: number;
  readonly left: number;
  readonly for: readonly Ground[];
  readonly against: readonly Ground[];
}

interface Advocate {
  readonly person: Named;
  readonly customer: Named;
  readonly asks: { readonly total: number; readonly left: number; readonly last: string | null };
  readonly acts: { readonly total: number; readonly evidenced: number; readonly reach: number; readonly last: string | null };
}

interface Branch {
  readonly customer: Named;
  readonly link: { readonly at: string } | null;
  readonly purchase: { readonly days: number | null } | null;
  readonly advocacy: object | null;
  readonly worth: readonly { readonly amount: number; readonly currency: string }[];
  readonly children: readonly Branch[];
  readonly cut: number;
}

const PAGE = 200;

async function all<Item>(api: Connection, path: string, query: Readonly<Record<string, string | number | undefined>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<Item> = await api.get<Page<Item>>(path, { ...query, limit: PAGE, cursor });
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}

export async function makeAsk(session: Session, customer: string, person: string, act: string, wording: string, { at, ...rest }: AskFlags): Promise<Answer> {
  const api = await session.toWrite();
  const who = await findCustomer(api, customer);
  const { items } = await api.get<{ items: Named[] }>(`/api/v1/customers/${who.id}/people`);
  const somebody = personCalled(items, who, person);
  const data = await api.post<Written>(`/api/v1/customers/${who.id}/asks`, { person: somebody.id, act, wording, ...rest, ...(at !== undefined && { occurredAt: at }) });
  return { data, text: `Asked ${called(somebody)} of ${called(who)} for a ${plain(act)}. Ask ${data.ask}` };
}

export async function answerAsk(session: Session, said: string, customer: string, id: string, { reason, at }: { readonly reason?: string; readonly at?: string }): Promise<Answer> {
  const api = await session.toWrite();
  const who = await findCustomer(api, customer);
  const data = await api.post<Written>(`/api/v1/customers/${who.id}/asks/${idIn(id)}/${said}`, { ...(reason !== undefined && { reason }), ...(at !== undefined && { occurredAt: at }) });
  return { data, text: `The ask at ${called(who)} is ${said}.` };
}

export async function withdrawAsk(session: Session, customer: string, id: string, { reason }: { readonly reason?: string }): Promise<Answer> {
  const api = await session.toWrite();
  const who = await findCustomer(api, customer);
  const data = await api.post<Written>(`/api/v1/customers/${who.id}/asks/${idIn(id)}/withdraw`, { ...(reason !== undefined && { reason }) });
  return { data, text: `The ask at ${called(who)} was taken back.` };
}

export async function listAsks(session: Session, flags: { readonly by?: string; readonly state?: string }): Promise<Answer> {
  const dates = await session.dates();
  const items = await all<AskLine>(await session.toRead(), '/api/v1/asks', { ...flags });
  if (items.length === 0) return { data: { items }, text: 'Nobody was asked.' };
  return { data: { items }, text: `${table(['Asked', 'State', 'Person', 'Customer', 'For', 'By', 'Id'], items.map((one) => [dates.day(one.asked), one.state, called(one.person), called(one.customer), one.act, called(one.by), one.id]))}\n\n${count(items.length, 'ask')}.` };
}

export async function whomToAsk(session: Session, { all: also, ...wanted }: WhomFlags): Promise<Answer> {
  const items = await all<Somebody>(await session.toRead(), '/api/v1/whom-to-ask', { ...wanted, all: also && 'true' });
  if (items.length === 0) return { data: { items }, text: 'Nobody may be asked now. See why: five-ring ask whom --all' };
  const rows = items.map((one) => [one.mayAsk ? 'yes' : 'no', one.fit, called(one.person), called(one.customer), one.left, (one.mayAsk ? one.for : one.against).map(({ says }) => plain(says)).join(' ')]);
  return { data: { items }, text: `${table(['May ask', 'Fit', 'Person', 'Customer', 'Asks left', 'Why'], rows)}\n\n${count(items.length, 'person', 'people')}.` };
}

export async function listAdvocates(session: Session, flags: { readonly owner?: string }): Promise<Answer> {
  const dates = await session.dates();
  const items = await all<Advocate>(await session.toRead(), '/api/v1/advocates', { ...flags });
  if (items.length === 0) return { data: { items }, text: 'Nobody was asked, and nobody stood up for us yet.' };
  const rows = items.map(({ person, customer, asks, acts }) => [called(person), called(customer), acts.total, acts.evidenced, acts.reach, dates.day(acts.last), asks.total, asks.left, dates.day(asks.last)]);
  return { data: { items }, text: `${table(['Person', 'Customer', 'Acts', 'Proved', 'Reach', 'Last act', 'Asks', 'Left', 'Last ask'], rows)}\n\n${count(items.length, 'person', 'people')}.` };
}

export async function showReferrals(session: Session, customer: string | undefined): Promise<Answer> {
  const api = await session.toRead();
  const who = customer === undefined ? undefined : await findCustomer(api, customer);
  const items = await all<Branch>(api, '/api/v1/referrals', { customer: who?.id });
  if (items.length === 0) return { data: { items }, text: 'Nobody was brought by another customer.' };
  const line = ({ customer: one, purchase, advocacy, worth, cut }: Branch, indent: string): string => {
    const came = [purchase === null ? 'has not bought' : purchase.days === null ? 'bought' : `bought after ${Math.round(purchase.days)} ${Math.round(purchase.days) === 1 ? 'day' : 'days'}`, ...(advocacy === null ? [] : ['stood up for us']), ...worth.map(({ amount, currency }) => `${money(amount, currency)} a year`), ...(cut === 0 ? [] : [`${cut} more`])];
    return `${indent}${called(one)}: ${came.join(', ')}`;
  };
  const told = (branch: Branch, indent: string): string[] => [line(branch, indent), ...branch.children.flatMap((child) => told(child, `${indent}  `))];
  return { data: { items }, text: items.flatMap((root) => told(root, '')).join('\n') };
}
