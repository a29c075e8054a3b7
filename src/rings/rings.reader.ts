/** Reads that need rings: journeys, timelines with ring changes, open issues and steps due. */
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import type { ColleagueTables } from '../customers/colleagues.view.js';
import { CustomersReader } from '../customers/customers.reader.js';
import { namesOf, type SearchTables } from '../customers/search.view.js';
import { fitting, type TimelineCursor, type TimelineFilter } from '../customers/timeline.view.js';
import { toIso } from '../kernel/calendar.js';
import type { Position } from '../kernel/event-store.js';
import type { Sight } from '../shell/caller.js';
import { paged } from '../shell/cursor.js';
import { Known } from '../shell/known.js';
import { Views } from '../views/views.js';
import { kindsThatLight } from './fold.js';
import type { Journey, RingState, Spell, Standing } from './journey.js';
import { journeyIn, type PortfolioTables } from './portfolio.view.js';
import { RING_NAMES, type Rules } from './rules.js';
import { RulesInForce } from './rules-in-force.js';
import { journeyAt, standingOf } from './standing.js';

const iso = (instant: number | null): string | null => (instant === null ? null : toIso(instant));

const spellOut = (spell: Spell): object => ({ ring: spell.ring, name: RING_NAMES[spell.ring], from: toIso(spell.from), to: iso(spell.to), openedBy: spell.openedBy, closedBy: spell.closedBy, cause: spell.cause, ...(spell.marked !== undefined && { marked: spell.marked }) });

function ringOut(state: RingState, rules: Rules): object {
  const named = { ring: state.ring, name: RING_NAMES[state.ring], state: state.state };
  switch (state.state) {
    case 'nothing recorded':
      return { ...named, wouldLight: state.wouldLight };
    case 'not reached':
      return { ...named, wouldLight: kindsThatLight(state.ring, rules) };
    case 'not due':
      return { ...named, before: toIso(state.before) };
    case 'lit':
    case 'at risk': {
      const { since, until, atRiskFrom, cause, because, marked } = state;
      return { ...named, since: toIso(since), until: iso(until), atRiskFrom: iso(atRiskFrom), endsBy: cause, because, ...(marked !== undefined && { marked }) };
    }
    case 'out':
      return { ...named, since: toIso(state.since), cause: state.cause, because: state.because, wouldLight: kindsThatLight(state.ring, rules) };
  }
}

/** "4 of 5, missing Contact". */
export function depthSays({ lit, gaps }: Standing): string {
  const missing = gaps.map((ring) => RING_NAMES[ring]);
  return `${lit.length} of 5${missing.length > 0 ? `, missing ${missing.join(' and ')}` : ''}`;
}

function standingOut(standing: Standing, rules: Rules): object {
  const { at, rings, renewedAhead, ...rest } = standing;
  return { at: toIso(at), ...rest, says: depthSays(standing), renewedAhead: iso(renewedAhead), rings: rings.map((ring) => ringOut(ring, rules)) };
}

/** Rings going on and out within [from, to), newest first. */
function changesIn(journey: Journey, from: number, to: number): object[] {
  return journey.spells
    .flatMap((spell) => [
      { type: 'ring-change', ring: spell.ring, name: RING_NAMES[spell.ring], change: 'lit', at: spell.from, cause: null, because: spell.openedBy },
      ...(spell.to === null ? [] : [{ type: 'ring-change', ring: spell.ring, name: RING_NAMES[spell.ring], change: 'out', at: spell.to, cause: spell.cause, because: spell.closedBy }]),
    ])
    .filter(({ at }) => at >= from && at < to)
    .sort((a, b) => b.at - a.at || b.ring - a.ring);
}

@Injectable()
export class RingsReader {
  constructor(
    private readonly customers: CustomersReader,
    private readonly views: Views,
    private readonly inForce: RulesInForce,
    private readonly known: Known,
  ) {}

  private get db(): Kysely<PortfolioTables & SearchTables & ColleagueTables> {
    return this.views.db;
  }

  /** The journey of a customer as it was (default now), with all its spells up to then; known now, or as it was known up to a place in the log. */
  async journey(id: string, { asOf = this.inForce.now(), upTo }: { readonly asOf: number | undefined; readonly upTo?: Position | null }, offering: string | undefined): Promise<object> {
    const known = upTo === undefined ? await this.customers.stateOf(id) : { ...(await this.customers.stateAt(id, (position) => this.known.includes(upTo, position))), position: upTo };
    const { rules, version } = upTo === undefined ? this.inForce : await this.inForce.at(upTo);
    const journey = journeyAt(known.state.interactions.values(), rules, asOf, { erased: known.state.erased, ...(offering !== undefined && { offering }) });
    return {
      customer: id,
      ...standingOut(standingOf(journey, rules, asOf), rules),
      spells: journey.spells.map(spellOut),
      offering: offering ?? null,
      // What was recorded just now is in the state before it is in the views.
      asKnown: upTo === undefined ? this.known.now(known.position) : upTo,
      rulesVersion: version,
      revision: known.revision,
    };
  }

