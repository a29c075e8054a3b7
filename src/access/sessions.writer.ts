/** Sessions of colleagues who signed in. The browser holds a random token, the server its hash and all else. */
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { colleague, colleagueStream } from '../customers/colleague.js';
import { Organisation } from '../customers/customers.writer.js';
import { Refusal } from '../kernel/refusal.js';
import { headerOf } from '../shell/caller.js';
import { Executor } from '../shell/executor.js';
import type { SessionRow } from '../vault/secrets.js';
import { Vault } from '../vault/vault.js';
import { account, accountStream, type AccountState } from './account.js';
import { setCookie, tokenIn } from './cookie.js';
import { refuseInsecure } from './origin.js';
import type { Principal } from './roles.js';
import { hashOf, newToken } from './tokens.writer.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A session ends when nothing was asked with it for so long, */
export const IDLE = 12 * HOUR;
/** and so long after the sign-in, whatever is asked. */
export const LIFETIME = 7 * 24 * HOUR;
/** When it was last seen is written no more often than this. */
const SEEN_EVERY = 5 * MINUTE;
/** Of what a browser calls itself: its own name stands at the end, after those of its forebears. */
const AGENT_LENGTH = 200;

/** An account and its colleague as the log knows them. */
export interface Standing {
  readonly account: AccountState;
  readonly active: boolean;
  readonly department: string;
}

@Injectable()
export class Sessions {
  constructor(
    private readonly vault: Vault,
    private readonly executor: Executor,
    private readonly organisation: Organisation,
  ) {}

  /**
   * Signs a colleague in, whoever made sure that it is they: a new session, and its cookie on the reply. A session that the
   * request came with ends, so that nobody goes on in one that another may have planted.
   * @throws Refusal `needs-https` where a browser would not keep the cookie; `no-account` for who has none, or none that is enabled; StoreUnavailable.
   */
  async begin(id: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    refuseInsecure(request);
    const standing = await this.mayEnter(id);
    if (standing === undefined) throw noAccount();
    await this.endThis(request);
    const [token, now] = [newToken(), this.organisation.now()];
    const row = { token: hashOf(token), colleague: id, created: now, seen: now, expires: now + LIFETIME, address: request.ip.slice(0, 64), agent: (headerOf(request, 'user-agent') ?? '').slice(0, AGENT_LENGTH) };
    await this.vault.secrets.addSession(row);
    // Who was shut out in this moment: their sessions may have been ended just before this one stood.
    if ((await this.mayEnter(id)) === undefined) {
      await this.vault.secrets.endSession(row.token);
      throw noAccount();
    }
    reply.header('set-cookie', setCookie(token, LIFETIME / 1000));
    // For whoever notes what was done.
    (request as FastifyRequest & { principal?: Principal }).principal = principalOf(standing.account, { via: 'session', scopes: null, credential: row.token });
  }

  /** Ends the session that the request came with, if any, and takes its cookie from the browser. */
  async end(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const session = await this.endThis(request);
    // For whoever notes what was done.
    if (session !== undefined) (request as FastifyRequest & { signedOut?: string }).signedOut = session.colleague;
    reply.header('set-cookie', setCookie('', 0));
  }

  endAllOf(id: string): Promise<void> {
    return this.vault.secrets.endSessionsOf(id);
  }

  /** The session that the request came with; undefined when there is none, it ran out, or its account may not enter any more. */
  async of(request: FastifyRequest): Promise<Principal | undefined> {
    const session = await this.rowOf(request);
    if (session === undefined) return undefined;
    const now = this.organisation.now();
    // One that was begun or seen far ahead comes from a clock that was wrong: it would last until then.
    const isAhead = Math.max(session.created, session.seen) > now + IDLE;
    if (isAhead || now >= session.expires || now >= session.seen + IDLE) {
      await this.quietly(() => this.vault.secrets.endSession(session.token));
      return undefined;
    }
    const standing = await this.mayEnter(session.colleague);
    if (standing === undefined) return undefined;
    if (now >= session.seen + SEEN_EVERY) await this.quietly(() => this.vault.secrets.sawSession(session.token, now));
    return principalOf(standing.account, { via: 'session', scopes: null, credential: session.token });
  }

  /** Undefined unless the account is there and enabled, and its colleague active. */
  async mayEnter(id: string): Promise<Standing | undefined> {
    const { state } = await this.executor.load(account, accountStream(id));
    if (!state.opened || !state.enabled) return undefined;
    const { active, department } = (await this.executor.load(colleague, colleagueStream(id))).state;
    return active ? { account: state, active, department } : undefined;
  }

  /** Until when a session lasts, at most, by the hash of its token; null when there is none. */
  async lasts(credential: string): Promise<number | null> {
    return (await this.vault.secrets.session(credential))?.expires ?? null;
  }

  private async rowOf(request: FastifyRequest): Promise<SessionRow | undefined> {
    const token = tokenIn(headerOf(request, 'cookie'));
    return token === undefined ? undefined : this.vault.secrets.session(hashOf(token));
  }

  private async endThis(request: FastifyRequest): Promise<SessionRow | undefined> {
    const session = await this.rowOf(request);
    if (session !== undefined) await this.vault.secrets.endSession(session.token);
    return session;
  }

  /** A full disk must not keep a colleague out who has a session. */
  private async quietly(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch {
      // Written the next time.
    }
  }
}

const noAccount = (): Refusal => new Refusal('forbidden', 'no-account', 'This colleague has no account, or it is disabled.');

/** Who asks, with the rights that the account has now. */
export function principalOf({ id, role, contacts }: AccountState, shown: Pick<Principal, 'via' | 'scopes' | 'credential'>): Principal {
  return { colleague: id, role, contacts: role !== 'leader' || contacts, ...shown };
}
