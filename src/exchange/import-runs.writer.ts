/** The runs of imports: one begins with its first write, goes on under the same name after whatever broke it off, and is listed. */
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { toIso } from '../kernel/calendar.js';
import type { EventStore, Position } from '../kernel/event-store.js';
import { Refusal } from '../kernel/refusal.js';
import { isLogged } from '../customers/customer.state.js';
import { CustomersReader } from '../customers/customers.reader.js';
import { envelopeOf } from '../customers/customers.writer.js';
import type { Entry } from '../customers/entry.js';
import { namesOf } from '../customers/search.view.js';
import { timelineView } from '../customers/timeline.view.js';
import type { Caller } from '../shell/caller.js';
import { Execute } from '../shell/execute.js';
import { Executor } from '../shell/executor.js';
import { commandIdOf, derivedId } from '../shell/ids.js';
import { Projector } from '../shell/projector.js';
import { Turns, type Turn } from '../shell/turns.js';
import { openFields } from '../vault/codec.js';
import { Vault } from '../vault/vault.js';
import { Views } from '../views/views.js';
import { importReachView, streamsOf } from './import-reach.view.js';
import { beingUndone, importRuns, runsIn, RUNS, type Run, type RunCommand, type RunCounts } from './import-run.js';
import type { ImportCounts } from './recording.js';

/** One go of a run. */
export interface Going {
  readonly run: string;
  /** The run's id once it stands in the log: from this go's first write on, or from an earlier one. */
  readonly begun: string | null;
  begin(): Promise<void>;
  /** Says in the log that the file was read to its end. @returns the place of that event; null when there was nothing to say. */
  finish(counts: ImportCounts, written: string | null): Promise<string | null>;
  /** Whatever came of it. */
  end(): Promise<void>;
}

/** How long what needs the views waits for them. */
const CATCH_UP_MS = 60_000;

@Injectable()
export class ImportRuns {
  private readonly goingOn = new Map<string, Turn>();

  constructor(
    private readonly bus: CommandBus,
    private readonly executor: Executor,
    private readonly vault: Vault,
    private readonly reader: CustomersReader,
    private readonly turns: Turns,
    private readonly projector: Projector,
    private readonly views: Views,
    @Inject('EventStore') private readonly store: EventStore,
  ) {}

  /** The same caller's same key goes on with the same run; a run that was undone is followed by another. @throws Refusal while it goes on, or is being undone. */
  async go(caller: Caller, { source, file }: { readonly source: string; readonly file?: string }): Promise<Going> {
    const { state } = await this.executor.load(importRuns, RUNS);
    let run = derivedId('import', caller.commandId);
    for (let again = 2; state.get(run) === 'undone'; again += 1) run = derivedId('import', caller.commandId, String(again));
    const before = state.get(run);
    if (before === 'undoing') throw beingUndone();
    await this.enter(run);
    const head = before === undefined ? null : await this.store.head();
    let begun = before === undefined ? null : run;
    let beginning: Promise<unknown> | undefined;
    return {
      run,
      get begun() {
        return begun;
      },
      begin: async () => {
        beginning ??= this.execute({ type: 'StartImport', run, source, ...(file !== undefined && { file }) }, caller);
        await beginning;
        begun = run;
      },
      finish: async (counts, written) => {
        if (begun === null || (written === null && before !== 'running')) return null;
        const recorded = before === undefined ? countsOf(counts) : sum(countsOf(counts), await this.recorded(run, head!));
        const { position } = await this.execute({ type: 'FinishImport', run, ...recorded, rows: counts.rows, failed: counts.failed }, caller);
        return position;
      },
      end: () => this.leave(run),
    };
  }

  /** Nobody else imports or undoes this run meanwhile. @throws Refusal when somebody does. */
  async enter(run: string): Promise<void> {
    const turn = await this.turns.take(nameOf(run));
    if (turn === undefined) throw new Refusal('conflict', 'still-running', 'The same import is still running; wait for its end.');
    this.goingOn.set(run, turn);
  }

  async leave(run: string): Promise<void> {
    const turn = this.goingOn.get(run);
    this.goingOn.delete(run);
    await turn?.end();
  }

  execute(command: RunCommand, caller: Caller): Promise<{ position: string | null }> {
    const commandId = command.type === 'StartImport' ? commandIdOf('import-start', command.run) : commandIdOf();
    return this.bus.execute(new Execute(importRuns, RUNS, [{ commandId, mac: this.vault.mac(command.run), command }], envelopeOf({ ...caller, correlationId: command.run, revision: undefined })));
  }

