import { checkRules, fieldsOfRules, rulesFrom } from './check-rules.js';
import { differencesOf, sameRules, sayDifference } from './compare-rules.js';
import { rulebook } from './rulebook.js';
import { DEFAULT_PRESET, PRESETS, type Rules } from './rules.js';
import { sentences, statements } from './sentences.js';

const rules = PRESETS[DEFAULT_PRESET]!;
type Draft = Record<string, unknown>;
const copy = (of: Rules = rules): Draft & Record<string, Draft> => structuredClone(of) as never;
/** The rules with one field, by its path, set to something. */
function withField(path: string, value: unknown, of: Rules = rules): Draft {
  const draft = copy(of);
  const [part, field] = path.split('.') as [string, string | undefined];
  if (field === undefined) (draft as Draft)[part] = value;
  else draft[part]![field] = value;
  return draft;
}

it.each(Object.entries(PRESETS))('the preset %s can be used, and says each ring in a sentence', (name, preset) => {
  expect(preset.preset).toBe(name);
  expect(checkRules(preset)).toEqual([]);
  expect(JSON.stringify(rulesFrom(structuredClone(preset)))).toBe(JSON.stringify(preset));
  for (const { says } of Object.values(sentences(preset))) expect(says).toMatch(/^Lit while .+\.$/);
});

it.each<[string, unknown, string, string]>([
  ['a ring that only we can light', withField('adoption.evidence', ['usage-report']), 'adoption.evidence', 'our-own-doing'],
  ['a ring that we could light alone', withField('adoption.evidence', ['call']), 'adoption.evidence', 'our-own-doing'],
  ['a kind that is not there', withField('adoption.evidence', ['happiness']), 'adoption.evidence', 'unknown-kind'],
  ['a kind with the name of what every object has', withField('contact.except', ['constructor']), 'contact.except', 'unknown-kind'],
  ['no evidence at all', withField('adoption.evidence', []), 'adoption.evidence', 'empty'],
  ['a kind twice', withField('contact.attended', ['call', 'call']), 'contact.attended', 'twice'],
  ['attendance where nobody attends', withField('contact.attended', ['enquiry']), 'contact.attended', 'not-attended'],
  ['a negative window', withField('advocacy.window', -1), 'advocacy.window', 'not-days'],
  ['half a day', withField('purchase.grace', 0.5), 'purchase.grace', 'not-days'],
  ['days as text', withField('purchase.grace', '60'), 'purchase.grace', 'not-days'],
  ['null where nothing can be switched off', withField('contact.window', null), 'contact.window', 'not-days'],
  ['a flag that is none', withField('renewal.tacit', 'yes'), 'renewal.tacit', 'not-a-flag'],
  ['a customer window shorter than the prospect one', withField('contact.windowWhileCustomer', 30), 'contact.windowWhileCustomer', 'too-small'],
  ['a field that is not there', withField('contact.colour', 'red'), 'contact.colour', 'unknown-field'],
  ['a part that is not there', withField('happiness', {}), 'happiness', 'unknown-field'],
  ['a part that is missing', { ...rules, response: undefined, warning: { days: 1 } }, 'warning.terms', 'missing'],
  ['a part that is a list', withField('contact', []), 'contact', 'not-an-object'],
  ['kinds that are no list', withField('contact.except', 'cancellation'), 'contact.except', 'not-kinds'],
  ['a name that is none', withField('preset', 'My Rules!'), 'preset', 'not-a-name'],
  ['nothing', null, 'rules', 'not-an-object'],
  ['a list', [], 'rules', 'not-an-object'],
  ['text', 'annual-contracts', 'rules', 'not-an-object'],
])('refuses %s', (_, wrong, field, code) => {
  expect(checkRules(wrong)).toContainEqual(expect.objectContaining({ field, code }));
});

