/** The six misalignments, as standing detectors (domain, section 6). Each has checks, and fires where one of them does. Pure. */
import type { Settings } from '../access/settings.js';
import { KINDS, kinds, ROLES } from '../customers/catalogue.js';
import type { Interaction } from '../customers/customer.js';
import { ANY, judged, type Answer, type Check, type Count, type Finding, type JudgedGroup, type Rule } from '../figures/checking.js';
import { customerAt } from '../figures/checks.js';
import { decisionsOf } from '../figures/decisions.js';
import type { Facts } from '../figures/facts.js';
import type { Window } from '../figures/figure.js';
import { openingMoves } from '../figures/moves.js';
import { decidersOf, names, peopleAt } from '../figures/people.js';
import { DAY } from '../kernel/calendar.js';
import type { Rules } from '../rings/rules.js';
import { answersIn, campaignAnswers, followUpTo, isFollowUpDue } from './answers.js';
import type { Ours } from './campaigns.js';

export interface Grounds {
  readonly rules: Rules;
  readonly zone: string;
  readonly thresholds: Settings;
  readonly ours: Ours;
  /** What a statement said, for comparing; null when it was erased. */
  readonly said: (customer: string, statement: Interaction) => string | null;
}

export type DetectorCheck = Check<Grounds>;

export interface Detector {
  readonly number: number;
  /** Kebab-case, for URLs. */
  readonly name: string;
  readonly title: string;
  /** What is misaligned. */
  readonly says: string;
  /** Settings that are its thresholds. */
  readonly settings: readonly (keyof Settings)[];
  readonly checks: readonly DetectorCheck[];
}

const inside = ({ from, to }: Window, at: number): boolean => at >= from && at < to;
const above = (percent: number): Rule => ({ percent, from: false, least: 1 });
const unique = (ids: readonly string[]): string[] => [...new Set(ids)];

// ---- 1 message and need -----------------------------------------------------------------------------------

/** The first three needs of the customer: by rank, then by when they were stated; of one stated twice the last word counts. */
export function firstNeeds({ entries }: Facts): Interaction[] {
  const last = new Map<string, Interaction>();
  for (const entry of entries) if (entry.kind === 'need-stated') last.set(String(entry.fields['tag']), entry);
  const rank = ({ fields }: Interaction): number => (typeof fields['rank'] === 'number' ? fields['rank'] : Infinity);
  return [...last.values()].sort((a, b) => rank(a) - rank(b) || a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1)).slice(0, 3);
}

const needInMessage: DetectorCheck = {
  name: 'need-in-message',
  title: 'Messages speak to needs',
  says: 'Whether those who answer a campaign have a need it speaks to.',
  fires: 'of the customers who answered a campaign and have stated needs, the set percent or more share no tag of their first three needs with the message; all campaigns together, or one',
  counts: 'answers of customers with stated needs',
  needs: 'an answer to a campaign',
  groups: 'campaign',
  over: 'both',
  rule: ({ thresholds: { alignmentNeedPercent: percent, alignmentNeedLeast: least } }) => ({ percent, from: true, least }),
  look(facts, window, { ours }) {
    const needs = firstNeeds(facts);
    const first = new Map(campaignAnswers(facts, window, ours).toReversed().map((answer) => [answer.said.campaign, answer]));
    return [...first].map(([group, { entry, said }]): Finding => {
      const own = said.launch === undefined ? [] : [said.launch.entry];
      const because = unique([...(said.message === undefined ? [] : [said.message.id]), entry.id]);
      if (said.needTags.length === 0) return { found: 'unknown', group, missing: 'need tags of the message', because, own };
      if (needs.length === 0) return { found: 'unknown', group, missing: 'stated needs of the customer', because, own };
      const shared = needs.filter(({ fields }) => said.needTags.includes(String(fields['tag'])));
      const told = needs.map(({ fields }) => String(fields['tag'])).join(', ');
      return { found: shared.length > 0 ? 'fits' : 'off', group, because: [...because, ...needs.map(({ id }) => id)], own, says: `needs ${told}; message ${said.needTags.join(', ')}` };
    });
  },
};

