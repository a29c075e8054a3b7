/** The portfolio: one row a customer with its journey and what its reasons for attention need, and its open issues and planned steps. */
import type { Kysely } from 'kysely';
import { customer, ownerOf, type CustomerState, type Interaction } from '../customers/customer.js';
import type { ColleagueTables } from '../customers/colleagues.view.js';
import { wordRanges, type SearchTables } from '../customers/search.view.js';
import type { Snooze } from '../customers/snooze.js';
import type { Row, StreamView, Table, Totals } from '../kernel/view.js';
import { factsOf, type Facts, type WorthOf } from './attention-facts.js';
import { fold, isContact } from './fold.js';
import type { Journey } from './journey.js';
import type { Rules } from './rules.js';

export interface PortfolioTables {
  portfolio: {
    stream: string; customer: string; segment: string | null; origin: string | null; owner: string | null; team: string; journey: string; facts: string; snoozes: string;
    entries: number; first_entry: number | null; last_entry: number | null; last_contact: number | null; next_decision: number | null;
  };
  open_issues: { stream: string; id: string; customer: string; severity: number; since: number; offering: string | null; revision: number };
  planned_steps: { stream: string; id: string; customer: string; who: string; due: number; revision: number };
}

/** A customer when one of its events has arrived: worked out once for all that is made of it. */
export interface KnownCustomer {
  readonly state: CustomerState;
  /** In force, corrected, by when they happened, then by id. */
  readonly entries: readonly Interaction[];
  readonly journey: Journey;
}

/** Sums over all customers, made by another slice from what is known of each. */
export interface CustomerTotals extends Totals<KnownCustomer> {
  readonly version: number | string;
  readonly tables: Readonly<Record<string, Table>>;
}

const newest = (times: readonly number[]): number | null => times.reduce<number | null>((last, time) => (last === null || time > last ? time : last), null);

function unanswered(entries: readonly Interaction[], opens: string, closes: string): Interaction[] {
  const closed = new Set(entries.filter(({ kind }) => kind === closes).map(({ about }) => about));
  return entries.filter((entry) => entry.kind === opens && !closed.has(entry.id));
}

function knownOf(state: CustomerState, rules: Rules): KnownCustomer {
  const entries = [...state.interactions.values()].sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));
  return { state, entries, journey: fold(entries, rules, { erased: state.erased }) };
}

function rowsOf({ state, entries, journey }: KnownCustomer, rules: Rules, worthOf: WorthOf | undefined): Record<string, Row[]> {
  if (!state.registered) return { portfolio: [], open_issues: [], planned_steps: [] };
  const stream = `customer-${state.id}`;
  const times = entries.map(({ occurredAt }) => occurredAt);
  const owner = ownerOf(state);
  const decisions = unanswered(entries, 'decision-opened', 'decision-closed').map((entry) => entry.fields['neededBy']).filter((at): at is number => typeof at === 'number');
  const common = { stream, customer: state.id };
  const byId = (a: Interaction, b: Interaction): number => (a.id < b.id ? -1 : 1);
  return {
    portfolio: [
      {
        ...common,
        segment: state.segment,
        origin: state.origin,
        owner,
        team: JSON.stringify(state.team),
        journey: JSON.stringify(journey),
        facts: JSON.stringify(factsOf(entries, journey, rules, worthOf)),
        snoozes: JSON.stringify([...state.snoozes.values()]),
        entries: entries.length,
        first_entry: times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b)),
        last_entry: newest(times),
        last_contact: newest(entries.filter((entry) => isContact(entry, rules)).map(({ occurredAt }) => occurredAt)),
        next_decision: decisions.length === 0 ? null : decisions.reduce((a, b) => Math.min(a, b)),
      },
    ],
    open_issues: unanswered(entries, 'issue-opened', 'issue-resolved').sort(byId).map((entry) => ({ ...common, id: entry.id, severity: Number(entry.fields['severity']), since: entry.occurredAt, offering: entry.offering ?? null, revision: entry.revision })),
    planned_steps: unanswered(entries, 'step-planned', 'step-done').sort(byId).map((entry) => ({ ...common, id: entry.id, who: String(entry.fields['who'] ?? entry.actor), due: Number(entry.fields['due']), revision: entry.revision })),
  };
}

