/** What a durable append costs, against what the disk itself takes. Ratios of one run; absolute times are for orientation. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { NewEvent } from '../src/kernel/event-store.js';
import { SqliteStore } from '../src/stores/sqlite.store.js';

export interface BenchRow {
  readonly name: string;
  readonly ratio: number;
  readonly bar: string;
  readonly pass: boolean;
  readonly detail: string;
}

const WARM_UP = 200;

let made = 0;

/** About the size of a sealed interaction. */
function interaction(): NewEvent {
  const number = (made += 1).toString(16);
  // Spread like a hash, so that the unique index over commands is met at random places, as in use.
  const commandId = (BigInt(made) * 0x9e3779b97f4a7c15f39cc0605cedc835n & ((1n << 128n) - 1n)).toString(16).padStart(32, '0');
  return {
    id: `01900000-0000-7000-8000-${number.padStart(12, '0')}`,
    type: 'InteractionLogged',
    data: { kind: 'meeting', occurredAt: 1_700_000_000_000 + made, people: [number.padStart(36, '0')], summary: { s: [number.padStart(36, '0')], v: 1, c: 'A'.repeat(240) } },
    metadata: { commandId, n: 0, mac: commandId.repeat(2), correlationId: commandId, causationId: null, actor: number.padStart(36, '0') },
  };
}

async function inFolder<T>(parent: string, use: (folder: string, store: SqliteStore) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(parent, 'five-ring-bench-'));
  const store = SqliteStore.open(join(folder, 'log.db'));
  try {
    return await use(folder, store);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const ms = (value: number): string => `${value.toFixed(3)} ms`;

/** Durable single append, p50, against a raw write + fdatasync of the event's JSON to a growing file in the same folder; one of each in turn. */
export function singleAppend(parent: string, appends = 3_000): Promise<BenchRow> {
  return inFolder(parent, async (folder, store) => {
    const raw = openSync(join(folder, 'raw'), 'a');
    const times: { raw: number; append: number }[] = [];
    for (let i = 0; i < WARM_UP + appends; i += 1) {
      const event = interaction();
      const bytes = Buffer.from(JSON.stringify(event));
      const start = performance.now();
      writeSync(raw, bytes);
      fdatasyncSync(raw);
      const between = performance.now();
      await store.append(`customer-${i % 500}`, [event], 'any');
      times.push({ raw: between - start, append: performance.now() - between });
    }
    closeSync(raw);
    const measured = times.slice(WARM_UP);
    const [rawP50, appendP50] = [median(measured.map((time) => time.raw)), median(measured.map((time) => time.append))];
    const ratio = appendP50 / rawP50;
    return { name: 'durable single append, p50, against raw write + fdatasync', ratio, bar: '<= 2', pass: ratio <= 2, detail: `${ms(appendP50)} against ${ms(rawP50)}, ${appends} of each` };
  });
}

/** Appends/s of writers that each wait for their own verdict before the next. */
async function rateOf(store: SqliteStore, writers: number, appends: number): Promise<number> {
  const write = async (writer: number): Promise<void> => {
    for (let i = writer; i < appends; i += writers) await store.append(`customer-${i % 500}`, [interaction()], 'any');
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  return (appends / (performance.now() - start)) * 1_000;
}

/** 64 writers at once against one alone: median of alternating rounds. */
export function concurrentAppends(parent: string, rounds = 9): Promise<BenchRow> {
  return inFolder(parent, async (_folder, store) => {
    await rateOf(store, 1, WARM_UP);
    await rateOf(store, 64, 64 * 20);
    const rates: { one: number; many: number }[] = [];
    for (let i = 0; i < rounds; i += 1) rates.push({ one: await rateOf(store, 1, 400), many: await rateOf(store, 64, 64 * 40) });
    const [one, many] = [median(rates.map((rate) => rate.one)), median(rates.map((rate) => rate.many))];
    const ratio = median(rates.map((rate) => rate.many / rate.one));
    return { name: '64 writers at once, each with its own verdict, against one', ratio, bar: '>= 4', pass: ratio >= 4, detail: `${many.toFixed(0)} appends/s against ${one.toFixed(0)}` };
  });
}

/** Both rows, with their files in a folder of their own below `parent`. */
export async function appendRows(parent: string): Promise<BenchRow[]> {
  return [await singleAppend(parent), await concurrentAppends(parent)];
}