it('says no more than fifty mistakes of a huge document, and repeats no long texts', () => {
  const huge = { ...copy(), ...Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`k${n}${'x'.repeat(100)}`, n])) };
  const problems = checkRules(huge);
  expect(problems).toHaveLength(50);
  expect(JSON.stringify(problems).length).toBeLessThan(20_000);
  expect(checkRules(withField('contact.except', ['y'.repeat(10_000)]))[0]!.message.length).toBeLessThan(200);
});

/** Fields whose change the sentences do not tell. */
function untold(say: typeof statements): string[] {
  const full: Rules = { ...PRESETS['consultancy']!, adoption: { ...rules.adoption, csatAfterReview: 77 }, expected: { contact: 90, review: 180 } };
  const other = (value: unknown): unknown => (typeof value === 'boolean' ? !value : Array.isArray(value) ? [...(value as string[]), 'renewal'] : Number(value) + 1);
  const text = (of: Rules): string => say(of).map(({ says }) => says).join('\n');
  return [...fieldsOfRules(full)].filter(([field, value]) => text(full) === text(withField(field, other(value), full) as unknown as Rules)).map(([field]) => field);
}

it('the sentences tell every field', () => expect(untold(statements)).toEqual([]));
it('planted bug: sentences that leave a number out are found', () => {
  expect(untold((of) => statements({ ...of, warning: rules.warning }))).toEqual(['warning.days', 'warning.terms']);
});

describe('differences', () => {
  const shorter = withField('contact.window', 60) as unknown as Rules;

  it('names the numbers and the sentences that differ', () => {
    const { fields, sentences: said } = differencesOf(rules, shorter);
    expect(fields).toEqual([{ field: 'contact.window', before: 90, after: 60 }]);
    expect(sayDifference(fields[0]!)).toBe('contact.window: 90, then 60');
    expect(said.map(({ about }) => about)).toEqual(['1 Contact']);
    expect(said[0]!.before).toContain('90 days');
    expect(said[0]!.after).toContain('60 days');
  });

  it('are none in the name and the order of a list', () => {
    expect(sameRules(rules, { ...rules, preset: 'ours', contact: { ...rules.contact, except: rules.contact.except.toReversed() } })).toBe(true);
  });
});

describe('the rulebook', () => {
  const state = rulebook.initial('rules');
  const shorter = withField('contact.window', 60);
  const publish = (given: unknown, reason = 'Because', from = state) => rulebook.decide({ type: 'PublishRules', rules: given, reason, preset: rules }, from);

  it('takes the first with the rules before it, later ones without', () => {
    expect(publish(shorter)).toEqual([{ type: 'RulesPublished', data: { rules: shorter, reason: 'Because', before: rules } }]);
    expect(publish(rules, ' Back ', { rules: shorter as unknown as Rules })).toEqual([{ type: 'RulesPublished', data: { rules, reason: 'Back' } }]);
  });

  it('writes the fields in one order, whatever the order they came in', () => {
    const turned = Object.fromEntries(Object.entries(shorter).reverse());
    expect(JSON.stringify(publish(turned)[0]!.data.rules)).toBe(JSON.stringify(shorter));
  });

  it.each<[string, () => unknown, object]>([
    ['no reason', () => publish(shorter, '  '), { kind: 'invalid', fields: [{ field: 'reason' }] }],
    ['a reason that is a book', () => publish(shorter, 'x'.repeat(501)), { kind: 'invalid' }],
    ['rules that cannot be used', () => publish(withField('advocacy.window', -1)), { kind: 'invalid', fields: [{ field: 'rules.advocacy.window', code: 'not-days' }] }],
    ['what is in force already', () => publish(rules), { kind: 'conflict', code: 'in-force-already' }],
    ['the same under another name', () => publish({ ...rules, preset: 'ours' }), { kind: 'conflict', code: 'in-force-already' }],
  ])('refuses %s', (_, attempt, refusal) => {
    let thrown: unknown;
    try {
      attempt();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject(refusal);
  });
});
