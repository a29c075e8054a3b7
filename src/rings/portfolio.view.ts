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
    stream: string; customer: string; segment: string | null; origin: string | null; owner: string | null; team: string; journey: string; facts: string; snoozes: string; stamp: number;
    entries: number; first_entry: number | null; last_entry: number | null; last_contact: number | null; next_decision: number | null;
  };
  open_issues: { stream: string; id: string; customer: string; severity: number; since: number; offering: string | null; revision: number };
  undone_customers: { stream: string };
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

/** Further rows of each customer, made by another slice from what is known of it. */
export interface CustomerRows {
  readonly version: number | string;
  readonly tables: Readonly<Record<string, Table>>;
  /** Rows by table, every table named; each row with the column `stream`. */
  rowsOf(known: KnownCustomer): Readonly<Record<string, readonly Row[]>>;
}

const newest = (times: readonly number[]): number | null => times.reduce<number | null>((last, time) => (last === null || time > last ? time : last), null);

function unanswered(entries: readonly Interaction[], opens: string, closes: string): Interaction[] {
  const closed = new Set(entries.filter(({ kind }) => kind === closes).map(({ about }) => about));
  return entries.filter((entry) => entry.kind === opens && !closed.has(entry.id));
}

/** Another number for another text, as good as always (53 bits, two rounds of multiplying): whoever worked something out from it sees that it changed. */
export function stampOf(text: string): number {
  let [low, high] = [0x9e3779b9, 0x85ebca6b];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x9e3779b1);
    high = Math.imul(high ^ code, 0x5f356495);
  }
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  return 0x100000000 * (high & 0x1fffff) + (low >>> 0);
}

function knownOf(state: CustomerState, rules: Rules): KnownCustomer {
  const entries = [...state.interactions.values()].sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));
  return { state, entries, journey: fold(entries, rules, { erased: state.erased }) };
}

