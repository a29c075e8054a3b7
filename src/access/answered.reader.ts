/** Looks at each request once it is answered, and notes in the audit what is to be noted of it. */
import type { Executor } from '../shell/executor.js';
import { routeOf, type Admitted } from './access.guard.js';
import { account, accountStream } from './account.js';
import { recordOf, type Audit } from './audit.js';
import { ID } from '../customers/entry.js';

export class AnsweredRequests {
  constructor(
    private readonly audit: Audit,
    private readonly executor: Executor,
  ) {}

  /** After the answer: what is looked up here keeps nobody waiting, and its time tells nobody anything. Never rejects. */
  async answered(request: Admitted & { readonly signedOut?: string }, status: number): Promise<void> {
    const { params, principal, row, ip, id, signedOut } = request;
    const record = recordOf({ at: Date.now(), route: routeOf(request), params: (params ?? {}) as Record<string, string>, principal, row, status, address: ip, request: id });
    if (record === undefined) return;
    if (signedOut !== undefined) {
      this.audit.note({ ...record, colleague: signedOut, via: 'session' });
      return;
    }
    const tried = record.action === 'sign-in' && record.colleague === null ? await this.knownIn(request.body) : null;
    this.audit.note(tried === null ? record : { ...record, target: tried });
  }

  /** Whose account somebody tried to get into. What is no account's id may be anything, a password even: it is not kept. */
  private async knownIn(body: unknown): Promise<string | null> {
    const tried = (body as { colleague?: unknown } | null | undefined)?.colleague;
    if (typeof tried !== 'string' || !ID.test(tried)) return null;
    try {
      return (await this.executor.load(account, accountStream(tried))).state.opened ? tried : null;
    } catch {
      return null;
    }
  }
}