const MEETINGS = Object.keys(KINDS).filter((kind) => 'rideAlong' in kinds[kind]!.fields);

const rideAlongs: DetectorCheck = {
  name: 'ride-alongs',
  title: 'Ride-alongs',
  says: 'Whether colleagues of other departments come along to customers, segment by segment.',
  fires: 'in a segment in which ride-alongs were ever noted, there was none for the set days',
  counts: 'segments without',
  needs: 'a call, meeting, chat or visit that notes whether somebody rode along',
  groups: 'segment',
  over: 'groups',
  rule: () => ANY,
  look(facts, { to }, { thresholds }) {
    const since = to - thresholds.alignmentRideAlongDays * DAY;
    const meetings = facts.entries.filter(({ kind, side, fields }) => MEETINGS.includes(kind) && (side === 'us' || fields['attended'] === true));
    const group = facts.segment ?? 'none';
    const lately = meetings.filter(({ occurredAt }) => occurredAt >= since);
    const along = lately.filter(({ fields }) => fields['rideAlong'] === true);
    if (along.length > 0) return [{ found: 'fits', group, because: along.map(({ id }) => id) }];
    const noted = meetings.findLast(({ fields }) => fields['rideAlong'] !== undefined);
    if (noted !== undefined) return [{ found: 'off', group, because: unique([noted.id, ...lately.map(({ id }) => id)]) }];
    return lately.length === 0 ? [] : [{ found: 'unknown', group, missing: 'whether somebody rode along', because: lately.map(({ id }) => id) }];
  },
  // One ride-along is enough for its segment.
  judge: (counts) => [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([group, count]): JudgedGroup => {
    const answer: Answer = count.fits > 0 ? 'clean' : count.off > 0 ? 'fires' : 'cannot tell';
    return { group, ...judged(count, ANY, 'customers met'), answer, says: `ridden along to ${count.fits} of ${count.fits + count.off} customers` };
  }),
};

// ---- 2 call to action, untrained team ---------------------------------------------------------------------

const trained: DetectorCheck = {
  name: 'trained-for-responses',
  title: 'Responses handled by trained colleagues',
  says: 'Whether whoever handles the response to a campaign was trained for what it offers.',
  fires: 'above the set percent of responses were handled by a colleague without enablement-completed for that offering before',
  counts: 'responses handled',
  needs: 'an answer to a campaign',
  groups: 'campaign',
  over: 'whole',
  rule: ({ thresholds }) => above(thresholds.alignmentUntrainedPercent),
  look(facts, window, { ours, thresholds: { alignmentFollowUpDays: days } }) {
    return campaignAnswers(facts, window, ours).flatMap(({ entry, said }): Finding[] => {
      const group = said.campaign;
      const own = said.launch === undefined ? [] : [said.launch.entry];
      const unknown = (missing: string, because: readonly string[]): Finding[] => [{ found: 'unknown', group, missing, because, own }];
      const handled = followUpTo(entry, facts, days);
      if (handled === undefined) return isFollowUpDue(entry, days, window) ? unknown('who handled the response', [entry.id]) : [];
      const because = [entry.id, handled.id];
      if (said.offering === null) return unknown('the offering of the message', because);
      // Whoever ran the import stands there.
      if (handled.source !== undefined) return unknown('who handled what came from another system', because);
      if (ours.enablements.length === 0) return unknown('any enablement of ours', because);
      const enabled = ours.enabled(handled.actor, said.offering, handled.occurredAt);
      return [{ found: enabled === undefined ? 'off' : 'fits', group, because, own: [...own, ...(enabled === undefined ? [] : [enabled.entry])], says: said.offering }];
    });
  },
};

// ---- 3 message and decider --------------------------------------------------------------------------------

interface Decided {
  readonly decision: Interaction;
  readonly at: number;
  readonly by: string;
  readonly deciders: readonly string[];
  readonly people: ReturnType<typeof peopleAt>;
}

