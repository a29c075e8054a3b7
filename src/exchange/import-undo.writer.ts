/**
 * Takes back what a run of an import recorded, by events: entries are retracted, corrections and details set back, customers
 * that it registered taken out of sight. First it is looked whether anybody built on it, and if so nothing is done; then
 * customer by customer, each as it stood when it was looked at. Killed in the middle, the same command goes on.
 */
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Kysely } from 'kysely';
import { Refusal } from '../kernel/refusal.js';
import { customer, customerStream, type CustomerCommand, type Details, type UndoImport } from '../customers/customer.js';
import { isLogged } from '../customers/customer.state.js';
import { envelopeOf } from '../customers/customers.writer.js';
import type { Entry } from '../customers/entry.js';
import type { TimelineTables } from '../customers/timeline.view.js';
import type { Caller } from '../shell/caller.js';
import { Execute } from '../shell/execute.js';
import { Executor } from '../shell/executor.js';
import { commandIdOf } from '../shell/ids.js';
import { openFields } from '../vault/codec.js';
import { Vault } from '../vault/vault.js';
import { Views } from '../views/views.js';
import { entriesNaming, namingsOf, type ReachTables } from './import-reach.view.js';
import type { Run, UndoCounts } from './import-run.js';
import { ImportRuns } from './import-runs.writer.js';
import { isDone, namesAny, planUndo, type BuiltUpon, type UndoPlan } from './undo-plan.js';

export interface UndoProgress {
  readonly customers: number;
  readonly of: number;
}

export interface UndoResult extends UndoCounts {
  readonly run: string;
  /** It had been undone before; the counts are those of then. */
  readonly repeated: boolean;
  readonly position: string | null;
}

/** Something in another stream that names a customer or person the run added: who is named. */
type Elsewhere = BuiltUpon & { readonly names: string };

/** Something in a stream that names a customer or person. */
interface Naming {
  readonly stream: string;
  readonly entry: string | undefined;
  readonly names: string;
}

/** What a run touched, and what other streams have to say of it. */
interface Reach {
  readonly customers: readonly string[];
  readonly elsewhere: readonly Elsewhere[];
}

/** Of what builds on an import so much is listed. */
const SHOWN = 100;
/** Entries taken back in one append. */
const AT_ONCE = 1000;
/** Customers looked after at once: the store makes one fsync of what waits together. */
const STEP = 50;
const PREFIX = 'customer-';

@Injectable()
export class ImportUndo {
  constructor(
    private readonly bus: CommandBus,
    private readonly executor: Executor,
    private readonly vault: Vault,
    private readonly runs: ImportRuns,
    private readonly views: Views,
  ) {}

  /** @throws Refusal when there is no such run, when it still goes on, and `built-upon` when somebody has built on it; nothing is undone then. */
  async *undo(id: string, caller: Caller): AsyncGenerator<UndoProgress, UndoResult> {
    const run = await this.runs.one(id);
    if (run.status === 'undone') return { run: id, ...run.took!, repeated: true, position: null };
    await this.runs.enter(id);
    try {
      return yield* this.carryOut(run, caller);
    } finally {
      await this.runs.leave(id);
    }
  }

  private async *carryOut(run: Run, caller: Caller): AsyncGenerator<UndoProgress, UndoResult> {
    const { customers, elsewhere } = await this.reachOf(run);
    // What has begun goes on: then it was looked at already.
    if (run.status !== 'undoing') {
      const builtUpon: BuiltUpon[] = [...elsewhere];
      for (const some of together(customers)) for (const plan of await Promise.all(some.map((one) => this.planFor(run.id, one)))) builtUpon.push(...plan.builtUpon);
      if (builtUpon.length > 0) throw refused(builtUpon);
      await this.runs.execute({ type: 'BeginUndo', run: run.id }, caller);
    }
    const counts = { kept: 0 };
    const blocked = new Set(elsewhere.map(({ names }) => names));
    let done = 0;
    for (const some of together(customers)) {
      const all = await Promise.all(some.map((one) => this.undoAt(run.id, one, blocked.has(one), caller)));
      counts.kept += all.filter((isUndone) => !isUndone).length;
      done += some.length;
      if (some.length === STEP) yield { customers: done, of: customers.length };
    }
    const took = { ...(await this.taken(run, customers)), ...counts };
    const { position } = await this.runs.execute({ type: 'FinishUndo', run: run.id, ...took }, caller);
    return { run: run.id, ...took, repeated: false, position };
  }

