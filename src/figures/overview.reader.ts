/** How things stand at a customer, with names and words: state and rules of one moment of knowledge, content from the log. */
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { CustomersReader } from '../customers/customers.reader.js';
import type { CustomerState, Interaction } from '../customers/customer.js';
import { unacknowledged } from '../customers/handover.js';
import { promiseStateAt } from '../customers/promises.js';
import { namesOf, type SearchTables } from '../customers/search.view.js';
import { toIso } from '../kernel/calendar.js';
import type { Position } from '../kernel/event-store.js';
import { RulesInForce } from '../rings/rules-in-force.js';
import type { Sight } from '../shell/caller.js';
import { Known } from '../shell/known.js';
import { Views } from '../views/views.js';
import { overviewAt, type Benefits, type DecisionAhead, type PersonThen } from './overview.js';

const iso = (instant: number | null): string | null => (instant === null ? null : toIso(instant));

/** A question asked without an instant, or with one this close, is about today. */
const TODAY_MS = 60_000;

@Injectable()
export class OverviewReader {
  constructor(
    private readonly customers: CustomersReader,
    private readonly views: Views,
    private readonly inForce: RulesInForce,
    private readonly known: Known,
  ) {}

  private get db(): Kysely<SearchTables> {
    return this.views.db;
  }

  private async benefitsIn(id: string, state: CustomerState, sight: Sight): Promise<Benefits> {
    const content = await this.customers.contentOf(id, [...state.interactions.values()].filter(({ kind }) => kind === 'benefit-recorded'), sight);
    // Words that were erased were written.
    return new Map([...content].map(([entry, said]) => [entry, { customer: said['customerBenefit'] !== undefined, provider: said['providerBenefit'] !== undefined }]));
  }

  /** As it was at the instant (default now), known now or up to a place in the log. @throws Refusal `missing`. */
  async overview(id: string, { asOf = this.inForce.now(), upTo }: { readonly asOf: number | undefined; readonly upTo?: Position | null }, sight: Sight): Promise<object> {
    const { state } = upTo === undefined ? await this.customers.stateOf(id) : await this.customers.stateAt(id, (position) => this.known.includes(upTo, position));
    const { rules } = upTo === undefined ? this.inForce : await this.inForce.at(upTo);
    // What is set for the days to come is told of today only.
    const isNow = upTo === undefined && asOf >= this.inForce.now() - TODAY_MS;
    const snoozes = isNow ? [...state.snoozes.values()].filter(({ until }) => asOf < until) : [];
    const handover = isNow ? unacknowledged(state) : undefined;
    const { owner, worth, lastContact, people, decisions, issues, steps, promises, offerings, entries, firstEntry } = overviewAt(state, rules, asOf, await this.benefitsIn(id, state, sight));
    const who = steps.map(({ fields, actor }) => String(fields['who'] ?? actor));
    const names = {
      customer: await namesOf(this.db, [id], 'customer'),
      person: await namesOf(this.db, people.map((person) => person.id), 'person'),
      colleague: await namesOf(this.db, [...(owner === null ? [] : [owner]), ...state.team, ...who, ...promises.map((promise) => promise.owner), ...snoozes.map(({ by }) => by), ...(handover === undefined ? [] : [handover.by])], 'colleague'),
    };
    const named = (kind: keyof typeof names, one: string): object => ({ id: one, name: names[kind].get(one) ?? null });
    const cited = [...people.map(({ added }) => added), ...decisions.map(({ entry }) => entry), ...issues, ...steps, ...promises.map(({ made }) => made)];
    const content = await this.customers.contentOf(id, cited, sight);
    const said = (entry: Interaction, field: string): unknown => content.get(entry.id)?.[field] ?? null;
    const personOut = ({ id: person, roles, left, stance, lastContact: heard, lastEntry, consents, closed, added }: PersonThen): object => {
      const hidden = content.get(added.id)?.['hidden'];
      return {
        ...named('person', person),
        email: said(added, 'email'),
        phone: said(added, 'phone'),
        ...(hidden !== undefined && { hidden }),
        roles,
        left: iso(left),
        stance: stance === null ? null : { ...stance, at: toIso(stance.at) },
        lastContact: iso(heard),
        lastEntry: toIso(lastEntry),
        consents: consents.map((entry) => ({ purpose: String(entry.fields['purpose']), given: entry.kind === 'consent-given', at: toIso(entry.occurredAt), entry: entry.id })),
        objections: closed.map(({ channel, since }) => ({ channel, since: toIso(since) })),
      };
    };
    const decisionOut = ({ entry, neededBy, deciders, lacks }: DecisionAhead): object => ({
      entry: entry.id,
      what: said(entry, 'what'),
      opened: toIso(entry.occurredAt),
      neededBy: iso(neededBy),
      offering: entry.offering ?? null,
      deciders: deciders.map(({ person, isMet, stance, isLate }) => ({ person: named('person', person), met: isMet, stance, late: isLate })),
      lacks,
    });
    return {
      ...named('customer', id),
      at: toIso(asOf),
      segment: state.segment,
      owner: owner === null ? null : named('colleague', owner),
      team: state.team.map((one) => named('colleague', one)),
      worth,
      lastContact: iso(lastContact),
      people: people.map(personOut),
      decisions: decisions.map(decisionOut),
      issues: issues.map((entry) => ({ entry: entry.id, severity: Number(entry.fields['severity']), since: toIso(entry.occurredAt), summary: said(entry, 'summary'), offering: entry.offering ?? null })),
      steps: steps.map((entry, index) => ({ entry: entry.id, due: toIso(Number(entry.fields['due'])), who: named('colleague', who[index]!), summary: said(entry, 'summary') })),
      promises: promises.map((promise) => ({ entry: promise.id, what: said(promise.made, 'what'), made: toIso(promise.made.occurredAt), due: toIso(promise.due), state: promiseStateAt(promise, asOf), owner: named('colleague', promise.owner), department: promise.made.department ?? null, produced: iso(promise.produced?.at ?? null), offering: promise.made.offering ?? null })),
      offerings,
      snoozes: await Promise.all(snoozes.map(async (snooze) => ({ at: toIso(snooze.at), until: toIso(snooze.until), only: snooze.only ?? null, by: named('colleague', snooze.by), ...(await this.customers.snoozeSaid(id, snooze.revision)) }))),
      handover: handover === undefined ? null : { by: named('colleague', handover.by), at: toIso(handover.occurredAt), entry: handover.entry },
      entries,
      firstEntry: iso(firstEntry),
    };
  }
}