function rowsOf({ state, entries, journey }: KnownCustomer, rules: Rules, worthOf: WorthOf | undefined): Record<string, Row[]> {
  // Out of sight, and still asked for by whoever asks how it was before.
  if (!state.registered) return { undone_customers: [{ stream: `customer-${state.id}` }] };
  const stream = `customer-${state.id}`;
  const times = entries.map(({ occurredAt }) => occurredAt);
  const owner = ownerOf(state);
  const decisions = unanswered(entries, 'decision-opened', 'decision-closed').map((entry) => entry.fields['neededBy']).filter((at): at is number => typeof at === 'number');
  const common = { stream, customer: state.id };
  const kept = { journey: JSON.stringify(journey), facts: JSON.stringify(factsOf(entries, journey, rules, worthOf)), snoozes: JSON.stringify([...state.snoozes.values()]) };
  const byId = (a: Interaction, b: Interaction): number => (a.id < b.id ? -1 : 1);
  return {
    portfolio: [
      {
        ...common,
        segment: state.segment,
        origin: state.origin,
        owner,
        team: JSON.stringify(state.team),
        ...kept,
        stamp: stampOf(kept.journey + kept.facts + kept.snoozes),
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

export function portfolioView(rules: Rules, totals?: CustomerTotals, worthOf?: WorthOf, more: readonly CustomerRows[] = []): StreamView<CustomerState, KnownCustomer> {
  const further = Object.assign({}, ...more.map(({ tables }) => tables)) as Record<string, Table>;
  // A table without rows must be named, or those of before would stay.
  const none = Object.fromEntries(['portfolio', 'open_issues', 'planned_steps', 'undone_customers', ...Object.keys(further)].map((table): [string, Row[]] => [table, []]));
  return {
    from: 'streams',
    name: 'portfolio',
    version: `6 ${JSON.stringify(rules)} ${totals?.version ?? ''} ${more.map(({ version }) => version).join()}`,
    prefix: 'customer-',
    tables: {
      portfolio: {
        columns: {
          stream: 'text', customer: 'text', segment: 'text?', origin: 'text?', owner: 'text?', team: 'json', journey: 'json', facts: 'json', snoozes: 'json', stamp: 'integer',
          entries: 'integer', first_entry: 'integer?', last_entry: 'integer?', last_contact: 'integer?', next_decision: 'integer?',
        },
        key: ['stream'],
        indexes: [['owner']],
      },
      open_issues: { columns: { stream: 'text', id: 'text', customer: 'text', severity: 'integer', since: 'integer', offering: 'text?', revision: 'integer' }, key: ['stream', 'id'], indexes: [['severity', 'since']] },
      undone_customers: { columns: { stream: 'text' }, key: ['stream'] },
      planned_steps: { columns: { stream: 'text', id: 'text', customer: 'text', who: 'text', due: 'integer', revision: 'integer' }, key: ['stream', 'id'], indexes: [['due'], ['who', 'due']] },
      ...further,
      ...totals?.tables,
    },
    initial: (stream) => customer.initial(stream),
    evolve: (state, event) => customer.evolve(state, event as never),
    known: (state) => knownOf(state, rules),
    rows: (known) => {
      const rows: Record<string, readonly Row[]> = { ...none, ...rowsOf(known, rules, worthOf) };
      if (known.state.registered) for (const one of more) Object.assign(rows, one.rowsOf(known));
      return rows;
    },
    ...(totals !== undefined && { totals }),
  };
}

type Tables = PortfolioTables & SearchTables & ColleagueTables;

/** What every list of customers can be narrowed by. */
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

/** A customer as lists need it to find its place, without what is long to read. */
export interface Listed {
  readonly customer: string;
  readonly segment: string | null;
  readonly owner: string | null;
  readonly last_contact: number | null;
  readonly next_decision: number | null;
  readonly stamp: number;
  readonly name: string | null;
  readonly sort_key: string | null;
}

/** What the reasons of a customer are worked out from. */
export interface HeldRow {
  readonly customer: string;
  readonly stamp: number;
  readonly journey: Journey;
  readonly facts: Facts;
  readonly snoozes: readonly Snooze[];
}

/** Customers that fit, in no order. */
export async function listedIn(db: Kysely<Tables>, filter: PortfolioFilter): Promise<Listed[]> {
  let query = db.selectFrom('portfolio').leftJoin('names', (join) => join.onRef('names.id', '=', 'portfolio.customer').on('names.kind', '=', 'customer'))
    .select(['portfolio.customer', 'portfolio.segment', 'portfolio.owner', 'portfolio.last_contact', 'portfolio.next_decision', 'portfolio.stamp', 'names.name', 'names.sort_key']);
  if (filter.owner !== undefined) query = query.where('owner', '=', filter.owner);
  if (filter.segment !== undefined) query = query.where('segment', '=', filter.segment);
  if (filter.department !== undefined) query = query.where('owner', 'in', db.selectFrom('colleagues').select('id').where('department', '=', filter.department));
  for (const { from, to } of filter.text === undefined ? [] : wordRanges(filter.text)) {
    query = query.where('portfolio.customer', 'in', db.selectFrom('name_words').select('id').where('kind', '=', 'customer').where('word', '>=', from).where('word', '<', to));
  }
  if (filter.team === undefined) return query.execute();
  // Ids have no character that means something in a pattern but the underscore, which the check below sorts out.
  const quoted = JSON.stringify(filter.team);
  const rows = await query.where((is) => is.or([is('owner', '=', filter.team!), is('team', 'like', `%${quoted}%`)])).select('portfolio.team').execute();
  return rows.filter(({ owner, team }) => owner === filter.team || (JSON.parse(team) as string[]).includes(filter.team!));
}

/** So many are read at a time: SQLite takes no more names in a list than it has variables. */
const TOGETHER = 500;

/** The rows of these customers; one that the view does not know is left out. */
export async function heldIn(db: Kysely<Tables>, customers: readonly string[]): Promise<HeldRow[]> {
  const found: HeldRow[] = [];
  for (let at = 0; at < customers.length; at += TOGETHER) {
    const rows = await db.selectFrom('portfolio').select(['customer', 'stamp', 'journey', 'facts', 'snoozes']).where('stream', 'in', customers.slice(at, at + TOGETHER).map((id) => `customer-${id}`)).execute();
    for (const { customer: id, stamp, journey, facts, snoozes } of rows) found.push({ customer: id, stamp, journey: JSON.parse(journey) as Journey, facts: JSON.parse(facts) as Facts, snoozes: JSON.parse(snoozes) as Snooze[] });
  }
  return found;
}

/** All segments there are, by name. */
export async function segmentsIn(db: Kysely<Tables>): Promise<string[]> {
  const rows = await db.selectFrom('portfolio').select('segment').distinct().where('segment', 'is not', null).orderBy('segment').execute();
  return rows.flatMap(({ segment }) => (segment === null ? [] : [segment]));
}

/** The journey of a customer as the view holds it; undefined when the view does not know it. */
export async function journeyIn(db: Kysely<Tables>, id: string): Promise<Journey | undefined> {
  const row = await db.selectFrom('portfolio').select('journey').where('stream', '=', `customer-${id}`).executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.journey) as Journey);
}
