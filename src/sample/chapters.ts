/** The large steps of a story: first contact, understanding, deciding, taking into use, value. */
import { CAMPAIGNS, OFFERINGS, type Offering } from './organisation.js';
import { plannedStep } from './everyday.js';
import { A_DAY, type Draft, type Moment, type Person, type Story } from './story.js';

const with_ = (...those: readonly Person[]): { people: readonly Draft[] } => ({ people: [...new Set(those.map(({ draft }) => draft))] });
const us = { side: 'us' } as const;

export type Opening = 'trade-fair' | 'website' | 'cold-outreach' | 'mailing' | 'referral' | 'order-book';

/** How it began; gives the moment after. */
export function firstContact(s: Story, day: number, how: Opening): Moment {
  const { facts: f, random } = s;
  let at = s.on(day);
  s.origin = how;
  s.began = s.day(at);
  const p = s.meet(at - 30, ['decider', ...(random.chance(0.5) ? ['budget-holder'] : [])], how === 'cold-outreach' ? `Found on the website of the guild, runs ${f.sites > 1 ? `${f.sites} shops` : 'the bakery'} in ${f.town}.` : undefined);
  const tell = (kind: string, by: string, fields: Record<string, unknown>): Draft => s.tell(at, by, kind, { ...with_(p), ...fields });
  switch (how) {
    case 'trade-fair':
      tell('event-attended', s.marketer, { event: 'bakers-fair', summary: `${p.first} stood at the ${f.model} for half an hour and asked about ${f.product}. Bakes on ${f.old}.` });
      at = s.after(at, 2, 5);
      tell('outreach', s.owner, { channel: 'email', summary: `Thanked ${p.first} for the talk at the fair, sent the sheet of the ${f.model}.` });
      at = s.after(at, 1, 6);
      tell('reply', s.owner, { channel: 'email', summary: `${p.first} would like to see one at work, best with ${f.product}.` });
      break;
    case 'website':
      tell('enquiry', s.marketer, { channel: 'web', offering: 'deck-oven', summary: `Form on the website: ${f.batch}, today on ${f.old}. Wants to know what renting costs.` });
      at = s.after(at, 0, 1);
      tell('call', s.owner, { ...us, attended: true, summary: `Rang ${p.first} back. Half of the turnover is ${f.product}; space for one oven, ceiling height is fine.`, customerGot: 'A rough price and what to measure' });
      break;
    case 'cold-outreach':
      tell('outreach', s.owner, { channel: 'phone', summary: `Introduced us to the office of ${p.first}; they bake on ${f.old}.` });
      at = s.after(at, 4, 9);
      tell('outreach', s.owner, { channel: 'email', summary: `Sent ${p.first} the energy figures of a bakery of the same size.` });
      at = s.after(at, 2, 10);
      tell('reply', s.owner, { channel: 'email', summary: `${p.first} read the figures twice and asks whether they hold for ${f.product}.` });
      break;
    case 'mailing': {
      const campaign = CAMPAIGNS.find(({ daysAgo }) => daysAgo <= -day + 12) ?? CAMPAIGNS.at(-1)!;
      const sent = tell('message-sent', s.marketer, { campaign: campaign.key, offering: campaign.offering, callToAction: campaign.callToAction, claims: campaign.claims, needTags: campaign.needTags, summary: campaign.says });
      at = s.after(at, 1, 6);
      tell('message-response', s.marketer, { campaign: campaign.key, about: sent, channel: 'web', summary: campaign.answer });
      at = s.after(at, 1, 3);
      tell('call', s.owner, { ...us, attended: true, summary: `Took up the answer of ${p.first}. Bakes ${f.batch} on ${f.old}.` });
      break;
    }
    case 'referral':
      tell('enquiry', s.owner, { channel: 'phone', offering: 'deck-oven', summary: `${p.first} rings on the advice of another baker, has seen the oven at work there. Bakes on ${f.old}.`, feeling: 1 });
      break;
    case 'order-book':
      tell('note', s.operator, { summary: `Carried over from the old order book: customer for years, ${f.model} on ${f.street}, ${f.sites > 1 ? `${f.sites} sites` : 'one site'}.` });
      break;
  }
  return at;
}

