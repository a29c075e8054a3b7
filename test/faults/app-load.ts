/** Clients of the app over HTTP who never give up, and what must hold of the log once each of them has its answers. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Position, RecordedEvent } from '../../src/kernel/event-store.js';
import { API, type Json } from '../api/app.js';

export const CLIENTS = 8;
/** How long a client waits before it asks the same again. */
const PAUSE_MS = 20;
/** Only so many of a customer's newest entries are looked for in a page of 200. */
const LOOKED_FOR = 40;
/** Every so many commands a client registers a new customer of its own. */
const CUSTOMER_EVERY = 8;

/** A command that was answered. Its marks stand in what it wrote: a name or summaries. */
export interface Acknowledged {
  readonly customer: string;
  readonly marks: readonly string[];
  /** Ids of its entries; none for a customer's registration. */
  readonly entries: readonly string[];
  readonly position: Position;
}

/** Where the clients send to; it changes with every start of the app. */
export interface Address {
  readonly url: string;
  /** Header by which it knows who asks. */
  readonly authorization: string;
}

interface Heard {
  readonly status: number;
  readonly json: Json;
}

export class Load {
  readonly acknowledged: Acknowledged[] = [];
  /** Answers that were wrong, a sentence each. */
  readonly problems: string[] = [];
  /** Answers to commands that stood already. */
  repeated = 0;
  /** Requests that got no answer, and those that were told to try again. */
  unanswered = 0;
  refused = 0;
  reads = 0;
  private stopping = false;
  private abandoned = false;
  private shared = '';
  private running: Promise<unknown> = Promise.resolve();
  private readonly byCustomer = new Map<string, Acknowledged[]>();

  constructor(
    /** Called for each request: it may be another each time. */
    private readonly address: () => Promise<Address>,
    private readonly compare: (a: Position, b: Position) => number,
  ) {}

  async start(): Promise<void> {
    await this.ask('POST', 'colleagues', { id: 'ada', name: 'Ada', department: 'sales' }, 'ada');
    this.running = Promise.all(Array.from({ length: CLIENTS }, (_, client) => this.client(client)));
    this.running.catch(() => undefined);
  }

  /** Resolves when each client has an answer to what it asked last. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  /** Nobody answers any more: the clients end with what they ask now. */
  abandon(): void {
    this.stopping = this.abandoned = true;
  }

  /** Resolves when so many more commands were answered. @throws when the clients stop first. */
  async grows(by: number): Promise<void> {
    const enough = this.acknowledged.length + by;
    let ended: Error | undefined;
    void this.running.then(() => (ended = new Error('the clients stopped')), (error: unknown) => (ended = error as Error));
    while (this.acknowledged.length < enough) {
      if (ended !== undefined) throw ended;
      await sleep(5);
    }
  }

  private async client(client: number): Promise<void> {
    let own = '';
    for (let k = 0; !this.stopping; k += 1) {
      const key = `${client}-${k}`;
      if (k % CUSTOMER_EVERY === 0) {
        const { status, json } = await this.ask('POST', 'customers', { name: `mark-${key}-0.` }, key);
        if (status >= 300) {
          this.problems.push(`refused: ${key} as a new customer: ${status} ${json.code}`);
          // Straight on to the next new customer: this one's id nobody knows.
          k += CUSTOMER_EVERY - 1;
          continue;
        }
        own = json.id;
        if (client === 0 || this.shared === '') this.shared = own;
        await this.take({ customer: own, marks: [`mark-${key}-0.`], entries: [], position: json.position });
        continue;
      }
      const customer = k % 3 === 0 ? this.shared : own;
      const marks = Array.from({ length: 1 + (k % 3) }, (_, n) => `mark-${key}-${n}.`);
      const { status, json } = await this.ask('POST', `customers/${customer}/interactions`, { entries: marks.map((summary) => ({ kind: 'note', summary })) }, key);
      if (status === 201) await this.take({ customer, marks, entries: json.entries, position: json.position });
      else this.problems.push(`refused: ${key} of customer ${customer}, who is there: ${status} ${json.code}`);
    }
  }