/** Decisions closed in the window, with who decided. */
function decidedIn(facts: Facts, window: Window): Decided[] {
  const byId = new Map(facts.entries.map((entry) => [entry.id, entry]));
  return decisionsOf(facts).flatMap(({ id, closed }): Decided[] => {
    if (closed === null || !inside(window, closed.at)) return [];
    const decision = byId.get(id)!;
    const people = peopleAt(facts.entries, closed.at);
    return [{ decision, at: closed.at, by: closed.by, deciders: decidersOf(decision, people), people }];
  });
}

/** Messages, and answers to them. */
function isMessage(entry: Interaction, messages: ReadonlySet<string>): boolean {
  return entry.kind === 'message-sent' || entry.kind === 'message-response' || (entry.side === 'customer' && entry.about !== undefined && messages.has(entry.about));
}

const deciderReached: DetectorCheck = {
  name: 'deciders-reached',
  title: 'Messages reach deciders',
  says: 'Whether those who decide got or answered a message before they did.',
  fires: 'fewer than the set percent of the deciders got or answered a message in the set days before their decision',
  counts: 'deciders',
  needs: 'a decision that was closed',
  over: 'whole',
  rule: ({ thresholds }) => above(100 - thresholds.alignmentDeciderPercent),
  look(facts, window, { thresholds: { alignmentDeciderDays } }) {
    const sent = new Set(facts.entries.filter(({ kind }) => kind === 'message-sent').map(({ id }) => id));
    const messages = facts.entries.filter((entry) => isMessage(entry, sent));
    return decidedIn(facts, window).flatMap(({ decision, at, by, deciders }): Finding[] => {
      const because = unique([decision.id, by]);
      if (deciders.length === 0) return [{ found: 'unknown', missing: 'who decided', because }];
      const then = messages.filter(({ occurredAt }) => occurredAt <= at && occurredAt > at - alignmentDeciderDays * DAY);
      const unnamed = then.filter((message) => message.kind === 'message-sent' && message.people.length === 0);
      return deciders.map((person): Finding => {
        const got = then.filter((message) => names(message, person));
        if (got.length > 0) return { found: 'fits', because: [...because, ...got.map(({ id }) => id)] };
        return unnamed.length > 0 ? { found: 'unknown', missing: 'to whom the message went', because: [...because, ...unnamed.map(({ id }) => id)] } : { found: 'off', because };
      });
    });
  },
};

const RECIPIENTS = 'recipients';
const DECIDERS = 'deciders';
const roleGroup = (role: string, of: string): string => `${role}, ${of}`;

