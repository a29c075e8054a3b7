/** An organisation in which everything that people write is hostile: one customer's record holds every text of the list, and each text names something somewhere. */
import { HOSTILE } from './hostile.js';
import type { Site } from './browser.js';

const DAY = 86_400_000;
const ago = (days: number): string => new Date(Date.now() - days * DAY).toISOString();
const dayIn = (days: number): string => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

/** The texts are dealt out over these in turn: entries of all sorts, each with a field in which somebody writes. */
const WRITTEN: readonly ((text: string, day: number) => object)[] = [
  (text) => ({ kind: 'call', side: 'customer', summary: text }),
  (text) => ({ kind: 'visit', side: 'us', attended: true, summary: 'A visit', customerGot: text }),
  (text) => ({ kind: 'objection-raised', reason: text }),
  (text) => ({ kind: 'question-asked', question: text }),
  (text) => ({ kind: 'alternative-considered', alternative: text }),
  (text) => ({ kind: 'why-us', words: text }),
  (text) => ({ kind: 'benefit-recorded', side: 'us', customerBenefit: text, providerBenefit: text }),
  (text) => ({ kind: 'concession-granted', what: text }),
  (text) => ({ kind: 'statement-made', key: 'delivery-time', value: text }),
  (text) => ({ kind: 'fit-declined', side: 'us', reason: text }),
  (text) => ({ kind: 'issue-opened', severity: 2, summary: text }),
  (text) => ({ kind: 'step-planned', due: dayIn(3), who: 'ada', summary: text }),
];

/** What may stand where the API takes a short key only. */
export const KEYS = HOSTILE.filter((text) => /^[\p{L}\p{N}][\p{L}\p{N} ._:/+-]{0,99}$/u.test(text));

export interface HostileRecord {
  readonly customer: string;
  /** Of an entry of it. */
  readonly entry: string;
  readonly kept: string;
}

