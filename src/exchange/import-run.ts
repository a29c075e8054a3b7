/**
 * The runs of imports, in one stream: when each began, what it recorded, and whether it was undone. What a run recorded
 * carries its id as the correlation of the events.
 */
import type { Aggregate, Decided } from '../kernel/aggregate.js';
import type { RecordedEvent } from '../kernel/event-store.js';
import { Refusal } from '../kernel/refusal.js';

/** What a run recorded, over all its goes. */
export interface RunCounts {
  readonly customersCreated: number;
  readonly customersChanged: number;
  readonly entriesAdded: number;
  readonly entriesCorrected: number;
}

/** What an undo took back. */
export interface UndoCounts {
  readonly customersRemoved: number;
  /** Customers whose details are as before. */
  readonly customersRestored: number;
  readonly entriesRetracted: number;
  /** Entries that say again what they said before. */
  readonly entriesRestored: number;
  /** Customers left as they are: somebody built on them in the very moment of the undo, or what stood there before was erased since. */
  readonly kept: number;
}

export type RunEvent =
  /** `file`: its name. */
  | Decided<'ImportStarted', { readonly run: string; readonly source: string; readonly file?: string }>
  /** May come again, when a later go with the same key records more. `rows`, `failed`: of its last go. */
  | Decided<'ImportFinished', RunCounts & { readonly run: string; readonly rows: number; readonly failed: number }>
  | Decided<'ImportUndoBegun', { readonly run: string }>
  | Decided<'ImportUndone', UndoCounts & { readonly run: string }>;

export type RunCommand =
  | { readonly type: 'StartImport'; readonly run: string; readonly source: string; readonly file?: string }
  | ({ readonly type: 'FinishImport'; readonly run: string; readonly rows: number; readonly failed: number } & RunCounts)
  | { readonly type: 'BeginUndo'; readonly run: string }
  | ({ readonly type: 'FinishUndo'; readonly run: string } & UndoCounts);

export type RunStatus = 'running' | 'finished' | 'undoing' | 'undone';

/** Status by run. */
export type RunsState = Map<string, RunStatus>;

export const RUNS = 'imports';

const unknownRun = (): Refusal => new Refusal('missing', 'unknown-import', 'No such import.');
export const beingUndone = (): Refusal => new Refusal('conflict', 'being-undone', 'This import is being undone: undo it again to the end first.');

function decide(command: RunCommand, state: RunsState): RunEvent[] {
  const { type, ...data } = command;
  const status = state.get(command.run);
  if (type === 'StartImport') {
    if (status === 'undoing') throw beingUndone();
    return status === undefined ? [{ type: 'ImportStarted', data: data as Omit<Extract<RunCommand, { type: 'StartImport' }>, 'type'> }] : [];
  }
  if (status === undefined) throw unknownRun();
  switch (type) {
    case 'FinishImport':
      return status === 'running' || status === 'finished' ? [{ type: 'ImportFinished', data: data as Omit<Extract<RunCommand, { type: 'FinishImport' }>, 'type'> }] : [];
    case 'BeginUndo':
      return status === 'undoing' || status === 'undone' ? [] : [{ type: 'ImportUndoBegun', data }];
    case 'FinishUndo':
      return status === 'undoing' ? [{ type: 'ImportUndone', data: data as Omit<Extract<RunCommand, { type: 'FinishUndo' }>, 'type'> }] : [];
  }
}

const AFTER: Readonly<Record<RunEvent['type'], RunStatus>> = { ImportStarted: 'running', ImportFinished: 'finished', ImportUndoBegun: 'undoing', ImportUndone: 'undone' };

export const importRuns: Aggregate<RunCommand, RunEvent, RunsState> = {
  name: 'import-runs',
  initial: () => new Map(),
  decide,
  evolve: (state, { type, data }) => state.set(data.run, AFTER[type]),
  personal: ({ type }) => (type === 'ImportStarted' ? [{ path: ['file'], subjects: ['organisation'] }] : []),
};

/** A run as the log tells it. Instants in epoch ms. */
export interface Run {
  readonly id: string;
  readonly source: string;
  /** The event that says how the file is called, sealed. */
  readonly started: RecordedEvent;
  status: RunStatus;
  finishedAt: number | null;
  recorded: (RunCounts & { readonly rows: number; readonly failed: number }) | null;
  undoneAt: number | null;
  undoneBy: string | null;
  took: UndoCounts | null;
}

/** The runs that the events tell of, the oldest first. */
export function runsIn(events: readonly RecordedEvent[]): Run[] {
  const runs = new Map<string, Run>();
  for (const event of events) {
    const { run, ...data } = event.data as { readonly run: string };
    if (event.type === 'ImportStarted') runs.set(run, { id: run, source: (data as unknown as { source: string }).source, started: event, status: 'running', finishedAt: null, recorded: null, undoneAt: null, undoneBy: null, took: null });
    const known = runs.get(run);
    if (known === undefined) continue;
    known.status = AFTER[event.type as RunEvent['type']];
    if (event.type === 'ImportFinished') Object.assign(known, { finishedAt: event.recordedAt, recorded: data });
    if (event.type === 'ImportUndone') Object.assign(known, { undoneAt: event.recordedAt, undoneBy: event.metadata.actor, took: data });
  }
  return [...runs.values()];
}
