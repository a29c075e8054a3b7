/**
 * What was written and has no answer yet: kept in this browser, for each colleague apart, and sent in the order in which it was
 * written, also after a reload. Each has its Idempotency-Key from the beginning, so that sending again records nothing twice.
 * Nothing leaves but what the server recorded, or what its writer discards.
 */
import { useSyncExternalStore } from 'react';
import { client, Failure } from '../api/client.js';
import type { Problem, WrittenDto } from '../api/generated/types.gen.js';

export interface WaitingEntry {
  /** Also the order: the time of writing comes first in it. */
  readonly id: string;
  readonly colleague: string;
  /** The Idempotency-Key. */
  readonly key: string;
  /** ISO 8601. */
  readonly writtenAt: string;
  /** One without an id is registered first. */
  readonly customer: { readonly id?: string; readonly name: string; readonly owner?: string };
  readonly entries: readonly Readonly<Record<string, unknown>>[];
  /** What the form needs to open it again. */
  readonly draft: unknown;
  /** Refused: not sent again until it is changed. */
  readonly refused?: { readonly message: string; readonly problem?: Problem };
}

export type Sent = { readonly is: 'recorded'; readonly answer: WrittenDto } | { readonly is: 'refused'; readonly failure: Failure } | { readonly is: 'waiting' };

const PREFIX = 'five-ring:waiting:';
/** An answer that takes longer is waited for no more. */
const PATIENCE_MS = 20_000;
const AGAIN_MS = 20_000;

const listeners = new Set<() => void>();
/** Who is signed in here; nothing of others is shown or sent. */
let owner: string | null = null;
let known: readonly WaitingEntry[] = [];

function read(): WaitingEntry[] {
  if (owner === null) return [];
  const prefix = `${PREFIX}${owner}:`;
  return Object.keys(localStorage).filter((key) => key.startsWith(prefix)).sort().flatMap((key) => {
    try {
      return [JSON.parse(localStorage.getItem(key)!) as WaitingEntry];
    } catch {
      return [];
    }
  });
}
function changed(): void {
  known = read();
  for (const listener of listeners) listener();
}
const place = ({ colleague, id }: Pick<WaitingEntry, 'colleague' | 'id'>): string => `${PREFIX}${colleague}:${id}`;
/** @returns whether this browser keeps it: one that is full does not. */
function keep(entry: WaitingEntry): boolean {
  try {
    localStorage.setItem(place(entry), JSON.stringify(entry));
    return true;
  } catch {
    return false;
  }
}
const isThere = (entry: WaitingEntry): boolean => localStorage.getItem(place(entry)) !== null;

export const waitingNow = (): readonly WaitingEntry[] => known;
export const useWaiting = (): readonly WaitingEntry[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => known,
  );

/** Where the browser keeps no more it is sent at once, before what waits; without an answer it is refused with status 0, and stays with its writer. */
export async function send(entry: Omit<WaitingEntry, 'id' | 'writtenAt' | 'refused'> & { readonly id?: string }): Promise<Sent> {
  const writtenAt = new Date().toISOString();
  // One that is written again keeps its place in the order.
  const whole: WaitingEntry = { ...entry, writtenAt, id: entry.id ?? `${writtenAt}-${entry.key}` };
  if (!keep(whole)) {
    const sent = await sendOne(whole);
    return sent.is === 'waiting' ? { is: 'refused', failure: new Failure(0, undefined, 'no answer') } : sent;
  }
  changed();
  await flush();
  return outcomes.get(whole.id) ?? { is: 'waiting' };
}

export function discard(id: string): void {
  const found = known.find((entry) => entry.id === id);
  if (found !== undefined) localStorage.removeItem(place(found));
  changed();
}

export function discardAll(): void {
  for (const entry of known) localStorage.removeItem(place(entry));
  changed();
}

/** How the last sending of each ended, while this page is open. */
const outcomes = new Map<string, Sent>();
/** Whoever wants to know what went out later. */
const told = new Set<(entry: WaitingEntry, sent: Sent) => void>();
export function onSent(then: (entry: WaitingEntry, sent: Sent) => void): () => void {
  told.add(then);
  return () => told.delete(then);
}

const JSON_BODY = { 'content-type': 'application/json' };
async function post<T>(url: string, body: object, key: string): Promise<T> {
  return (await client.post<{ 200: T }, unknown, true>({ url, body, headers: { ...JSON_BODY, 'Idempotency-Key': key }, signal: AbortSignal.timeout(PATIENCE_MS), throwOnError: true })).data;
}

/** Not refused for what it says: the same may be taken later. */
const mayPass = (failure: Failure): boolean => failure.status === 0 || failure.status >= 500 || [401, 408, 425, 429].includes(failure.status);

async function sendOne(entry: WaitingEntry): Promise<Sent> {
  try {
    let { customer } = entry;
    if (customer.id === undefined) {
      const { name, owner: of } = customer;
      const { id } = await post<WrittenDto>('/api/v1/customers', { name, ...(of !== undefined && { owner: of }) }, `${entry.key}-customer`);
      customer = { id, name };
      // From here on it is a customer like any other, whatever happens next.
      keep({ ...entry, customer });
    }
    return { is: 'recorded', answer: await post<WrittenDto>(`/api/v1/customers/${customer.id!}/interactions`, { entries: entry.entries }, entry.key) };
  } catch (error) {
    const failure = error instanceof Failure ? error : new Failure(0, undefined, 'no answer');
    return mayPass(failure) ? { is: 'waiting' } : { is: 'refused', failure };
  }
}

async function inTurn(): Promise<void> {
  const asked = owner;
  for (const { id } of read()) {
    // Another tab may have sent it, its writer discarded it, or somebody else signed in.
    const entry = owner === asked ? read().find((one) => one.id === id) : undefined;
    if (entry === undefined || entry.refused !== undefined) continue;
    const sent = await sendOne(entry);
    outcomes.set(id, sent);
    if (sent.is === 'recorded') localStorage.removeItem(place(entry));
    else if (sent.is === 'refused' && isThere(entry)) {
      const now = read().find((one) => one.id === id) ?? entry;
      keep({ ...now, refused: { message: sent.failure.message, ...(sent.failure.problem !== undefined && { problem: sent.failure.problem }) } });
    }
    changed();
    for (const listener of told) listener(entry, sent);
    // What comes after it waits too: the order stays.
    if (sent.is === 'waiting') return;
  }
}

let running: Promise<void> | undefined;
let isAskedAgain = false;
/** Sends what waits. Resolves when all that waited at the call was tried. */
export function flush(): Promise<void> {
  if (running !== undefined) {
    isAskedAgain = true;
    return running;
  }
  const turn = async (): Promise<void> => {
    do {
      isAskedAgain = false;
      // One tab at a time.
      await (navigator.locks === undefined ? inTurn() : navigator.locks.request('five-ring-waiting', inTurn));
    } while (isAskedAgain);
  };
  running = turn().finally(() => (running = undefined));
  return running;
}

/** Whose entries these are from now on; null when nobody is signed in. */
export function openOutbox(colleague: string | null): void {
  if (owner === colleague) return;
  owner = colleague;
  changed();
  if (known.length > 0) void flush();
}

window.addEventListener('storage', ({ key }) => {
  if (key === null || key.startsWith(PREFIX)) changed();
});
const tryAgain = (): void => {
  if (known.some(({ refused }) => refused === undefined)) void flush();
};
window.addEventListener('online', tryAgain);
document.addEventListener('visibilitychange', tryAgain);
setInterval(tryAgain, AGAIN_MS);
