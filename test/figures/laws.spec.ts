/** What must hold of every figure, whatever happened: beside each law a figure that breaks it. */
import fc from 'fast-check';
import { customer, type CustomerState, type Interaction } from '../../src/customers/customer.js';
import { factsOf, litAt, type Facts } from '../../src/figures/facts.js';
import { ALL_TIME, outcomesOf, type Figure, type Mark, type Window } from '../../src/figures/figure.js';
import { FIGURES } from '../../src/figures/figures.js';
import { revenueAt } from '../../src/figures/revenue.js';
import { valueAtRiskFigures } from '../../src/figures/value-at-risk.js';
import { PRESETS, RINGS, type Rules } from '../../src/rings/rules.js';
import { told } from '../rings/histories.js';
import { customerOf, instantsOf, lives, retold } from './customers.js';
import { CONTEXT, DAY, holds, must, named, proves, RULES, same, type Bugs, type Checks, type Named } from './told.js';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 300);
const real = named(FIGURES);
const ALL_RULES = Object.values(PRESETS);

interface Case {
  readonly life: Interaction[];
  readonly rules: Rules;
  readonly to: number;
  readonly window: Window;
  readonly facts: Facts;
}

const cases: fc.Arbitrary<Case> = fc
  .record({ life: lives, rules: fc.constantFrom(RULES, RULES, ...ALL_RULES), at: fc.nat(10_000), length: fc.constantFrom(0, 30, 90, 365, 1000, ALL_TIME), referredBy: fc.constantFrom(undefined, 'c2'), offering: fc.constantFrom(undefined, undefined, 'alpha') })
  .map(({ life, rules, at, length, referredBy, offering }) => {
    const instants = instantsOf(life);
    const to = instants[at % Math.max(1, instants.length)] ?? 0;
    const whose = { rules, ...(referredBy !== undefined && { referredBy }), ...(offering !== undefined && { offering }) };
    return { life, rules, to, window: { from: to - length * DAY, to }, facts: customerOf(life, whose) };
  });