/** What they need, and whether we mean the same. */
export function understand(s: Story, from: Moment, thorough = true): Moment {
  const { facts: f, random } = s;
  let at = s.after(from, 3, 10);
  const decider = s.someone(at, 'decider');
  const baker = s.meet(at - 5, random.chance(0.25) ? ['user', 'influencer'] : ['user'], 'Head baker, works with the oven.');
  s.tell(at, s.owner, 'visit', { ...us, attended: true, rideAlong: random.chance(0.4), ...with_(decider, baker), summary: `In the bakehouse on ${f.street} with ${decider.first} and ${baker.first}. ${f.batch}, ${f.product} first. They bake on ${f.old}.`, customerGot: 'Measurements and a drawing of the place' });
  const needs = f.needs.slice(0, thorough ? 3 : 1).map((need, index) => s.tell(s.after(at, 0) + index * 3, s.owner, 'need-stated', { tag: need.tag, rank: index + 1, channel: 'in-person', ...with_(index === 0 ? decider : baker), summary: need.said(f, (index === 0 ? decider : baker).first) }));
  at = s.after(at, 1, 4);
  if (random.chance(0.5)) s.tell(at, s.owner, 'want-stated', { tag: random.pick(['newer-model', 'stone-front', 'bigger-window', 'app-for-the-shop']), ...with_(decider), channel: 'email', summary: `${decider.first} likes the stone front; says at once that it is a wish and no need.` });
  s.tell(at + 7, s.owner, 'priority-recorded', { tag: f.needs[0]!.tag, summary: 'As sales heard it in the bakehouse.' });
  if (random.chance(0.4)) s.tell(at + 40, s.technician, 'priority-recorded', { tag: random.chance(0.6) ? f.needs[0]!.tag : f.needs[1]!.tag, summary: 'As the technician saw it on the visit.' });
  if (!thorough) return at + 60;
  at = s.after(at, 2, 7);
  s.tell(at, s.owner, 'meeting', { ...us, attended: true, ...with_(decider, baker), summary: `Test bake at our place with their dough. ${baker.first} ran the ${f.model} alone after the second batch.`, customerGot: 'Saw the own dough in our oven', feeling: 1 });
  s.tell(at + 35, s.owner, 'need-agreed', { side: 'customer', tag: f.needs[0]!.tag, about: needs[0]!, ...with_(decider), summary: `Both write down the same first goal: ${f.needs[0]!.benefit.toLowerCase()}.` });
  s.tell(at + 40, s.owner, 'benefit-recorded', { ...us, customerBenefit: f.needs[0]!.benefit, providerBenefit: random.pick([`A first ${f.model} in ${f.town}`, 'A year of rent and service, short way for the van', 'A bakery we may show others']), summary: 'Put on one page and sent to both sides.' });
  return at + 60;
}

export interface Deal {
  readonly offering?: Offering;
  readonly renews?: 'no' | 'automatic' | 'open-ended';
  readonly noticeDays?: number;
  /** Days. */
  readonly length?: number;
}

