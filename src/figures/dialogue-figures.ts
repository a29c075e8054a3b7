/** Who begins, who of us is in it, what the customer got, and how the customer felt. */
import { kinds } from '../customers/catalogue.js';
import type { Interaction } from '../customers/customer.js';
import { entriesIn, ownerAt, type Facts } from './facts.js';
import type { Figure, Mark, Window } from './figure.js';

const QUARTER = 90;
const YEAR = 365;
const dialogue = { topic: 'Dialogue', version: 1, source: 'Five-Ring’s own proposal (domain, section 5)' } as const;

/** Kinds that can begin a dialogue. What is about an earlier entry answers it or belongs to it, and begins none. */
export const BEGINNINGS: readonly string[] = ['outreach', 'message-sent', 'enquiry', 'event-attended', 'question-asked', 'issue-opened', 'call', 'meeting', 'chat', 'visit', 'email'];

/** What we write down for ourselves, or about an interaction that is an entry of its own. */
const FOR_OURSELVES: readonly string[] = ['note', 'step-planned', 'step-done', 'promise-made', 'promise-produced', 'priority-recorded', 'need-agreed', 'benefit-recorded', 'relevance-recorded', 'decision-opened', 'decision-closed', 'helped-decision', 'usage-report', 'statement-made', 'act-verified'];

/** An interaction of ours: something of our side that reached the customer. */
export const isOurs = ({ kind, side }: Interaction): boolean => side === 'us' && !FOR_OURSELVES.includes(kind) && kinds[kind]?.group !== 'people';

const OURS = 'our interactions (entries of our side that reached the customer: no notes, steps, promises made or produced, decisions, reports or records about people)';

/** When one of us is nearly all of us: thresholds of the domain. */
const ONE_COLLEAGUE = { percent: 80, interactions: 10, team: 4 } as const;

/**
 * At most one mark. Who logged an entry stands for who did it; what came from another system is left out, because there it
 * is whoever ran the import. The team is the owner at the end of the window and those recorded as team.
 */
function oneColleague(facts: Facts, window: Window): Mark[] {
  const ours = entriesIn(facts, window).filter((entry) => isOurs(entry) && entry.source === undefined);
  const team = new Set([...facts.team, ownerAt(facts, window.to - 1)].filter((one) => one !== null));
  if (ours.length < ONE_COLLEAGUE.interactions || team.size < ONE_COLLEAGUE.team) return [];
  const byColleague = new Map<string, number>();
  for (const { actor } of ours) byColleague.set(actor, (byColleague.get(actor) ?? 0) + 1);
  const most = [...byColleague.values()].reduce((a, b) => Math.max(a, b));
  return [{ above: Number(100 * most >= ONE_COLLEAGUE.percent * ours.length), below: 1, because: ours.map(({ id }) => id) }];
}

const feelingsIn = (facts: Facts, window: Window): Interaction[] => entriesIn(facts, window).filter(({ feeling }) => feeling !== undefined);
const toldBy = ({ feelingBy }: Interaction): string => feelingBy ?? 'observed';
const feelingMark = (entry: Interaction, group: string): Mark => ({ group, above: entry.feeling!, below: 1, because: [entry.id] });

/** The first and the last feeling of the window, where there are two at different instants. */
function beforeAndAfter(facts: Facts, window: Window): Mark[] {
  return [...Map.groupBy(feelingsIn(facts, window), toldBy)].flatMap(([by, entries]) => {
    const [first, last] = [entries[0]!, entries.at(-1)!];
    return first.occurredAt < last.occurredAt ? [feelingMark(first, `${by}, before`), feelingMark(last, `${by}, after`)] : [];
  });
}

export const dialogueFigures: readonly Figure[] = [
  {
    ...dialogue,
    name: 'dialogue-balance',
    title: 'Dialogue balance',
    says: 'Of the dialogues begun, how many the customer began.',
    formula: `dialogues begun by the customer / all begun in the window; a dialogue begins with one of these that is not about an earlier entry: ${BEGINNINGS.map((name) => kinds[name]!.label.toLowerCase()).join(', ')}`,
    shape: 'share',
    unit: 'share',
    window: QUARTER,
    needs: BEGINNINGS,
    marks: (facts, window) => entriesIn(facts, window).flatMap(({ id, kind, side, about }) => (about === undefined && BEGINNINGS.includes(kind) ? [{ above: Number(side === 'customer'), below: 1, because: [id] }] : [])),
  },
  {
    ...dialogue,
    name: 'value-in-interaction',
    title: 'Value in interaction',
    says: 'Of what we did with customers, for how much we wrote down what the customer got out of it.',
    formula: `${OURS} that say what the customer got / all of them in the window`,
    shape: 'share',
    unit: 'share',
    window: QUARTER,
    needs: [],
    marks: (facts, window) => entriesIn(facts, window).flatMap((entry) => (isOurs(entry) ? [{ above: Number(entry.saysCustomerGot === true), below: 1, because: [entry.id] }] : [])),
  },
  {
    ...dialogue,
    name: 'one-colleague-share',
    title: 'Customers who know only one of us',
    says: 'Of the customers with a team around them, how many deal with nearly nobody but one of us. It names customers, never the colleague.',
    formula: `customers of whose interactions with us one colleague logged ${ONE_COLLEAGUE.percent} % or more / customers with ${ONE_COLLEAGUE.interactions} or more of our interactions in the window and a team of ${ONE_COLLEAGUE.team} or more; ${OURS}, without those that came from another system; the team: the owner and the colleagues recorded as team`,
    shape: 'share',
    unit: 'share',
    window: YEAR,
    needs: [],
    marks: oneColleague,
  },
  {
    ...dialogue,
    name: 'feeling',
    title: 'Feeling',
    says: 'How customers felt, from -2 to +2: as they said themselves, and apart from it as we saw it.',
    formula: 'sum of the feelings recorded / number of entries with a feeling in the window; stated by the customer and observed by us apart',
    shape: 'mean',
    unit: 'grade',
    groups: 'stated or observed',
    window: QUARTER,
    needs: [],
    marks: (facts, window) => feelingsIn(facts, window).map((entry) => feelingMark(entry, toldBy(entry))),
  },
  {
    ...dialogue,
    name: 'feeling-before-and-after',
    title: 'Feeling, before and after',
    says: 'How the same customers felt at the beginning and at the end of the window, from -2 to +2: as they said themselves, and apart from it as we saw it.',
    formula: 'mean of each customer’s first feeling in the window (before) and of its last (after), over customers with two or more at different times; stated and observed apart',
    shape: 'mean',
    unit: 'grade',
    groups: 'stated or observed; before or after',
    window: QUARTER,
    needs: [],
    marks: beforeAndAfter,
  },
];
