/** Reads the register of requests: the view gives order and dates, the log what was said. */
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { Organisation } from '../customers/customers.writer.js';
import { namesOf, type SearchTables } from '../customers/search.view.js';
import { toIso } from '../kernel/calendar.js';
import { paged } from '../shell/cursor.js';
import { Executor } from '../shell/executor.js';
import { openFields } from '../vault/codec.js';
import { Vault } from '../vault/vault.js';
import { Views } from '../views/views.js';
import { requestStream } from './person-request.js';
import { openRequests, requestsAbout, requestsIn, type RequestPlace, type RequestRow, type RequestTables } from './requests.view.js';

@Injectable()
export class RequestsReader {
  constructor(
    private readonly views: Views,
    private readonly executor: Executor,
    private readonly vault: Vault,
    private readonly organisation: Organisation,
  ) {}

  private get db(): Kysely<RequestTables & SearchTables> {
    return this.views.db;
  }

  /** A page of the register, overdue ones first; and how many are open and overdue altogether. */
  async list(closed: boolean | undefined, after: RequestPlace | undefined, limit: number): Promise<object> {
    const rows = await requestsIn(this.db, closed, after, limit + 1);
    const { page, next } = paged(rows, limit, (row) => [row.closed, row.place, row.id]);
    return { ...(await openRequests(this.db, this.organisation.now())), items: await this.out(page), next };
  }

  /** What the person asked before. */
  async about(customer: string, person: string): Promise<object[]> {
    return this.out(await requestsAbout(this.db, customer, person));
  }

  private async out(rows: readonly RequestRow[]): Promise<object[]> {
    const now = this.organisation.now();
    const customers = await namesOf(this.db, rows.flatMap(({ customer }) => customer ?? []), 'customer');
    const people = await namesOf(this.db, rows.flatMap(({ person }) => person ?? []), 'person');
    return Promise.all(rows.map(async ({ id, kind, customer, person, received_at, due_at, closed }) => {
      const events = (await this.executor.eventsFrom(requestStream(id), 0)).map((event) => ({ ...event, said: openFields(event.data, event.id, this.vault.keyOf).data }));
      const of = (type: string) => events.filter((event) => event.type === type).map(({ said, recordedAt, metadata }) => ({ said, at: toIso(recordedAt), by: metadata.actor }));
      const [received] = of('PersonRequestReceived');
      const [extended] = of('PersonRequestExtended');
      const [ended] = of('PersonRequestClosed');
      return {
        id,
        kind,
        customer: customer === null ? null : { id: customer, name: customers.get(customer) ?? null },
        person: person === null ? null : { id: person, name: people.get(person) ?? null },
        who: received!.said['who'] ?? null,
        words: received!.said['words'] ?? null,
        receivedAt: toIso(received_at),
        dueAt: toIso(due_at),
        overdue: closed === 0 && due_at < now,
        recordedBy: received!.by,
        extended: extended === undefined ? null : { at: extended.at, by: extended.by, reason: extended.said['reason'] ?? null },
        notes: of('PersonRequestNoted').map(({ at, by, said }) => ({ at, by, note: said['note'] ?? null })),
        closed: ended === undefined ? null : { at: ended.at, by: ended.by, outcome: ended.said['outcome'], done: ended.said['done'] ?? null },
        revision: events.at(-1)!.revision,
      };
    }));
  }
}
