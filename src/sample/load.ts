/** Loads the sample organisation through the same door as every other write. Loading it again adds nothing. */
import type { Type } from '@nestjs/common';
import { Refusal } from '../kernel/refusal.js';
import type { Caller } from '../shell/caller.js';
import { CustomersWriter, Organisation } from '../customers/customers.writer.js';
import { fieldsOf } from '../customers/catalogue.js';
import { commandIdOf, newId } from '../shell/ids.js';
import { Projector } from '../shell/projector.js';
import { COLLEAGUES, colleagueOf } from './organisation.js';
import { DEFAULT_SEED, sampleOf, SOURCE, type Sample, type SampleCustomer } from './scenarios.js';

export interface LoadOptions {
  readonly seed?: number;
  /** Epoch ms at which the story ends. Default: when it was first loaded. */
  readonly today?: number;
  /** Entries of customers so far, of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Where the parts of a running app are found. */
export interface PartsOfApp {
  get<T>(type: Type<T>): T;
}

/** Customers loaded side by side, so that their appends share an fsync. */
const TOGETHER = 50;

function callerOf(actor: string, ...name: readonly (string | number)[]): Caller {
  const commandId = commandIdOf(SOURCE, ...name.map(String));
  return { actor, department: colleagueOf(actor).department, commandId, mac: SOURCE, correlationId: newId(), revision: undefined };
}

async function together<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(TOGETHER, items.length) }, worker));
}

/** Puts ids in the place of `#n` where the nth entry is already logged; renumbers the others. */
function resolved(raw: Readonly<Record<string, unknown>>, logged: readonly Logged[], from: number): Record<string, unknown> {
  const specs = fieldsOf(String(raw['kind']));
  const one = (value: unknown, type: string): unknown => {
    if (typeof value !== 'string' || !value.startsWith('#')) return value;
    const n = Number(value.slice(1));
    const named = logged[n];
    if (named === undefined) return `#${n - from}`;
    return type === 'entry' ? named.id : named.person;
  };
  const resolve = (value: unknown, type: string): unknown => (Array.isArray(value) ? value.map((item) => one(item, type)) : one(value, type));
  return Object.fromEntries(Object.entries(raw).map(([field, value]) => [field, ['entry', 'person', 'persons'].includes(specs[field]?.type ?? '') ? resolve(value, specs[field]!.type) : value]));
}

interface Logged {
  readonly id: string;
  readonly person?: string;
}

/** The first adds itself; one whose id somebody has already is that somebody. Gives the instant at which that was first done, so that loading again, on whatever day, tells the same story. */
async function addColleagues(writer: CustomersWriter, now: number): Promise<number> {
  const times: number[] = [];
  for (const { id, name, department } of COLLEAGUES) {
    try {
      const { outcome } = await writer.addColleague({ id, name, department }, callerOf(COLLEAGUES[0]!.id, 'colleague', id));
      times.push(outcome.written[0]![0]!.recordedAt);
    } catch (error) {
      if (!(error instanceof Refusal && error.kind === 'conflict')) throw error;
    }
  }
  return times[0] ?? now;
}

class Loading {
  constructor(
    private readonly writer: CustomersWriter,
    private readonly seed: number,
    private readonly progress: (count: number) => void,
  ) {}

  async own({ own }: Sample): Promise<void> {
    for (const [index, { actor, entry }] of own.entries()) await this.writer.logOwn(entry, callerOf(actor, this.seed, 'own', index));
  }

  async register({ input, owner }: SampleCustomer): Promise<void> {
    await this.writer.register(input, callerOf(owner, input.sourceId, 'register'));
  }

  /** The entries as they came in: each run of one colleague in one append. */
  async log({ id, input, entries, actors }: SampleCustomer): Promise<Logged[]> {
    const logged: Logged[] = [];
    while (logged.length < entries.length) {
      const from = logged.length;
      const actor = actors[from]!;
      let to = from + 1;
      while (to < entries.length && actors[to] === actor) to += 1;
      const { written } = await this.writer.log(id, entries.slice(from, to).map((raw) => resolved(raw, logged, from)), callerOf(actor, input.sourceId, from));
      for (const event of written[0]!) {
        const person = (event.data as { fields?: { person?: unknown } }).fields?.person;
        logged.push({ id: event.id, ...(typeof person === 'string' && { person }) });
      }
      this.progress(to - from);
    }
    return logged;
  }

  async amend({ id, input, owner, amendments }: SampleCustomer, logged: readonly Logged[]): Promise<void> {
    for (const [index, amendment] of amendments.entries()) {
      const original = logged[amendment.entry]!.id;
      const caller = callerOf(owner, input.sourceId, 'amend', index);
      if (amendment.type === 'correct') await this.writer.correct(id, original, resolved(amendment.raw, logged, 0), caller);
      else if (amendment.type === 'retract') await this.writer.retract(id, original, { reason: amendment.reason, including: amendment.including.map((entry) => logged[entry]!.id) }, caller);
      else await this.writer.move(id, original, amendment.to, {}, [], caller);
    }
  }
}

/** Resolves when everything is in the log and in the views. */
export async function loadSample(app: PartsOfApp, { seed = DEFAULT_SEED, today, onProgress }: LoadOptions = {}): Promise<{ colleagues: number; customers: number; entries: number }> {
  const writer = app.get(CustomersWriter);
  const organisation = app.get(Organisation);
  const firstLoaded = await addColleagues(writer, organisation.now());
  const sample = sampleOf({ seed, today: today ?? firstLoaded, zone: organisation.zone });
  const total = sample.customers.reduce((sum, { entries }) => sum + entries.length, 0);
  let done = 0;
  const loading = new Loading(writer, seed, (count) => onProgress?.((done += count), total));
  await loading.own(sample);
  // Who referred must be there before the referred.
  for (let left = sample.customers, there = new Set<string>(); left.length > 0; ) {
    const next = left.filter(({ input }) => input.referredBy == null || there.has(input.referredBy));
    await together(next, (one) => loading.register(one));
    there = new Set([...there, ...next.map(({ id }) => id)]);
    left = left.filter(({ id }) => !there.has(id));
  }
  const logged = new Map<string, Logged[]>();
  // The longest first: they take the most appends one after the other.
  await together([...sample.customers].sort((a, b) => b.entries.length - a.entries.length), async (one) => void logged.set(one.id, await loading.log(one)));
  await together(sample.customers, (one) => loading.amend(one, logged.get(one.id)!));
  await app.get(Projector).caughtUp();
  return { colleagues: sample.colleagues.length, customers: sample.customers.length, entries: total };
}