  /** All runs, the oldest first. */
  async all(): Promise<Run[]> {
    return runsIn(await this.executor.eventsFrom(RUNS, 0));
  }

  async one(id: string): Promise<Run> {
    const run = (await this.all()).find((other) => other.id === id);
    if (run === undefined) throw new Refusal('missing', 'unknown-import', 'No such import.');
    return run;
  }

  /** The runs as they go over the wire, the newest first. */
  async listed(limit: number): Promise<object[]> {
    const runs = (await this.all()).reverse().slice(0, limit);
    const names = await namesOf(this.reader.db, runs.flatMap(({ started, undoneBy }) => [started.metadata.actor, ...(undoneBy === null ? [] : [undoneBy])]), 'colleague');
    const goingOn = await this.turns.taken(runs.filter(({ status }) => status === 'running').map(({ id }) => nameOf(id)));
    const named = (id: string): object => ({ id, name: names.get(id) ?? null });
    return runs.map(({ id, source, started, status, finishedAt, recorded, undoneAt, undoneBy, took }) => {
      const { file } = openFields(started.data, started.id, this.vault.keyOf).data as { file?: unknown };
      return {
        id,
        source,
        file: typeof file === 'string' ? file : null,
        status: status === 'running' && !goingOn.has(nameOf(id)) ? 'broken off' : status,
        startedAt: toIso(started.recordedAt),
        startedBy: named(started.metadata.actor),
        finishedAt: finishedAt === null ? null : toIso(finishedAt),
        recorded,
        undoneAt: undoneAt === null ? null : toIso(undoneAt),
        undoneBy: undoneBy === null ? null : named(undoneBy),
        undone: took,
      };
    });
  }

  /** The streams the run wrote to so far. @throws Refusal `late` when the views do not get there within the time allowed. */
  async streamsOf(run: string): Promise<string[]> {
    const head = await this.store.head();
    if (head !== null) await this.projector.reached(head, CATCH_UP_MS);
    return this.known(run);
  }

  private async known(run: string): Promise<string[]> {
    return [...new Set([...(await streamsOf(this.views.db, run)), ...(await this.parked())])];
  }

  /** Streams of which the views that are asked for an import's reach may know too little. */
  async parked(): Promise<string[]> {
    return (await this.views.parked()).filter(({ view }) => view === importReachView.name || view === timelineView.name).map(({ stream }) => stream);
  }

  /** What a run recorded in its goes up to a place in the log. */
  private async recorded(run: string, upTo: Position): Promise<RunCounts> {
    const counts = { customersCreated: 0, customersChanged: 0, entriesAdded: 0, entriesCorrected: 0 };
    let command = '';
    // What was recorded before the file was read again: the views mostly have it by the file's end, and nothing else is left to do.
    await this.projector.past(upTo);
    for (const name of await this.known(run)) {
      for (const { type, data, metadata, position } of await this.executor.eventsFrom(name, 0)) {
        if (metadata.correlationId !== run || this.store.compare(position, upTo) > 0) continue;
        const isFirst = metadata.commandId !== command;
        command = metadata.commandId;
        if (type === 'CustomerRegistered') counts.customersCreated += 1;
        else if (type === 'CustomerDetailsChanged') counts.customersChanged += 1;
        else if (type === 'InteractionCorrected') counts.entriesCorrected += 1;
        // A new owner comes with the customer's details, or in their place.
        else if (isLogged(type) && (data as Entry).kind === 'owner-changed' && (data as Entry).source === undefined) counts.customersChanged += isFirst ? 1 : 0;
        else if (isLogged(type)) counts.entriesAdded += 1;
      }
    }
    return counts;
  }
}

const sum = (a: RunCounts, b: RunCounts): RunCounts => ({ customersCreated: a.customersCreated + b.customersCreated, customersChanged: a.customersChanged + b.customersChanged, entriesAdded: a.entriesAdded + b.entriesAdded, entriesCorrected: a.entriesCorrected + b.entriesCorrected });

const nameOf = (run: string): string => `import ${run}`;

const countsOf = ({ customersCreated, customersChanged, entriesAdded, entriesCorrected }: ImportCounts): RunCounts => ({ customersCreated, customersChanged, entriesAdded, entriesCorrected });
