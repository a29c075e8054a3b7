/** Everyday life with a customer: short chains of entries that belong together, scattered over a stretch of time. */
import { CAMPAIGNS, OFFERINGS, type Offering } from './organisation.js';
import { CHATS, CHECK_INS, FAULTS, MATTERS, QUESTIONS, REMARKS, SEASON, SILENT, VISITS, type Fault } from './notes.js';
import { A_DAY, type Draft, type Moment, type Person, type Story } from './story.js';

const people = (...those: readonly Person[]): { people: readonly Draft[] } => ({ people: [...new Set(those.map(({ draft }) => draft))] });
const customer = { side: 'customer' } as const;
const us = { side: 'us' } as const;

/** Where it was, for those with many places. */
const place = (s: Story): string => (s.facts.sites > 5 ? `Shop ${s.random.int(1, s.facts.sites)}: ` : '');
const since = (s: Story, at: Moment, kind: string, days: number): number => s.drafts.filter((draft) => draft.raw['kind'] === kind && draft.at < at && draft.at >= at - days * A_DAY).length;

type Chain = (s: Story, at: Moment) => void;

/** A fault from the first ring to the word that it is solved. */
export function fault(s: Story, at: Moment, one: Fault = s.random.draw(FAULTS), unresolved = false): Draft {
  const offering = 'service-plan';
  const severe = one.severity <= 2;
  // What stops the baking is told while they bake.
  if (severe) at = s.day(at) * A_DAY + s.random.int(4 * 60 + 20, 6 * 60);
  const p = s.someone(at, 'user');
  const opened = s.tell(at, s.technician, 'issue-opened', { severity: one.severity, channel: 'phone', offering, ...people(p), summary: place(s) + one.opened(s.facts, p.first), feeling: severe ? -2 : -1, feelingBy: 'observed' });
  let next = s.after(at, 0);
  s.tell(next, s.technician, severe ? 'call' : 'email', { ...us, about: opened, offering, ...people(p), ...(severe && { attended: true }), summary: one.first(s.facts, p.first) });
  if (unresolved) {
    next = s.after(next, 1);
    const due = s.day(next) + 3;
    s.tell(next, s.technician, 'step-planned', { who: s.technician, due: s.calendar.date(due), about: opened, summary: `Come back with the part from the works; promised for ${s.calendar.spoken(due)}` });
    return opened;
  }
  next = severe ? s.after(next, 0, 1) : s.after(next, 2, 6);
  s.tell(next, s.technician, 'visit', { ...us, attended: true, about: opened, offering, ...people(p), summary: one.found(s.facts, p.first), customerGot: 'An oven that works again' });
  next = s.after(next, 0);
  const done = s.tell(next, s.technician, 'issue-resolved', { about: opened, offering, ...people(p), summary: one.resolved(s.facts, p.first) });
  if (s.random.chance(0.7)) s.tell((next = s.after(next, 1, 3)), s.technician, 'issue-confirmed', { about: opened, channel: s.random.chance(0.5) ? 'phone' : 'email', ...people(p), summary: one.confirmed(s.facts, p.first), feeling: 1, feelingBy: 'stated' });
  if (s.random.chance(0.35)) s.tell(s.after(next, 1, 4), s.technician, 'survey-answered', { person: p.draft, csat: severe ? s.random.int(3, 4) : s.random.int(4, 5), about: done, summary: severe ? 'Quick and friendly, but it should not have happened.' : 'Came when promised.' });
  return opened;
}

function season(s: Story, at: Moment): void {
  const month = s.calendar.month(s.day(at));
  const topic = SEASON.find(({ months }) => months.includes(month))!;
  const p = s.someone(at);
  const asked = s.tell(at, s.owner, 'email', { ...us, ...people(p), summary: topic.ask(s.facts, p.first) });
  const replied = s.after(at, 1, 4);
  s.tell(replied, s.owner, 'reply', { about: asked, channel: 'email', ...people(p), summary: topic.answer(s.facts, p.first) });
  plannedStep(s, s.after(replied, 0), place(s) + topic.step, topic.done, s.technician, [8, 20]);
}

/** A step planned and done; who plans it names the date. */
export function plannedStep(s: Story, at: Moment, what: string, done: string, who: string, within: readonly [number, number]): void {
  const doneAt = s.after(at, ...within);
  const due = s.day(doneAt) + s.random.int(0, 2);
  const step = s.tell(at, s.owner, 'step-planned', { who, due: s.calendar.date(due), summary: `${what}; promised for ${s.calendar.spoken(due)}` });
  s.tell(doneAt, who, 'step-done', { about: step, summary: done });
}

