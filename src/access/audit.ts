/** What is noted about who did what with people's data and with rights. */
import type { Principal } from './roles.js';

export interface AuditRecord {
  /** Epoch ms. */
  readonly at: number;
  /** What was done: `sign-in`, `rights`, `read`, `export`, `erase`, `settings`, `denied`. */
  readonly action: string;
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly colleague: string | null;
  readonly via: Principal['via'] | 'nobody';
  /** Method and route, without what stands in its braces. */
  readonly route: string;
  /** Id of the customer, colleague or figure in the path. */
  readonly target: string | null;
  readonly status: number;
  /** Address the request came from. */
  readonly address: string;
  readonly request: string;
}

/** Where records go. Noting never fails and never waits: a full disk must not stop the work. */
export abstract class Audit {
  abstract note(record: AuditRecord): void;
}
