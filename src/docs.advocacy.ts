/** What the operations about advocacy answer with. */
import { ASK_STATES } from './customers/asks.js';
import { ACTS, CHANNELS, LEVELS, ROLES } from './customers/catalogue.js';
import type { Answered } from './docs.answers.js';
import { both, choice, CUSTOMER, ENTRY, flag, instant, list, named, nullable, object, PERSON, ref, text, whole, type Schema } from './docs.schemas.js';

const LATER = '2026-06-30T21:59:59.999Z';
const next = nullable(text('Give it as `cursor` for the next page; null on the last.', 'WzUwXQ'));
const entry = (says: string): Schema => text(says, ENTRY);
const entries = (says: string): Schema => list(says, { type: 'string' }, { example: [ENTRY] });
const person = (says: string): Schema => named(says, text('Id of the person.', PERSON), 'Ines Morel');
const customer = (says: string): Schema => named(says, text('Id of the customer.', CUSTOMER), 'Morel & Fils');
const colleague = (says: string): Schema => named(says, text('Id of the colleague.', 'ada'), 'Ada Berg');
const orNone = (schema: Schema): Schema => nullable({ ...schema, enum: [...(schema['enum'] as string[]), null] });
const act = choice('What they were asked for.', ACTS);
const offering = nullable(text('The offering it is about; null when it names none.', 'service-plan'));
const budget = object('How often one person may be asked: so many times in any stretch of so many days.', { asks: whole('How many times.', 2), days: whole('In how many days.', 90) });
const worth = list('Revenue a year now, by currency; empty when it is not known, or there is none.', object('An amount a year.', { amount: whole('In minor units of the currency.', 1_200_000), currency: text('ISO 4217 code.', 'EUR') }));

const ask = object('An ask.', {
  id: text('Its id: that of the entry.', ENTRY),
  customer: customer('At which customer.'),
  yours: flag('You own the customer, are in its team, or nobody owns it.', true),
  person: person('Who was asked.'),
  act,
  wording: nullable(text('What they were asked; null when it was erased.', 'Would you take one call from a bakery of your size?')),
  asked: instant('When.'),
  by: colleague('Who asked.'),
  due: nullable(instant('By when it would help; null when nothing was said.', LATER)),
  overdue: flag('It has passed, and there is neither an act nor a no.', false),
  incentivised: flag('Something was offered in return.', false),
  offering,
  channel: orNone(choice('How they were asked; null when that was not said.', CHANNELS, 'phone')),
  state: choice('waiting: no answer yet · accepted · declined (the last answer counts) · done: an act answers it.', ASK_STATES),
  answers: list('What they said, and the acts that answer it, the oldest first.', object('An answer.', { said: choice('What it was.', ['accepted', 'declined', 'done']), at: instant('When.'), entry: entry('Id of the entry that says so.') })),
});
const totals = object('How many asks there are in each state, whatever states are asked for.', { waiting: whole('Without an answer.', 3), accepted: whole('Accepted, and not done.', 2), declined: whole('Declined.', 1), done: whole('Done.', 5) });
const asks = { items: list('The page, the newest first.', ask), next, totals };

const ground = object('A ground.', {
  ground: choice('Its name.', ['promoter', 'advocate', 'consent', 'offering', 'segment', 'role', 'act done before', 'not willing', 'left', 'objects to contact', 'no consent', 'severe issue open', 'budget spent']),
  says: text('In words.', 'Would recommend us: 9 of 10.'),
  because: entries('Ids of the entries behind it; empty where what is missing is the reason.'),
});
const who = {
  person: person('Who.'),
  customer: customer('Of which customer.'),
  owner: nullable(colleague('Who owns that relationship; null when nobody does.')),
  segment: nullable(text('Segment of the customer; null without one.', 'bakeries')),
  roles: list('Their roles.', { type: 'string', enum: ROLES }, { example: ['decider'] }),
  mayAsk: flag('They may be asked now.', true),
};
const against = list('What stands against asking them now.', ground);
const nextFree = nullable(instant('From when on the budget lets them be asked: now, or later; null for never.', LATER));
const left = whole('How many asks are left now.', 1);
const closed = list('Channels by which they do not want to be contacted.', object('One of them.', { channel: orNone(choice('The channel; null for all.', CHANNELS, 'email')), since: instant('Since when.') }));
const whom = object('Whom to ask.', {
  items: list('The page, the best fit first.', object('Somebody.', {
    ...who,
    fit: whole('How many of the things wanted they fit.', 2),
    for: list('Why to ask them.', ground),
    against,
    left,
    nextFree,
    closed,
    acts: whole('How often they stood up for us.', 1),
    lastAsk: nullable(instant('When they were last asked; null when never.')),
  })),
  next,
  total: whole('How many there are.', 12),
  blocked: whole('How many more there would be, but may not be asked now.', 4),
  budget,
});