function question(s: Story, at: Moment): void {
  const one = s.random.draw(QUESTIONS);
  const p = s.someone(at);
  const by = one.offering === 'service-plan' ? s.technician : s.owner;
  const channel = s.random.pick(['email', 'phone'] as const);
  const asked = s.tell(at, by, 'question-asked', { question: one.asked(s.facts), channel, offering: one.offering, ...people(p), summary: `${p.first} asks by ${channel}.` });
  s.tell(s.after(at, 0, 2), by, 'question-answered', { about: asked, channel, offering: one.offering, ...people(p), summary: one.answered(s.facts), customerGot: one.got });
}

function matter(s: Story, at: Moment): void {
  const one = s.random.draw(MATTERS);
  const p = s.someone(at);
  const by = one.who === 'owner' ? s.owner : one.who === 'technician' ? s.technician : s.operator;
  const mail = s.tell(at, by, 'email', { ...customer, ...people(p), summary: one.them(s.facts, p.first) });
  s.tell(s.after(at, 0, 2), by, 'email', { ...us, about: mail, ...people(p), summary: one.us(s.facts, p.first), ...(one.got !== undefined && { customerGot: one.got }) });
}

export function checkIn(s: Story, at: Moment): void {
  const p = s.someone(at);
  if (s.random.chance(0.3)) {
    s.tell(at, s.owner, 'call', { ...us, attended: false, ...people(p), summary: `Rang ${p.first}, mailbox. Asked for a call back, after the early batch is fine.` });
    at = s.after(at, 1, 2);
    s.tell(at, s.owner, 'call', { ...customer, attended: true, ...people(p), summary: `Called back. ${s.random.draw(CHECK_INS)(s.facts, p.first)}`, feeling: s.random.int(0, 1) });
    return;
  }
  s.tell(at, s.owner, 'call', { ...us, attended: true, ...people(p), summary: s.random.draw(CHECK_INS)(s.facts, p.first), ...(s.random.chance(0.4) && { feeling: s.random.int(0, 2) }) });
}

function offerTalk(s: Story, at: Moment): void {
  const p = s.someone(at, 'decider');
  const mail = s.tell(at, s.owner, 'email', { ...us, ...people(p), offering: 'deck-oven', summary: s.random.pick([`Sent ${p.first} the offer for the ${s.facts.model}, with and without service, on one page.`, `Sent ${p.first} the plan of the flue and what the carpenter has to open.`, `Sent ${p.first} three names of bakeries with the same oven.`]) });
  s.tell(s.after(at, 1, 4), s.owner, 'reply', { about: mail, channel: 'email', ...people(p), summary: s.random.pick([`${p.first} has read it and asks what happens if the oven is not wanted any more after a year.`, `${p.first} thanks, will sit over it with the family on Sunday.`, `${p.first} asks for the same with a smaller loader.`]) });
}

function visit(s: Story, at: Moment): void {
  const p = s.someone(at, 'user');
  const along = s.random.chance(0.3);
  s.tell(at, s.owner, 'visit', { ...us, attended: true, rideAlong: along, ...people(p), summary: s.random.draw(VISITS)(s.facts, p.first) + (along ? ` ${s.name(s.technician)} came along.` : ''), feeling: s.random.int(0, 2) });
  if (s.random.chance(0.5)) s.tell(s.after(at, 0, 1), s.owner, 'note', { ...people(p), summary: s.random.draw(REMARKS)(s.facts, p.first) });
}

function usage(s: Story, at: Moment): void {
  if (since(s, at, 'usage-report', 25) > 0) return;
  const p = s.someone(at, 'technical');
  const alarms = s.random.int(0, 4);
  const hours = s.random.int(150, 420);
  s.tell(at, s.operator, 'usage-report', { measure: 'bake-hours-a-month', value: hours, offering: 'remote-monitoring', summary: `${hours} bake hours last month, ${['no alarm', 'one alarm, cleared within the night', `${alarms} alarms, all cleared within the night`][Math.min(alarms, 2)]}.` });
  if (s.random.chance(0.35)) s.tell(s.after(at, 1, 3), s.technician, 'call', { ...us, attended: true, ...people(p), summary: `Curve of deck 2 rises more slowly than in spring. ${p.first} had noticed the longer heat-up too; cleaned the burner at the next inspection.`, customerGot: 'Heard of it before it became a fault' });
}