const sameRoles: DetectorCheck = {
  name: 'roles-of-recipients',
  title: 'Roles of recipients and deciders',
  says: 'Whether messages go to people in the roles that decide.',
  fires: 'a role is the set points more or less frequent among those who got a message than among those who decided',
  counts: 'roles apart',
  needs: 'a recipient and a decider whose roles are known',
  groups: 'role',
  over: 'groups',
  rule: () => ANY,
  look(facts, window) {
    const recipients = new Map<string, string>();
    for (const { id, kind, people, occurredAt } of facts.entries) if (kind === 'message-sent' && inside(window, occurredAt)) for (const person of people) if (!recipients.has(person)) recipients.set(person, id);
    const deciders = new Map(decidedIn(facts, window).flatMap(({ deciders: who, by }) => who.map((person) => [person, by] as const)));
    if (recipients.size + deciders.size === 0) return [];
    const known = peopleAt(facts.entries, window.to);
    // Whoever left has had roles: what they were is no longer read, so they are unknown here.
    const findings = (people: ReadonlyMap<string, string>, of: string): Finding[] => [...people].flatMap(([person, entry]): Finding[] => {
      const { roles, given } = known.get(person) ?? { roles: [] as readonly string[], given: new Map<string, string>() };
      return ROLES.map((role): Finding => {
        const group = roleGroup(role, of);
        if (roles.length === 0) return { found: 'unknown', group, missing: `role of one of the ${of}`, because: [entry] };
        return roles.includes(role) ? { found: 'fits', group, because: unique([entry, given.get(role)!]) } : { found: 'off', group, because: unique([entry, given.get(roles[0]!)!]) };
      });
    });
    return [...findings(recipients, RECIPIENTS), ...findings(deciders, DECIDERS)];
  },
  judge(counts, { thresholds: { alignmentRolePoints: points } }) {
    const none: Count = { off: 0, fits: 0, missing: new Map() };
    return ROLES.flatMap((role): JudgedGroup[] => {
      const [a, b] = [RECIPIENTS, DECIDERS].map((of) => counts.get(roleGroup(role, of)) ?? none) as [Count, Count];
      const [m, n] = [a.fits + a.off, b.fits + b.off];
      if (a.fits + b.fits === 0 && m > 0 && n > 0) return [];
      const missing = [...a.missing, ...b.missing].map(([what, records]) => ({ what, records }));
      const unknown = missing.reduce((sum, { records }) => sum + records, 0);
      // Whole numbers, so that exactly 20 points are 20 points.
      const apart = m > 0 && n > 0 && 100 * Math.abs(a.fits * n - b.fits * m) >= points * m * n;
      const answer: Answer = m === 0 || n === 0 ? 'cannot tell' : apart ? 'fires' : unknown > m + n ? 'cannot tell' : 'clean';
      return [{ group: role, answer, n: m + n, off: Number(apart), missing, says: `${a.fits} of ${m} recipients, ${b.fits} of ${n} deciders` }];
    });
  },
};

// ---- 4 message and follow-up ------------------------------------------------------------------------------

/** Statements in the window with the one about the same before them, when that is not too long ago. */
export function statementPairs(facts: Facts, window: Window, days: number): { readonly first: Interaction; readonly then: Interaction }[] {
  const last = new Map<string, Interaction>();
  return facts.entries.flatMap((entry) => {
    if (entry.kind !== 'statement-made') return [];
    const key = String(entry.fields['key']);
    const first = last.get(key);
    last.set(key, entry);
    return first !== undefined && inside(window, entry.occurredAt) && entry.occurredAt - first.occurredAt <= days * DAY ? [{ first, then: entry }] : [];
  });
}

const plain = (text: string): string => text.trim().toLowerCase().replaceAll(/\s+/g, ' ');

const statementsAgree: DetectorCheck = {
  name: 'statements-agree',
  title: 'One word',
  says: 'Whether we say the same about the same thing.',
  fires: 'above the set percent of statements say something else than the one about the same in the set days before',
  counts: 'statements repeated',
  needs: 'two statements about the same within the set days',
  groups: 'what it is about',
  over: 'whole',
  rule: ({ thresholds }) => above(thresholds.alignmentStatementPercent),
  look: (facts, window, { said, thresholds }) =>
    statementPairs(facts, window, thresholds.alignmentStatementDays).map(({ first, then }): Finding => {
      const [a, b] = [said(facts.customer, first), said(facts.customer, then)];
      const group = String(then.fields['key']);
      const because = [first.id, then.id];
      return a === null || b === null ? { found: 'unknown', group, missing: 'what was said: it was erased', because } : { found: plain(a) === plain(b) ? 'fits' : 'off', group, because };
    }),
};

const questionsAnswered: DetectorCheck = {
  name: 'questions-answered',
  title: 'Questions answered',
  says: 'Whether what customers ask is answered.',
  fires: 'above the set percent of questions have no answer after the set days',
  counts: 'questions whose time has passed',
  needs: 'a question of a customer',
  over: 'whole',
  rule: ({ thresholds }) => above(thresholds.alignmentUnansweredPercent),
  look({ entries }, window, { thresholds: { alignmentAnswerDays } }) {
    const answers = new Map(entries.filter(({ kind, about }) => kind === 'question-answered' && about !== undefined).toReversed().map((answer) => [answer.about!, answer]));
    return entries.flatMap(({ id, kind, occurredAt }): Finding[] => {
      if (kind !== 'question-asked' || !inside(window, occurredAt)) return [];
      const answer = answers.get(id);
      if (answer !== undefined) return [{ found: 'fits', because: [id, answer.id] }];
      return occurredAt + alignmentAnswerDays * DAY <= window.to ? [{ found: 'off', because: [id] }] : [];
    });
  },
};

