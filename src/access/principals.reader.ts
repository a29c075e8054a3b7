/** Finds out who asks: the operator by the token of the data folder, a colleague by session or API key. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { colleague, colleagueStream } from '../customers/colleague.js';
import { ID } from '../customers/entry.js';
import { badHeader, headerOf } from '../shell/caller.js';
import { Executor } from '../shell/executor.js';
import type { Principal } from './roles.js';

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

const OPERATOR = /^Operator ([\x21-\x7e]{1,200})$/;

@Injectable()
export class Principals {
  constructor(
    private readonly operator: OperatorToken,
    private readonly executor: Executor,
  ) {}

  /** Who asks; undefined when nobody shows who they are. @throws Refusal when what they show is wrong in form. */
  async of(request: FastifyRequest): Promise<Principal | undefined> {
    const authorization = headerOf(request, 'authorization');
    const token = authorization === undefined ? undefined : OPERATOR.exec(authorization)?.[1];
    if (token !== undefined && this.operator.is(token)) return this.operatorAs(headerOf(request, 'x-colleague'));
    return undefined;
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