/** Fills a site in which ada is. Colleagues who sign in later are to be renamed with `HOSTILE` by the caller. */
export async function writeHostileRecord(site: Site): Promise<HostileRecord> {
  const at = (index: number): string => HOSTILE[index % HOSTILE.length]!;
  await site.ask('PATCH', 'colleagues/ada', { name: at(10) });
  const customer = (await site.ask('POST', 'customers', { name: at(0), segment: at(1).slice(0, 100), origin: at(2).slice(0, 100), owner: 'ada', team: ['ada'] })).id as string;
  const log = async (id: string, entries: readonly object[]): Promise<string[]> => (await site.ask('POST', `customers/${id}/interactions`, { entries })).entries as string[];

  const people: string[] = [];
  for (const [index, text] of HOSTILE.filter((_, nth) => nth % 8 === 0).entries()) people.push((await site.ask('POST', `customers/${customer}/people`, { name: text, email: at(index).slice(0, 320), phone: at(index + 40).slice(0, 40), roles: index === 0 ? ['decider'] : ['user'] })).person as string);
  const entries = HOSTILE.map((text, index) => ({ ...WRITTEN[index % WRITTEN.length]!(text, index), occurredAt: ago(index % 2 === 0 ? index / 2 : index * 3), people: [people[index % people.length]!] }));
  const first = await log(customer, entries.slice(0, 50));
  await log(customer, entries.slice(50));
  for (const key of KEYS) await log(customer, [{ kind: 'purchase', offering: key, occurredAt: ago(360), amount: 1_200_000, currency: 'EUR' }, { kind: 'need-stated', tag: key, occurredAt: ago(200) }]);
  await log(customer, [{ kind: 'decision-opened', side: 'customer', what: at(3), neededBy: dayIn(20), deciders: [people[0]!] }, { kind: 'reference', person: people[1]!, summary: at(4), link: 'https://example.org/"><img/src=x/onerror=hostile()>' }, { kind: 'consent-given', person: people[0]!, purpose: KEYS[0], wording: at(5), scope: at(6), form: 'email' }, { kind: 'contact-objected', person: people[2]!, words: at(7) }, { kind: 'survey-answered', nps: 3, person: people[3]!, summary: at(8) }]);
  await site.ask('PUT', `customers/${customer}/interactions/${first[0]!}`, { ...entries[0], summary: at(9) });
  await site.ask('POST', `customers/${customer}/interactions/${first[3]!}/retract`, { reason: at(11) });
  await site.ask('POST', `customers/${customer}/snooze`, { until: dayIn(10), reason: at(12), only: 'ring at risk' }).catch(() => undefined);

  for (const [index, name] of HOSTILE.entries()) {
    const id = (await site.ask('POST', 'customers', { name, segment: at(index + 50).slice(0, 100), owner: 'ada', team: ['ada'] })).id as string;
    await log(id, [{ kind: 'purchase', offering: KEYS[index % KEYS.length], occurredAt: ago(300 + (index % 60)), amount: 100_000 * index, currency: 'EUR' }, { kind: 'issue-opened', severity: 1, occurredAt: ago(index % 20), summary: name }, ...(index % 5 === 0 ? [{ kind: 'cancellation', reason: name, occurredAt: ago(2) }] : []), ...(index % 7 === 0 ? [{ kind: 'step-planned', due: dayIn(0), who: 'ada', summary: name }] : [])]);
  }
  // One without an open issue: nobody is asked for anything while there is one.
  const calm = (await site.ask('POST', 'customers', { name: at(33), segment: at(51).slice(0, 100), owner: 'ada', team: ['ada'] })).id as string;
  await log(calm, [{ kind: 'purchase', offering: KEYS[3], occurredAt: ago(340), amount: 500_000, currency: 'EUR', renews: 'no', wouldChooseAgain: 'unsure' }, { kind: 'alternative-considered', alternative: at(34), occurredAt: ago(20) }]);
  for (const [index, name] of HOSTILE.slice(0, 20).entries()) await site.ask('POST', 'colleagues', { id: `colleague-${index}`, name, department: 'service' });
  await site.ask('POST', 'log', { kind: 'change-made', what: at(13), why: at(14), occurredAt: ago(30) });
  await site.ask('POST', 'log', { kind: 'campaign-launched', campaign: KEYS[1], callToAction: KEYS[2], claims: [KEYS[3]], summary: at(15), occurredAt: ago(60) });
  await site.ask('POST', `customers/${customer}/promises`, { what: at(25), due: dayIn(0), people: [people[4]!] });
  await site.ask('POST', `customers/${customer}/promises`, { what: at(26), due: dayIn(-10), occurredAt: ago(30), givenIn: first[1]! });
  const { person } = await site.ask('POST', `customers/${calm}/people`, { name: at(27), roles: ['champion'] });
  await log(calm, [{ kind: 'consent-given', person, purpose: KEYS[0], wording: at(28), scope: at(29), form: 'email', occurredAt: ago(9) }, { kind: 'survey-answered', nps: 10, person, occurredAt: ago(8) }, { kind: 'referral', person, referredCustomer: customer, occurredAt: ago(7), summary: at(31) }]);
  await site.ask('POST', `customers/${calm}/asks`, { person, act: 'reference', wording: at(32), occurredAt: ago(5) });
  await log(customer, [{ kind: 'message-sent', campaign: KEYS[1], occurredAt: ago(40) }, { kind: 'message-response', campaign: KEYS[1], occurredAt: ago(39) }]);
  await site.ask('POST', 'log', { kind: 'enablement-completed', colleague: 'colleague-1', offering: KEYS[2], occurredAt: ago(50) });
  for (const index of [16, 17, 18]) await site.ask('POST', 'requests', { kind: 'access', who: at(index), words: at(index + 20) });
  await site.ask('POST', 'requests', { kind: 'erasure', customer, person: people[1]!, words: at(19) });
  // Somebody no entry names: with them no text of the list goes.
  const gone = (await site.ask('POST', `customers/${customer}/people`, { name: at(24) })).person as string;
  await site.ask('POST', `customers/${customer}/people/${gone}/erase`, { reason: at(21) });
  await site.ask('PATCH', 'settings', { values: (await firstSetting(site)), reason: at(22) }).catch(() => undefined);
  const kept = (await site.ask('POST', 'kept-figures', { figure: 'advocacy-rate', label: at(23), segment: at(50).slice(0, 100) })) as { id: string };
  return { customer, entry: first[0]!, kept: kept.id };
}

/** A setting as it is: changing nothing but the reason. */
async function firstSetting(site: Site): Promise<object> {
  const { items } = await site.ask('GET', 'settings');
  return { [items[0].name]: items[0].value };
}
