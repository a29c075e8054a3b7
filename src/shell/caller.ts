/** Who asks, as the guard found out: what every write carries, and what a reader may see. */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../kernel/refusal.js';

/** What every write carries: the actor, the name of the command, and the revision the caller has seen. */
export interface Caller {
  readonly actor: string;
  readonly department: string | undefined;
  readonly commandId: string;
  /** Keyed hash of the request. */
  readonly mac: string;
  readonly correlationId: string;
  readonly revision: number | undefined;
}

/** What a reader may see of what is asked for. */
export interface Sight {
  /** Ways to reach a person: e-mail addresses, phone numbers. */
  readonly contacts: boolean;
  /** Figures about any named colleague; else about the reader alone. */
  readonly colleagueFigures?: boolean;
  /** Whether it is an administrator, who alone hears of accounts and of requests of people. */
  readonly administers?: boolean;
  /** Id of the colleague who reads. */
  readonly self?: string | null;
}

export type Asked = FastifyRequest & { caller?: Caller; sight?: Sight };

/** The caller of a write. */
export const ByCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => context.switchToHttp().getRequest<Asked>().caller!);

/** What the reader may see; nothing that is hidden from some when nobody said. */
export const Seeing = createParamDecorator((_: unknown, context: ExecutionContext): Sight => context.switchToHttp().getRequest<Asked>().sight ?? { contacts: false });

/** A header as one text. */
export function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

export function badHeader(name: string, code: string, message: string): Refusal {
  return new Refusal('invalid', code, `${name}: ${message}`, [{ field: name, code, message }]);
}
