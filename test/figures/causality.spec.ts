/** What holds for every figure of dealings: no mark knows what happened later, or what was retracted, or in which order it came. */
import fc from 'fast-check';
import { customer, type CustomerState, type Interaction } from '../../src/customers/customer.js';
import { dialogueFigures } from '../../src/figures/dialogue-figures.js';
import { factsOf, type Facts } from '../../src/figures/facts.js';
import type { Figure, Window } from '../../src/figures/figure.js';
import { flowFigures } from '../../src/figures/flow-figures.js';
import { responseFigures } from '../../src/figures/response-figures.js';
import { voiceFigures } from '../../src/figures/voice-figures.js';
import { told } from '../rings/histories.js';
import { dealings, windowsOf } from './naive-dealings.js';
import { asking, CONTEXT, factsFrom, hearing, holds, marking, must, proves, RULES, same, type Bugs, type Checks } from './told.js';

const FIGURES = [...voiceFigures, ...flowFigures, ...responseFigures, ...dialogueFigures];

interface Subject {
  readonly figures: readonly Figure[];
  readonly evolve: (state: CustomerState, event: Parameters<typeof customer.evolve>[1]) => CustomerState;
}

const sound: Subject['evolve'] = (state, event) => customer.evolve(state, event);
const TEAM = { team: ['ada', 'ben', 'cem', 'dora'] };
const cases = dealings.chain((entries) => windowsOf(entries).map((window) => ({ entries, window })));
const RUNS = 400;

const marksOf = (figure: Figure, facts: Facts, window: Window): string => JSON.stringify(figure.marks(facts, window, CONTEXT));

/** The customer that the log makes of the entries; some are retracted right after. */
function logged(entries: readonly Interaction[], evolve: Subject['evolve'], retracted: ReadonlySet<string> = new Set()): CustomerState {
  let state: CustomerState = Object.assign(customer.initial('customer-c1'), TEAM);
  let revision = 0;
  const take = (type: string, id: string, data: object, actor = 'ada'): void => void (state = evolve(state, { type, id, data, revision: (revision += 1), metadata: { actor } } as never));
  for (const { id, actor, mac, revision: _revision, saysCustomerGot, ...one } of entries) {
    take('InteractionLogged', id, { ...one, mac, ...(saysCustomerGot === true && { customerGot: 'something' }) }, actor);
    if (retracted.has(id)) take('InteractionRetracted', `${id}-`, { original: id });
  }
  return state;
}

const CHECKS: Checks<Subject> = {
  'what happens at the end of the window or later changes no mark': ({ figures }) => {
    holds(
      fc.property(cases, ({ entries, window }) => {
        const [all, past] = [factsFrom(entries, TEAM), factsFrom(entries.filter(({ occurredAt }) => occurredAt < window.to), TEAM)];
        for (const figure of figures) same(marksOf(figure, all, window), marksOf(figure, past, window), `${figure.name} knows the future of\n${told(entries)}\n`);
      }),
      RUNS,
    );
  },
  'what was retracted was never logged, and the order of arrival plays no part': ({ figures, evolve }) => {
    holds(
      fc.property(cases, fc.infiniteStream(fc.boolean()), ({ entries, window }, taken) => {
        const retracted = new Set(entries.filter(() => taken.next().value === true).map(({ id }) => id));
        const [one, other] = [factsOf(logged(entries, evolve, retracted), RULES), factsOf(logged(entries.filter(({ id }) => !retracted.has(id)).reverse(), sound), RULES)];
        for (const figure of figures) same(marksOf(figure, one, window), marksOf(figure, other, window), `${figure.name} knows what was retracted of\n${told(entries)}\n`);
      }),
      RUNS,
    );
  },
  'shares lie between 0 and 1, and every mark names entries of the customer from before the end': ({ figures }) => {
    const seen = new Set<string>();
    holds(
      fc.property(cases, ({ entries, window }) => {
        const facts = factsFrom(entries, TEAM);
        const happened = new Map(entries.map(({ id, occurredAt }) => [id, occurredAt]));
        for (const figure of figures) {
          for (const { above, below, because, group, days } of figure.marks(facts, window, CONTEXT)) {
            seen.add(figure.name);
            if (figure.unit === 'share') must(below > 0 && above >= 0 && above <= below, `${figure.name}: ${above} of ${below}`);
            if (figure.shape === 'share') must(Number.isInteger(above) && Number.isInteger(below), `${figure.name}: ${above} of ${below} is no count`);
            if (figure.shape === 'quantiles') must(days !== undefined && days >= 0, `${figure.name}: ${days} days`);
            must((group !== undefined) === (figure.groups !== undefined), `${figure.name}: a group is ${String(group)}`);
            must(because.length > 0 && new Set(because).size === because.length && because.every((id) => happened.get(id)! < window.to), `${figure.name} because of ${because.join(' ')}`);
          }
        }
      }),
      RUNS,
    );
    same([...seen].sort(), figures.map(({ name }) => name).sort(), 'figures that had something to say');
  },
};

