/** asKnown is a replay of the log cut there: whatever is recorded later, a past answer comes out again exactly. */
import fc from 'fast-check';
import { viewsFor } from '../../src/app.module.js';
import type { Position } from '../../src/kernel/event-store.js';
import { FIGURES } from '../../src/figures/figures.js';
import { FiguresReader } from '../../src/figures/figures.reader.js';
import { windowTo } from '../../src/figures/ask.js';
import { Walk } from '../../src/figures/walk.reader.js';
import { PRESETS } from '../../src/rings/rules.js';
import { Known } from '../../src/shell/known.js';
import { Projector } from '../../src/shell/projector.js';
import { MemoryStore } from '../../src/stores/memory.store.js';
import { command } from '../event-store.contract.js';
import { START, step, World, type Step } from '../random-history.js';
import { openRows } from '../view-rows.js';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 30);
const DAY = 86_400_000;
const HOUR = 3_600_000;
const rules = PRESETS['annual-contracts']!;

interface Past {
  readonly upTo: Position;
  readonly recordedAt: number;
  readonly answers: string;
}

type Knowing = new (...given: ConstructorParameters<typeof Known>) => Known;

/** Of a log that ends where it is asked: a replay of the log cut there. Later it would know the future. */
class KnowsWhatIsThere extends Known {
  override includes = (): boolean => true;
}

/** Asks all figures again and again while a history goes on, and all the same questions once more at its end. */
async function sameAgain(steps: readonly Step[], How: Knowing): Promise<void> {
  let now = START + 1000 * DAY;
  const world = new World(() => now);
  const views = viewsFor(rules, 'UTC');
  const rows = await openRows(views);
  const projector = new Projector(world.store, views, rows, world.vault.keyOf);
  const known = new How(world.store, rows);
  const ask = async (upTo: Position, by: Known): Promise<string> => {
    const reader = new FiguresReader(new Walk(world.store, rows, by), rows);
    const windows = FIGURES.map(({ window }) => [300, 700, 1000].map((day) => windowTo(START + day * DAY, window)));
    const { parts, kinds } = await reader.answer({ figures: FIGURES, windows, upTo, rules, zone: 'UTC' });
    return JSON.stringify([parts, [...kinds].sort()]);
  };
  await projector.start();
  await world.begin();
  const past: Past[] = [];
  for (const [index, one] of steps.entries()) {
    await world.take(one);
    if (index % 4 === 0) {
      await projector.caughtUp();
      past.push({ upTo: (await world.store.head())!, recordedAt: now, answers: await ask((await world.store.head())!, new KnowsWhatIsThere(world.store, rows)) });
    }
    // Sometimes many in one hour, sometimes days between.
    now += index % 3 === 0 ? 5 * HOUR : 1000;
  }
  await projector.caughtUp();
  for (const { upTo, recordedAt, answers } of past) {
    expect(await ask(upTo, known)).toBe(answers);
    expect(await known.at(recordedAt)).toBe(upTo);
  }
  await projector.stop();
  await rows.close();
}

const property = (How: Knowing) => fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => sameAgain(steps, How));

class ForgetsTheLast extends Known {
  override includes(upTo: Position | null, position: Position): boolean {
    return super.includes(upTo, position) && upTo !== position;
  }
}
class StopsAtTheHour extends Known {
  override at = async (instant: number): Promise<Position | null> => (await super.at(instant - HOUR)) ?? null;
}

describe('a past answer', () => {
  it('comes out again exactly, by position and by date', () => fc.assert(property(Known), { numRuns: RUNS }), 120_000);

  it.each([KnowsWhatIsThere, ForgetsTheLast, StopsAtTheHour])('planted bug %p turns it red', async (Bug) => {
    await expect(fc.assert(property(Bug), { numRuns: 30, endOnFailure: true })).rejects.toThrow();
  }, 120_000);
});

describe('a date', () => {
  /** By a naive reading: the last place before the first event recorded later. */
  const naive = (instants: readonly number[], date: number): number => {
    const later = instants.findIndex((instant) => instant > date);
    return later === -1 ? instants.length : later;
  };

  const check = async (gaps: readonly number[], near: number, off: number, How: Knowing, batch: number): Promise<void> => {
    const store = new MemoryStore();
    const views = viewsFor(rules, 'UTC');
    const rows = await openRows(views);
    const projector = new Projector(store, views, rows, () => undefined, { batch });
    const instants: number[] = [];
    for (const gap of gaps) {
      instants.push((instants.at(-1) ?? 10 * DAY) + gap);
      // A clock that is set back: moved logs and several nodes have such.
      await store.append('notes', command(), 'any', instants.at(-1));
    }
    const date = instants[near % instants.length]! + off;
    await projector.start();
    await projector.caughtUp();
    const at = await new How(store, rows).at(date);
    expect(at === null ? 0 : Number(at)).toBe(naive(instants, date));
    await projector.stop();
    await rows.close();
  };

  const byDate = (How: Knowing) =>
    fc.asyncProperty(fc.array(fc.integer({ min: -3 * HOUR, max: 5 * HOUR }), { minLength: 1, maxLength: 40 }), fc.nat(1000), fc.integer({ min: -2 * HOUR, max: 2 * HOUR }), fc.integer({ min: 1, max: 7 }), (gaps, near, off, batch) => check(gaps, near, off, How, batch));

  it('means the last place whose running maximum of recordedAt is not later, also where a clock went back', () => fc.assert(byDate(Known), { numRuns: 4 * RUNS }), 60_000);

  it('planted bug: the last event recorded by then, whatever stands before it, turns it red', async () => {
    class TakesTheLast extends Known {
      override at = async (instant: number): Promise<Position | null> => {
        const store = (this as unknown as { store: MemoryStore }).store;
        return (await store.readAll(null, Infinity)).findLast(({ recordedAt }) => recordedAt <= instant)?.position ?? null;
      };
    }
    await expect(fc.assert(byDate(TakesTheLast), { numRuns: 300, endOnFailure: true })).rejects.toThrow();
  });
});
