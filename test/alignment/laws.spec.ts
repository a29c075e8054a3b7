/** What holds for every check: no finding knows what happened later, what was retracted, or in which order it came; and counting adds up. */
import fc from 'fast-check';
import { DETECTORS, type Grounds } from '../../src/alignment/detectors.js';
import { customer, type CustomerState, type Interaction } from '../../src/customers/customer.js';
import { before, Counter, type Check } from '../../src/figures/checking.js';
import { CHECKS as LED } from '../../src/figures/checks.js';
import { factsOf } from '../../src/figures/facts.js';
import type { Window } from '../../src/figures/figure.js';
import { told } from '../rings/histories.js';
import { dealings, windowsOf } from '../figures/naive-dealings.js';
import { factsFrom, holds, must, proves, RULES, same, type Bugs, type Checks } from '../figures/told.js';
import { enabled, grounds } from './checked.js';

interface Subject {
  readonly checks: readonly Check<Grounds>[];
  readonly evolve: (state: CustomerState, event: Parameters<typeof customer.evolve>[1]) => CustomerState;
  /** Sees no more than the facts before the end. */
  readonly cut: typeof before;
}
const ALL: readonly Check<Grounds>[] = [...LED, ...DETECTORS.flatMap(({ checks }) => checks)];
const sound: Subject['evolve'] = (state, event) => customer.evolve(state, event);
const GROUNDS = grounds({ launches: [{ campaign: 'spring', needTags: ['less-downtime'], offering: 'alpha' }], enablements: [enabled('ada', 'alpha', 0)] });
const cases = dealings.chain((entries) => windowsOf(entries).map((window) => ({ entries, window })));
const RUNS = 300;

const foundBy = (check: Check<Grounds>, facts: ReturnType<typeof factsOf>, window: Window, cut: Subject['cut']): string => JSON.stringify(check.look(cut(facts, window.to), window, GROUNDS));

function logged(entries: readonly Interaction[], evolve: Subject['evolve'], retracted: ReadonlySet<string> = new Set()): CustomerState {
  let state = customer.initial('customer-c1');
  let revision = 0;
  const take = (type: string, id: string, data: object): void => void (state = evolve(state, { type, id, data, revision: (revision += 1), metadata: { actor: 'ada' } } as never));
  for (const { id, actor: _actor, mac, revision: _revision, saysCustomerGot: _got, ...one } of entries) {
    take('InteractionLogged', id, { ...one, mac });
    if (retracted.has(id)) take('InteractionRetracted', `${id}-`, { original: id });
  }
  return state;
}

const CHECKS: Checks<Subject> = {
  'what happens at the end of the window or later changes nothing': ({ checks, cut }) => {
    holds(
      fc.property(cases, ({ entries, window }) => {
        const [all, past] = [factsFrom(entries), factsFrom(entries.filter(({ occurredAt }) => occurredAt < window.to))];
        for (const check of checks) same(foundBy(check, all, window, cut), foundBy(check, past, window, cut), `${check.name} knows the future of\n${told(entries)}\n`);
      }),
      RUNS,
    );
  },
  'what was retracted was never logged': ({ checks, evolve }) => {
    holds(
      fc.property(cases, fc.infiniteStream(fc.boolean()), ({ entries, window }, taken) => {
        const retracted = new Set(entries.filter(() => taken.next().value === true).map(({ id }) => id));
        const [one, other] = [factsOf(logged(entries, evolve, retracted), RULES), factsOf(logged(entries.filter(({ id }) => !retracted.has(id)).reverse(), sound), RULES)];
        for (const check of checks) same(foundBy(check, one, window, before).replaceAll(/"revision":\d+/g, ''), foundBy(check, other, window, before).replaceAll(/"revision":\d+/g, ''), `${check.name} knows what was retracted of\n${told(entries)}\n`);
      }),
      RUNS,
    );
  },
  'every finding names entries of before the end, what is missing where it is unknown, and a group where there are groups; counted they add up': ({ checks }) => {
    holds(
      fc.property(cases, ({ entries, window }) => {
        const facts = before(factsFrom(entries), window.to);
        const ids = new Set(facts.entries.map(({ id }) => id));
        for (const check of checks) {
          const findings = check.look(facts, window, GROUNDS);
          for (const { found, because, missing, group } of findings) {
            must(because.length > 0 && because.every((id) => ids.has(id)) && new Set(because).size === because.length, `${check.name} because of ${because.join(' ')}`);
            must((missing !== undefined) === (found === 'unknown'), `${check.name}: ${found} with ${String(missing)} missing`);
            must((group !== undefined) === (check.groups !== undefined), `${check.name}: a group is ${String(group)}`);
          }
          const counter = new Counter(check, GROUNDS);
          counter.add(findings);
          const { n, off, missing, answer } = counter.verdict();
          same([n, off], [findings.filter(({ found }) => found !== 'unknown').length, findings.filter(({ found }) => found === 'off').length], `${check.name} counted`);
          const unknown = findings.length - n;
          if (findings.length > 0) same(missing.reduce((sum, { records }) => sum + records, 0), unknown, `${check.name} missing`);
          must(answer !== 'clean' || (n > 0 && (check.over !== 'whole' || unknown <= n)), `${check.name} is clean of ${n} with ${unknown} missing`);
          must(answer !== 'fires' || off > 0, `${check.name} fires without cause`);
        }
      }),
      RUNS,
    );
  },
};

const [LATER, RETRACTED, NAMED] = Object.keys(CHECKS) as [string, string, string];
const but = (name: string, look: (check: Check<Grounds>) => Check<Grounds>['look']): Partial<Subject> => ({ checks: ALL.map((check) => (check.name === name ? { ...check, look: look(check) } : check)) });
const BUGS: Bugs<Subject> = [
  ['the future is not cut off', LATER, /knows the future/, { cut: (facts) => facts }],
  ['retractions are ignored', RETRACTED, /knows what was retracted/, { evolve: (state, event) => (event.type === 'InteractionRetracted' ? state : customer.evolve(state, event)) }],
  ['a finding without entries', NAMED, /prepared because of/, but('prepared', (check) => (...ask) => check.look(...ask).map((one) => ({ ...one, because: [] })))],
  ['it cannot tell, and does not say why', NAMED, /missing/, but('next-decision-dated', (check) => (...ask) => check.look(...ask).map((one) => ({ ...one, found: 'unknown' as const })))],
];

proves('every check', { checks: ALL, evolve: sound, cut: before }, CHECKS, BUGS);