// ---- 5 follow-up channel ----------------------------------------------------------------------------------

/** The preference for a channel that was in force: the last one stated by somebody who answered, or for the customer as a whole. */
function prefers(entries: readonly Interaction[], answer: Interaction, followUp: Interaction): Interaction | undefined {
  const last = new Map<string, Interaction>();
  for (const entry of entries) if (entry.kind === 'preference-stated' && entry.occurredAt <= followUp.occurredAt) last.set(String(entry.fields['person'] ?? ''), entry);
  const concerned = [...last].filter(([person]) => person === '' || answer.people.length === 0 || answer.people.includes(person)).map(([, entry]) => entry);
  return concerned.find(({ fields }) => fields['prefers'] === followUp.channel);
}

const sameChannel: DetectorCheck = {
  name: 'channel-of-follow-up',
  title: 'Follow-up by the channel of the answer',
  says: 'Whether we follow up by the channel by which the customer answered, or one they prefer.',
  fires: 'above the set percent of first follow-ups went by another channel than the answer, with no preference for it on file',
  counts: 'answers followed up',
  needs: 'an answer of a customer that was followed up',
  groups: 'channel of the answer',
  over: 'whole',
  rule: ({ thresholds }) => above(thresholds.alignmentChannelPercent),
  look(facts, window, { rules, thresholds: { alignmentFollowUpDays: days } }) {
    return answersIn(facts, window, rules.response).flatMap((answer): Finding[] => {
      const followUp = followUpTo(answer, facts, days);
      if (followUp === undefined) return [];
      const because = [answer.id, followUp.id];
      const [x, y] = [answer.channel, followUp.channel];
      const group = x ?? 'not recorded';
      if (x === undefined) return [{ found: 'unknown', group, missing: 'channel of the answer', because }];
      if (y === undefined) return [{ found: 'unknown', group, missing: 'channel of the follow-up', because }];
      const preferred = x === y ? undefined : prefers(facts.entries, answer, followUp);
      return [{ found: x === y || preferred !== undefined ? 'fits' : 'off', group, because: [...because, ...(preferred === undefined ? [] : [preferred.id])], says: `answered by ${x}, followed up by ${y}` }];
    });
  },
};

// ---- 6 repeat customers ignored ---------------------------------------------------------------------------

const openers = (facts: Facts, to: number): string[] => (customerAt(facts, to)?.openedBy ?? []).filter((id) => facts.entries.some((entry) => entry.id === id));

const ignored = ({ thresholds }: Grounds): Rule => above(thresholds.alignmentIgnoredPercent);

/** Of customers for longer than the days: whether one of the entries falls into these. */
function lately(facts: Facts, { to }: Window, days: number | null, entries: readonly Interaction[]): Finding[] {
  const spell = customerAt(facts, to);
  if (spell === undefined || days === null || spell.from > to - days * DAY) return [];
  const found = entries.filter(({ occurredAt }) => occurredAt >= to - days * DAY && occurredAt < to);
  if (found.length > 0) return [{ found: 'fits', because: found.map(({ id }) => id) }];
  const last = entries.findLast(({ occurredAt }) => occurredAt < to);
  return [{ found: 'off', because: unique([...openers(facts, to), ...(last === undefined ? [] : [last.id])]) }];
}

