/** Tries rules on the whole history without touching what is live: rehearsals of a draft, and back-tests. */
import type { Kysely } from 'kysely';
import { namesOf } from '../customers/search.view.js';
import { toIso } from '../kernel/calendar.js';
import type { EventStore } from '../kernel/event-store.js';
import { differencesOf } from '../rings/compare-rules.js';
import type { PortfolioTables } from '../rings/portfolio.view.js';
import { RING_NAMES, RINGS, type Ring, type Rules } from '../rings/rules.js';
import { type RulesInForce, versionOf, type VersionedRules } from '../rings/rules-in-force.js';
import { type Known } from '../shell/known.js';
import type { Views } from '../views/views.js';
import { nextPeriod, startOfPeriod } from './ask.js';
import { BackTest, type Cut, type Score } from './back-test.js';
import type { Figure, Outcome } from './figure.js';
import { FIGURES } from './figures.js';
import { departmentsTogether, shownBy } from './named-colleagues.js';
import { withoutCurve } from './kept.reader.js';
import { Rehearsal, type Point } from './rehearsal.js';
import { says } from './says.js';
import { Turns, type Walk, type Read } from './walk.reader.js';

const MOST_POINTS = 120;

export interface Trial {
  readonly progress: (done: number, of: number) => void;
  readonly signal: AbortSignal;
}

const sideOut = (figure: Figure, outcomes: readonly Outcome[]): object[] => outcomes.map((outcome) => ({ ...withoutCurve(outcome), says: says(figure, outcome) }));
const pointOut = ({ at, ...point }: Point): object => ({ at: toIso(at), ...point });
const readOut = ({ customers, events, ms }: Read): object => ({ customers, events, ms: Math.round(ms) });

export class Trials {
  constructor(
    private readonly store: EventStore,
    private readonly walk: Walk,
    private readonly views: Views,
    private readonly known: Known,
    private readonly inForce: RulesInForce,
    private readonly zone: string,
  ) {}

  /** Every customer by the rules in force and by the draft; `apart`: each department by itself, however small. Nothing is recorded, and nothing live is touched. */
  async rehearse(draft: Rules, apart: boolean, { progress, signal }: Trial): Promise<object> {
    const upTo = this.known.now();
    const [live, now, of] = [this.inForce.current, this.inForce.now(), await this.count()];
    const first = await this.db.selectFrom('portfolio').select(({ fn }) => fn.min('first_entry').as('first')).executeTakeFirst();
    const begin = startOfPeriod(Math.min(Number(first?.first ?? now), now), 'month', this.zone);
    const together = apart ? undefined : departmentsTogether((await this.walk.colleagues(upTo)).values());
    const rehearsal = new Rehearsal({ live: live.rules, draft, figures: FIGURES.map((figure) => shownBy(figure, together)), now, zone: this.zone, ends: thinned(this.monthEnds(begin, now)), begin });
    const read: Read = { customers: 0, events: 0, ms: 0 };
    for await (const state of this.walk.customers(upTo, read, signal)) {
      rehearsal.take(state);
      progress(read.customers, of);
    }
    const { changes, changed, figures, series } = rehearsal.result();
    const names = await namesOf(this.views.db, changes.map(({ customer }) => customer), 'customer');
    return {
      live: live.version,
      draft: versionOf(draft),
      asOf: toIso(now),
      asKnown: upTo,
      differences: differencesOf(live.rules, draft),
      changed,
      customers: changes.map(({ customer, ...change }) => ({ id: customer, name: names.get(customer) ?? null, ...change })),
      figures: figures.map(({ figure, ...sides }) => ({ name: figure.name, title: figure.title, unit: figure.unit, shifts: JSON.stringify(sides.live) !== JSON.stringify(sides.draft), live: sideOut(figure, sides.live), draft: sideOut(figure, sides.draft) })),
      series: { live: series.live.map(pointOut), draft: series.draft.map(pointOut) },
      read: readOut(read),
    };
  }

  /** Each of the last months, with only what was known at its end, against what is known now. */
  async backTest(months: number, { rules, version }: VersionedRules, { progress, signal }: Trial): Promise<object> {
    const upTo = this.known.now();
    const [now, of] = [this.inForce.now(), await this.count()];
    // The start of this month is the end of the one before.
    const ends = [startOfPeriod(now, 'month', this.zone)];
    while (ends.length < months) ends.unshift(startOfPeriod(ends[0]! - 1, 'month', this.zone));
    const cuts: Cut[] = [];
    const turns = new Turns(signal);
    for (const at of ends) {
      if (turns.isOver) await turns.next();
      const known = await this.known.at(at);
      cuts.push({ at, knows: ({ position }) => this.known.includes(known, position) });
    }
    const test = new BackTest(rules, cuts, now);
    const read: Read = { customers: 0, events: 0, ms: 0 };
    const begun = performance.now();
    for await (const stream of this.walk.streams()) {
      signal.throwIfAborted();
      const events = (await this.store.read(stream)).filter(({ position }) => this.known.includes(upTo, position));
      // One customer with a long history is work enough for several turns.
      for (const _ of test.take(stream, events)) if (turns.isOver) await turns.next();
      read.customers += 1;
      read.events += events.length;
      progress(read.customers, of);
      if (turns.isOver) await turns.next();
    }
    read.ms = performance.now() - begun;
    const result = test.result();
    const rings = (scores: Readonly<Record<Ring, Score | null>>): object[] => RINGS.map((ring) => ({ ring, name: RING_NAMES[ring], horizon: result.horizons[ring], score: scores[ring] }));
    return { rulesVersion: version, asOf: toIso(now), asKnown: upTo, months: result.months.map(({ at, rings: scores }) => ({ at: toIso(at), rings: rings(scores) })), overall: rings(result.overall), read: readOut(read) };
  }

  private get db(): Kysely<PortfolioTables> {
    return this.views.db;
  }

  private async count(): Promise<number> {
    const row = await this.db.selectFrom('portfolio').select(({ fn }) => fn.countAll().as('count')).executeTakeFirst();
    return Number(row?.count ?? 0);
  }

  /** Ends of the months that begin in [from, to), the last cut at `to`. */
  private monthEnds(from: number, to: number): number[] {
    const ends: number[] = [];
    for (let start = from; start < to; start = ends.at(-1)!) ends.push(Math.min(nextPeriod(start, 'month', this.zone), to));
    return ends;
  }
}

/** Every second, third … of them, the last always, so that they are at most 120. */
function thinned(ends: readonly number[]): number[] {
  const every = Math.ceil(ends.length / MOST_POINTS);
  return ends.filter((_, i) => (ends.length - 1 - i) % every === 0);
}

