/** Finds the people of whom nothing was heard for long: a page of people at a time, others have their turn between. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { customer, customerStream, type CustomerState } from '../customers/customer.js';
import { Organisation } from '../customers/customers.writer.js';
import { namesOf, type SearchTables } from '../customers/search.view.js';
import type { TimelineTables } from '../customers/timeline.view.js';
import { toIso } from '../kernel/calendar.js';
import { Executor } from '../shell/executor.js';
import { Projector } from '../shell/projector.js';
import { Views } from '../views/views.js';
import { peopleHeld, type RequestTables } from './requests.view.js';
import { SettingsInForce } from '../access/settings-in-force.js';
import { keptBecause, lastNamed, monthsBefore, type Kept } from './silence.js';

/** Whether a customer has a term in force; another slice knows. */
export abstract class TermsInForce {
  abstract has(state: CustomerState): boolean;
}

export interface Silent {
  readonly customer: string;
  readonly person: string;
  /** Epoch ms: when something that names them last happened or was recorded. */
  readonly since: number;
  /** null: to be erased. */
  readonly kept: Kept | null;
}

/** People looked at together. */
const PAGE = 200;

@Injectable()
export class SilenceReader {
  constructor(
    private readonly views: Views,
    private readonly projector: Projector,
    private readonly executor: Executor,
    private readonly organisation: Organisation,
    private readonly settings: SettingsInForce,
    private readonly terms: TermsInForce,
  ) {}

  private get db(): Kysely<SearchTables & TimelineTables & RequestTables> {
    return this.views.db;
  }

  /** Whoever was not named since then is silent; null while the setting is off. */
  cutoff(): { readonly months: number; readonly before: number } | null {
    const months = this.settings.settings.erasePeopleAfterMonths;
    return months === null ? null : { months, before: monthsBefore(this.organisation.now(), months) };
  }

  /** Everybody silent since before the instant, by id. Whoever has no name any more was erased, or taken back. */
  async *silent(before: number, signal?: AbortSignal): AsyncGenerator<Silent> {
    // An entry written a moment ago must be seen.
    await this.projector.caughtUp();
    for (let after = ''; ; ) {
      signal?.throwIfAborted();
      const people = await this.db.selectFrom('names').select(['id', 'customer']).where('kind', '=', 'person').where('id', '>', after).orderBy('id').limit(PAGE).execute();
      if (people.length === 0) return;
      after = people.at(-1)!.id;
      const ids = people.map(({ id }) => id);
      const last = await this.lastEntries(ids);
      const held = await peopleHeld(this.db, ids);
      for (const { id, customer: at } of people) {
        const since = last.get(id);
        if (since === undefined || since >= before) continue;
        const { state } = await this.executor.load(customer, customerStream(at));
        if (!state.people.has(id) || state.erased.has(id) || lastNamed(state, id) >= before) continue;
        yield { customer: at, person: id, since, kept: held.get(id) ?? keptBecause(state, id, () => this.terms.has(state)) };
        // A customer may have many entries, and each person reads them all.
        await nextTurn();
      }
      await nextTurn();
    }
  }

  /** By person, when an entry in force that names them last happened or was first recorded, whichever is later: old history that was imported today is not silence. */
  private async lastEntries(people: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.db.selectFrom('timeline_people').innerJoin('timeline', 'timeline.id', 'timeline_people.entry')
      .select(({ fn }) => ['timeline_people.person', fn.max<number>('occurred_at').as('happened'), fn.max<number>('recorded_at').as('recorded')])
      .where('timeline_people.person', 'in', people).where('timeline.retracted', '=', 0).groupBy('timeline_people.person').execute();
    return new Map(rows.map(({ person, happened, recorded }) => [person, Math.max(happened, recorded)]));
  }

  /** Whom a sweep would erase now, and who is kept and why; at most `limit` of each, and how many there are. */
  async due(limit: number): Promise<object> {
    const cutoff = this.cutoff();
    const lists: Record<'due' | 'kept', Silent[]> = { due: [], kept: [] };
    const totals = { due: 0, kept: 0 };
    if (cutoff !== null) {
      for await (const one of this.silent(cutoff.before)) {
        const which = one.kept === null ? 'due' : 'kept';
        totals[which] += 1;
        if (lists[which].length < limit) lists[which].push(one);
      }
    }
    const all = [...lists.due, ...lists.kept];
    const people = await namesOf(this.db, all.map(({ person }) => person), 'person');
    const customers = await namesOf(this.db, all.map((one) => one.customer), 'customer');
    const out = ({ customer: at, person, since }: Silent): object => ({ customer: { id: at, name: customers.get(at) ?? null }, person: { id: person, name: people.get(person) ?? null }, silentSince: toIso(since) });
    return {
      months: cutoff?.months ?? null,
      before: cutoff === null ? null : toIso(cutoff.before),
      total: totals.due,
      items: lists.due.map(out),
      keptTotal: totals.kept,
      kept: lists.kept.map((one) => ({ ...(out(one) as Record<string, unknown>), because: one.kept })),
    };
  }
}
