/** Finds out who asks: the operator by the token of the data folder, a colleague by session or API key. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { colleague, colleagueStream } from '../customers/colleague.js';
import { ID } from '../customers/entry.js';
import { Organisation } from '../customers/customers.writer.js';
import { Refusal } from '../kernel/refusal.js';
import { badHeader, headerOf } from '../shell/caller.js';
import { Executor } from '../shell/executor.js';
import { Vault } from '../vault/vault.js';
import { refuseForeign } from './origin.js';
import type { Principal } from './roles.js';
import { principalOf, Sessions } from './sessions.writer.js';
import { hashOf } from './tokens.writer.js';

/**
 * Whoever reads the data folder holds the log and the keys, and so may all. The CLI proves by this token, made anew at each
 * start and kept in the folder, that it does; it says with `X-Colleague` for whom it acts.
 */
export class OperatorToken {
  private readonly hash: Buffer;

  constructor(token: string) {
    this.hash = OperatorToken.hashOf(token);
  }

  private static hashOf(token: string): Buffer {
    return createHash('sha256').update(token).digest();
  }

  is(token: string): boolean {
    return timingSafeEqual(this.hash, OperatorToken.hashOf(token));
  }
}

const BEARER = /^Bearer (fr_[A-Za-z0-9_-]{43})$/;
/** When a key was last used is written no more often than this. Milliseconds. */
const USED_EVERY = 5 * 60_000;
const OPERATOR = /^Operator ([\x21-\x7e]{1,200})$/;

const FEED = '/api/v1/calendar.ics';

/** The key in the address of the feed; undefined elsewhere, and where there is none. What is no key at all is one that opens nothing. */
function feedKeyIn({ routeOptions, query }: FastifyRequest): string | undefined {
  const key = routeOptions.url === FEED ? (query as { key?: unknown }).key : undefined;
  return key === undefined ? undefined : typeof key === 'string' && BEARER.test(`Bearer ${key}`) ? key : '';
}

@Injectable()
export class Principals {
  constructor(
    private readonly operator: OperatorToken,
    private readonly executor: Executor,
    private readonly sessions: Sessions,
    private readonly vault: Vault,
    private readonly organisation: Organisation,
  ) {}

  /** Who asks; undefined when nobody shows who they are. @throws Refusal when what they show is wrong in form. */
  async of(request: FastifyRequest): Promise<Principal | undefined> {
    const authorization = headerOf(request, 'authorization');
    if (authorization === undefined) {
      const feed = feedKeyIn(request);
      return feed === undefined ? this.named(await this.bySession(request), request) : this.named(await this.byFeedKey(feed), request);
    }
    const token = OPERATOR.exec(authorization)?.[1];
    if (token !== undefined && this.operator.is(token)) return this.operatorAs(headerOf(request, 'x-colleague'));
    const key = BEARER.exec(authorization)?.[1];
    return key === undefined ? undefined : this.named(await this.byKey(key), request);
  }

  /** By an API key that the log knows as well, while its account may enter. */
  private async byKey(token: string): Promise<Principal | undefined> {
    const row = await this.vault.secrets.keyBy(hashOf(token));
    if (row === undefined) return undefined;
    const standing = await this.sessions.mayEnter(row.colleague);
    const known = standing?.account.keys.get(row.key);
    if (standing === undefined || known === undefined) return undefined;
    const now = this.organisation.now();
    if (row.used === null || now >= row.used + USED_EVERY) {
      try {
        await this.vault.secrets.usedKey(row.key, now);
      } catch {
        // A full disk must not keep out who only reads; it is written the next time.
      }
    }
    return principalOf(standing.account, { via: 'key', scopes: known.scopes, credential: row.key });
  }

  /** An address is seen by more eyes than a header: only a key that opens the calendar and nothing else may stand in one. */
  private async byFeedKey(token: string): Promise<Principal | undefined> {
    const principal = await this.byKey(token);
    return principal?.scopes?.length === 1 && principal.scopes[0] === 'calendar' ? principal : undefined;
  }

  /** A browser sends its cookie with whatever any page asks for: what changes something must come from a page of ours. */
  private async bySession(request: FastifyRequest): Promise<Principal | undefined> {
    const principal = await this.sessions.of(request);
    if (principal !== undefined && !['GET', 'HEAD'].includes(request.method)) refuseForeign(request, true);
    return principal;
  }

  /** Only the operator acts for others. */
  private named(principal: Principal | undefined, request: FastifyRequest): Principal | undefined {
    const named = headerOf(request, 'x-colleague');
    if (principal !== undefined && named !== undefined && named !== '' && named !== principal.colleague) {
      throw new Refusal('forbidden', 'not-you', 'X-Colleague names another colleague than the one who is signed in.', [{ field: 'X-Colleague', code: 'not-you', message: 'must be left out, or be you' }]);
    }
    return principal;
  }

  private operatorAs(named: string | undefined): Principal {
    if (named !== undefined && named !== '' && !ID.test(named)) throw badHeader('X-Colleague', 'not-an-id', 'must be the id of a colleague');
    return { colleague: named === undefined || named === '' ? null : named, via: 'operator', role: 'administrator', scopes: null, contacts: true };
  }

  /** The colleague as the log knows them. */
  async colleague(id: string): Promise<{ readonly active: boolean; readonly department: string | undefined }> {
    const { active, department } = (await this.executor.load(colleague, colleagueStream(id))).state;
    return { active, department: department === '' ? undefined : department };
  }
}
