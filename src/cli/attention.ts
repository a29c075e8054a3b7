/** Verbs about what needs attention, and leaving a customer alone until a date. */
import type { Connection } from './connection.js';
import { called, findCustomer, type Named } from './customers.js';
import type { Answer } from './failure.js';
import { count, money, plain, table } from './screen.js';
import type { Session } from './session.js';

interface Line extends Named {
  readonly owner: Named | null;
  readonly says: string;
  readonly since: string;
  readonly until: string | null;
  readonly new: boolean;
  readonly reasons: readonly { readonly says: string; readonly new: boolean }[];
  readonly atStake: readonly { readonly amount: number; readonly currency: string }[] | null;
  readonly snoozed: boolean;
  readonly snoozes: readonly { readonly until: string; readonly by: Named; readonly why: string | null }[];
}

interface Page {
  readonly items: readonly Line[];
  readonly next: string | null;
  readonly total: number;
}

interface Written {
  readonly id: string;
  readonly position: string | null;
}

export interface AttentionFlags {
  readonly owner?: string;
  readonly team?: string;
  readonly department?: string;
  readonly reason?: string;
  readonly new?: true;
  readonly snoozed?: true;
  readonly limit: number;
}

const PAGE = 200;

async function linesOf(api: Connection, { limit, ...filter }: AttentionFlags): Promise<{ items: Line[]; total: number }> {
  const items: Line[] = [];
  let page: Page;
  let cursor: string | undefined;
  do {
    page = await api.get<Page>('/api/v1/attention', { ...filter, new: filter.new && 'true', snoozed: filter.snoozed && 'true', limit: Math.min(limit - items.length, PAGE), cursor });
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && items.length < limit);
  return { items, total: page.total };
}

export async function listAttention(session: Session, flags: AttentionFlags): Promise<Answer> {
  const dates = await session.dates();
  const data = await linesOf(await session.toRead(), flags);
  const { items, total } = data;
  if (items.length === 0) return { data, text: 'Nothing needs attention.' };
  const saysOf = (line: Line): string => {
    // The line is told by its gravest reason; where that is not new, also what is.
    const [first, ...others] = line.reasons;
    const fresh = first?.new === true ? undefined : others.find((reason) => reason.new);
    const more = others.length === 0 ? '' : fresh === undefined ? ` (and ${others.length} more)` : `; new: ${fresh.says}${others.length > 1 ? ` (and ${others.length - 1} more)` : ''}`;
    const snooze = line.snoozed ? line.snoozes[0] : undefined;
    return `${line.says}${more}${snooze === undefined ? '' : `; snoozed until ${dates.day(snooze.until)} by ${called(snooze.by)}: ${plain(snooze.why ?? 'erased')}`}`;
  };
  const rows = items.map((line) => [
    called(line), dates.day(line.since), line.new ? 'new' : '', dates.day(line.until), line.owner === null ? '–' : called(line.owner),
    line.atStake?.map(({ amount, currency }) => money(amount, currency)).join(', ') ?? '–', saysOf(line),
  ]);
  const more = total > items.length ? `${items.length} of ${count(total, 'customer')}; more with --limit.` : `${count(total, 'customer')}.`;
  return { data, text: `${table(['Customer', 'Since', 'New', 'Until', 'Owner', 'A year', 'Why'], rows)}\n\n${more} New: since yesterday.` };
}

export async function snoozeCustomer(session: Session, words: string, body: { readonly until: string; readonly reason: string; readonly only?: string }): Promise<Answer> {
  const dates = await session.dates();
  const api = await session.toWrite();
  const found = await findCustomer(api, words);
  const data = await api.post<Written>(`/api/v1/customers/${found.id}/snooze`, body);
  const until = /^\d{4}-\d{2}-\d{2}$/.test(body.until) ? body.until : dates.time(body.until);
  return { data, text: `${called(found)} is snoozed until ${until}${body.only === undefined ? '' : `, for “${body.only}” alone`}. What comes up meanwhile and is as grave brings it back.` };
}

export async function wakeCustomer(session: Session, words: string, only: string | undefined): Promise<Answer> {
  const api = await session.toWrite();
  const found = await findCustomer(api, words);
  const data = await api.delete<Written>(`/api/v1/customers/${found.id}/snooze`, { only });
  return { data, text: `${called(found)} is snoozed no longer.` };
}