  private async take(acknowledged: Acknowledged): Promise<void> {
    this.acknowledged.push(acknowledged);
    const others = this.byCustomer.get(acknowledged.customer) ?? [];
    this.byCustomer.set(acknowledged.customer, [...others, acknowledged]);
    await this.readAfter(acknowledged);
    // And what somebody else has just been told.
    await this.readAfter(this.acknowledged.at(-1)!);
  }

  /** What was acknowledged up to a position, before the request was sent, must stand in both sorts of views: one of events, one of whole streams. */
  private async readAfter({ customer, position }: Acknowledged): Promise<void> {
    const promised = (this.byCustomer.get(customer) ?? []).filter((one) => this.compare(one.position, position) <= 0);
    const [timeline, row] = await Promise.all([`/timeline?limit=200&after=`, '?after='].map((path) => this.ask('GET', `customers/${customer}${path}${encodeURIComponent(position)}`)));
    this.reads += 2;
    const shown = new Set((timeline!.json.items ?? []).map(({ id }: Json) => id));
    const missing = promised.flatMap(({ entries }) => entries).slice(-LOOKED_FOR).filter((id) => !shown.has(id));
    if (missing.length > 0) this.problems.push(`stale: the timeline of ${customer} after ${position} (${timeline!.status}) lacks ${missing.length} entries`);
    const count = promised.reduce((sum, { entries }) => sum + entries.length, 0);
    if (!(row!.json.entries >= count)) this.problems.push(`stale: customer ${customer} after ${position} (${row!.status}) has ${row!.json.entries} entries, not ${count}`);
  }

  /** Asks until there is an answer that is none of "not now". */
  private async ask(method: 'GET' | 'POST', path: string, body?: object, key?: string): Promise<Heard> {
    for (;;) {
      const { url, authorization } = await this.address();
      try {
        const answer = await fetch(`${url}${API}/${path}`, {
          method,
          headers: { authorization, ...(method === 'POST' && { 'content-type': 'application/json', 'x-colleague': 'ada', 'idempotency-key': key! }) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(20_000),
        });
        const json: Json = await answer.json();
        if (answer.status !== 503 && json.code !== 'still-running' && json.code !== 'busy') {
          if (json.repeated === true) this.repeated += 1;
          return { status: answer.status, json };
        }
        this.refused += 1;
      } catch (error) {
        if ((error as Error).name === 'TimeoutError') this.problems.push(`no answer within 20 s: ${method} ${path}`);
        this.unanswered += 1;
      }
      if (this.abandoned) throw new Error('nobody answers any more');
      await sleep(PAUSE_MS);
    }
  }
}

/** An event of the log with its fields opened. */
export type Opened = Pick<RecordedEvent, 'stream' | 'revision' | 'position' | 'data'>;

/** What is wrong with a log to which the load was written. */
export function problemsOf(log: readonly Opened[], acknowledged: readonly Acknowledged[], compare: (a: Position, b: Position) => number): string[] {
  const problems: string[] = [];
  const revisions = new Map<string, number>();
  const standing = new Map<string, Opened[]>();
  for (const event of log) {
    const due = (revisions.get(event.stream) ?? -1) + 1;
    if (event.revision !== due) problems.push(`gap: ${event.stream} goes on at ${event.revision} instead of ${due}`);
    revisions.set(event.stream, event.revision);
    for (const [mark] of JSON.stringify(event.data).matchAll(/mark-\d+-\d+-\d+\./g)) standing.set(mark, [...(standing.get(mark) ?? []), event]);
  }
  for (const [mark, events] of standing) if (events.length > 1) problems.push(`doubled: ${mark} stands ${events.length} times`);
  const promised = new Set<string>();
  for (const { marks, position } of acknowledged)
    for (const mark of marks) {
      promised.add(mark);
      const [event] = standing.get(mark) ?? [];
      if (event === undefined) problems.push(`lost: ${mark} was acknowledged and stands nowhere`);
      else if (compare(event.position, position) > 0) problems.push(`early: ${mark} was acknowledged at ${position} and stands at ${event.position}`);
    }
  // Every client has its last answer by now.
  for (const mark of standing.keys()) if (!promised.has(mark)) problems.push(`unasked: ${mark} stands without having been acknowledged`);
  return problems;
}
