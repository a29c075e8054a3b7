/** Who brought whom: by hand, and without a circle whoever refers whom. */
import fc from 'fast-check';
import { allIn, bounded, forestOf, type Branch, type Link } from './referral-tree.js';

const link = (from: string, to: string, at: number, inFile = false): Link => ({ from, to, at, entry: inFile ? null : `${from}-${to}-${at}`, inFile });
const members = (ids: string): { id: string; data: null }[] => [...ids].map((id) => ({ id, data: null }));
const told = ({ id, children }: Branch<unknown>): string => (children.length === 0 ? id : `${id}(${children.map(told).join(' ')})`);
const forest = (ids: string, ...links: Link[]): string => forestOf(members(ids), links).roots.map(told).join(', ');

describe('the tree', () => {
  it.each([
    ['a brought b and c, b brought d', forest('abcd', link('a', 'b', 1), link('b', 'd', 3), link('a', 'c', 2)), 'a(b(d) c)'],
    ['the first who named it counts', forest('abc', link('b', 'c', 5), link('a', 'c', 3)), 'a(c)'],
    ['what its own file says counts before', forest('abc', link('a', 'c', 3), link('b', 'c', 5, true)), 'b(c)'],
    ['nobody brings themselves', forest('ab', link('a', 'a', 1), link('a', 'b', 2)), 'a(b)'],
    ['two who refer each other: the later link is left out', forest('ab', link('a', 'b', 1), link('b', 'a', 2)), 'a(b)'],
    ['a circle of three with a tail', forest('abcd', link('a', 'b', 1), link('b', 'c', 2), link('c', 'a', 3), link('c', 'd', 4)), 'a(b(c(d)))'],
    ['a referral that was taken back brings nobody', forest('ab'), ''],
    ['one whom nobody knows', forest('a', link('a', 'x', 1)), ''],
  ])('%s', (_, found, should) => expect(found).toBe(should));

  it('says which links it left out', () => {
    expect(forestOf(members('ab'), [link('a', 'b', 1), link('b', 'a', 2)]).leftOut).toEqual([link('b', 'a', 2)]);
  });

  it('is cut at so many, and says how many are missing', () => {
    const [root] = forestOf(members('abcde'), [link('a', 'b', 1), link('a', 'c', 2), link('a', 'd', 3), link('b', 'e', 4)]).roots;
    const { tree, size } = bounded(root!, 3);
    expect([told(tree), tree.cut, size]).toEqual(['a(b c)', 1, 5]);
  });
});

const IDS = 'abcdefgh';
const links = fc.array(fc.record({ from: fc.constantFrom(...IDS), to: fc.constantFrom(...IDS), at: fc.nat(5), inFile: fc.boolean() }).map(({ from, to, at, inFile }) => link(from, to, at, inFile)), { maxLength: 20 });

/** Each customer at most once, each below the one that its link names, and the same whatever the order. */
function holds(given: readonly Link[], grow = forestOf): void {
  const { roots, leftOut } = grow(members(IDS), given);
  const all = roots.flatMap((root) => [...allIn(root)]);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  const referred = new Set(given.filter(({ from, to }) => from !== to).map(({ to }) => to));
  expect(all.filter(({ link: own }) => own !== null).length + leftOut.length).toBe(referred.size);
  expect(roots.every(({ link: own, depth, children }) => own === null && depth === 0 && children.length > 0)).toBe(true);
  expect(grow(members(IDS), [...given].reverse()).roots.map(told)).toEqual(roots.map(told));
}

it('has no circle, even when customers refer each other', () => fc.assert(fc.property(links, (given) => holds(given)), { numRuns: 3000, seed: 20261122 }));

it('planted bug: the first link that comes wins turns it red', () => {
  const naive: typeof forestOf = (all, given) => forestOf(all, given.map((one, index) => ({ ...one, at: index, inFile: false })));
  expect(fc.check(fc.property(links, (given) => holds(given, naive)), { numRuns: 500, seed: 1 }).failed).toBe(true);
});