function always(law: (one: Case) => void): void {
  const explained = (one: Case): void => {
    try {
      law(one);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n  rules ${one.rules.preset}, window ${JSON.stringify(one.window)}\n${told(one.life)}`, { cause: error });
    }
  };
  holds(fc.property(cases, explained), RUNS);
}

const marksOf = (figure: Figure, { facts, window, rules }: Case): readonly Mark[] => figure.marks(facts, window, { ...CONTEXT, rules });
const eachFigure = (figures: Named, law: (figure: Figure, one: Case) => void): void => always((one) => Object.values(figures).forEach((figure) => law(figure, one)));
const sorted = (marks: readonly Mark[]): string[] => marks.map((mark) => JSON.stringify({ ...mark, because: [...mark.because].sort() })).sort();
const amount = (marks: readonly Mark[], key: 'above' | 'below', group?: string): number => marks.filter((mark) => group === undefined || mark.group === group).reduce((sum, mark) => sum + mark[key], 0);

const CHECKS: Checks<Named> = {
  'what happened after the window plays no part': (figures) => {
    eachFigure(figures, (figure, one) => {
      const cut = { ...one, facts: retold(one.facts, one.life.filter(({ occurredAt }) => occurredAt <= one.to), one.rules) };
      same(sorted(marksOf(figure, one)), sorted(marksOf(figure, cut)), figure.name);
    });
  },
  'whoever stands in a figure stands there because of entries that had happened': (figures) => {
    eachFigure(figures, (figure, one) => {
      const known = new Set(one.life.filter(({ occurredAt }) => occurredAt <= one.to).map(({ id }) => id));
      for (const { because } of marksOf(figure, one)) must(because.length > 0 && new Set(because).size === because.length && because.every((id) => known.has(id)), `${figure.name} because of ${JSON.stringify(because)}`);
    });
  },
  'a share lies between 0 and 1, and of nothing there is none': (figures) => {
    eachFigure(figures, (figure, one) => {
      if (figure.shape !== 'share') return;
      const marks = marksOf(figure, one);
      for (const { above, below, subject } of marks) must((above === 0 || above === 1) && (below === 1 || subject !== undefined) && (above <= below || subject !== undefined), `${figure.name}: ${above} of ${below}`);
      for (const { value, n } of outcomesOf(figure, marks.map((mark) => ({ ...mark, customer: 'c1' })))) must(value === null ? n === 0 : n > 0 && value >= 0 && value <= 1, `${figure.name}: ${value} of ${n}`);
    });
  },
  'what is kept is no more than what there is, nor than there was': (figures) => {
    always((one) => {
      const [grr, nrr] = [marksOf(figures['gross-revenue-retention']!, one), marksOf(figures['net-revenue-retention']!, one)];
      same(grr.map(({ group, below }) => [group, below]), nrr.map(({ group, below }) => [group, below]), 'revenue at the start');
      grr.forEach(({ above, below }, i) => must(above >= 0 && below > 0 && above <= below && above <= nrr[i]!.above, `kept ${above} of ${below}, there is ${nrr[i]!.above}`));
    });
  },
  'the losses by cause are the losses, and no more is regained than was lost': (figures) => {
    always((one) => {
      const [losses, causes, regained] = ['ring-losses', 'ring-loss-causes', 'rings-regained'].map((name) => marksOf(figures[name]!, one)) as [Mark[], Mark[], Mark[]];
      for (const ring of RINGS) {
        const of = (marks: readonly Mark[]): Mark[] => marks.filter(({ group }) => group!.startsWith(`${ring} `));
        const lit = litAt(one.facts, ring, one.window.from) === undefined ? 0 : 1;
        same([amount(of(losses), 'below'), amount(of(causes), 'above')], [lit, amount(of(losses), 'above')], `losses of ring ${ring}`);
        must(amount(of(regained), 'below') <= amount(of(losses), 'above'), `regained of ring ${ring}`);
      }
    });
  },
  'a curve has a row for each first spell in the window, neither negative nor longer than it': (figures) => {
    always((one) => {
      for (const ring of [1, 2, 3, 4] as const) {
        const marks = marksOf(figures[`ring-conversion-${ring}-to-${ring + 1}`]!, one);
        const first = one.facts.spells[ring][0];
        for (const { days } of marks) must(days === undefined || (days >= 0 && days <= (one.to - first!.from) / DAY), `${days} days`);
        const [rows] = outcomesOf(figures[`ring-conversion-${ring}-to-${ring + 1}`]!, marks.map((mark) => ({ ...mark, customer: 'c1' })));
        same(rows!.n + rows!.already!, first !== undefined && first.from >= one.window.from && first.from < one.to ? 1 : 0, `rows of ring ${ring}`);
      }
    });
  },
  'every customer with anything in the file stands once in the distribution': (figures) => {
    always((one) => {
      const marks = marksOf(figures['ring-distribution']!, one);
      same(marks.map(({ above }) => above), one.life.some(({ occurredAt }) => occurredAt <= one.to) ? [1] : [], 'distribution');
      const lit = marksOf(figures['ring-share']!, one).filter(({ above }) => above === 1).map(({ group }) => group!.slice(0, 1));
      if (marks.length > 0) same(marks[0]!.group, lit.length === 0 ? 'none' : lit.join('+'), 'rings lit');
    });
  },
  'with incentives or without: the one is part of the other, and both of those who ever did': (figures) => {
    always((one) => {
      const [unpaid, rate, ever] = ['advocacy-rate-unpaid', 'advocacy-rate', 'advocacy-rate-ever'].map((name) => amount(marksOf(figures[name]!, one), 'above')) as [number, number, number];
      must(unpaid <= rate && rate <= ever, `${unpaid} without incentives, ${rate} now, ${ever} ever`);
    });
  },
  'revenue comes from customers with ring 2 lit, and no more of it is at risk than there is': (figures) => {
    always((one) => {
      const revenue = revenueAt(one.facts.contracts, one.to);
      must(revenue.size === 0 || litAt(one.facts, 2, one.to) !== undefined, `revenue of ${JSON.stringify([...revenue])} without ring 2`);
      for (const { group, above } of marksOf(figures['value-at-risk']!, one)) must(above <= revenue.get(group!.slice(0, 3))!.amount && /^[A-Z]{3} (\d{4}-Q[1-4]|no date)$/.test(group!), `${above} at risk in ${group}`);
    });
  },
  'what is due in two windows side by side is due in both together': (figures) => {
    always((one) => {
      const middle = one.to - 90 * DAY;
      const due = (from: number, to: number): number => amount(marksOf(figures['renewal-rate']!, { ...one, window: { from, to } }), 'below');
      same(due(one.to - 1000 * DAY, middle) + due(middle, one.to), due(one.to - 1000 * DAY, one.to), 'due');
    });
  },
  'without silence no more is renewed': (figures) => {
    always((one) => {
      const [all, decided] = [marksOf(figures['renewal-rate']!, one), marksOf(figures['renewal-rate-by-decision']!, one)];
      same(amount(all, 'below'), amount(decided, 'below'), 'due');
      must(amount(decided, 'above') <= amount(all, 'above'), 'renewed by decision');
    });
  },
};

// ---- planted bugs -----------------------------------------------------------------------------------------

const changed = (name: string, change: (mark: Mark, facts: Facts, window: Window) => Mark | undefined): Partial<Named> => ({ [name]: { ...real[name]!, marks: (facts, window, context) => real[name]!.marks(facts, window, context).flatMap((mark) => change(mark, facts, window) ?? []) } });
/** Reads the warning off the spell over all time. */
const foreseeing: Partial<Named> = {
  'value-at-risk': { ...valueAtRiskFigures[0]!, marks: (facts, window, context) => (facts.entries.some(({ kind, occurredAt }) => kind === 'renewal' && occurredAt > window.to) ? [] : valueAtRiskFigures[0]!.marks(facts, window, context)) },
};

const BUGS: Bugs<Named> = [
  ['a renewal to come averts the risk', 'what happened after the window plays no part', /^value-at-risk/, foreseeing],
  ['ring 3 as it will be', 'what happened after the window plays no part', /^ring-distribution/, changed('ring-distribution', (mark, facts) => ({ ...mark, group: String(facts.spells[3].length) }))],
  ['no reason is given', 'whoever stands in a figure stands there because of entries that had happened', /^repeat-rate because of \[\]/, changed('repeat-rate', (mark) => ({ ...mark, because: [] }))],
  ['the reason is to come', 'whoever stands in a figure stands there because of entries that had happened', /^ring-losses because of/, changed('ring-losses', (mark, { entries }) => ({ ...mark, because: [entries.at(-1)!.id] }))],
  ['a customer counts twice', 'a share lies between 0 and 1, and of nothing there is none', /^logo-retention: 2 of 1/, changed('logo-retention', (mark) => ({ ...mark, above: mark.above * 2 }))],
  ['growth is kept', 'what is kept is no more than what there is, nor than there was', /^kept/, { 'gross-revenue-retention': real['net-revenue-retention']! }],
  ['who had nothing is counted', 'what is kept is no more than what there is, nor than there was', /^kept 0 of 0/, {
    'gross-revenue-retention': { ...real['gross-revenue-retention']!, marks: (facts, { from }) => [...revenueAt(facts.contracts, from).keys()].map((group) => ({ group, above: 0, below: 0, because: [] })) },
    'net-revenue-retention': { ...real['net-revenue-retention']!, marks: (facts, { from }) => [...revenueAt(facts.contracts, from).keys()].map((group) => ({ group, above: 0, below: 0, because: [] })) },
  }],
  ['a cause is left out', 'the losses by cause are the losses, and no more is regained than was lost', /^losses of ring/, changed('ring-loss-causes', (mark) => (mark.group!.includes('cancelled') ? undefined : mark))],
  ['what was not lost is regained', 'the losses by cause are the losses, and no more is regained than was lost', /^regained of ring/, { 'rings-regained': real['ring-losses']! }],
  ['who had it already waits from before the start', 'a curve has a row for each first spell in the window, neither negative nor longer than it', /^-\d+.* days/, changed('ring-conversion-2-to-3', (mark, { spells }) => (mark.already === true ? { above: 1, below: 1, because: mark.because, days: (spells[3][0]!.from - spells[2][0]!.from) / DAY - 1 } : mark))],
  ['who has not got there is left out', 'a curve has a row for each first spell in the window, neither negative nor longer than it', /^rows of ring 2/, changed('ring-conversion-2-to-3', (mark) => (mark.above === 0 ? undefined : mark))],
  ['who has no ring lit is left out', 'every customer with anything in the file stands once in the distribution', /^distribution/, changed('ring-distribution', (mark) => (mark.group === 'none' ? undefined : mark))],
  ['ring 4 is not told', 'every customer with anything in the file stands once in the distribution', /^rings lit/, changed('ring-distribution', (mark) => ({ ...mark, group: mark.group!.replace('+4', '') }))],
  ['former customers are advocates', 'with incentives or without: the one is part of the other, and both of those who ever did', /now, 0 ever/, { 'advocacy-rate': { ...real['advocacy-rate']!, marks: (facts, { to }) => (litAt(facts, 5, to) === undefined ? [] : [{ above: 1, below: 1, because: [] }]) } }],
  ['what was agreed for ever is revenue', 'revenue comes from customers with ring 2 lit, and no more of it is at risk than there is', /at risk in/, changed('value-at-risk', (mark) => ({ ...mark, above: mark.above + 1 }))],
  ['the end of the window is in it', 'what is due in two windows side by side is due in both together', /^due/, { 'renewal-rate': { ...real['renewal-rate']!, marks: (facts, { from, to }, context) => real['renewal-rate']!.marks(facts, { from, to: to + 1 }, context) } }],
  ['silence is left out below', 'without silence no more is renewed', /^due/, { 'renewal-rate-by-decision': { ...real['renewal-rate']!, marks: (...ask) => real['renewal-rate-by-decision']!.marks(...ask).filter(({ above }) => above === 1) } }],
];

proves('the laws of figures', real, CHECKS, BUGS);

type Retract = (state: CustomerState, id: string) => CustomerState;
const retract: Retract = (state, id) => customer.evolve(state, { id: 'r', type: 'InteractionRetracted', data: { original: id }, metadata: { actor: 'test' }, revision: 99 } as never);

proves<{ retract: Retract }>(
  'what is retracted',
  { retract },
  {
    'is as if it had never been logged': (subject) => {
      always((one) => {
        const gone = one.life[one.to % Math.max(1, one.life.length)] ?? one.life[0];
        if (gone === undefined) return;
        const state = customer.initial('customer-c1');
        for (const own of one.life) state.interactions.set(own.id, own);
        const [after, never] = [factsOf(subject.retract(state, gone.id), one.rules), customerOf(one.life.filter((own) => own !== gone), { rules: one.rules })];
        for (const figure of FIGURES) same(sorted(marksOf(figure, { ...one, facts: after })), sorted(marksOf(figure, { ...one, facts: never })), figure.name);
      });
    },
  },
  [['it stays in force', 'is as if it had never been logged', /instead of/, { retract: (state) => state }]],
);
