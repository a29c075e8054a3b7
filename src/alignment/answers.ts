/** What the customer answered us, and what we did next: the ground of detectors 1, 2 and 5. Pure. */
import type { Interaction } from '../customers/customer.js';
import { isOurs } from '../figures/dialogue-figures.js';
import type { Facts } from '../figures/facts.js';
import type { Window } from '../figures/figure.js';
import { dueAt, openingMoves } from '../figures/moves.js';
import { DAY } from '../kernel/calendar.js';
import type { Launch, Ours } from './campaigns.js';

/** What a message said: the message itself, and where it is silent the campaign it names. */
export interface Said {
  readonly campaign: string;
  readonly message: Interaction | undefined;
  readonly launch: Launch | undefined;
  readonly needTags: readonly string[];
  readonly offering: string | null;
}

export interface CampaignAnswer {
  readonly entry: Interaction;
  readonly said: Said;
}

function saidBy(message: Interaction | undefined, campaign: string, at: number, ours: Ours): Said {
  const launch = ours.launch(campaign, message?.occurredAt ?? at);
  const own = (message?.fields['needTags'] ?? []) as readonly string[];
  return { campaign, message, launch, needTags: own.length > 0 ? own : (launch?.needTags ?? []), offering: message?.offering ?? launch?.offering ?? null };
}

/** Answers of the customer to campaigns in the window: responses, and whatever of its side is about a message of a campaign. */
export function campaignAnswers({ entries }: Facts, { from, to }: Window, ours: Ours): CampaignAnswer[] {
  const messages = new Map(entries.filter(({ kind }) => kind === 'message-sent').map((message) => [message.id, message]));
  return entries.flatMap((entry): CampaignAnswer[] => {
    const { kind, side, about, fields, occurredAt } = entry;
    if (side !== 'customer' || occurredAt < from || occurredAt >= to) return [];
    const message = about === undefined ? undefined : messages.get(about);
    if (kind !== 'message-response' && message === undefined) return [];
    const campaign = (fields['campaign'] ?? message?.fields['campaign']) as string | undefined;
    return campaign === undefined ? [] : [{ entry, said: saidBy(message, campaign, occurredAt, ours) }];
  });
}

/** Our first follow-up to an answer: what we did next that reached the customer, no mailing, within so many days. */
export function followUpTo(answer: Interaction, { entries }: Facts, days: number): Interaction | undefined {
  const until = answer.occurredAt + days * DAY;
  return entries.find((entry) => isOurs(entry) && entry.kind !== 'message-sent' && entry.occurredAt < until && (entry.occurredAt > answer.occurredAt || (entry.occurredAt === answer.occurredAt && entry.about === answer.id)));
}

/** Whether there was time enough to follow up. */
export const isFollowUpDue = (answer: Interaction, days: number, { to }: Window): boolean => answer.occurredAt + days * DAY <= to;

/** Answers in the window: to a message, replies, and what an opening move of ours drew in time; each once. */
export function answersIn(facts: Facts, window: Window, responseDays: number): Interaction[] {
  const drawn = new Set(openingMoves(facts).flatMap((move) => (move.next !== undefined && move.next.occurredAt < dueAt(move, responseDays) ? [move.next.id] : [])));
  return facts.entries.filter(({ id, kind, side, occurredAt }) => side === 'customer' && occurredAt >= window.from && occurredAt < window.to && (kind === 'reply' || kind === 'message-response' || drawn.has(id)));
}
