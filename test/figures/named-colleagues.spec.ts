/** Which departments may be shown by themselves: the rule, and a second way of saying it over random organisations. */
import fc from 'fast-check';
import { DEPARTMENTS } from '../../src/customers/catalogue.js';
import { departmentsTogether, MINIMUM_GROUP, shownAs, TOGETHER, type Employed } from '../../src/figures/named-colleagues.js';

const staff = (sizes: Readonly<Record<string, number>>, left: Readonly<Record<string, number>> = {}): Employed[] =>
  [...Object.entries(sizes).map(([department, n]) => ({ department, n, active: true })), ...Object.entries(left).map(([department, n]) => ({ department, n, active: false }))].flatMap(({ department, n, active }) => Array.from({ length: n }, () => ({ department, active })));

/** Of those where somebody works or worked. */
const known = (sizes: Readonly<Record<string, number>>, left: Readonly<Record<string, number>> = {}, rule = departmentsTogether): string[] => [...rule(staff(sizes, left))].filter((one) => one in sizes || one in left).sort();

it.each([
  ['all are groups', { sales: 5, service: 9 }, {}, []],
  ['two are not, and together are one', { sales: 2, marketing: 3, service: 5 }, {}, ['marketing', 'sales']],
  ['one is not: the smallest other comes with it', { executive: 1, sales: 6, service: 9 }, {}, ['executive', 'sales']],
  ['all together are none', { sales: 2, service: 1 }, {}, ['sales', 'service']],
  ['only those count who are here', { sales: 4, service: 9 }, { sales: 3 }, ['sales', 'service']],
  ['all of one have left', { sales: 7 }, { partner: 2 }, ['partner', 'sales']],
] as const)('%s', (_case, sizes, left, expected) => {
  expect(known(sizes, left)).toEqual(expected);
});

it('a department where nobody is known is no group', () => {
  expect(shownAs('partner', departmentsTogether(staff({ sales: 9 })))).toBe(TOGETHER);
  expect(shownAs('sales', departmentsTogether(staff({ sales: 9 })))).toBe('sales');
  expect(shownAs('sales', undefined)).toBe('sales');
});

/** What is shown of fewer than five, though there were more to put with them. Undefined: nothing. */
function tooSmall(colleagues: readonly Employed[], together: ReadonlySet<string>): string | undefined {
  const shown = Map.groupBy(colleagues, ({ department }) => shownAs(department, together));
  if (shown.size < 2) return undefined;
  return [...shown].find(([, those]) => those.filter(({ active }) => active).length < MINIMUM_GROUP)?.[0];
}

const organisations = fc.uniqueArray(fc.record({ department: fc.constantFrom(...DEPARTMENTS), here: fc.nat(9), left: fc.nat(3) }), { selector: ({ department }) => department }).map((list) =>
  staff(Object.fromEntries(list.map(({ department, here }) => [department, here])), Object.fromEntries(list.map(({ department, left }) => [department, left]))),
);

it('whatever the organisation, no part is shown of fewer than five, unless it is all there are; and no more is put together than must be', () => {
  fc.assert(fc.property(organisations, (colleagues) => {
    const together = departmentsTogether(colleagues);
    expect(tooSmall(colleagues, together)).toBeUndefined();
    const active = (department: string): number => colleagues.filter((one) => one.department === department && one.active).length;
    const big = [...together].filter((department) => active(department) >= MINIMUM_GROUP);
    // At most one that is a group by itself has to come with the small ones.
    expect(big.length).toBeLessThanOrEqual(1);
  }), { numRuns: 300, seed: 5 });
});

it.each([
  ['only small ones are put together, however few', (colleagues: readonly Employed[]) => new Set([...Map.groupBy(colleagues, ({ department }) => department)].filter(([, those]) => those.filter(({ active }) => active).length < MINIMUM_GROUP).map(([department]) => department))],
  ['those who left are counted', (colleagues: readonly Employed[]) => departmentsTogether(colleagues.map((one) => ({ ...one, active: true })))],
  ['nothing is put together', () => new Set<string>()],
])('planted bug: %s', (_bug, rule) => {
  expect(fc.check(fc.property(organisations, (colleagues) => tooSmall(colleagues, rule(colleagues)) === undefined), { numRuns: 300, seed: 5 }).failed).toBe(true);
});
