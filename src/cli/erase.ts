/** `erase`: people, customers, texts and colleagues' names; and the receipts. */
import type { Connection } from './connection.js';
import { findCustomer, type Named } from './customers.js';
import { wrongUsage, type Answer } from './failure.js';
import { personCalled } from './log.js';
import { count, plain, table } from './screen.js';
import type { Session } from './session.js';

export interface EraseFlags {
  readonly reason: string;
  readonly yes?: boolean;
}

interface Receipt {
  readonly kind: string;
  readonly customer: string | null;
  readonly target: string;
  readonly at: string;
  readonly by: string;
  readonly reason: string | null;
  readonly people: readonly string[];
  readonly entries: number;
  readonly fields: number;
  readonly backupsExpire: string;
  readonly alsoAt: readonly { readonly customer: string; readonly interaction: string }[];
  readonly cleaned: boolean;
  readonly position: string | null;
}

async function erased(session: Session, api: Connection, what: string, path: string, { reason, yes }: EraseFlags, more: object = {}): Promise<Answer> {
  if (yes !== true) throw wrongUsage(`This makes ${what} unreadable for ever. Say it again with --yes.`);
  const dates = await session.dates();
  const receipt = await api.post<Receipt>(path, { reason, ...more });
  const { people, entries, fields, backupsExpire, alsoAt, cleaned } = receipt;
  const lines = [
    `Erased: ${what}. ${people.length > 0 ? `${count(people.length, 'person', 'people')}, ` : ''}${count(entries, 'entry', 'entries')}, ${count(fields, 'sealed field')} can no longer be read.`,
    'What stays: that the entries happened, when, their kinds and numbers; ids, segment, origin and source ids; keyed fingerprints. No figure of the past changes.',
    `Until ${dates.day(backupsExpire)} copies of keys.db may still hold the keys: see that they are gone by then.`,
    ...(cleaned ? [] : ['The files of names and search words are still being rewritten; five-ring erase list says when that is done.']),
    ...alsoAt.map(({ customer, interaction }) => `A copy of an entry stands at another customer: five-ring erase text ${customer} ${interaction}`),
  ];
  return { data: receipt, text: lines.join('\n') };
}

const called = ({ id, name }: Named): string => plain(name ?? id);

export async function erasePerson(session: Session, text: string, who: string, flags: EraseFlags): Promise<Answer> {
  const api = await session.toWrite();
  const customer = await findCustomer(api, text);
  const { items } = await api.get<{ items: Named[] }>(`/api/v1/customers/${customer.id}/people`);
  const person = personCalled(items, customer, who);
  return erased(session, api, `${called(person)} at ${called(customer)}`, `/api/v1/customers/${customer.id}/people/${person.id}/erase`, flags);
}

export async function eraseCustomer(session: Session, text: string, flags: EraseFlags): Promise<Answer> {
  const api = await session.toWrite();
  const customer = await findCustomer(api, text);
  return erased(session, api, `the customer ${called(customer)} with all its people`, `/api/v1/customers/${customer.id}/erase`, flags, { confirm: customer.id });
}

export async function eraseText(session: Session, text: string, entry: string, flags: EraseFlags): Promise<Answer> {
  const api = await session.toWrite();
  const customer = await findCustomer(api, text);
  return erased(session, api, `the text of the entry ${plain(entry)} at ${called(customer)}`, `/api/v1/customers/${customer.id}/interactions/${encodeURIComponent(entry)}/erase-text`, flags);
}

export async function eraseColleague(session: Session, id: string, flags: EraseFlags): Promise<Answer> {
  const api = await session.toWrite();
  return erased(session, api, `the name of the colleague ${plain(id)}`, `/api/v1/colleagues/${encodeURIComponent(id)}/erase`, flags);
}

export async function listErasures(session: Session, { limit }: { readonly limit: number }): Promise<Answer> {
  const dates = await session.dates();
  const api = await session.toRead();
  const data = await api.get<{ items: Receipt[] }>('/api/v1/erasures', { limit });
  const rows = data.items.map(({ at, kind, target, customer, by, reason, backupsExpire, cleaned }) => [dates.day(at), kind, target, customer ?? '–', by, dates.day(backupsExpire), cleaned ? 'yes' : 'not yet', plain(reason ?? 'erased')]);
  return { data, text: rows.length === 0 ? 'Nothing was erased.' : table(['Erased', 'What', 'Id', 'Customer', 'By', 'Copies of keys until', 'Cleaned', 'Why'], rows) };
}
