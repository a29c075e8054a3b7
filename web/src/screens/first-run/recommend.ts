/** From five plain questions to a ready-made set of rules. */

/** By the name of the preset. */
export const PRESET_NAMES = ['annual-contracts', 'managed-services', 'capital-goods', 'consultancy', 'shop'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/** Each answer speaks for presets; the first question says most about the business, and so counts for three. */
export const QUESTIONS = {
  buy: { weight: 3, answers: { contract: ['annual-contracts'], service: ['managed-services'], machines: ['capital-goods'], projects: ['consultancy'], orders: ['shop'] } },
  lasts: { weight: 1, answers: { year: ['annual-contracts'], cancelled: ['managed-services'], years: ['capital-goods'], project: ['consultancy'], months: ['shop'] } },
  again: { weight: 1, answers: { renews: ['annual-contracts'], silence: ['managed-services', 'annual-contracts'], another: ['capital-goods'], nextProject: ['consultancy'], nextOrder: ['shop'] } },
  value: { weight: 1, answers: { outcome: ['annual-contracts', 'consultancy'], review: ['managed-services'], acceptance: ['capital-goods'], survey: ['shop'] } },
  silence: { weight: 1, answers: { weeks: ['shop'], quarter: ['managed-services', 'annual-contracts'], halfYear: ['annual-contracts', 'consultancy'], year: ['capital-goods'] } },
} as const satisfies Record<string, { readonly weight: number; readonly answers: Readonly<Record<string, readonly PresetName[]>> }>;

export type Question = keyof typeof QUESTIONS;
export const QUESTION_NAMES = Object.keys(QUESTIONS) as Question[];
export type Answers = Readonly<Partial<Record<Question, string>>>;

export interface Recommendation {
  readonly preset: PresetName;
  /** How many of the questions answered speak for it. */
  readonly fits: number;
  readonly answered: number;
}

/** The preset that most speaks for; of equals the earlier one in the list. Null while nothing is answered. */
export function recommended(answers: Answers): Recommendation | null {
  const given = QUESTION_NAMES.flatMap((question) => {
    const { weight, answers: known } = QUESTIONS[question];
    const presets = (known as Readonly<Record<string, readonly PresetName[]>>)[answers[question] ?? ''];
    return presets === undefined ? [] : [{ weight, presets }];
  });
  if (given.length === 0) return null;
  const score = (preset: PresetName): number => given.reduce((sum, { weight, presets }) => sum + (presets.includes(preset) ? weight : 0), 0);
  const preset = PRESET_NAMES.reduce((best, one) => (score(one) > score(best) ? one : best));
  return { preset, fits: given.filter(({ presets }) => presets.includes(preset)).length, answered: given.length };
}
