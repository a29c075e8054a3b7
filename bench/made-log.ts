/** A log of any length that is never stored: the events of a page are made when it is read, always the same ones. */
import { DAY } from '../src/kernel/calendar.js';
import type { EventStore, Position, RecordedEvent } from '../src/kernel/event-store.js';

export interface Shape {
  readonly customers: number;
  /** Events of each customer, its registration among them. */
  readonly each: number;
  /** All of a customer together (as a file sorted by customer brings them), or in turns, by time. */
  readonly order: 'by customer' | 'by time';
  /** Days that the history covers, and the first of them. */
  readonly days: number;
  readonly start: number;
}

const SEGMENTS = ['small', 'middle', 'large', 'public'];
const ORIGINS = ['fair', 'web', 'referral'];
const OWNERS = 12;

/** A number from 0 to below `of` that looks random, and is always the same for the same arguments. */
function chance(of: number, customer: number, n: number, salt: number): number {
  let x = Math.imul(customer + 1, 0x9e3779b1) ^ Math.imul(n + 1, 0x85ebca6b) ^ Math.imul(salt + 1, 0xc2b2ae35);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return ((x ^ (x >>> 15)) >>> 0) % of;
}

const idOf = (customer: number, n: number): string => `01900000-${(customer >>> 16).toString(16).padStart(4, '0')}-7000-8000-${(customer & 0xffff).toString(16).padStart(4, '0')}${n.toString(16).padStart(8, '0')}`;

interface Content {
  readonly kind: string;
  readonly side: 'customer' | 'us';
  readonly offering?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly people?: readonly string[];
}

/** What the nth entry of a customer is: a purchase early on, a renewal a year, a survey a quarter, now and then a review; else conversation. */
function contentOf(customer: number, n: number, { each, days }: Shape): Content {
  const year = Math.max(8, Math.round((each * 365) / days));
  const person = `p${customer}`;
  const money = { amount: 1000 * (1 + chance(50, customer, 0, 7)), currency: chance(5, customer, 0, 8) === 0 ? 'CHF' : 'EUR' };
  if (n === 3) return { kind: 'purchase', side: 'customer', offering: 'plan', fields: money };
  if (n > 3 && (n - 3) % year === 0 && chance(10, customer, n, 1) < 8) return { kind: 'renewal', side: 'customer', offering: 'plan', fields: { ...money, amount: Math.round((money.amount * (80 + chance(50, customer, n, 2))) / 100) } };
  if (n % Math.max(5, Math.round(year / 4)) === 4) return { kind: 'survey-answered', side: 'customer', fields: { person, nps: chance(11, customer, n, 3) } };
  if (n % Math.max(7, Math.round(year / 2)) === 6) return { kind: 'outcome-confirmed', side: 'customer' };
  if (chance(60, customer, n, 4) === 0) return { kind: 'review', side: 'customer', fields: { person, stars: 1 + chance(5, customer, n, 5), verification: 'evidenced', incentivised: chance(3, customer, n, 9) === 0 } };
  return [
    { kind: 'reply', side: 'customer' as const },
    { kind: 'email', side: 'us' as const },
    { kind: 'call', side: 'us' as const, fields: { attended: chance(2, customer, n, 6) === 0 } },
    { kind: 'note', side: 'us' as const },
  ][chance(4, customer, n, 10)]!;
}

export class MadeLog implements EventStore {
  readonly length: number;

  constructor(private readonly shape: Shape) {
    this.length = shape.customers * shape.each;
  }

  private event(customer: number, n: number, position: number): RecordedEvent {
    const { each, days, start, customers } = this.shape;
    const id = idOf(customer, n);
    const spread = (days * DAY) / each;
    const occurredAt = Math.floor(start + n * spread + chance(Math.max(1, Math.floor(spread)), customer, n, 0) * 0.9 + (customer / customers) * spread * 0.1);
    const common = { id, stream: `customer-c${customer}`, revision: n, position: String(position), recordedAt: occurredAt, metadata: { commandId: id, n: 0, mac: id, correlationId: id, causationId: null, actor: `o${customer % OWNERS}` } };
    if (n === 0) return { ...common, type: 'CustomerRegistered', data: { name: `Customer ${customer}`, nameMac: id, segment: SEGMENTS[chance(4, customer, 0, 11)], origin: ORIGINS[chance(3, customer, 0, 12)], owner: `o${customer % OWNERS}`, team: [] } };
    const { fields = {}, people = [], ...content } = contentOf(customer, n, this.shape);
    return { ...common, type: 'InteractionLogged', data: { ...content, fields, people, occurredAt, mac: id } };
  }

  private at(position: number): RecordedEvent {
    const { customers, each, order } = this.shape;
    const index = position - 1;
    return order === 'by customer' ? this.event(Math.floor(index / each), index % each, position) : this.event(index % customers, Math.floor(index / customers), position);
  }

  async read(stream: string, from = 0, limit = Infinity): Promise<RecordedEvent[]> {
    const { customers, each, order } = this.shape;
    const customer = Number(stream.slice('customer-c'.length));
    const to = Math.min(each, from + limit);
    return Array.from({ length: Math.max(0, to - from) }, (_, i) => this.event(customer, from + i, 1 + (order === 'by customer' ? customer * each + from + i : (from + i) * customers + customer)));
  }

  async readAll(after: Position | null, limit: number): Promise<RecordedEvent[]> {
    const from = Number(after ?? 0);
    return Array.from({ length: Math.max(0, Math.min(limit, this.length - from)) }, (_, i) => this.at(from + 1 + i));
  }

  append(): Promise<never> {
    return Promise.reject(new Error('a made log is not written to'));
  }

  async head(): Promise<Position | null> {
    return this.length === 0 ? null : String(this.length);
  }

  compare(a: Position, b: Position): number {
    return Number(a) - Number(b);
  }

  onAppend(): () => void {
    return () => undefined;
  }

  async close(): Promise<void> {
    // Nothing is open.
  }
}