function chat(s: Story, at: Moment): void {
  const p = s.someone(at, 'user');
  s.tell(at, s.technician, 'chat', { ...customer, attended: true, ...people(p), summary: s.random.draw(CHATS)(s.facts, p.first) });
}

function staff(s: Story, at: Moment): void {
  const p = s.meet(at, ['user'], 'New on the night shift, will run the oven.', s.technician);
  const said = s.after(at, 1, 5);
  s.tell(said, s.technician, 'onboarding-step', { ...us, step: 'first-shift', ...people(p), offering: 'training', summary: `Half an hour at the oven with ${p.first}: programs, steam, cleaning.`, customerGot: 'Somebody new who can bake' });
  s.tell(s.after(said, 8, 25), s.technician, 'training-completed', { training: s.random.pick(['basics', 'steam', 'cleaning']), offering: 'training', ...people(p), summary: `${p.first} baked the test batch alone.` });
}

function aware(s: Story, at: Moment): void {
  const p = s.someone(at, 'decider');
  const offering: Offering = s.random.pick(['remote-monitoring', 'training', 'service-plan']);
  s.tell(at, s.owner, 'awareness-confirmed', { offering, channel: 'phone', ...people(p), summary: `${p.first} knows of ${OFFERINGS[offering]} and has read the sheet.` });
  if (s.random.chance(0.5)) s.tell(s.after(at, 3, 12), s.owner, 'want-stated', { tag: s.random.pick(['second-oven', 'newer-model', 'app-for-the-shop', 'quieter-loader']), ...people(p), summary: `${p.first} would like it one day, not this year.` });
}

/** How many weeks we said not long ago: whoever speaks next has read it. */
function saidLately(s: Story, at: Moment, key: string): number | undefined {
  const last = s.drafts.filter(({ raw, at: then }) => raw['kind'] === 'statement-made' && raw['key'] === key && then <= at && then > at - 45 * A_DAY).at(-1);
  return last === undefined ? undefined : Number.parseInt(String(last.raw['value']), 10);
}

function deliveryTime(s: Story, at: Moment): void {
  const p = s.someone(at, 'decider');
  if (since(s, at, 'statement-made', 90) > 0 && s.random.chance(0.8)) return;
  const weeks = saidLately(s, at, 'delivery-time') ?? s.random.int(5, 9);
  s.tell(at, s.random.chance(0.5) ? s.owner : s.operator, 'statement-made', { key: 'delivery-time', value: `${weeks} weeks`, channel: 'email', offering: 'deck-oven', ...people(p), summary: `Told ${p.first} that the ${s.facts.model} comes ${weeks} weeks after the signature.` });
}

function statement(s: Story, at: Moment): void {
  const p = s.someone(at, 'decider');
  const weeks = saidLately(s, at, 'spare-parts-time') ?? s.random.int(2, 8);
  s.tell(at, s.random.chance(0.5) ? s.owner : s.operator, 'statement-made', { key: 'spare-parts-time', value: `${weeks} weeks`, channel: 'email', ...people(p), summary: `Told ${p.first} that a spare deck stone takes ${weeks} weeks.` });
}

function preference(s: Story, at: Moment): void {
  const p = s.someone(at);
  const prefers = s.random.pick(['phone', 'email', 'chat', 'in-person'] as const);
  s.tell(at, s.owner, 'preference-stated', { prefers, person: p.draft, channel: 'phone', summary: { phone: `Better ring, says ${p.first}: mails pile up.`, email: `${p.first} asks for mail only, the phone is in the flour.`, chat: `${p.first} reads chat first, between two batches.`, 'in-person': `${p.first}: “Come by, I am here from two anyway.”` }[prefers] });
}

function fair(s: Story, at: Moment): void {
  const p = s.someone(at, 'decider');
  s.tell(at, s.marketer, 'event-attended', { event: s.random.pick(['bakers-fair', 'test-bakery-evening', 'guild-meeting']), ...people(p), summary: `${p.first} stayed for an hour at our stand and tried the loader.` });
}

