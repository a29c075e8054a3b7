/**
 * What customers answer when we ask them. Every answer in the window counts once, also several by one person: so n is the
 * number of answers, and each can be looked up. A survey with several scores counts in each of their figures.
 */
import type { Interaction } from '../customers/customer.js';
import { entriesIn } from './facts.js';
import type { Figure, Mark } from './figure.js';
import { npsCounts } from './survey-scores.js';

/** A year: surveys come seldom, and a year holds every season once. */
const YEAR = 365;

/** One mark for each answer to the question, scored. */
const answers = (field: 'nps' | 'csat' | 'ces', score: (answer: number) => number): Figure['marks'] => (facts, window) =>
  entriesIn(facts, window).flatMap((entry: Interaction): Mark[] => {
    const answer = entry.fields[field];
    return entry.kind === 'survey-answered' && typeof answer === 'number' ? [{ above: score(answer), below: 1, because: [entry.id] }] : [];
  });

const asked = { topic: 'Voice of the customer', version: 1, window: YEAR, needs: ['survey-answered'] } as const;

export const voiceFigures: readonly Figure[] = [
  {
    ...asked,
    name: 'nps',
    title: 'Net promoter score (NPS)',
    says: 'How many more would recommend us than would not, in points from -100 to 100. It tells who is willing, not who did it: that is the advocacy rate.',
    formula: '100 × (answers of 9 and 10 − answers of 0 to 6) / all answers from 0 to 10 in the window; every answer counts, also several by one person',
    source: 'F. F. Reichheld, “The One Number You Need to Grow”, Harvard Business Review 81/12 (2003); which answers count is Five-Ring’s own proposal',
    shape: 'points',
    unit: 'points',
    marks: answers('nps', (answer) => {
      const { promoters, detractors } = npsCounts([answer]);
      return promoters - detractors;
    }),
  },
  {
    ...asked,
    name: 'csat',
    title: 'Customer satisfaction (CSAT)',
    says: 'Of the answers to “how satisfied are you”, how many are good or very good.',
    formula: 'answers of 4 and 5 / all answers from 1 to 5 in the window; every answer counts, also several by one person',
    source: 'Common practice (the two best of five); which answers count is Five-Ring’s own proposal',
    shape: 'share',
    unit: 'share',
    marks: answers('csat', (answer) => Number(answer >= 4)),
  },
  {
    ...asked,
    name: 'ces',
    title: 'Customer effort score (CES)',
    says: 'How easy we make it for customers, from 1 (hard) to 7 (easy): high is good.',
    formula: 'sum of answers from 1 to 7 / number of answers in the window; every answer counts, also several by one person',
    source: 'M. Dixon, K. Freeman, N. Toman, “Stop Trying to Delight Your Customers”, Harvard Business Review 88/7-8 (2010), on the later scale from 1 to 7; which answers count is Five-Ring’s own proposal',
    shape: 'mean',
    unit: 'grade',
    marks: answers('ces', (answer) => answer),
  },
];
