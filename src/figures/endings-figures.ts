/** How it ended where nobody bought: a no for good reasons is apart from a loss, and can be taken up again. Pure. */
import { endingsIn } from './endings.js';
import type { Figure } from './figure.js';

export const endingsFigures: readonly Figure[] = [
  {
    topic: 'Flow of decisions',
    version: 1,
    source: 'Five-Ring’s own proposal (domain, section 7)',
    needs: ['fit-declined', 'decision-closed'],
    name: 'endings',
    title: 'How it ended',
    says: 'How often either side said that it does not fit, which is a healthy end; apart from it what was lost to another or to nothing; and how often one that had ended so was taken up again.',
    formula: 'in the window: fit-declined while ring 2 was out, by who said it; decisions whose first closing is for another, for nothing or postponed; the first sign of the customer’s own after a fit-declined (what would be contact), once for each',
    shape: 'sum',
    unit: 'entries',
    groups: 'how it ended',
    window: 365,
    marks: (facts, window, { rules }) => endingsIn(facts, window, rules),
  },
];
