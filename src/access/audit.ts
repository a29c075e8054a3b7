/** What is noted about who did what with people's data and with rights. Pure: when, and what was answered, are inputs. */
import type { Principal } from './roles.js';
import { OPEN_ROUTES, type Noted, type Row } from './route-table.js';

/** What was done: what the table of routes says, a copy of the data that the command line made, an attempt that was not allowed, or what the audit says of itself. */
export const ACTIONS = ['sign-in', 'rights', 'read', 'export', 'erase', 'settings', 'backup', 'denied', 'gap', 'retention'] as const satisfies readonly (Noted | 'backup' | 'denied' | 'gap' | 'retention')[];
export type Action = (typeof ACTIONS)[number];

export interface AuditRecord {
  /** Epoch ms. */
  readonly at: number;
  /** `gap`: so many records were lost from `at` to `until`; `retention`: so many were removed at their age. */
  readonly action: Action;
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly colleague: string | null;
  readonly via: Principal['via'] | 'nobody';
  /** Method and route, without what stands in its braces; of a copy the verb that made it. */
  readonly route: string;
  /** Id of the customer, colleague or figure in the path; of a sign-in that was refused the account that was tried. */
  readonly target: string | null;
  /** Id of the entry or person in the path. */
  readonly part: string | null;
  readonly status: number;
  /** Address the request came from. */
  readonly address: string;
  readonly request: string;
  /** How many of the same kind it stands for; more than 1 of attempts that were not allowed and came together, of gaps and of what was removed. */
  readonly times: number;
  /** Epoch ms; of a gap its end, else null. */
  readonly until: number | null;
}

/** Where records go. Noting never fails and never waits: a full disk must not stop the work. */
export abstract class Audit {
  abstract note(record: AuditRecord): void;
}

export interface AuditFilter {
  /** Epoch ms: at or after. */
  readonly from?: number;
  /** Epoch ms: before. */
  readonly to?: number;
  readonly colleague?: string;
  readonly action?: Action;
  /** Id of what it was done to, or of a part of it. */
  readonly target?: string;
}

export type AuditRow = AuditRecord & { readonly id: number };

/** After which row the page goes on: its instant and id. */
export type AuditPlace = readonly [at: number, id: number];

/** Where the records stand: rows are only ever added, and those past their age go. Each call throws what stands in the way; the next one may do. */
export interface AuditTable {
  /**
   * Adds them together, in this order. Called again with the same number, after a failure, it adds none twice.
   * @returns those that the table cannot hold; the others stand.
   */
  add(records: readonly AuditRecord[], batch: number): Promise<readonly AuditRecord[]>;
  /** Rows that fit, the newest first. */
  read(filter: AuditFilter, limit: number, after?: AuditPlace): Promise<AuditRow[]>;
  /** Removes at most so many rows from before the instant, the oldest first. @returns how many; undefined when another node is at it. */
  removeOld(before: number, atMost: number): Promise<number | undefined>;
  close(): Promise<void>;
}

export const AUDIT_COLUMNS = ['at', 'action', 'outcome', 'colleague', 'via', 'route', 'target', 'part', 'status', 'address', 'request', 'times', 'until'] as const satisfies readonly (keyof AuditRecord)[];

/** The query of a page, with `?` for each of its values. */
export function pageOf(table: string, { from, to, colleague, action, target }: AuditFilter, limit: number, after: AuditPlace | undefined): { readonly sql: string; readonly values: readonly (string | number)[] } {
  const where: [string, ...(string | number)[]][] = [
    ...(from === undefined ? [] : [['at >= ?', from] as [string, number]]),
    ...(to === undefined ? [] : [['at < ?', to] as [string, number]]),
    ...(colleague === undefined ? [] : [['colleague = ?', colleague] as [string, string]]),
    ...(action === undefined ? [] : [['action = ?', action] as [string, string]]),
    ...(target === undefined ? [] : [['(target = ? OR part = ?)', target, target] as [string, string, string]]),
    ...(after === undefined ? [] : [['(at, id) < (?, ?)', ...after] as [string, number, number]]),
  ];
  return {
    sql: `SELECT id, ${AUDIT_COLUMNS.join(', ')} FROM ${table} ${where.length === 0 ? '' : `WHERE ${where.map(([fits]) => fits).join(' AND ')}`} ORDER BY at DESC, id DESC LIMIT ?`,
    values: [...where.flatMap(([, ...values]) => values), limit],
  };
}

/** A request that was answered. */
export interface AnsweredRequest {
  readonly at: number;
  /** Method and pattern of the route. */
  readonly route: string;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly principal: Principal | undefined;
  readonly row: Pick<Row, 'noted'> | undefined;
  readonly status: number;
  readonly address: string;
  readonly request: string;
}

const MADE_HERE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** An id of ours as it stands in the path. What was refused may be any text, a name even: of that only ids that are made here are kept. */
const idIn = (text: string | undefined, status: number): string | null => (text !== undefined && (MADE_HERE.test(text) || (status < 400 && ID.test(text))) ? text : null);

/** What is to be noted of a request; undefined when nothing is. Neither names nor bodies nor what was searched for are in it. */
export function recordOf({ at, route, params, principal, row, status, address, request }: AnsweredRequest): AuditRecord | undefined {
  const noted = (row ?? OPEN_ROUTES.get(route))?.noted;
  const denied = status === 401 || status === 403;
  const action = denied && noted !== 'sign-in' ? 'denied' : noted;
  if (action === undefined) return undefined;
  return {
    at,
    action,
    outcome: status < 400 ? 'done' : status < 500 ? 'refused' : 'failed',
    colleague: principal?.colleague ?? null,
    via: principal?.via ?? 'nobody',
    route,
    target: idIn(params['id'] ?? params['name'] ?? params['colleague'] ?? params['customer'], status),
    part: idIn(params['interaction'] ?? params['person'] ?? params['key'], status),
    status,
    address: address.slice(0, 64),
    request,
    times: 1,
    until: null,
  };
}

const SAME = ['action', 'outcome', 'colleague', 'via', 'route', 'target', 'part', 'status', 'address'] as const;

/** Whether both say the same of another moment. */
export const isRepeat = (a: AuditRecord, b: AuditRecord): boolean => SAME.every((field) => a[field] === b[field]);
