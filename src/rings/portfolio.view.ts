/** The portfolio: one row a customer with its journey and what its reasons for attention need, and its open issues and planned steps. */
import type { Kysely } from 'kysely';
import { customer, ownerOf, type CustomerState, type Interaction } from '../customers/customer.js';
import type { ColleagueTables } from '../customers/colleagues.view.js';
import { wordRanges, type SearchTables } from '../customers/search.view.js';
import type { Snooze } from '../customers/snooze.js';
import type { Row, StreamView, Table, Totals } from '../kernel/view.js';
import { printOf, stampOf } from '../kernel/stamp.js';
import { factsOf, type Facts, type WorthOf } from './attention-facts.js';
import { fold, isContact } from './fold.js';
import type { Journey } from './journey.js';
import type { Rules } from './rules.js';

export interface PortfolioTables {
  portfolio: {
    stream: string; customer: string; segment: string | null; origin: string | null; owner: string | null; team: string; journey: string; facts: string; snoozes: string; stamp: number; bucket: number; print: number;
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

/** So many parts in which lists look for what changed. */
const BUCKETS = 64;

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
  const shown = {
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
  };
  const { segment, team, stamp, last_contact: contact, next_decision: decision } = shown;
  const byId = (a: Interaction, b: Interaction): number => (a.id < b.id ? -1 : 1);
  return {
    portfolio: [{ ...common, ...shown, bucket: printOf(state.id) % BUCKETS, print: printOf(JSON.stringify([state.id, segment, owner, team, contact, decision, stamp])) }],
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
    version: `8 ${JSON.stringify(rules)} ${totals?.version ?? ''} ${more.map(({ version }) => version).join()}`,
    prefix: 'customer-',
    tables: {
      portfolio: {
        columns: {
          stream: 'text', customer: 'text', segment: 'text?', origin: 'text?', owner: 'text?', team: 'json', journey: 'json', facts: 'json', snoozes: 'json', stamp: 'integer', bucket: 'integer', print: 'integer',
          entries: 'integer', first_entry: 'integer?', last_entry: 'integer?', last_contact: 'integer?', next_decision: 'integer?',
        },
        key: ['stream'],
        indexes: [['owner'], ['bucket', 'print']],
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
export interface PlaceRow {
  readonly customer: string;
  readonly bucket: number;
  readonly segment: string | null;
  readonly owner: string | null;
  /** Ids, as JSON. */
  readonly team: string;
  readonly last_contact: number | null;
  readonly next_decision: number | null;
  readonly stamp: number;
}

/** What the reasons of a customer are worked out from. */
export interface HeldRow {
  readonly customer: string;
  readonly stamp: number;
  readonly journey: Journey;
  readonly facts: Facts;
  readonly snoozes: readonly Snooze[];
}

/** By bucket, a text that is another when any row in it is another. One look at an index, whatever the rows hold. */
export async function printsIn(db: Kysely<Tables>): Promise<Map<number, string>> {
  const rows = await db.selectFrom('portfolio').select(({ fn }) => ['bucket', fn.countAll().as('count'), fn.sum('print').as('sum')]).groupBy('bucket').execute();
  return new Map(rows.map(({ bucket, count, sum }) => [bucket, `${count} ${sum}`]));
}

/** The customers of some buckets. */
export function placesIn(db: Kysely<Tables>, buckets: readonly number[]): Promise<PlaceRow[]> {
  return db.selectFrom('portfolio').select(['customer', 'bucket', 'segment', 'owner', 'team', 'last_contact', 'next_decision', 'stamp']).where('bucket', 'in', buckets).execute();
}

/** Ids of the colleagues of a department. */
export async function colleaguesIn(db: Kysely<Tables>, department: string): Promise<Set<string>> {
  const rows = await db.selectFrom('colleagues').select('id').where('department', '=', department).execute();
  return new Set(rows.map(({ id }) => id));
}

/** Ids of the customers that have these words in their names, or their beginnings. */
export async function customersCalled(db: Kysely<Tables>, text: string): Promise<Set<string>> {
  let query = db.selectFrom('names').select('id').where('kind', '=', 'customer');
  for (const { from, to } of wordRanges(text)) query = query.where('id', 'in', db.selectFrom('name_words').select('id').where('kind', '=', 'customer').where('word', '>=', from).where('word', '<', to));
  return new Set((await query.execute()).map(({ id }) => id));
}

/** The customers of an owner, with the date by which they next decide. */
export function ownedIn(db: Kysely<Tables>, owner: string): Promise<Pick<PlaceRow, 'customer' | 'next_decision'>[]> {
  return db.selectFrom('portfolio').select(['customer', 'next_decision']).where('owner', '=', owner).execute();
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

/** The journey of a customer as the view holds it; undefined when the view does not know it. */
export async function journeyIn(db: Kysely<Tables>, id: string): Promise<Journey | undefined> {
  const row = await db.selectFrom('portfolio').select('journey').where('stream', '=', `customer-${id}`).executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.journey) as Journey);
}