export function portfolioView(rules: Rules, totals?: CustomerTotals, worthOf?: WorthOf): StreamView<CustomerState, KnownCustomer> {
  return {
    from: 'streams',
    name: 'portfolio',
    version: `3 ${JSON.stringify(rules)} ${totals?.version ?? ''}`,
    prefix: 'customer-',
    tables: {
      portfolio: {
        columns: {
          stream: 'text', customer: 'text', segment: 'text?', origin: 'text?', owner: 'text?', team: 'json', journey: 'json', facts: 'json', snoozes: 'json',
          entries: 'integer', first_entry: 'integer?', last_entry: 'integer?', last_contact: 'integer?', next_decision: 'integer?',
        },
        key: ['stream'],
        indexes: [['owner']],
      },
      open_issues: { columns: { stream: 'text', id: 'text', customer: 'text', severity: 'integer', since: 'integer', offering: 'text?', revision: 'integer' }, key: ['stream', 'id'], indexes: [['severity', 'since']] },
      planned_steps: { columns: { stream: 'text', id: 'text', customer: 'text', who: 'text', due: 'integer', revision: 'integer' }, key: ['stream', 'id'], indexes: [['due'], ['who', 'due']] },
      ...totals?.tables,
    },
    initial: (stream) => customer.initial(stream),
    evolve: (state, event) => customer.evolve(state, event as never),
    known: (state) => knownOf(state, rules),
    rows: (known) => rowsOf(known, rules, worthOf),
    ...(totals !== undefined && { totals }),
  };
}

type Tables = PortfolioTables & SearchTables & ColleagueTables;

export type PortfolioRow = Omit<PortfolioTables['portfolio'], 'journey' | 'team' | 'facts' | 'snoozes'> & {
  readonly name: string | null;
  readonly sort_key: string | null;
  readonly team: readonly string[];
  readonly journey: Journey;
  readonly facts: Facts;
  readonly snoozes: readonly Snooze[];
};

export interface PortfolioFilter {
  readonly owner?: string;
  /** Owned by, or with this colleague in the team. */
  readonly team?: string;
  readonly segment?: string;
  /** Owned by a colleague of this department. */
  readonly department?: string;
  /** Words of the name, or their beginnings. */
  readonly text?: string;
}

/** Rows of the portfolio that fit, in name order. */
export async function portfolioOf(db: Kysely<Tables>, filter: PortfolioFilter): Promise<PortfolioRow[]> {
  let query = db.selectFrom('portfolio').leftJoin('names', (join) => join.onRef('names.id', '=', 'portfolio.customer').on('names.kind', '=', 'customer')).selectAll('portfolio').select(['names.name', 'names.sort_key']);
  if (filter.owner !== undefined) query = query.where('owner', '=', filter.owner);
  if (filter.segment !== undefined) query = query.where('segment', '=', filter.segment);
  if (filter.department !== undefined) query = query.where('owner', 'in', db.selectFrom('colleagues').select('id').where('department', '=', filter.department));
  for (const { from, to } of filter.text === undefined ? [] : wordRanges(filter.text)) {
    query = query.where('portfolio.customer', 'in', db.selectFrom('name_words').select('id').where('kind', '=', 'customer').where('word', '>=', from).where('word', '<', to));
  }
  if (filter.team !== undefined) {
    // Ids have no character that means something in a pattern but the underscore, which the check below sorts out.
    const quoted = JSON.stringify(filter.team);
    query = query.where((is) => is.or([is('owner', '=', filter.team!), is('team', 'like', `%${quoted}%`)]));
  }
  const rows = await query.orderBy('names.sort_key').orderBy('portfolio.customer').execute();
  return rows
    .map((row) => ({ ...row, team: JSON.parse(row.team) as string[], journey: JSON.parse(row.journey) as Journey, facts: JSON.parse(row.facts) as Facts, snoozes: JSON.parse(row.snoozes) as Snooze[] }))
    .filter((row) => filter.team === undefined || row.owner === filter.team || row.team.includes(filter.team));
}

/** Rows that fit, with the rules they were made by: asked again when others took their place meanwhile. */
export async function portfolioByRules(db: Kysely<Tables>, filter: PortfolioFilter, inForce: { readonly rules: Rules }): Promise<{ readonly rows: PortfolioRow[]; readonly rules: Rules }> {
  for (;;) {
    const { rules } = inForce;
    const rows = await portfolioOf(db, filter);
    if (rules === inForce.rules) return { rows, rules };
  }
}

/** The journey of a customer as the view holds it; undefined when the view does not know it. */
export async function journeyIn(db: Kysely<Tables>, id: string): Promise<Journey | undefined> {
  const row = await db.selectFrom('portfolio').select('journey').where('stream', '=', `customer-${id}`).executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.journey) as Journey);
}
