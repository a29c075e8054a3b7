import { checkRules, DEFAULT_PRESET, PRESETS, type Rules } from './rules.js';
import { sentences } from './sentences.js';

const rules = PRESETS[DEFAULT_PRESET]!;

it.each(Object.entries(PRESETS))('the preset %s can be used, and says each ring in a sentence', (name, preset) => {
  expect(preset.preset).toBe(name);
  expect(checkRules(preset)).toEqual([]);
  for (const { says } of Object.values(sentences(preset))) expect(says).toMatch(/^Lit while .+\.$/);
});

it.each<[string, Rules, string, string]>([
  ['a ring that only we can light', { ...rules, adoption: { ...rules.adoption, evidence: ['usage-report'] } }, 'adoption.evidence', 'our-own-doing'],
  ['a kind that is not there', { ...rules, adoption: { ...rules.adoption, evidence: ['happiness'] } }, 'adoption.evidence', 'unknown-kind'],
  ['no evidence at all', { ...rules, adoption: { ...rules.adoption, evidence: [] } }, 'adoption.evidence', 'empty'],
  ['attendance where nobody attends', { ...rules, contact: { ...rules.contact, attended: ['enquiry'] } }, 'contact.attended', 'not-attended'],
  ['a negative window', { ...rules, advocacy: { window: -1 } }, 'advocacy.window', 'not-days'],
  ['half a day', { ...rules, purchase: { ...rules.purchase, grace: 0.5 } }, 'purchase.grace', 'not-days'],
  ['a customer window shorter than the prospect one', { ...rules, contact: { ...rules.contact, windowWhileCustomer: 30 } }, 'contact.windowWhileCustomer', 'too-small'],
])('refuses %s', (_, wrong, field, code) => {
  expect(checkRules(wrong)).toContainEqual(expect.objectContaining({ field, code }));
});