  /** @returns false when the customer, or some of it, is left as it is. */
  private async undoAt(run: string, id: string, isNamed: boolean, caller: Caller): Promise<boolean> {
    for (;;) {
      const plan = await this.planFor(run, id);
      if (isDone(plan)) return true;
      if (plan.builtUpon.length > 0 || (isNamed && plan.registration)) return false;
      try {
        return await this.take(run, id, plan, caller);
      } catch (error) {
        // Somebody wrote meanwhile: look again.
        if (!(error instanceof Refusal) || error.code !== 'stale-revision') throw error;
      }
    }
  }

  private async take(run: string, id: string, plan: UndoPlan, caller: Caller): Promise<boolean> {
    const [restore, details] = [await this.before(id, plan), await this.detailsBefore(id, plan)];
    let { revision } = plan;
    for (let at = 0; at === 0 || at < plan.retract.length; at += AT_ONCE) {
      const isLast = at + AT_ONCE >= plan.retract.length;
      const command: UndoImport = { type: 'UndoImport', run, retract: plan.retract.slice(at, at + AT_ONCE), restore: isLast ? restore : [], details: isLast ? details : {}, registration: isLast && plan.registration };
      const request = { commandId: commandIdOf(), mac: this.vault.mac(run), command: command as CustomerCommand };
      ({ revision } = await this.bus.execute(new Execute(customer, customerStream(id), [request], envelopeOf({ ...caller, revision }))));
    }
    return restore.length === plan.restore.length && Object.keys(details).filter((field) => field !== 'nameMac').length === plan.details.size;
  }

  /** What the corrected entries said before; what was erased since cannot be said again. */
  private async before(id: string, { restore }: UndoPlan): Promise<{ original: string; entry: Entry; mac: string }[]> {
    const entries: { original: string; entry: Entry; mac: string }[] = [];
    for (const { original, revision } of restore) {
      const event = await this.executor.eventAt(customerStream(id), revision);
      const opened = openFields(event.data, event.id, this.vault.keyOf);
      if (opened.erased.length > 0) continue;
      const { mac, original: _original, movedFrom: _movedFrom, ...entry } = opened.data as unknown as Entry & { mac: string; original?: string; movedFrom?: unknown };
      entries.push({ original, entry, mac });
    }
    return entries;
  }

  private async detailsBefore(id: string, { details }: UndoPlan): Promise<Partial<Details>> {
    const before: Record<string, unknown> = {};
    for (const [field, revision] of details) {
      const event = await this.executor.eventAt(customerStream(id), revision);
      const { data, erased } = openFields(event.data, event.id, this.vault.keyOf);
      if (field === 'name' && erased.length > 0) continue;
      before[field] = (data as Partial<Details>)[field] ?? (field === 'team' ? [] : null);
      if (field === 'name') before['nameMac'] = (data as Partial<Details>).nameMac;
    }
    return before;
  }

  private async planFor(run: string, id: string): Promise<UndoPlan> {
    return planUndo(run, customerStream(id), await this.executor.eventsFrom(customerStream(id), 0));
  }

  /** What it wrote to, and what other streams say of the customers and people it added. */
  private async reachOf(run: Run): Promise<Reach> {
    const streams = await this.runs.streamsOf(run.id);
    const customers: string[] = [];
    const ours = new Set<string>();
    /** The stream it was added in, by person. */
    const people = new Map<string, string>();
    for (const some of together(streams)) {
      for (const events of await Promise.all(some.map((stream) => this.executor.eventsFrom(stream, 0)))) {
        const own = events.filter(({ metadata }) => metadata.correlationId === run.id);
        if (own.length === 0) continue;
        const { stream } = own[0]!;
        customers.push(stream.slice(PREFIX.length));
        for (const { type, data } of own) {
          if (type === 'CustomerRegistered') ours.add(stream);
          if (isLogged(type) && (data as Entry).kind === 'person-added') people.set((data as Entry).fields['person'] as string, stream);
        }
      }
    }
    const standing: Elsewhere[] = [];
    for (const one of await this.namedElsewhere(run.id, ours, people)) {
      // What stands in its own streams is seen there.
      if (ours.has(one.stream) || people.get(one.names) === one.stream) continue;
      const found = await this.stands(one);
      if (found !== undefined) standing.push(found);
    }
    return { customers, elsewhere: standing };
  }

