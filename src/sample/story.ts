/** A customer's story while it is being told: what happened when, who took part, and what refers to what. */
import { DAY, dayOf, instantOf, toIso } from '../kernel/calendar.js';
import { colleagueOf, firstNameOf, MARKETERS, SELLERS, TECHNICIANS } from './organisation.js';
import { mailOf, type Facts } from './profile.js';
import type { Random } from './random.js';

/** Minutes from the start of today, by the clock on the wall; negative before. */
export type Moment = number;
export const A_DAY = 1440;

export interface Draft {
  readonly at: Moment;
  readonly by: string;
  readonly raw: Record<string, unknown>;
}

export interface Person {
  readonly draft: Draft;
  readonly first: string;
  readonly last: string;
  readonly roles: string[];
  left?: Moment;
}

/** Days of today's calendar as instants. */
export class Calendar {
  private readonly noons = new Map<number, number>();
  readonly midnight: number;
  readonly now: Moment;

  constructor(
    readonly today: number,
    private readonly zone: string,
  ) {
    this.midnight = Date.parse(dayOf(today, zone));
    this.now = Math.floor((today - this.instant(0)) / 60_000);
  }

  instant(moment: Moment): number {
    const day = Math.floor(moment / A_DAY);
    let noon = this.noons.get(day);
    if (noon === undefined) this.noons.set(day, (noon = instantOf(this.midnight + day * DAY + DAY / 2, this.zone)));
    return noon + (moment - day * A_DAY - A_DAY / 2) * 60_000;
  }

  date(day: number): string {
    return new Date(this.midnight + day * DAY).toISOString().slice(0, 10);
  }

  /** "3 March", as it stands in notes. */
  spoken(day: number): string {
    return new Date(this.midnight + day * DAY).toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long' });
  }

  month(day: number): number {
    return new Date(this.midnight + day * DAY).getUTCMonth() + 1;
  }

  /** 0 Sunday to 6 Saturday; holidays count as Sundays. */
  weekday(day: number): number {
    const date = new Date(this.midnight + day * DAY);
    const off = ['12-24', '12-25', '12-26', '12-31', '01-01'].includes(date.toISOString().slice(5, 10));
    return off ? 0 : date.getUTCDay();
  }
}

const isFree = (weekday: number): boolean => weekday === 0 || weekday === 6;

export class Story {
  readonly drafts: Draft[] = [];
  readonly people: Person[] = [];
  readonly technician: string;
  readonly marketer: string;
  readonly operator = 'hugo';
  owner: string;
  /** How it began, and the day. */
  origin = '';
  began = 0;

  constructor(
    readonly facts: Facts,
    readonly random: Random,
    readonly calendar: Calendar,
  ) {
    this.owner = random.pick(SELLERS);
    this.technician = random.pick(TECHNICIANS);
    this.marketer = random.pick(MARKETERS);
  }

  // ---- time ----

  /** A moment of a working day, on the day or on the last working day before it. */
  on(day: number): Moment {
    let there = Math.round(day);
    while (isFree(this.calendar.weekday(there))) there -= 1;
    return there * A_DAY + this.random.int(8 * 12, 17 * 12) * 5 + this.random.int(0, 4);
  }

  /** So many days after a moment, in working time; within the day when 0. */
  after(moment: Moment, from: number, to = from): Moment {
    const days = this.random.int(from, to);
    const soon = moment + this.random.int(12, 140);
    let there = Math.floor(moment / A_DAY) + days;
    if (days === 0 && soon - there * A_DAY < 18 * 60) return soon;
    if (days === 0) there += 1;
    while (isFree(this.calendar.weekday(there))) there += 1;
    return there * A_DAY + this.random.int(7 * 12 + 6, 16 * 12) * 5 + this.random.int(0, 4);
  }

  day(moment: Moment): number {
    return Math.floor(moment / A_DAY);
  }

  spoken(moment: Moment): string {
    return this.calendar.spoken(this.day(moment));
  }

  // ---- telling ----

  /** Adds an entry. Drafts and people among the values become references. */
  tell(at: Moment, by: string, kind: string, fields: Readonly<Record<string, unknown>> = {}): Draft {
    const draft: Draft = { at, by, raw: { kind, department: colleagueOf(by).department, ...fields } };
    this.drafts.push(draft);
    return draft;
  }

  /** Tells a chain of entries; none of it when it would run beyond the limit. What lies ahead of today is cut off at the end. */
  thread(limit: Moment, chain: () => void): boolean {
    const { length } = this.drafts;
    const known = this.people.length;
    chain();
    if (limit >= this.calendar.now || this.drafts.slice(length).every(({ at }) => at <= limit)) return true;
    this.drafts.length = length;
    this.people.length = known;
    return false;
  }

  meet(at: Moment, roles: readonly string[], says?: string, by = this.owner): Person {
    const { first, last } = this.facts.names();
    const phone = this.random.chance(0.4) ? { phone: this.facts.currency === 'GBP' ? `+44 20 7946 0${this.random.int(100, 999)}` : `+49 30 23125 ${this.random.int(100, 999)}` } : {};
    const draft = this.tell(at, by, 'person-added', { name: `${first} ${last}`, email: mailOf(first, last, this.facts.domain), ...phone, roles, ...(says !== undefined && { summary: says }) });
    const person: Person = { draft, first, last, roles: [...roles] };
    this.people.push(person);
    return person;
  }

  /** Somebody who is there at that moment, of the role where there is one. */
  someone(at: Moment, role?: string): Person {
    const there = this.people.filter((person) => person.draft.at < at && (person.left === undefined || person.left > at));
    const fitting = there.filter(({ roles }) => role === undefined || roles.includes(role));
    const among = fitting.length > 0 ? fitting : there.length > 0 ? there : this.people;
    return this.random.pick(among);
  }

  name(colleague: string): string {
    return firstNameOf(colleague);
  }

  // ---- the finished list ----

  /** In the order of time, cut at today, references as `#n`. */
  finished(): { readonly entries: Record<string, unknown>[]; readonly actors: string[]; readonly drafts: readonly Draft[] } {
    const gone = new Set<unknown>(this.drafts.filter(({ at }) => at >= this.calendar.now));
    const isGone = (value: unknown): boolean => (Array.isArray(value) ? value.some(isGone) : gone.has(value));
    const sorted = [...this.drafts].sort((a, b) => a.at - b.at);
    for (const draft of sorted) if (Object.values(draft.raw).some(isGone)) gone.add(draft);
    const kept = sorted.filter((draft) => !gone.has(draft));
    const place = new Map<unknown, number>(kept.map((draft, index) => [draft, index]));
    const plain = (value: unknown, index: number): unknown => {
      if (Array.isArray(value)) return value.map((one) => plain(one, index));
      const named = place.get(value);
      if (named === undefined) return value;
      if (named >= index) throw new Error(`${this.facts.name}: entry ${index} (${String(kept[index]!.raw['kind'])}) names a later one`);
      return `#${named}`;
    };
    const entries = kept.map(({ at, raw }, index) => ({ ...Object.fromEntries(Object.entries(raw).map(([field, value]) => [field, plain(value, index)])), occurredAt: toIso(this.calendar.instant(at)) }));
    return { entries, actors: kept.map(({ by }) => by), drafts: kept };
  }
}

