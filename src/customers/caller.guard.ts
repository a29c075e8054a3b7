/** Who calls: a colleague named by the header `X-Colleague`. Until accounts come this is a name tag, not a proof. */
import { createParamDecorator, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../kernel/refusal.js';
import { Executor } from '../shell/executor.js';
import { commandIdOf, newId } from '../shell/ids.js';
import { Vault } from '../vault/vault.js';
import { colleague, colleagueStream } from './colleague.js';
import { ID } from './entry.js';

/** What every write carries: the actor, the name of the command, and the revision the caller has seen. */
export interface Caller {
  readonly actor: string;
  readonly department: string | undefined;
  readonly commandId: string;
  readonly mac: string;
  readonly correlationId: string;
  readonly revision: number | undefined;
}

const MAY_ADD_ITSELF = 'may-add-itself';

/** The one route on which a colleague who is not there yet may act: adding itself to a place where nobody is. */
export const MayAddItself = (): MethodDecorator => SetMetadata(MAY_ADD_ITSELF, true);

type WithCaller = FastifyRequest & { caller?: Caller };

export const ByCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => context.switchToHttp().getRequest<WithCaller>().caller!);

const KEY = /^[\x20-\x7e]{1,200}$/;

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function badHeader(name: string, code: string, message: string): Refusal {
  return new Refusal('invalid', code, `${name}: ${message}`, [{ field: name, code, message }]);
}

/** If-Match: "7" → 7. */
function revisionIn(request: FastifyRequest): number | undefined {
  const value = header(request, 'if-match');
  if (value === undefined || value === '*') return undefined;
  const match = /^"(\d{1,15})"$/.exec(value);
  if (match === null) throw badHeader('If-Match', 'not-an-etag', 'must be the ETag that a read or write answered with');
  return Number(match[1]);
}

@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    private readonly executor: Executor,
    private readonly vault: Vault,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<WithCaller>();
    if (request.method === 'GET' || request.method === 'HEAD') return true;
    const actor = header(request, 'x-colleague');
    if (actor === undefined || actor === '') throw badHeader('X-Colleague', 'no-colleague', 'must name the colleague who acts');
    if (!ID.test(actor)) throw badHeader('X-Colleague', 'not-an-id', 'must be the id of a colleague');
    const { state } = await this.executor.load(colleague, colleagueStream(actor));
    if (!state.active) {
      const addsItself = this.reflector.get<boolean | undefined>(MAY_ADD_ITSELF, context.getHandler()) === true && (await this.executor.isEmpty()) && (request.body as { id?: unknown } | null)?.id === actor;
      if (!addsItself) throw new Refusal('forbidden', 'unknown-colleague', `${actor} is no active colleague. The first colleague adds itself: POST /api/v1/colleagues.`, [{ field: 'X-Colleague', code: 'unknown-colleague', message: 'is no active colleague' }]);
    }
    const key = header(request, 'idempotency-key');
    if (key !== undefined && !KEY.test(key)) throw badHeader('Idempotency-Key', 'not-a-key', 'must be 1 to 200 printable ASCII characters');
    request.caller = {
      actor,
      department: state.department === '' ? undefined : state.department,
      commandId: key === undefined ? commandIdOf() : commandIdOf(actor, key),
      mac: this.vault.mac(JSON.stringify([request.method, request.url, request.body ?? null])),
      correlationId: newId(),
      revision: revisionIn(request),
    };
    return true;
  }
}
