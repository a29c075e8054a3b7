import { customer, type CustomerState } from '../customers/customer.js';
import { toIso } from '../kernel/calendar.js';
import { keptBecause, lastNamed, monthsBefore, type Kept } from './silence.js';

/** A customer where these entries happened, one a day; `#` before an id: about it. */
function told(...entries: readonly [kind: string, fields?: object, more?: object][]): CustomerState {
  const registered = customer.evolve(customer.initial('customer-c'), { type: 'CustomerRegistered', data: { name: '', nameMac: '' }, id: 'r', stream: 'customer-c', revision: 0, position: '', recordedAt: 0, metadata: {} } as never);
  return entries.reduce((state, [kind, fields = {}, more = {}], index) => customer.evolve(state, {
    type: 'InteractionLogged', id: `e${index}`, stream: 'customer-c', revision: index + 1, position: '', recordedAt: 0, metadata: { actor: 'ada' },
    data: { kind, occurredAt: index, side: 'us', mac: '', people: [], fields, ...more },
  } as never), registered);
}
const ines = { people: ['ines'] };
const added = ['person-added', { person: 'ines' }] as const;
const addedAs = (role: string): [string, object] => ['person-added', { person: 'ines', roles: [role] }];

const CASES: readonly [says: string, state: CustomerState, isCustomer: boolean, kept: Kept | null][] = [
  ['somebody once met', told([...added], ['meeting', {}, ines]), true, null],
  ['named in a step not done', told([...added], ['step-planned', {}, ines]), false, 'open step'],
  ['named in a step done', told([...added], ['step-planned', {}, ines], ['step-done', {}, { about: 'e1' }]), false, null],
  ['another’s step not done', told([...added], ['step-planned', {}, { people: ['jo'] }]), false, null],
  ['who decides an open decision', told([...added], ['decision-opened', { deciders: ['ines'] }]), false, 'open decision'],
  ['who decided', told([...added], ['decision-opened', { deciders: ['ines'] }], ['decision-closed', {}, { about: 'e1' }]), false, null],
  ['in the role of a decider, while a decision is open', told(addedAs('decider'), ['decision-opened']), false, 'open decision'],
  ['in the role of a user, while a decision is open', told(addedAs('user'), ['decision-opened']), false, null],
  ['with an issue not resolved', told([...added], ['issue-opened', {}, ines]), false, 'open issue'],
  ['with an issue confirmed but never resolved', told([...added], ['issue-opened', {}, ines], ['issue-confirmed', {}, { about: 'e1' }]), false, 'open issue'],
  ['whose question waits', told([...added], ['question-asked', {}, ines]), false, 'open question'],
  ['who decides, while a term is in force', told(addedAs('decider')), true, 'contract'],
  ['who has the budget, while a term is in force', told([...added], ['role-given', { person: 'ines', role: 'budget-holder' }]), true, 'contract'],
  ['who decides, at a former customer', told(addedAs('decider')), false, null],
  ['who uses it, while a term is in force', told(addedAs('user')), true, null],
  ['who decided and left', told(addedAs('decider'), ['person-left', { person: 'ines' }]), true, null],
  ['who left and came back to decide', told([...added], ['person-left', { person: 'ines' }], ['role-given', { person: 'ines', role: 'decider' }]), true, 'contract'],
  ['who signed, while a term is in force', told([...added], ['purchase', {}, ines]), true, 'contract'],
  ['who signed and left', told([...added], ['purchase', {}, ines], ['person-left', { person: 'ines' }]), true, null],
];

it.each(CASES)('%s', (_, state, isCustomer, kept) => {
  expect(keptBecause(state, 'ines', () => isCustomer)).toBe(kept);
});

it('planted bugs: nobody kept, everybody kept, another’s kept, the contract forgotten, or its end, are seen', () => {
  const wrong = (rule: typeof keptBecause): number => CASES.filter(([, state, isCustomer, kept]) => rule(state, 'ines', () => isCustomer) !== kept).length;
  expect(wrong(keptBecause)).toBe(0);
  for (const bug of [
    () => null,
    () => 'open step',
    (state, _, isCustomer) => keptBecause(state, 'jo', isCustomer),
    (state, person) => keptBecause(state, person, () => false),
    (state, person) => keptBecause(state, person, () => true),
    (state, person, isCustomer) => keptBecause({ ...state, namedBy: new Map() }, person, isCustomer),
    (state, person, isCustomer) => keptBecause({ ...state, interactions: new Map([...state.interactions].filter(([, { kind }]) => kind !== 'person-left')) }, person, isCustomer),
  ] as (typeof keptBecause)[]) expect(wrong(bug)).toBeGreaterThan(0);
});

it('the last entry that names somebody, in whatever way, is the last word of them', () => {
  const state = told([...added], ['meeting', {}, ines], ['decision-opened', { deciders: ['ines'] }], ['note', {}, { people: ['jo'] }]);
  expect(lastNamed(state, 'ines')).toBe(2);
  expect(lastNamed(state, 'kim')).toBe(-Infinity);
});

it.each([
  ['2026-03-31T10:00:00.000Z', 1, '2026-02-28T10:00:00.000Z'],
  ['2024-03-31T10:00:00.000Z', 1, '2024-02-29T10:00:00.000Z'],
  ['2024-02-29T00:00:00.000Z', 12, '2023-02-28T00:00:00.000Z'],
  ['2026-01-15T23:59:59.999Z', 13, '2024-12-15T23:59:59.999Z'],
  ['2026-05-31T00:00:00.000Z', 600, '1976-05-31T00:00:00.000Z'],
])('%s less %i months is %s', (instant, months, before) => {
  expect(toIso(monthsBefore(Date.parse(instant), months))).toBe(before);
});