const board = object('The board of advocates.', {
  items: list('The page: who did most first.', object('Somebody.', {
    ...who,
    against,
    asks: object('What they were asked.', { total: whole('How often.', 3), recent: whole('Of these, within the stretch of the budget.', 1), left, nextFree, last: nullable(instant('The last time; null when never.')), waiting: whole('Without an answer.', 1), accepted: whole('Accepted, and not done.', 0), declined: whole('Declined.', 0), done: whole('Done.', 2) }),
    acts: object('What they did, each act once.', { total: whole('How often.', 2), evidenced: whole('Of these, proved.', 1), incentivised: whole('Of these, with something given in return.', 0), last: nullable(instant('The last time; null when never.')), reach: whole('How many people it reached, where that is known.', 250) }),
    list: list('Their acts, the oldest first.', object('An act.', {
      entry: entry('Id of the entry that reported it first.'), also: entries('Ids of further entries that report the same act.'), kind: choice('What it was.', ACTS), at: instant('When.'), level: choice('How well it is proved.', LEVELS),
      incentivised: flag('Something was given in return.', false), reach: nullable(whole('How many people it reached; null when that is not known.', 250)), referred: nullable(text('Id of the customer it brought; null when none.', CUSTOMER)), ask: nullable(entry('Id of the ask it answers; null when it came by itself.')),
    })),
  })),
  next,
  total: whole('How many there are.', 12),
  totals: object('Of all of them.', { acts: whole('Acts.', 20), asks: whole('Asks.', 14), reach: whole('People reached.', 5200) }),
  budget,
});

const milestone = (says: string): Schema => nullable(object(says, { at: instant('When.'), entry: entry('Id of the entry.'), days: nullable({ type: 'number', description: 'Days after the referral; null at the root.', example: 41.5 }) }));
const link = { at: instant('When it was made.'), entry: nullable(entry('Id of the referral; null when only the file of the referred says so.')), inFile: flag('The file of the referred customer says so.', true) };
const branch = (children: Schema): Schema => object('A customer in the tree.', {
  customer: customer('Which.'),
  depth: whole('0 at the root.', 0),
  link: nullable(object('How it came to us; null at the root.', link)),
  firstContact: milestone('When we first heard from it; null when never.'),
  purchase: milestone('Its first purchase that was not sent back; null without one.'),
  advocacy: milestone('When somebody there first stood up for us; null when never.'),
  worth,
  below: object('All below it.', { customers: whole('Customers.', 3), bought: whole('Of these, bought.', 2), worth }),
  cut: whole('Further customers it brought that are not told: ask for the tree of one of them.', 0),
  children,
});
const trees = object('Trees of referrals.', {
  items: list('The page of trees, the oldest first.', ref('ReferralBranch')),
  next,
  total: whole('How many trees there are.', 4),
  totals: object('Of all trees asked for.', {
    referred: whole('Customers brought by others.', 9), bought: whole('Of these, bought.', 5), advocates: whole('Of these, stood up for us themselves.', 2), depth: whole('Of the deepest.', 2), worth,
    daysToPurchase: nullable({ type: 'number', description: 'Median of the days from the referral to the first purchase, of those who bought; null when none did.', example: 46 }),
  }),
  leftOut: list('Links that would close a circle, and stand in no tree.', object('A link.', { from: customer('Who referred.'), to: customer('Whom.'), ...link })),
});

export const advocacySchemas = (): Record<string, Schema> => ({ ReferralBranch: branch({ type: 'array', description: 'Whom it brought, by when they came.', items: ref('ReferralBranch'), example: [] }) });

const recorded = { status: 201, description: 'Recorded; on disk when this answer comes.', etag: true } as const;
const answered: Answered = { ...recorded, schema: ref('WrittenDto') };

export const ADVOCACY_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/asks': [{ status: 200, description: 'A page of asks.', schema: object('A page of asks.', asks) }],
  'GET /api/v1/customers/{id}/asks': [{ status: 200, description: 'A page of asks at the customer.', schema: object('Asks at a customer.', { ...asks, budget, people: list('How often each of its people may still be asked.', object('Somebody.', { person: person('Who.'), left, nextFree })) }) }],
  'POST /api/v1/customers/{id}/asks': [{ ...recorded, schema: both('What was recorded.', ref('WrittenDto'), object('And the ask.', { ask: text('Id of the ask.', ENTRY) })) }],
  'POST /api/v1/customers/{id}/asks/{interaction}/accepted': [answered],
  'POST /api/v1/customers/{id}/asks/{interaction}/declined': [answered],
  'POST /api/v1/customers/{id}/asks/{interaction}/act': [answered],
  'POST /api/v1/customers/{id}/asks/{interaction}/withdraw': [{ status: 200, description: 'Taken back, with its answers.', schema: ref('WrittenDto'), etag: true }],
  'GET /api/v1/whom-to-ask': [{ status: 200, description: 'Whom to ask.', schema: whom }],
  'GET /api/v1/advocates': [{ status: 200, description: 'The board.', schema: board }],
  'GET /api/v1/referrals': [{ status: 200, description: 'Trees of referrals.', schema: trees }],
};
