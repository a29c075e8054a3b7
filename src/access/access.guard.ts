/**
 * The one door: finds out who asks, looks the route up in the table, and refuses whatever the table does not allow,
 * before anything is decided or written.
 */
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Refusal } from '../kernel/refusal.js';
import { badHeader, headerOf, type Asked } from '../shell/caller.js';
import { Executor } from '../shell/executor.js';
import { commandIdOf, newId } from '../shell/ids.js';
import { Vault } from '../vault/vault.js';
import { Guessing } from './guessing.js';
import { refuseForeign } from './origin.js';
import { Principals } from './principals.reader.js';
import { SettingsInForce } from './settings-in-force.js';
import type { Principal } from './roles.js';
import { Rights } from './rights.reader.js';
import { OPEN_ROUTES, ROUTES, type Row } from './route-table.js';

/** The name of a request that names itself by a key, and the keyed hash of what it says. */
interface Named {
  readonly commandId: string;
  readonly mac: string;
}

/** A request that passed, with who asks and the row that let it. Other parts of this slice read them. */
export type Admitted = Asked & { principal?: Principal; row?: Row };

const KEY = /^[\x20-\x7e]{1,200}$/;

/** If-Match: "7" → 7. */
function revisionIn(request: Asked): number | undefined {
  const value = headerOf(request, 'if-match');
  if (value === undefined || value === '*') return undefined;
  const match = /^"(\d{1,15})"$/.exec(value);
  if (match === null) throw badHeader('If-Match', 'not-an-etag', 'must be the ETag that a read or write answered with');
  return Number(match[1]);
}

/** The route as the table names it: HEAD is GET without the body. */
export const routeOf = (request: Asked): string => `${request.method === 'HEAD' ? 'GET' : request.method} ${request.routeOptions.url ?? ''}`;

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly principals: Principals,
    private readonly executor: Executor,
    private readonly vault: Vault,
    private readonly settings: SettingsInForce,
    private readonly rights: Rights,
    private readonly guessing: Guessing,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Admitted>();
    const route = routeOf(request);
    if (OPEN_ROUTES.has(route)) {
      if (request.url.startsWith('/api/')) await this.openTo(request);
      return true;
    }
    const principal = await this.principals.of(request);
    if (principal === undefined) throw new Refusal('unauthenticated', 'sign-in-first', 'Sign in, or send an API key: Authorization: Bearer KEY.');
    request.principal = principal;
    request.sight = { contacts: principal.contacts, colleagueFigures: this.settings.settings.colleagueFigures, administers: principal.role === 'administrator', self: principal.colleague };
    const row = Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
    if (row === undefined) throw new Refusal('forbidden', 'no-right', 'Nobody may ask this.');
    request.row = row;
    if (principal.via === 'key' && row.noKey === true) throw new Refusal('forbidden', 'not-by-key', 'No API key may do this: sign in yourself.');
    if (principal.scopes !== null && !principal.scopes.includes(row.scope)) throw new Refusal('forbidden', 'not-in-scope', `This API key is not for ${row.scope}.`, [], { scope: row.scope });
    const command = this.commandOf(principal, request);
    await this.rights.authorise(principal, row, { params: request.params as { id?: string; interaction?: string }, body: request.body, ...(command !== undefined && { command }) });
    if (!['GET', 'HEAD'].includes(request.method)) request.caller = await this.callerOf(principal, request, command);
    return true;
  }

  /** What is open to everybody is open to no crowd, and to no page of another origin that would sign its reader in. */
  private async openTo(request: Admitted): Promise<void> {
    await this.guessing.pass(request.ip, Date.now());
    if (!['GET', 'HEAD'].includes(request.method)) refuseForeign(request, false);
  }

  /** Undefined when the request names itself by no key, or by none that could be one. */
  private commandOf({ colleague }: Principal, request: Admitted): Named | undefined {
    const key = headerOf(request, 'idempotency-key');
    return key === undefined || colleague === null || !KEY.test(key) ? undefined : { commandId: commandIdOf(colleague, key), mac: this.macOf(request) };
  }

  private macOf({ method, url, body }: Admitted): string {
    return this.vault.mac(JSON.stringify([method, url, body ?? null]));
  }

  private async callerOf(principal: Principal, request: Admitted, command: Named | undefined): Promise<NonNullable<Asked['caller']>> {
    const actor = principal.colleague;
    if (actor === null) throw badHeader('X-Colleague', 'no-colleague', 'must name the colleague who acts');
    const { active, department } = await this.principals.colleague(actor);
    if (!active && !(await this.addsItself(actor, principal, request))) {
      throw new Refusal('forbidden', 'unknown-colleague', `${actor} is no active colleague. The first colleague adds itself: POST /api/v1/colleagues.`, [{ field: 'X-Colleague', code: 'unknown-colleague', message: 'is no active colleague' }]);
    }
    const key = headerOf(request, 'idempotency-key');
    if (key !== undefined && !KEY.test(key)) throw badHeader('Idempotency-Key', 'not-a-key', 'must be 1 to 200 printable ASCII characters');
    return {
      actor,
      department,
      ...(command ?? { commandId: commandIdOf(), mac: this.macOf(request) }),
      correlationId: newId(),
      revision: revisionIn(request),
    };
  }

  /** The operator may add the first colleague in that colleague's own name, to a place where nobody is. */
  private async addsItself(actor: string, { via }: Principal, request: Admitted): Promise<boolean> {
    return via === 'operator' && routeOf(request) === 'POST /api/v1/colleagues' && (request.body as { id?: unknown } | null)?.id === actor && (await this.executor.isEmpty());
  }
}