const approached: DetectorCheck = {
  name: 'customers-approached',
  title: 'Customers approached',
  says: 'Whether we approach those who are customers already of our own accord.',
  fires: 'above the set percent of active customers had no opening move of ours within the days in which the rules expect contact',
  counts: 'active customers',
  needs: 'an active customer for as long as the rules expect contact',
  over: 'whole',
  rule: ignored,
  look: (facts, window, { rules }) => lately(facts, window, rules.expected.contact, openingMoves(facts).map(({ entry }) => entry)),
};

const reviewed: DetectorCheck = {
  name: 'customers-reviewed',
  title: 'Business reviews held',
  says: 'Whether we sit down with those who are customers and look back.',
  fires: 'above the set percent of active customers had no business review within the days in which the rules expect one',
  counts: 'active customers',
  needs: 'an active customer for as long as the rules expect a review',
  over: 'whole',
  rule: ignored,
  look: (facts, window, { rules }) => lately(facts, window, rules.expected.review, facts.entries.filter(({ kind }) => kind === 'business-review')),
};

const aware: DetectorCheck = {
  name: 'aware-of-relevant-offerings',
  title: 'Relevant offerings known',
  says: 'Whether customers know of what would help them.',
  fires: 'above the set percent of offerings marked relevant for an active customer are neither known to it nor bought by it',
  counts: 'relevant offerings of active customers',
  needs: 'an active customer',
  groups: 'offering',
  over: 'whole',
  rule: ignored,
  look(facts, { to }) {
    if (customerAt(facts, to) === undefined) return [];
    const marked = new Map<string, Interaction>();
    for (const entry of facts.entries) if (entry.kind === 'relevance-recorded') marked.set(entry.offering ?? '', entry);
    if (marked.size === 0) return [{ found: 'unknown', group: 'none marked', missing: 'an offering marked relevant', because: openers(facts, to) }];
    const knows = (offering: string): Interaction | undefined => facts.entries.find((entry) => entry.offering === offering && ['awareness-confirmed', 'purchase', 'renewal'].includes(entry.kind));
    return [...marked].flatMap(([group, mark]): Finding[] => {
      if (mark.fields['relevant'] === false) return [];
      const known = knows(group);
      return [{ found: known === undefined ? 'off' : 'fits', group, because: [mark.id, ...(known === undefined ? [] : [known.id])] }];
    });
  },
};

// ---- all of them ------------------------------------------------------------------------------------------

export const DETECTORS: readonly Detector[] = [
  { number: 1, name: 'message-and-need', title: 'Message and need', says: 'We speak of something else than what they need.', settings: ['alignmentDays', 'alignmentNeedPercent', 'alignmentNeedLeast', 'alignmentRideAlongDays'], checks: [needInMessage, rideAlongs] },
  { number: 2, name: 'call-to-action-and-team', title: 'Call to action, untrained team', says: 'We ask people to come, and whoever receives them was not trained for it.', settings: ['alignmentDays', 'alignmentUntrainedPercent', 'alignmentFollowUpDays'], checks: [trained] },
  { number: 3, name: 'message-and-decider', title: 'Message and decider', says: 'Our messages go to others than those who decide.', settings: ['alignmentDays', 'alignmentDeciderPercent', 'alignmentDeciderDays', 'alignmentRolePoints'], checks: [deciderReached, sameRoles] },
  { number: 4, name: 'message-and-follow-up', title: 'Message and follow-up', says: 'What we say later is not what we said first, or nothing at all.', settings: ['alignmentDays', 'alignmentStatementDays', 'alignmentStatementPercent', 'alignmentAnswerDays', 'alignmentUnansweredPercent'], checks: [statementsAgree, questionsAnswered] },
  { number: 5, name: 'follow-up-channel', title: 'Follow-up channel', says: 'They answer one way, and we come back another.', settings: ['alignmentDays', 'alignmentFollowUpDays', 'alignmentChannelPercent'], checks: [sameChannel] },
  { number: 6, name: 'repeat-customers-ignored', title: 'Repeat customers ignored', says: 'Those who bought already hear nothing from us.', settings: ['alignmentIgnoredPercent'], checks: [approached, reviewed, aware] },
];
