/**
 * Whether customers respond when we approach them. A response is any entry of the customer's side within the response
 * window, whoever of the customer and by whatever channel; one response answers all moves still waiting for it.
 */
import type { Interaction } from '../customers/customer.js';
import type { Facts } from './facts.js';
import type { Figure, Mark, Window } from './figure.js';
import { dueAt, OPENING, openingMoves, QUIET_DAYS, stateOf, type Move } from './moves.js';

/** A quarter. */
const WINDOW = 90;
const NOT_RECORDED = 'not recorded';
const MOVES = `opening moves of ours (outreach, message sent, call, meeting or visit that we began, with nothing from the customer in the ${QUIET_DAYS} days before, and that answers nothing)`;

const response = { topic: 'Response', version: 1, source: 'Five-Ring’s own proposal (domain, section 5)', window: WINDOW, needs: OPENING } as const;

const movesIn = (facts: Facts, { from, to }: Window): Move[] => openingMoves(facts).filter(({ entry }) => entry.occurredAt >= from && entry.occurredAt < to);

const because = ({ entry, next }: Move, drew: boolean): string[] => (drew ? [entry.id, next!.id] : [entry.id]);

/** Of the moves whose response window has passed; `group` undefined: the move has no place in the figure. */
const yieldBy = (group: ((move: Interaction) => string | undefined) | null): Figure['marks'] => (facts, window, { rules }) =>
  movesIn(facts, window).flatMap((move): Mark[] => {
    const of = group === null ? '' : group(move.entry);
    if (of === undefined || dueAt(move, rules.response) > window.to) return [];
    const drew = stateOf(move, rules.response, window.to) === 'drew a response';
    return [{ ...(group !== null && { group: of }), above: Number(drew), below: 1, because: because(move, drew) }];
  });

const yields = (name: string, by: string, groups: string, group: (move: Interaction) => string | undefined, note = ''): Figure => ({
  ...response,
  name: `response-yield-by-${name}`,
  title: `Response yield by ${by}`,
  says: `Of the times we approached a customer, how many drew a response in time, by ${by}.${note}`,
  formula: `${MOVES} followed by an entry of the customer’s side within the response window / those in the window whose response window has passed; for each ${by}`,
  shape: 'share',
  unit: 'share',
  groups,
  marks: yieldBy(group),
});

export const responseFigures: readonly Figure[] = [
  {
    ...response,
    name: 'response-yield',
    title: 'Response yield',
    says: 'Of the times we approached a customer, how many drew a response in time.',
    formula: `${MOVES} followed by an entry of the customer’s side within the response window / those in the window whose response window has passed; the length of the response window is a rule (response)`,
    shape: 'share',
    unit: 'share',
    marks: yieldBy(null),
  },
  yields('kind', 'kind', 'kind of entry', ({ kind }) => kind),
  yields('channel', 'channel', 'channel of the move', ({ channel }) => channel ?? NOT_RECORDED),
  { ...yields('department', 'department', 'department of ours', ({ department }) => department ?? NOT_RECORDED), byDepartment: true },
  {
    ...yields('campaign', 'campaign', 'key of the campaign', ({ fields }) => fields['campaign'] as string | undefined, ' Only messages that name a campaign are in it.'),
    needs: ['message-sent'],
  },
  {
    ...response,
    name: 'opening-moves',
    title: 'Opening moves by what came of them',
    says: 'How many times we approached a customer, and what came of it so far: it drew a response, there is no response yet but still time, or none came in time.',
    formula: `${MOVES} in the window, by state at its end`,
    shape: 'sum',
    unit: 'entries',
    groups: 'state: drew a response, no response yet, none',
    marks: (facts, window, { rules }) =>
      movesIn(facts, window).map((move): Mark => {
        const group = stateOf(move, rules.response, window.to);
        return { group, above: 1, below: 1, because: because(move, group === 'drew a response') };
      }),
  },
];