  /** A page of the timeline, newest happening first, with the ring changes between its entries. */
  async timeline(id: string, filter: TimelineFilter, place: TimelineCursor | undefined, limit: number, originals: boolean, sight: Sight): Promise<object> {
    const rows = await this.customers.timeline(id, originals ? { ...filter, retracted: true } : filter, place, limit + 1, sight);
    const { page, next } = paged(rows, limit, ({ occurred_at, id: entry }) => [occurred_at, entry]);
    const entries = await this.customers.wire(page, sight);
    const versions = await this.customers.versions(id, originals ? page.filter((row) => row.content_revision !== row.revision) : [], sight);
    // Ring changes in the stretch of time this page covers.
    const newest = Math.min(place?.occurredAt ?? Infinity, filter.to ?? Infinity, this.inForce.now() + 1);
    const oldest = next === null ? (filter.from ?? -Infinity) : page.at(-1)!.occurred_at;
    const { journey, version } = await this.journeyInForce(id);
    const changes = journey === undefined ? [] : changesIn(journey, oldest, newest).map((change) => ({ ...change, at: toIso((change as { at: number }).at), rulesVersion: version }));
    const items: object[] = entries.map((entry) => ({ type: 'entry', ...entry, ...(versions.has(entry.id) && { versions: versions.get(entry.id) }) }));
    return { items: merged(items, changes), next };
  }

  /** The same as it was known once: by the entries, their versions and the rules of that time. */
  async timelineKnown(id: string, filter: TimelineFilter, place: TimelineCursor | undefined, limit: number, { asOf, upTo }: { readonly asOf: number; readonly upTo: Position | null }, sight: Sight): Promise<object> {
    const { state } = await this.customers.stateAt(id, (position) => this.known.includes(upTo, position));
    const { page, next } = paged(fitting(state.interactions.values(), filter, place).slice(0, limit + 1), limit, ({ occurredAt, id: entry }) => [occurredAt, entry]);
    const entries = await this.customers.wire(await this.customers.rowsOf(page), sight);
    const { rules, version } = await this.inForce.at(upTo);
    const journey = journeyAt(state.interactions.values(), rules, asOf, { erased: state.erased });
    const newest = Math.min(place?.occurredAt ?? Infinity, filter.to ?? Infinity, asOf + 1);
    const oldest = next === null ? (filter.from ?? -Infinity) : page.at(-1)!.occurredAt;
    const changes = changesIn(journey, oldest, newest).map((change) => ({ ...change, at: toIso((change as { at: number }).at), rulesVersion: version }));
    return { items: merged(entries.map((entry) => ({ type: 'entry', ...entry })), changes), next };
  }

  /** The journey that the view holds, and the rules it was made by: asked again when others came into force meanwhile. */
  private async journeyInForce(id: string): Promise<{ readonly journey: Journey | undefined; readonly version: string }> {
    for (;;) {
      const { version } = this.inForce;
      const journey = await journeyIn(this.db, id);
      if (version === this.inForce.version) return { journey, version };
    }
  }

  /** Open issues, the gravest and oldest first. */
  async issues(filter: { readonly owner?: string; readonly severity?: number }, place: readonly (string | number)[] | undefined, limit: number, sight: Sight): Promise<object> {
    let query = this.db.selectFrom('open_issues').selectAll('open_issues');
    if (filter.owner !== undefined) query = query.where('open_issues.stream', 'in', this.db.selectFrom('portfolio').select('stream').where('owner', '=', filter.owner));
    if (filter.severity !== undefined) query = query.where('severity', '<=', filter.severity);
    if (place !== undefined) {
      const [severity, since, id] = place as [number, number, string];
      query = query.where((is) => is.or([is('severity', '>', severity), is.and([is('severity', '=', severity), is('since', '>', since)]), is.and([is('severity', '=', severity), is('since', '=', since), is('id', '>', id)])]));
    }
    const rows = await query.orderBy('severity').orderBy('since').orderBy('id').limit(limit + 1).execute();
    const { page, next } = paged(rows, limit, ({ severity, since, id }) => [severity, since, id]);
    return { items: await this.withContent(page, sight), next };
  }

  /** Planned steps not done, the earliest due first. */
  async steps(filter: { readonly who?: string; readonly dueBefore?: number }, place: readonly (string | number)[] | undefined, limit: number, sight: Sight): Promise<object> {
    let query = this.db.selectFrom('planned_steps').selectAll();
    if (filter.who !== undefined) query = query.where('who', '=', filter.who);
    if (filter.dueBefore !== undefined) query = query.where('due', '<', filter.dueBefore);
    if (place !== undefined) {
      const [due, id] = place as [number, string];
      query = query.where((is) => is.or([is('due', '>', due), is.and([is('due', '=', due), is('id', '>', id)])]));
    }
    const rows = await query.orderBy('due').orderBy('id').limit(limit + 1).execute();
    const { page, next } = paged(rows, limit, ({ due, id }) => [due, id]);
    return { items: await this.withContent(page, sight), next };
  }

  private async withContent(rows: readonly { readonly id: string; readonly customer: string }[], sight: Sight): Promise<object[]> {
    if (rows.length === 0) return [];
    const names = await namesOf(this.db, rows.map(({ customer }) => customer), 'customer');
    const byId = await this.customers.entriesOf(rows.map(({ id }) => id), sight);
    return rows.map(({ id, customer }) => ({ customer: { id: customer, name: names.get(customer) ?? null }, ...byId.get(id) }));
  }
}

/** Both lists are newest first; at one instant the ring change stands above the entry that made it. */
function merged(entries: readonly object[], changes: readonly object[]): object[] {
  const items: object[] = [];
  let next = 0;
  for (const entry of entries) {
    const { occurredAt } = entry as { occurredAt: string };
    while (next < changes.length && (changes[next] as { at: string }).at >= occurredAt) items.push(changes[next++]!);
    items.push(entry);
  }
  return [...items, ...changes.slice(next)];
}

