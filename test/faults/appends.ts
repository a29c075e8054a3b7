/** The appends that fault tests make: which client makes which command on which stream follows from their numbers alone. */
import { createHash } from 'node:crypto';
import { WrongRevision, type Appended, type EventStore, type NewEvent, type Position, type RecordedEvent } from '../../src/kernel/event-store.js';

export const CLIENTS = 8;

/** Every third command goes to a stream that all share, the others to the client's own. */
export const streamOf = (client: number, k: number): string => (k % 3 === 0 ? 'shared' : `client-${client}`);

export function commandOf(client: number, k: number): NewEvent[] {
  const commandId = createHash('sha256').update(`${client} ${k}`).digest('hex').slice(0, 32);
  // Now and then more events than go into one INSERT.
  const count = k % 20 === 19 ? 60 : 1 + (k % 4);
  return Array.from({ length: count }, (_, n) => ({
    id: `${commandId.slice(0, 8)}-${commandId.slice(8, 12)}-7000-8000-${n.toString(16).padStart(12, '0')}`,
    type: 'Appended',
    data: { client, k, n },
    metadata: { commandId, n, mac: '', correlationId: commandId, causationId: null, actor: 'system' },
  }));
}

/** Where to look for the last revision of a stream, so that its whole past is not read each time. */
const seen = new WeakMap<EventStore, Map<string, number>>();

async function lastRevision(store: EventStore, stream: string): Promise<number | undefined> {
  const revisions = seen.get(store) ?? new Map<string, number>();
  seen.set(store, revisions);
  const last = (await store.read(stream, revisions.get(stream))).at(-1)?.revision;
  if (last !== undefined) revisions.set(stream, last);
  return last;
}

/** Appends the command as its client would: half of them at the revision just read, anew when somebody else was first. */
export async function appendOf(store: EventStore, client: number, k: number): Promise<Appended> {
  const stream = streamOf(client, k);
  for (;;) {
    const expected = k % 2 === 0 ? 'any' : ((await lastRevision(store, stream)) ?? 'no-stream');
    try {
      return await store.append(stream, commandOf(client, k), expected);
    } catch (error) {
      if (!(error instanceof WrongRevision)) throw error;
    }
  }
}

/** What the tester knows: how many commands of each client were acknowledged, and what stood in the log when it was last read. */
export interface Ledger {
  readonly acknowledged: number[];
  readonly standing: Map<string, Set<number>>;
  readonly revisions: Map<string, number>;
  position: Position | null;
}

export const newLedger = (acknowledged: readonly number[] = Array<number>(CLIENTS).fill(0)): Ledger => ({
  acknowledged: [...acknowledged],
  standing: new Map(),
  revisions: new Map(),
  position: null,
});

/** Takes down a line that the child said. */
export function acknowledge(ledger: Ledger, line: string): void {
  const [client = 0, k = 0] = line.split(' ').map(Number);
  ledger.acknowledged[client] = Math.max(ledger.acknowledged[client] ?? 0, k + 1);
}

function take(ledger: Ledger, event: RecordedEvent): string[] {
  const { stream, revision, metadata } = event;
  const due = (ledger.revisions.get(stream) ?? -1) + 1;
  ledger.revisions.set(stream, revision);
  const key = `${stream} ${metadata.commandId}`;
  const standing = ledger.standing.get(key) ?? new Set();
  ledger.standing.set(key, standing);
  const isTwice = standing.has(metadata.n);
  standing.add(metadata.n);
  return [
    ...(revision === due ? [] : [`gap: ${stream} goes on at ${revision} instead of ${due}`]),
    ...(isTwice ? [`duplicated: event ${metadata.n} of ${key}`] : []),
  ];
}

/** Reads on in the log from where the ledger stands. @returns what is wrong with what it finds, a sentence each. */
export async function readOn(store: EventStore, ledger: Ledger): Promise<string[]> {
  const problems: string[] = [];
  for (;;) {
    const page = await store.readAll(ledger.position, 1_000);
    problems.push(...page.flatMap((event) => take(ledger, event)));
    const last = page.at(-1);
    if (last === undefined) return problems;
    ledger.position = last.position;
  }
}

/** How many events of the command stand. */
export function standingOf(ledger: Ledger, client: number, k: number): number {
  return ledger.standing.get(`${streamOf(client, k)} ${commandOf(client, k)[0]?.metadata.commandId}`)?.size ?? 0;
}

/** What was acknowledged, from the given command of each client on, and is not there as a whole. */
export function lostOf(ledger: Ledger, from: readonly number[]): string[] {
  const problems: string[] = [];
  for (const [client, acknowledged] of ledger.acknowledged.entries())
    for (let k = from[client] ?? 0; k < acknowledged; k += 1) {
      const count = standingOf(ledger, client, k);
      if (count !== commandOf(client, k).length) problems.push(`lost: command ${k} of client ${client} was acknowledged, and ${count} of its events stand`);
    }
  return problems;
}

/** The command that each client was at: there as a whole or not at all. */
export function tornOf(ledger: Ledger): string[] {
  return ledger.acknowledged.flatMap((k, client) => {
    const count = standingOf(ledger, client, k);
    return count === 0 || count === commandOf(client, k).length ? [] : [`torn: ${count} events stand of command ${k} of client ${client}`];
  });
}

/** mulberry32: numbers in [0, 1) that follow from the seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
