/** What a verb answers, and how it fails: always a problem, as the server would say it. */
import type { Problem } from '../shell/problems.filter.js';

export const EXIT = { done: 0, failed: 1, usage: 2, badRows: 3 } as const;

export type FieldError = NonNullable<Problem['errors']>[number];

/** One answer, as a document for programs and as text for people. */
export interface Answer {
  readonly data: unknown;
  readonly text: string;
  /** Goes to stderr, for people only. */
  readonly complaints?: string;
  readonly exitCode?: number;
}

export class Failure extends Error {
  constructor(
    readonly problem: Problem,
    readonly exitCode: number = EXIT.failed,
    /** What people read instead of the detail. */
    readonly says?: string,
  ) {
    super(problem.detail);
    this.name = 'Failure';
  }
}

const problem = (title: string, status: number, code: string, detail: string, more: object): Problem => ({ type: `urn:five-ring:problem:${code}`, title, status, code, detail, ...more });

export const failed = (code: string, detail: string, more: object = {}, says?: string): Failure => new Failure(problem('Failed', 500, code, detail, more), EXIT.failed, says);

export const notFound = (code: string, detail: string, more: object = {}, says?: string): Failure => new Failure(problem('Not found', 404, code, detail, more), EXIT.failed, says);

export const wrongUsage = (detail: string, errors: readonly FieldError[] = []): Failure => new Failure(problem('Wrong usage', 400, 'wrong-usage', detail, errors.length > 0 ? { errors } : {}), EXIT.usage);

/** `sourceId` → `--source-id`. */
export const flagOf = (field: string): string => `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** A field as the caller of a verb knows it: its flag where it has one. */
function spoken(field: string): string {
  if (field === 'X-Colleague') return '--as';
  const own = field.replace(/^entries\[0\]\./, '');
  return /^[a-z][A-Za-z]*(\[\d+\])?$/.test(own) && own !== 'row' ? flagOf(own.replace(/\[\d+\]$/, '')) : own;
}

export const sayField = ({ field, detail }: { readonly field: string; readonly detail: string }): string => `${spoken(field)} ${detail}`;

/** A failure in sentences. */
export function sayFailure(error: unknown): string {
  if (!(error instanceof Failure)) return error instanceof Error ? error.message : String(error);
  if (error.says !== undefined) return error.says;
  const { detail, errors = [], requestId, status } = error.problem;
  if (errors.length === 1) return `${sayField(errors[0]!)}.`;
  if (errors.length > 1) return ['Refused:', ...errors.map((one) => `  ${sayField(one)}`)].join('\n');
  return status === 500 && typeof requestId === 'string' ? `${detail} (request ${requestId})` : detail;
}