/** A decision is opened, with a date. */
export function openDecision(s: Story, from: Moment, neededIn: number): Draft {
  const { facts: f, random } = s;
  const at = s.after(from, 2, 8);
  const decider = s.someone(at, 'decider');
  const needed = s.day(at) + neededIn;
  const opened = s.tell(at, s.owner, 'decision-opened', { side: 'customer', what: random.pick([`Which oven replaces ${f.old}`, `Rent of a ${f.model}, with service or without`, `Whether to rent a ${f.model} or to buy from ${f.rival}`]), neededBy: s.calendar.date(needed), deciders: [decider.draft], channel: 'meeting', summary: `${decider.first} wants to have decided by ${s.calendar.spoken(needed)}, before the next season.` });
  if (random.chance(0.7)) s.tell(s.after(at, 1, 4), s.owner, 'alternative-considered', { alternative: f.rival, ...with_(decider), channel: 'phone', summary: `${decider.first} has an offer of ${f.rival} on the table as well.` });
  if (random.chance(0.6)) s.tell(s.after(at, 4, 6), s.owner, 'objection-raised', { reason: random.pick(['Rent is more than the old oven costs in repairs', 'Two days without an oven during the change', `Nobody here knows the ${f.model}`, 'The ceiling has to be opened for the flue']), ...with_(decider), channel: 'phone', summary: `${random.pick(['Said openly, which helps', 'Came up twice', 'Said at the end, in the door'])}; ${decider.first} expects an answer before the date.`, feeling: -1 });
  const stance = random.pick(['for', 'for', 'mixed'] as const);
  s.tell(s.after(at, 5, 8), s.owner, 'stance-stated', { person: decider.draft, stance, channel: 'meeting', summary: stance === 'for' ? `${decider.first} said in the round that the ${f.model} is the right one, price aside.` : `${decider.first} is taken with the oven and uneasy about the rent.` });
  return opened;
}

/** They sign. Gives the purchase; its moment is that of the draft. */
export function buy(s: Story, day: number, { offering = 'deck-oven', renews, noticeDays, length = 365 }: Deal = {}, decision?: Draft): Draft {
  const { facts: f, random } = s;
  const at = s.on(day);
  const decider = s.someone(at, 'decider');
  if (decision !== undefined) {
    if (random.chance(0.3)) s.tell(at - 60, s.owner, 'concession-granted', { what: 'First month free while the old oven is taken out', amount: Math.round(f.rent / 12), currency: f.currency, summary: `Asked for by ${decider.first}, granted because the flue costs extra.` });
    s.tell(at - 25, s.owner, 'decision-closed', { side: 'customer', about: decision, outcome: 'us', ...with_(decider), channel: 'meeting', summary: `${decider.first} decided for us, in writing.`, feeling: 2, feelingBy: 'stated' });
    if (random.chance(0.6)) s.tell(at - 20, s.owner, 'why-us', { words: random.pick(['You baked our dough, the others showed a film', 'Somebody picked up at five in the morning', 'You told us what it cannot do', 'The van is forty minutes away, theirs three hours']), ...with_(decider), channel: 'meeting' });
  }
  const start = s.day(at);
  const fields = {
    offering, amount: f.rent, currency: f.currency, start: s.calendar.date(start), ...(renews !== 'open-ended' && { end: s.calendar.date(start + length) }),
    ...(renews !== undefined && { renews }), ...(noticeDays !== undefined && { noticeDays }), ...(decision !== undefined && { decision }), ...(random.chance(0.5) && { wouldChooseAgain: 'yes' }),
  };
  const purchase = s.tell(at, s.owner, 'purchase', { ...fields, ...with_(decider), channel: 'meeting', summary: `Signed: ${offering === 'deck-oven' ? `${f.model}, service on call included,` : `${OFFERINGS[offering]} for ${f.sites} sites,`} ${renews === 'open-ended' ? 'until notice is given' : `for ${Math.round(length / 30.4)} months`}.` });
  if (decision !== undefined && random.chance(0.5)) {
    const helped = s.drafts.find(({ raw, at: when }) => raw['kind'] === 'meeting' && when < at);
    if (helped !== undefined) s.tell(s.after(at, 1, 5), s.owner, 'helped-decision', { side: 'customer', about: helped, decision, level: 'confirmed', ...with_(decider), summary: `${decider.first}: the test bake settled it.` });
  }
  s.tell(s.after(at, 1, 3), s.operator, 'handover-acknowledged', { summary: `Took over from ${s.name(s.owner)}: delivery, electrician and invoice data complete.` });
  return purchase;
}

