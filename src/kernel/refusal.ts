/** A command or request that is refused, said so that a person and a program both know what to do. */

export interface FieldProblem {
  /** Path of the offending field, as the caller wrote it: `entries[0].occurredAt`. */
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/** Why it was refused, in the words of the domain; the HTTP shell maps each to a status. */
export type RefusalKind =
  | 'malformed' // cannot be read at all
  | 'invalid' // can be read, and breaks a rule of form or of the domain
  | 'unauthenticated' // nobody knows who asks
  | 'forbidden' // no actor, or one who may not
  | 'missing' // the thing named is not there
  | 'conflict' // the thing is in a state that does not allow it
  | 'stale' // the caller's revision is not the newest
  | 'reused-key' // same Idempotency-Key, another body
  | 'too-many' // too often; try again later
  | 'slow' // the request did not come whole in its time
  | 'late' // a view has not caught up within the time allowed
  | 'unavailable' // the store or a disk does not serve
  | 'full'; // no room left

export class Refusal extends Error {
  constructor(
    readonly kind: RefusalKind,
    readonly code: string,
    message: string,
    readonly fields: readonly FieldProblem[] = [],
    /** Further members for the answer, e.g. the entries that stand in the way. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

export function invalid(fields: readonly FieldProblem[]): Refusal {
  const first = fields[0];
  const message = first === undefined ? 'The request is not valid.' : `${first.field}: ${first.message}`;
  return new Refusal('invalid', 'invalid-fields', fields.length > 1 ? `${message} (and ${fields.length - 1} more)` : message, fields);
}
