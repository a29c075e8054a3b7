/** The five questions of the first run lead to the ready-made rules they were made for. */
import { PRESETS } from '../src/rings/rules.js';
import { PRESET_NAMES, QUESTION_NAMES, QUESTIONS, recommended, type PresetName } from '../web/src/screens/first-run/recommend.js';

/** For each preset the answers of a business that it was made for. */
const TYPICAL: Readonly<Record<PresetName, Record<string, string>>> = {
  'annual-contracts': { buy: 'contract', lasts: 'year', again: 'renews', value: 'outcome', silence: 'halfYear' },
  'managed-services': { buy: 'service', lasts: 'cancelled', again: 'silence', value: 'review', silence: 'quarter' },
  'capital-goods': { buy: 'machines', lasts: 'years', again: 'another', value: 'acceptance', silence: 'year' },
  consultancy: { buy: 'projects', lasts: 'project', again: 'nextProject', value: 'outcome', silence: 'halfYear' },
  shop: { buy: 'orders', lasts: 'months', again: 'nextOrder', value: 'survey', silence: 'weeks' },
};

it('there are five questions, about the presets there are', () => {
  expect(QUESTION_NAMES).toHaveLength(5);
  expect([...PRESET_NAMES].sort()).toEqual(Object.keys(PRESETS).sort());
});

it.each(PRESET_NAMES)('typical answers lead to %s, with all five for it; so does any one of them left out', (preset) => {
  expect(recommended(TYPICAL[preset])).toEqual({ preset, fits: 5, answered: 5 });
  for (const left of QUESTION_NAMES) {
    const { [left]: _left, ...others } = TYPICAL[preset];
    expect(recommended(others)).toEqual({ preset, fits: 4, answered: 4 });
  }
});

it('how they buy outweighs two other answers; nothing answered, nothing recommended; what is no answer counts as none', () => {
  expect(recommended({ ...TYPICAL.shop, buy: 'machines', value: 'acceptance', silence: 'year' })).toEqual({ preset: 'capital-goods', fits: 3, answered: 5 });
  expect(recommended({})).toBeNull();
  expect(recommended({ buy: 'nothing of the kind' })).toBeNull();
});

it('planted: without the weight of the first question another would be recommended', () => {
  const answers = { buy: 'machines', lasts: 'months', again: 'nextOrder', value: 'acceptance', silence: 'weeks' };
  expect(recommended(answers)?.preset).toBe('capital-goods');
  const buy = QUESTIONS.buy as { weight: number };
  const { weight } = buy;
  buy.weight = 1;
  try {
    expect(recommended(answers)?.preset).toBe('shop');
  } finally {
    buy.weight = weight;
  }
});