/** Delivery, first bake, training. */
export function takeIntoUse(s: Story, from: Moment, full = true): Moment {
  const { facts: f } = s;
  let at = s.after(from, 5, 12);
  const baker = s.someone(at, 'user');
  const tech = s.random.chance(0.5) ? s.meet(at - 5, ['technical'], 'Looks after the machines, all technical questions to this address.', s.technician) : baker;
  s.tell(at, s.operator, 'onboarding-step', { ...us, step: 'delivered', offering: 'deck-oven', ...with_(tech), summary: `${f.model} brought in through the yard on ${f.street}, the old oven taken along.` });
  at = s.after(at, 1, 2);
  s.tell(at, s.technician, 'onboarding-step', { ...us, step: 'connected', offering: 'deck-oven', ...with_(tech), summary: 'Flue, water and power connected; leak test passed.' });
  at = s.after(at, 1, 3);
  s.tell(at, s.technician, 'onboarding-step', { side: 'customer', step: 'first-bake', offering: 'deck-oven', ...with_(baker), summary: `${baker.first} baked the first ${f.product}. Second deck 5 °C down, then even.`, feeling: 1 });
  if (!full) return at;
  at = s.after(at, 2, 6);
  s.tell(at, s.technician, 'training-completed', { training: 'basics', offering: 'training', ...with_(baker), summary: `${baker.first} and two bakers did the day in the test bakery.` });
  at = s.after(at, 3, 9);
  s.tell(at, s.operator, 'acceptance', { offering: 'deck-oven', ...with_(s.someone(at, 'decider')), summary: 'Protocol signed; one remark, the lamp of deck 3.' });
  plannedStep(s, s.after(at, 0, 1), 'Ring after the first full month and ask for the figures', `Rang: nothing is missing, figures come with the meter reading.`, s.owner, [20, 32]);
  return at;
}

/** A first success or, with weight, an outcome. Lights ring 3 for half a year. */
export function value(s: Story, day: number, outcome = s.random.chance(0.5)): Draft {
  const { facts: f, random } = s;
  const at = s.on(day);
  const need = f.needs[random.chance(0.75) ? 0 : 1]!;
  const n = random.int(...need.range);
  const p = s.someone(at, outcome ? 'decider' : 'user');
  const worth = outcome ? { amount: Math.round((f.rent * random.int(20, 90)) / 100), currency: f.currency } : {};
  return s.tell(at, s.owner, outcome ? 'outcome-confirmed' : 'value-reached', { measure: need.measure, value: n, offering: 'deck-oven', ...worth, ...with_(p), channel: random.pick(['meeting', 'phone', 'email'] as const), summary: (outcome ? need.confirmed : need.reached)(n, p.first, f), feeling: random.int(1, 2), feelingBy: 'stated' });
}

export function champion(s: Story, from: Moment): Person {
  const at = s.after(from, 5, 20);
  const p = s.someone(at, 'user');
  p.roles.push('champion');
  s.tell(at, s.owner, 'role-given', { person: p.draft, role: 'champion', summary: `${p.first} shows the oven to everybody who comes through the door.` });
  return p;
}

export function renew(s: Story, day: number, term: Draft, fields: Record<string, unknown> = {}): Draft {
  const at = s.on(day);
  const p = s.someone(at, 'decider');
  const { facts: f } = s;
  const amount = Math.round((f.rent * s.random.int(100, 106)) / 100);
  return s.tell(at, s.owner, 'renewal', { offering: 'deck-oven', term, amount, currency: f.currency, renews: 'no', ...with_(p), channel: s.random.pick(['meeting', 'email'] as const), summary: `${p.first} signed another year of the ${f.model}${amount > f.rent ? ', new rent accepted' : ' at the same rent'}.`, ...(s.random.chance(0.5) && { wouldChooseAgain: 'yes' }), ...fields });
}

/** A talk in good time before the end of a term. */
export function renewalTalk(s: Story, day: number, end: number): void {
  const at = s.on(day);
  const p = s.someone(at, 'decider');
  s.tell(at, s.owner, 'meeting', { ...us, attended: true, ...with_(p), summary: `Value talk with ${p.first} before the term ends on ${s.calendar.spoken(end)}: went through bills, call-outs and rejects of the year.`, customerGot: 'The year in figures' });
}

export const days = (count: number): Moment => count * A_DAY;
