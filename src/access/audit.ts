/** What is noted about who did what with people's data and with rights. Pure: when, and what was answered, are inputs. */
import type { Principal } from './roles.js';
import { OPEN_ROUTES, type Noted, type Row } from './route-table.js';

/** What was done: what the table of routes says, an attempt that was not allowed, or what the audit says of itself. */
export const ACTIONS = ['sign-in', 'rights', 'read', 'export', 'erase', 'settings', 'denied', 'gap', 'retention'] as const satisfies readonly (Noted | 'denied' | 'gap' | 'retention')[];
export type Action = (typeof ACTIONS)[number];

export interface AuditRecord {
  /** Epoch ms. */
  readonly at: number;
  /** `gap`: so many records were lost from `at` to `until`; `retention`: so many were removed at their age. */
  readonly action: Action;
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly colleague: string | null;
  readonly via: Principal['via'] | 'nobody';
  /** Method and route, without what stands in its braces. */
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