const FUTURE = 'what happens at the end of the window or later changes no mark';
const SHARES = 'shares lie between 0 and 1, and every mark names entries of the customer from before the end';

/** All figures, one of them changed. */
const but = (name: string, change: (figure: Figure) => Figure): Partial<Subject> => ({ figures: FIGURES.map((figure) => (figure.name === name ? change(figure) : figure)) });

const BUGS: Bugs<Subject> = [
  // A yield speaks of what was over by the end: one instant more hardly ever shows.
  ...FIGURES.map(({ name }) => [`${name} looks on after the end`, FUTURE, new RegExp(`${name} knows the future`), but(name, (figure) => asking(figure, (facts, { from, to }, context) => [facts, { from, to: to + (name.startsWith('response-yield') ? 14 * 86_400_000 : 1) }, context]))] as const),
  ['a response counts whenever it comes', FUTURE, /opening-moves knows the future/, but('opening-moves', (figure) => asking(figure, (facts, { from, to }, context) => [{ ...facts, entries: facts.entries.filter(({ side, occurredAt }) => side === 'customer' || occurredAt < to) }, { from, to: to + 14 * 86_400_000 }, context]))],
  ['a decision that will be closed is not open', FUTURE, /open-decisions knows the future/, but('open-decisions', (figure) => marking(figure, (mark, { entries }) => (entries.some(({ kind, about }) => kind === 'decision-closed' && about === mark.because[0]) ? undefined : mark)))],
  ['the last owner owned it always', FUTURE, /one-colleague-share knows the future/, but('one-colleague-share', (figure) => asking(figure, (facts, window, context) => [{ ...facts, team: ['x', 'y', 'z', ...facts.entries.filter(({ kind }) => kind === 'owner-changed').map(({ fields }) => String(fields['owner']))], firstOwner: null }, window, context]))],
  ['what was retracted stays', 'what was retracted was never logged, and the order of arrival plays no part', /knows what was retracted/, { evolve: (state, event) => (event.type === 'InteractionRetracted' ? state : customer.evolve(state, event)) }],
  ['the order of arrival counts', 'what was retracted was never logged, and the order of arrival plays no part', /feeling-before-and-after knows/, but('feeling-before-and-after', (figure) => hearing(figure, (one) => ({ ...one, occurredAt: one.occurredAt + one.revision })))],
  ['more than all', SHARES, /csat: 2 of 1/, but('csat', (figure) => marking(figure, (mark) => ({ ...mark, above: 2 * mark.above })))],
  ['nobody below the line', SHARES, /response-yield: 0 of 0/, but('response-yield', (figure) => marking(figure, (mark) => ({ ...mark, below: mark.above })))],
  ['for no reason', SHARES, /nps because of/, but('nps', (figure) => marking(figure, (mark) => ({ ...mark, because: [] })))],
  ['because of what comes later', SHARES, /open-decisions because of/, but('open-decisions', (figure) => marking(figure, (mark, { entries }) => ({ ...mark, because: [...mark.because, entries.at(-1)!.id] })))],
  ['a figure that says nothing', SHARES, /had something to say/, but('feeling', (figure) => ({ ...figure, marks: () => [] }))],
];

proves('every figure of dealings', { figures: FIGURES, evolve: sound }, CHECKS, BUGS);
