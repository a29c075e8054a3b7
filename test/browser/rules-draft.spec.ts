/** A draft of the rules on screen: its sentences are those of the server, its numbers are in their places. */
import { PRESETS, type Rules } from '../../src/rings/rules.js';
import { statements } from '../../src/rings/sentences.js';
import { hasShapeOfRules, IN_SENTENCES, piecesOf, typedNumber, valueAt, withValue } from '../../web/src/screens/rules/draft.js';
import { wordDiff } from '../../web/src/screens/rules/word-diff.js';

const annual = PRESETS['annual-contracts']!;

/** A sentence as text, its numbers put back. */
const saidOf = (rules: Rules, pieces: ReturnType<typeof piecesOf>[number]['pieces']): string => pieces.map((piece) => ('text' in piece ? piece.text : String(valueAt(rules, piece.field)))).join('');

it.each(Object.entries(PRESETS))('the sentences of %s with their numbers put back are what the server says', (_, rules) => {
  expect(piecesOf(rules).map(({ pieces }) => saidOf(rules, pieces))).toEqual(statements(rules).map(({ says }) => says));
});

it('every number that is edited in a sentence has its place in one, and only its own', () => {
  for (const field of IN_SENTENCES) {
    const other = withValue(annual, field, 777);
    expect(piecesOf(other).flatMap(({ pieces }) => pieces.flatMap((piece) => ('field' in piece ? [piece.field] : [])))).toContain(field);
    expect(piecesOf(other).map(({ pieces }) => saidOf(other, pieces))).toEqual(statements(other).map(({ says }) => says));
  }
});

it('one day is one day, and what is off has no place', () => {
  const one = withValue(annual, 'response', 1);
  expect(saidOf(one, piecesOf(one).at(-1)!.pieces)).toBe(statements(one).at(-1)!.says);
  expect(piecesOf(withValue(annual, 'expected.contact', null))[5]!.pieces).toEqual([{ text: statements(withValue(annual, 'expected.contact', null))[5]!.says }]);
});

it('what is typed is a number, or what it is, for the check to refuse', () => {
  expect(['60', ' 7 ', '-3', '0,5', '', 'x', '1e3'].map(typedNumber)).toEqual([60, 7, -3, 0.5, '', 'x', '1e3']);
  expect(saidOf(withValue(annual, 'advocacy.window', 'x'), piecesOf(withValue(annual, 'advocacy.window', 'x'))[4]!.pieces)).toContain('in the last x days');
  expect(valueAt(withValue(annual, 'renewal.tacit', false), 'renewal.tacit')).toBe(false);
});

it.each<[string, unknown, boolean]>([
  ['rules', annual, true],
  ['rules with a wrong number', withValue(annual, 'advocacy.window', 'x'), true],
  ['nothing', null, false],
  ['a text', 'rules', false],
  ['rules without a part', { ...annual, contact: undefined }, false],
  ['kinds that are none', withValue(annual, 'contact.except', 'call'), false],
  ['kinds that are no names', withValue(annual, 'contact.except', [1]), false],
])('%s can be shown in fields: %s', (_, given, can) => expect(hasShapeOfRules(given, annual)).toBe(can));

it('tells word by word what left a sentence and what came', () => {
  expect(wordDiff('Lit for 90 days.', 'Lit for 60 days.')).toEqual([{ is: 'same', text: 'Lit for ' }, { is: 'gone', text: '90 ' }, { is: 'new', text: '60 ' }, { is: 'same', text: 'days.' }]);
  expect(wordDiff('a', 'a')).toEqual([{ is: 'same', text: 'a' }]);
  expect(wordDiff('', 'b').filter(({ is }) => is === 'new')).toEqual([{ is: 'new', text: 'b' }]);
});
