/** A line of a list stays as it is until the instant that was worked out with it; else it would be shown when its time is over. Beside it planted bugs. */
import fc from 'fast-check';
import type { Interaction } from '../../src/customers/customer.js';
import type { Snooze } from '../../src/customers/snooze.js';
import { Days } from '../../src/kernel/days.js';
import { factsOf } from '../../src/rings/attention-facts.js';
import { fold } from '../../src/rings/fold.js';
import { holdsUntil, lineOf } from '../../src/rings/line.js';
import { stampOf } from '../../src/kernel/stamp.js';
import { PRESETS, type Rules } from '../../src/rings/rules.js';
import type { Held } from '../../src/rings/snoozed.js';
import { atStake } from '../../src/figures/at-stake.js';
import { boundaryInstants, histories, told } from './histories.js';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 300);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_301);
const DAY = 86_400_000;
const days = new Days('Europe/Berlin');
const ALL_RULES: readonly Rules[] = Object.values(PRESETS);

type Until = typeof holdsUntil;

function heldOf(entries: readonly Interaction[], rules: Rules, snoozes: readonly Snooze[]): Held {
  const sorted = [...entries].sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));
  const journey = fold(sorted, rules);
  return { journey, facts: factsOf(sorted, journey, rules, atStake), snoozes };
}

const cases = fc.record({ entries: histories, rules: fc.constantFrom(...ALL_RULES), ahead: fc.array(fc.nat(900 * DAY), { minLength: 3, maxLength: 6 }), snoozed: fc.option(fc.tuple(fc.nat(200 * DAY), fc.nat(300 * DAY)), { nil: undefined }) });

/** Walks from the last entry on, from one promised instant to the next, and looks in between. @returns what broke the promise. */
function broken(until: Until, runs: number): string | undefined {
  const found = fc.check(fc.property(cases, ({ entries, rules, ahead, snoozed }) => {
    const now = entries.reduce((last, { occurredAt }) => Math.max(last, occurredAt), 0);
    const snoozes: Snooze[] = snoozed === undefined ? [] : [{ at: now + snoozed[0], until: now + snoozed[0] + snoozed[1], by: 'ada', revision: 5 }];
    const held = heldOf(entries, rules, snoozes);
    const places = [...ahead.map((more) => now + more), ...boundaryInstants(entries, rules, undefined).flatMap((at) => [at - 1, at])].filter((at) => at >= now);
    for (const at of places) {
      const line = JSON.stringify(lineOf(held, rules, at, days));
      const end = until(held, rules, at, days);
      if (end <= at) throw new Error(`${at} holds until ${end}`);
      for (const later of [Math.min(at + 1, end - 1), Math.floor((at + end) / 2), end - 1]) {
        const then = JSON.stringify(lineOf(held, rules, later, days));
        if (then !== line) throw new Error(`${at} to ${later} (${end}): ${line}\n${then}\n${told(entries)}`);
      }
    }
  }), { numRuns: runs, seed: SEED });
  return found.failed ? String((found.errorInstance as Error | null)?.message ?? found.errorInstance) : undefined;
}

it('holds until then', () => expect(broken(holdsUntil, RUNS)).toBeUndefined());

it.each<[string, Until]>([
  ['days are forgotten', (held, rules, at) => Math.min(holdsUntil(held, rules, at, days), Infinity) === days.start(days.of(at) + 1) ? at + 40 * DAY : holdsUntil(held, rules, at, days)],
  ['spells are forgotten', (held, rules, at) => holdsUntil({ ...held, journey: { ...held.journey, spells: [] } }, rules, at, days)],
  ['snoozes are forgotten', (held, rules, at) => holdsUntil({ ...held, snoozes: [] }, rules, at, days)],
])('planted bug: %s', (_says, until) => expect(broken(until, RUNS)).toBeDefined());

it('another text has another stamp', () => {
  const texts = [...Array.from({ length: 20_000 }, (_, n) => `{"spells":[${n}]}`), '', 'a', 'b', 'ab', 'ba', 'aab', 'aba', '\u0000', '\u0000\u0000'];
  expect(new Set(texts.map(stampOf)).size).toBe(texts.length);
  for (const text of texts.slice(-9)) expect(Number.isSafeInteger(stampOf(text)) && stampOf(text) >= 0).toBe(true);
});