  /** What others than the run said of the customers of these streams, and of these people, wherever that is. */
  private async namedElsewhere(run: string, ours: ReadonlySet<string>, people: ReadonlyMap<string, string>): Promise<Naming[]> {
    const db = this.views.db as Kysely<ReachTables & TimelineTables>;
    const names = new Set([...[...ours].map((stream) => stream.slice(PREFIX.length)), ...people.keys()]);
    const found = (await namingsOf(db, [...names], run)).map(({ named, stream, entry }): Naming => ({ stream, entry: entry === '' ? undefined : entry, names: named }));
    for (const { person, entry, customer: id, ...at } of await entriesNaming(db, [...people.keys()])) {
      const stream = customerStream(id);
      if (ours.has(stream) || people.get(person) === stream) continue;
      const versions = await Promise.all([...new Set([at.revision, at.content_revision])].map((revision) => this.executor.eventAt(stream, revision)));
      if (versions.some(({ metadata }) => metadata.correlationId !== run)) found.push({ stream, entry, names: person });
    }
    for (const stream of await this.runs.parked()) {
      for (const { id, type, data, metadata } of await this.executor.eventsFrom(stream, 0)) {
        if (metadata.correlationId === run || !namesAny(data, names)) continue;
        found.push({ stream, entry: isLogged(type) ? id : (data as { original?: string }).original, names: [...names].find((one) => namesAny(data, new Set([one])))! });
      }
    }
    return [...new Map(found.map((one) => [`${one.stream} ${one.entry} ${one.names}`, one])).values()];
  }

  /** What another stream said of a customer or person counts while it still stands there. */
  private async stands({ stream, entry, names }: Naming): Promise<Elsewhere | undefined> {
    if (!stream.startsWith(PREFIX)) return { stream, why: 'names it', names };
    const { state } = await this.executor.load(customer, stream);
    if (!state.registered) return undefined;
    if (entry === undefined) return state.referredBy === names ? { stream, why: 'names it', names } : undefined;
    const there = state.interactions.get(entry);
    return there !== undefined && namesAny(there, new Set([names])) ? { stream, entry, kind: there.kind, why: 'names it', names } : undefined;
  }

  /** What all goes of the undo took back, as the log has it. */
  private async taken(run: Run, customers: readonly string[]): Promise<Omit<UndoCounts, 'kept'>> {
    const counts = { customersRemoved: 0, customersRestored: 0, entriesRetracted: 0, entriesRestored: 0 };
    const mac = this.vault.mac(run.id);
    for (const some of together(customers)) {
      for (const { type, data, metadata } of (await Promise.all(some.map((id) => this.executor.eventsFrom(customerStream(id), 0)))).flat()) {
        if (metadata.mac !== mac) continue;
        if (type === 'RegistrationUndone') counts.customersRemoved += 1;
        else if (type === 'CustomerDetailsChanged') counts.customersRestored += 1;
        else if (type === 'InteractionCorrected') counts.entriesRestored += 1;
        else if (type === 'InteractionRetracted' && (data as { undone?: unknown }).undone !== undefined) counts.entriesRetracted += 1;
      }
    }
    return counts;
  }
}

function* together(customers: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < customers.length; at += STEP) yield customers.slice(at, at + STEP);
}

function refused(builtUpon: readonly BuiltUpon[]): Refusal {
  const shown = builtUpon.slice(0, SHOWN);
  const said = builtUpon.length === 1 ? 'Something builds on this import' : `${builtUpon.length} things build on this import`;
  return new Refusal('conflict', 'built-upon', `${said}: take these back or correct them first. Nothing was undone.`, [], {
    count: builtUpon.length,
    builtUpon: shown.map(({ stream, entry, kind, why }) => ({ stream, ...(stream.startsWith(PREFIX) && { customer: stream.slice(PREFIX.length) }), ...(entry !== undefined && { entry }), ...(kind !== undefined && { kind }), why })),
  });
}
