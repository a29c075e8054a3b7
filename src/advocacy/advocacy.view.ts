/** Rows for the advocacy programme: asks, people who are or may be advocates, and who brought whom. */
import { isAct } from '../customers/about-person.js';
import { askStateAt, asksIn, type AskState } from '../customers/asks.js';
import type { Days } from '../kernel/days.js';
import type { Row } from '../kernel/view.js';
import { isContact, stanceOf } from '../rings/fold.js';
import type { CustomerRows, KnownCustomer } from '../rings/portfolio.view.js';
import type { Rules } from '../rings/rules.js';
import { creditedActs } from './acts.js';
import { willingIn } from './willing.js';

export interface AdvocacyTables {
  /** `state`: once all answers have happened, the last of them at `settled`. */
  asks: { stream: string; id: string; customer: string; person: string; act: string; asked: number; due: number | null; by: string; incentivised: number; offering: string | null; answers: string; state: AskState; settled: number | null };
  /** `data`: a `Willing`. */
  willing: { stream: string; customer: string; person: string; segment: string | null; owner: string | null; data: string };
  /** What of a customer the referral tree tells; instants, null when there was none. */
  referred: { stream: string; customer: string; referred_by: string | null; first_entry: number | null; first_contact: number | null; contact_entry: string | null; first_purchase: number | null; purchase_entry: string | null; first_act: number | null; act_entry: string | null };
  referrals: { stream: string; id: string; customer: string; person: string; referred: string; at: number };
}

/** Bought, and not sent back in full. */
function firstPurchase({ entries }: KnownCustomer): { readonly at: number; readonly entry: string } | undefined {
  const back = entries.filter(({ kind, fields }) => kind === 'refund' && fields['full'] === true);
  const isBack = (id: string, at: number): boolean => back.some(({ fields, occurredAt }) => (fields['term'] === undefined ? at < occurredAt : fields['term'] === id));
  const found = entries.find(({ id, kind, occurredAt }) => (kind === 'purchase' || kind === 'renewal') && !isBack(id, occurredAt));
  return found === undefined ? undefined : { at: found.occurredAt, entry: found.id };
}

function rowsOf(known: KnownCustomer, rules: Rules, days: Days): Record<string, Row[]> {
  const { state, entries, journey } = known;
  const common = { stream: `customer-${state.id}`, customer: state.id };
  const contact = entries.find((entry) => isContact(entry, rules));
  const bought = firstPurchase(known);
  const act = entries.find((entry) => isAct(entry) && stanceOf(entry) === 'for');
  const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);
  const acts = creditedActs(entries, days);
  const referrals = acts.filter(({ kind, referred }) => kind === 'referral' && referred !== null && referred !== state.id);
  return {
    asks: asksIn(entries).sort(byId).map(({ id, asked, person, act: kind, due, answers }) => ({
      ...common, state: askStateAt({ answers }, Infinity), settled: answers.length === 0 ? null : Math.max(...answers.map(({ at }) => at)), id, person, act: kind, asked: asked.occurredAt, due, by: asked.actor, incentivised: asked.fields['incentivised'] === true ? 1 : 0, offering: asked.offering ?? null, answers: JSON.stringify(answers),
    })),
    willing: willingIn(state, entries, journey.spells, acts).map((one) => ({ ...common, person: one.person, segment: one.segment, owner: one.owner, data: JSON.stringify(one) })),
    referred: [{
      ...common, referred_by: state.referredBy, first_entry: entries[0]?.occurredAt ?? null, first_contact: contact?.occurredAt ?? null, contact_entry: contact?.id ?? null,
      first_purchase: bought?.at ?? null, purchase_entry: bought?.entry ?? null, first_act: act?.occurredAt ?? null, act_entry: act?.id ?? null,
    }],
    referrals: referrals.sort(byId).map(({ id, person, referred, at }) => ({ ...common, id, person, referred: referred!, at })),
  };
}

export const advocacyRows = (rules: Rules, days: Days): CustomerRows => ({
  version: `advocacy 2 ${days.zone}`,
  tables: {
    asks: { columns: { stream: 'text', id: 'text', customer: 'text', person: 'text', act: 'text', asked: 'integer', due: 'integer?', by: 'text', incentivised: 'flag', offering: 'text?', answers: 'json', state: 'text', settled: 'integer?' }, key: ['stream', 'id'], indexes: [['asked', 'id'], ['person'], ['settled']] },
    willing: { columns: { stream: 'text', customer: 'text', person: 'text', segment: 'text?', owner: 'text?', data: 'json' }, key: ['stream', 'person'] },
    referred: {
      columns: { stream: 'text', customer: 'text', referred_by: 'text?', first_entry: 'integer?', first_contact: 'integer?', contact_entry: 'text?', first_purchase: 'integer?', purchase_entry: 'text?', first_act: 'integer?', act_entry: 'text?' },
      key: ['stream'], indexes: [['referred_by']],
    },
    referrals: { columns: { stream: 'text', id: 'text', customer: 'text', person: 'text', referred: 'text', at: 'integer' }, key: ['stream', 'id'], indexes: [['referred']] },
  },
  rowsOf: (known) => rowsOf(known, rules, days),
});
