/** `audit`: who did what with people's data and with rights. */
import { csv } from './csv.js';
import type { Answer } from './failure.js';
import { plain, table } from './screen.js';
import type { Session } from './session.js';

export interface AuditFlags {
  readonly from?: string;
  readonly to?: string;
  readonly colleague?: string;
  readonly action?: string;
  readonly target?: string;
  readonly limit: number;
  readonly csv?: boolean;
}

interface Row {
  readonly at: string;
  readonly action: string;
  readonly outcome: string;
  readonly colleague: string | null;
  readonly via: string;
  readonly route: string;
  readonly target: string | null;
  readonly part: string | null;
  readonly status: number;
  readonly address: string;
  readonly request: string;
  readonly times: number;
  readonly until: string | null;
}

const PAGE = 200;
const HEADERS = ['at', 'action', 'outcome', 'colleague', 'via', 'route', 'target', 'part', 'status', 'address', 'request', 'times', 'until'] as const satisfies readonly (keyof Row)[];

export async function showAudit(session: Session, { limit, csv: asCsv = false, ...filter }: AuditFlags): Promise<Answer> {
  const [api, dates] = [await session.toRead(), await session.dates()];
  const items: Row[] = [];
  let next: string | null = null;
  do {
    const page: { items: Row[]; next: string | null } = await api.get('/api/v1/audit', { ...filter, limit: Math.min(limit - items.length, PAGE), cursor: next ?? undefined });
    items.push(...page.items);
    ({ next } = page);
  } while (next !== null && items.length < limit);
  const data = { items, next };
  if (asCsv) return { data, text: csv(HEADERS, items.map((row) => HEADERS.map((name) => row[name]))) };
  if (items.length === 0) return { data, text: 'Nothing was noted.' };
  const what = ({ action, outcome, times }: Row): string => `${action}${outcome === 'done' ? '' : `, ${outcome}`}${times === 1 ? '' : ` × ${times}`}`;
  const rows = items.map((row) => [dates.time(row.at), what(row), row.colleague ?? (row.via === 'operator' ? 'operator' : '–'), plain(row.route), row.target ?? '', row.part ?? '', row.address]);
  return { data, text: `${table(['When', 'What', 'Who', 'Route', 'Of', 'Part', 'From'], rows)}${next === null ? '' : `\n\nThere are more: --limit ${2 * limit}, or --to ${items.at(-1)!.at}.`}` };
}