export function survey(s: Story, at: Moment, nps: number, person = s.someone(at), summary?: string): Draft {
  return s.tell(at, s.marketer, 'survey-answered', { person: person.draft, nps, summary: summary ?? (nps >= 9 ? '“They are there at night. What else should I say.”' : nps >= 7 ? '“Good oven, service fine, invoices could be simpler.”' : '“Too many visits for the same thing.”') });
}

const CHAINS: readonly (readonly [number, Chain])[] = [
  [5, checkIn], [5, matter], [4, (s, at) => void fault(s, at)], [3, question], [3, season], [3, visit], [2.5, usage], [2, chat], [1.2, staff],
  [1, aware], [0.7, statement], [0.7, preference], [0.8, fair], [1.2, (s, at) => void survey(s, at, s.random.int(7, 10))],
  [0.8, (s, at) => s.tell(at, s.technician, 'survey-answered', { person: s.someone(at).draft, ces: s.random.int(4, 7), summary: 'Getting through to the hotline.' })],
];

/** A twice-yearly sit-down: what was good, what is next. */
export function review(s: Story, at: Moment): void {
  const p = s.someone(at, 'decider');
  const need = s.facts.needs[0]!;
  const faults = since(s, at, 'issue-opened', 182);
  s.tell(at, s.owner, 'business-review', { ...us, ...people(p, s.someone(at, 'user')), summary: `Half-year talk with ${p.first}: ${['no call-out', 'one call-out', `${faults} call-outs`][Math.min(faults, 2)]}, first goal is still “${need.tag.replaceAll('-', ' ')}”. Agreed on figures to look at next time.`, customerGot: need.benefit });
  if (s.random.chance(0.4)) s.tell(s.after(at, 0, 1), s.technician, 'priority-recorded', { tag: s.random.chance(0.7) ? need.tag : s.random.pick(s.facts.needs).tag, summary: 'As service sees it after the half-year talk.' });
}

export interface Everyday {
  /** Chains a month. */
  readonly rate?: number;
  /** Without the service of an oven: somebody who has bought nothing. */
  readonly prospect?: boolean;
}

/** From one moment to another; nothing happens after the limit. */
export function everyday(s: Story, from: Moment, limit: Moment, { rate = 0.9, prospect = false }: Everyday = {}): void {
  const chains = prospect ? ([[3, question], [2, offerTalk], [1, fair], [1, deliveryTime]] as const) : CHAINS;
  for (let at = from; ;) {
    at = s.after(at, 2, Math.max(4, Math.round(60 / rate) - 2));
    if (at >= limit) break;
    const chain = s.random.weighted<Chain>(chains);
    s.thread(limit, () => chain(s, at));
  }
  if (!prospect) for (let at = from + 150 * A_DAY; at < limit; at += s.random.int(170, 200) * A_DAY) s.thread(limit, () => review(s, s.on(s.day(at))));
  campaigns(s, from, limit);
}

/** Mailings that fell into that time. */
export function campaigns(s: Story, from: Moment, limit: Moment, answers = 0.3): void {
  for (const { key, daysAgo, offering, callToAction, claims, needTags, says, answer } of CAMPAIGNS) {
    const at = s.after(s.on(-daysAgo), 1, 9);
    if (at < from || at >= limit || s.random.chance(0.35)) continue;
    const p = s.someone(at, s.random.chance(0.5) ? 'decider' : undefined);
    s.thread(limit, () => {
      const sent = s.tell(at, s.marketer, 'message-sent', { campaign: key, offering, callToAction, claims, needTags, ...people(p), summary: says });
      if (s.random.chance(answers)) s.tell(s.after(at, 1, 10), s.marketer, 'message-response', { campaign: key, about: sent, channel: 'web', ...people(p), summary: answer });
    });
  }
}

/** We try, nobody answers. */
export function unanswered(s: Story, from: Moment, limit: Moment, every = 45): void {
  for (let at = s.after(from, 14, every); at < limit; at = s.after(at, Math.round(every / 2), every + 20)) {
    const p = s.someone(at);
    const call = s.random.chance(0.5);
    const what = call ? SILENT.filter((_, index) => index !== 1 && index !== 3) : [SILENT[1]!, SILENT[3]!];
    s.tell(at, s.owner, call ? 'call' : 'outreach', call ? { ...us, attended: false, ...people(p), summary: s.random.pick(what)(s.facts, p.first) } : { channel: 'email', ...people(p), summary: s.random.pick(what)(s.facts, p.first) });
  }
  campaigns(s, from, limit, 0);
}
