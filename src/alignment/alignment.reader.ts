/** Walks over customers with checks and adds up what they find; or shows what they found, customer by customer. */
import { Inject, Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { LRUCache } from 'lru-cache';
import { changed, DEFAULTS, SETTINGS_STREAM, type SettingChanged, type Settings } from '../access/settings.js';
import { customerStream, type CustomerState } from '../customers/customer.js';
import type { Entry } from '../customers/entry.js';
import { ownEntriesIn, type OwnEntryTables } from '../customers/own-entries.view.js';
import { namesOf, type SearchTables } from '../customers/search.view.js';
import { before, Counter, type Check, type Finding, type Verdict } from '../figures/checking.js';
import { factsOf, ownerAt, type Facts } from '../figures/facts.js';
import type { Window } from '../figures/figure.js';
import { fits } from '../figures/figures.reader.js';
import { shownAs } from '../figures/named-colleagues.js';
import type { Asking } from '../figures/questions.reader.js';
import { Turns, Walk, type Read } from '../figures/walk.reader.js';
import { toIso } from '../kernel/calendar.js';
import type { EventStore, Position, RecordedEvent } from '../kernel/event-store.js';
import type { Rules } from '../rings/rules.js';
import { Known } from '../shell/known.js';
import { openFields } from '../vault/codec.js';
import { Vault } from '../vault/vault.js';
import { Views } from '../views/views.js';
import { enablementOf, launchOf, Ours } from './campaigns.js';
import { statementPairs, type Grounds } from './detectors.js';

/** Statements that are kept, sealed, for the next walk. */
const STATEMENTS = 5000;

export interface Looking {
  readonly asking: Asking;
  readonly windowOf: (check: AnyCheck) => Window;
  readonly grounds: Grounds;
  readonly signal?: AbortSignal;
}

export interface OwnedFinding extends Finding {
  readonly customer: string;
  readonly check: string;
}

export type AnyCheck = Check<Grounds>;

@Injectable()
export class AlignmentReader {
  /** Of states that the walk keeps, and that nobody changes. */
  private readonly facts = new WeakMap<CustomerState, { readonly rules: Rules; readonly facts: Facts }>();
  /** Statements as they stand sealed in the log, by customer and revision. */
  private readonly statements = new LRUCache<string, RecordedEvent>({ max: STATEMENTS });

  constructor(
    private readonly walk: Walk,
    @Inject('EventStore') private readonly store: EventStore,
    private readonly vault: Vault,
    private readonly views: Views,
    private readonly known: Known,
  ) {}

  private get db(): Kysely<OwnEntryTables & SearchTables> {
    return this.views.db;
  }

  /** The settings as they were known up to the place. */
  async thresholds(upTo: Position | null): Promise<Settings> {
    const events = (await this.store.read(SETTINGS_STREAM)).filter(({ position }) => this.known.includes(upTo, position));
    return events.reduce((now, { data }) => changed(now, data as SettingChanged), DEFAULTS);
  }

  /** Campaigns and enablements as they were known up to the place. */
  async ours(upTo: Position | null): Promise<Ours> {
    const known = async (kind: string) => (await ownEntriesIn(this.db, kind)).filter(({ position }) => this.known.includes(upTo, position));
    return new Ours((await known('campaign-launched')).map(launchOf), (await known('enablement-completed')).map(enablementOf));
  }

  async grounds({ rules, upTo }: Asking, zone: string, thresholds: Settings): Promise<Grounds> {
    return { rules: rules.rules, zone, thresholds, ours: await this.ours(upTo), said: (customer, { revision }) => this.said(customer, revision) };
  }

  /** The verdicts of checks over all customers that fit, in the order of the checks. */
  async verdicts(checks: readonly AnyCheck[], looking: Looking): Promise<{ readonly verdicts: readonly Verdict[]; readonly read: Read }> {
    const counters = checks.map((check) => new Counter(check, looking.grounds));
    const read = await this.each(checks, looking, (check, findings) => counters[check]!.add(findings));
    return { verdicts: counters.map((counter) => counter.verdict()), read };
  }

  /** Everything that checks found. */
  async findings(checks: readonly AnyCheck[], looking: Looking): Promise<{ readonly findings: readonly OwnedFinding[]; readonly read: Read }> {
    const all: OwnedFinding[] = [];
    const read = await this.each(checks, looking, (check, findings, customer) => {
      for (const finding of findings) all.push({ ...finding, customer, check: checks[check]!.name });
    });
    return { findings: all, read };
  }

  /** What checks found at one customer, in the order of the checks; undefined when it was not known. */
  async findingsAt(customer: string, checks: readonly AnyCheck[], { asking, windowOf, grounds }: Omit<Looking, 'signal'>): Promise<readonly (readonly Finding[])[] | undefined> {
    const state = await this.walk.customer(customer, asking.upTo);
    if (state?.registered !== true) return undefined;
    const facts = before(factsOf(state, grounds.rules), asking.asOf);
    await this.readStatements(facts, widest(checks, windowOf), grounds);
    return checks.map((check) => check.look(facts, windowOf(check), grounds));
  }

  /** Campaigns as they stand now, the newest first. */
  async campaigns(): Promise<object[]> {
    const rows = await ownEntriesIn(this.db, 'campaign-launched');
    const names = await namesOf(this.db, rows.map(({ actor }) => actor), 'colleague');
    const last = new Map(rows.map((row) => [String(row.fields['campaign']), row]));
    return [...last.values()].sort((a, b) => b.occurredAt - a.occurredAt || (a.id < b.id ? -1 : 1)).map((row) => {
      const { entry, at, ...launch } = launchOf(row);
      return { ...launch, entry, launchedAt: toIso(at), launches: rows.filter(({ fields }) => fields['campaign'] === launch.campaign).length, by: { id: row.actor, name: names.get(row.actor) ?? null } };
    });
  }

  /** Enablements, the newest first. */
  async enablements(): Promise<object[]> {
    const rows = (await ownEntriesIn(this.db, 'enablement-completed')).toReversed();
    const names = await namesOf(this.db, rows.flatMap((row) => [row.actor, enablementOf(row).colleague]), 'colleague');
    return rows.map((row) => {
      const { entry, colleague, offering, at } = enablementOf(row);
      return { entry, colleague: { id: colleague, name: names.get(colleague) ?? null }, offering, completedAt: toIso(at), by: { id: row.actor, name: names.get(row.actor) ?? null } };
    });
  }

  /** Keys in use, each with how often; the most frequent first. */
  async tags(signal: AbortSignal): Promise<object> {
    const launches = (await ownEntriesIn(this.db, 'campaign-launched')).map(launchOf);
    const needs = new Map<string, number>();
    const offerings = new Map<string, number>();
    const count = (counts: Map<string, number>, tag: string | null | undefined): void => void (tag != null && counts.set(tag, (counts.get(tag) ?? 0) + 1));
    for await (const { interactions } of this.walk.customers(this.known.now(), { customers: 0, events: 0, ms: 0 }, signal)) {
      const [own, named] = [new Set<string>(), new Set<string>()];
      for (const { kind, offering, fields } of interactions.values()) {
        if (kind === 'need-stated') own.add(String(fields['tag']));
        if (offering !== undefined) named.add(offering);
      }
      for (const tag of own) count(needs, tag);
      for (const offering of named) count(offerings, offering);
    }
    const [claims, needTags, callsToAction] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
    for (const launch of launches) {
      for (const tag of new Set(launch.claims)) count(claims, tag);
      for (const tag of new Set(launch.needTags)) count(needTags, tag);
      count(callsToAction, launch.callToAction);
      count(offerings, launch.offering);
    }
    const out = (counts: ReadonlyMap<string, number>): object[] => [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([tag, uses]) => ({ tag, uses }));
    return { claims: out(claims), needTags: out(needTags), needs: out(needs), offerings: out(offerings), callsToAction: out(callsToAction) };
  }

  names(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return namesOf(this.db, ids, 'customer');
  }

  private async each(checks: readonly AnyCheck[], { asking, windowOf, grounds, signal }: Looking, take: (check: number, findings: readonly Finding[], customer: string) => void): Promise<Read> {
    const { upTo, asOf, filter, offering, together } = asking;
    const windows = checks.map(windowOf);
    const all = widest(checks, windowOf);
    const read: Read = { customers: 0, events: 0, ms: 0 };
    const departments = filter.department === undefined ? new Map<string, string>() : await this.walk.departments(upTo);
    const turns = new Turns(signal);
    for await (const state of this.walk.customers(upTo, read, signal)) {
      const whole = offering === undefined ? this.factsOf(state, grounds.rules) : factsOf(state, grounds.rules, offering);
      const owner = ownerAt(whole, asOf);
      if (!fits(whole, owner, owner === null ? null : (departments.get(owner) ?? null), filter)) continue;
      const facts = before(whole, asOf);
      // Who did not exist yet has nothing missing.
      if (facts.entries.length === 0) continue;
      await this.readStatements(facts, all, grounds);
      for (const [index, check] of checks.entries()) {
        take(index, check.look(facts, windows[index]!, grounds).map((finding) => (check.byDepartment === true && finding.group !== undefined ? { ...finding, group: shownAs(finding.group, together) } : finding)), state.id);
        // One customer with a long history is work enough for several turns.
        if (turns.isOver) await turns.next();
      }
    }
    return read;
  }

  private factsOf(state: CustomerState, rules: Rules): Facts {
    const known = this.facts.get(state);
    if (known?.rules === rules) return known.facts;
    const facts = factsOf(state, rules);
    this.facts.set(state, { rules, facts });
    return facts;
  }

  /** The words of statements stand sealed in the log; those that will be compared are read before. */
  private async readStatements(facts: Facts, window: Window, { thresholds }: Grounds): Promise<void> {
    const wanted = new Set(statementPairs(facts, window, thresholds.alignmentStatementDays).flatMap(({ first, then }) => [first.revision, then.revision]));
    await Promise.all([...wanted].map(async (revision) => {
      const key = keyOf(facts.customer, revision);
      if (this.statements.has(key)) return;
      const [event] = await this.store.read(customerStream(facts.customer), revision, 1);
      if (event !== undefined) this.statements.set(key, event);
    }));
  }

  /** Opened each time: its key may have been destroyed since it was read. */
  private said(customer: string, revision: number): string | null {
    const event = this.statements.get(keyOf(customer, revision));
    if (event === undefined) return null;
    const { value } = (openFields(event.data, event.id, this.vault.keyOf).data as unknown as Entry).fields;
    return typeof value === 'string' ? value : null;
  }
}

/** From the first instant that a check looks at. */
const widest = (checks: readonly AnyCheck[], windowOf: Looking['windowOf']): Window => {
  const windows = checks.map(windowOf);
  return { from: Math.min(...windows.map(({ from }) => from)), to: Math.max(...windows.map(({ to }) => to)) };
};

const keyOf = (customer: string, revision: number): string => `${customer} ${revision}`;
