/** Hands customers over, many in one request: each customer is an append of its own, and all are checked before the first. */
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Kysely } from 'kysely';
import { Refusal, invalid, type FieldProblem } from '../kernel/refusal.js';
import type { Caller } from '../shell/caller.js';
import { Execute } from '../shell/execute.js';
import { Executor, type Outcome } from '../shell/executor.js';
import { commandIdOf } from '../shell/ids.js';
import { Views } from '../views/views.js';
import { colleague, colleagueStream } from './colleague.js';
import { customer, customerStream, ownerOf, type CustomerCommand, type CustomerState, type EntryToLog } from './customer.js';
import { CustomersWriter, envelopeOf } from './customers.writer.js';
import { unacknowledged } from './handover.js';
import { onceOwnedBy, type HandoverTables } from './handovers.view.js';
import type { ColleagueTables } from './colleagues.view.js';
import type { SearchTables } from './search.view.js';

/** What was done with one of the customers: `repeated` when an earlier sending of the request did it. */
export interface Done {
  readonly customer: string;
  readonly done: boolean;
  readonly repeated: boolean;
  /** The entry that says so; null when nothing had to be done. */
  readonly entry: string | null;
}

export interface AllDone {
  readonly items: readonly Done[];
  /** Place in the log of the last that was written; null when nothing was. */
  readonly position: string | null;
}

interface Task {
  readonly customer: string;
  readonly commandId: string;
  readonly command: CustomerCommand;
}

/** How many are written at a time: they share what a write to disk costs. */
const TOGETHER = 20;

@Injectable()
export class HandoversWriter {
  constructor(
    private readonly bus: CommandBus,
    private readonly executor: Executor,
    private readonly writer: CustomersWriter,
    private readonly views: Views,
  ) {}

  private get db(): Kysely<HandoverTables & ColleagueTables & SearchTables> {
    return this.views.db;
  }

  /** Gives the customers named, or all that a colleague owns, to another. @throws Refusal before anything is written. */
  async handOver({ customers, owner, to, note }: { readonly customers?: readonly string[]; readonly owner?: string; readonly to: string; readonly note?: string }, caller: Caller): Promise<AllDone> {
    if ((customers === undefined) === (owner === undefined)) throw invalid([{ field: 'customers', code: customers === undefined ? 'missing' : 'one-of-two', message: 'either customers or owner must be given' }]);
    if (owner === to) throw invalid([{ field: 'to', code: 'same-owner', message: 'must be another colleague' }]);
    await this.mustBeActive(to);
    if (owner !== undefined) await this.writer.mustExist('colleague', owner, 'owner');
    const named = customers === undefined ? await this.ownedBy(owner!, caller) : await this.registered(customers);
    const entries = await this.writer.sameEntry(named.length, { kind: 'owner-changed', owner: to, ...(note !== undefined && { summary: note }) }, caller);
    return this.carryOut(named, (_state, index) => ({ type: 'ChangeDetails', details: {}, owner: entries[index]! }), caller);
  }

  /** Says that the caller took these customers over. @throws Refusal when one is not theirs, before anything is written. */
  async acknowledge(customers: readonly string[], caller: Caller): Promise<AllDone> {
    const named = await this.registered(customers);
    const strangers = named.filter(({ state }) => ownerOf(state) !== caller.actor);
    if (strangers.length > 0) throw new Refusal('forbidden', 'not-your-customer', 'Only the new owner can say that they took a customer over.', strangers.map(({ id }) => ({ field: `customers[${customers.indexOf(id)}]`, code: 'not-your-customer', message: 'is not yours: only the new owner can say that they took it' })), { customer: strangers[0]!.id });
    const entries: EntryToLog[] = [];
    for (const { state } of named) {
      const handover = unacknowledged(state);
      entries.push(...(await this.writer.sameEntry(1, { kind: 'handover-acknowledged', ...(handover !== undefined && { about: handover.entry }) }, caller)));
    }
    // One that was acknowledged already, or never handed over, is left alone.
    return this.carryOut(named, (state, index) => ({ type: 'LogInteractions', entries: unacknowledged(state) === undefined ? [] : [entries[index]!] }), caller);
  }

  private async carryOut(named: readonly { readonly id: string; readonly state: CustomerState }[], commandOf: (state: CustomerState, index: number) => CustomerCommand, caller: Caller): Promise<AllDone> {
    const tasks = named.map(({ id, state }, index): Task => ({ customer: id, commandId: commandIdOf(caller.commandId, id), command: commandOf(state, index) }));
    // What would be refused is refused here, before the first is written.
    for (const [index, { customer: id, commandId, command }] of tasks.entries()) {
      if (!(await this.executor.mayExecute(customer, customerStream(id), { commandId, mac: caller.mac }, undefined))) customer.decide(command, named[index]!.state);
    }
    const envelope = envelopeOf({ ...caller, revision: undefined });
    const items: Done[] = [];
    let position: string | null = null;
    for (let at = 0; at < tasks.length; at += TOGETHER) {
      const part = tasks.slice(at, at + TOGETHER);
      const outcomes = await Promise.allSettled(part.map(({ customer: id, commandId, command }) => this.bus.execute(new Execute(customer, customerStream(id), [{ commandId, mac: caller.mac, command }], envelope))));
      for (const [index, settled] of outcomes.entries()) {
        // The others have ended by now: whoever sends the request again finds none of them running.
        if (settled.status === 'rejected') throw settled.reason;
        items.push(doneBy(part[index]!.customer, settled.value));
        if (settled.value.written.flat().length > 0) position = settled.value.position;
      }
    }
    return { items, position };
  }

  /** Those that the colleague owns, and those that an earlier sending of this request took from them. */
  private async ownedBy(owner: string, caller: Caller): Promise<{ id: string; state: CustomerState }[]> {
    const found: { id: string; state: CustomerState }[] = [];
    for (const id of await onceOwnedBy(this.db, owner)) {
      const { state, commands } = await this.executor.load(customer, customerStream(id));
      if (ownerOf(state) === owner || commands.has(commandIdOf(caller.commandId, id))) found.push({ id, state });
    }
    return found;
  }

  private async registered(customers: readonly string[]): Promise<{ id: string; state: CustomerState }[]> {
    const problems: FieldProblem[] = [];
    const found: { id: string; state: CustomerState }[] = [];
    for (const id of new Set(customers)) {
      const { state } = await this.executor.load(customer, customerStream(id));
      if (state.registered) found.push({ id, state });
      else problems.push({ field: `customers[${customers.indexOf(id)}]`, code: 'unknown-customer', message: `${id} is no customer` });
    }
    if (problems.length > 0) throw invalid(problems);
    return found;
  }

  private async mustBeActive(to: string): Promise<void> {
    await this.writer.mustExist('colleague', to, 'to');
    if (!(await this.executor.load(colleague, colleagueStream(to))).state.active) throw invalid([{ field: 'to', code: 'inactive-colleague', message: `${to} no longer works here` }]);
  }
}

function doneBy(id: string, { written, repeated }: Outcome): Done {
  const events = written.flat();
  return { customer: id, done: events.length > 0, repeated: repeated.some(Boolean), entry: events.find(({ type }) => type === 'InteractionLogged')?.id ?? null };
}
