/**
 * Erases people, customers, texts and colleagues' names: their keys are destroyed, and the log stays as it is.
 * In this order, so that a kill anywhere leaves it finished at the next start, or never begun: (a) a line in the list, on disk;
 * (b) keys destroyed; (c) the log says so; (d) the views' files hold nothing of it. docs/erasure.md says what remains where.
 */
import { DAY } from '../kernel/calendar.js';
import { sealedIn, type Aggregate, type Decided } from '../kernel/aggregate.js';
import type { EventStore, Position, RecordedEvent } from '../kernel/event-store.js';
import { Refusal } from '../kernel/refusal.js';
import { colleague, colleagueStream } from '../customers/colleague.js';
import { customer, customerStream, type Elsewhere } from '../customers/customer.js';
import type { ErasedThen } from '../customers/customer.state.js';
import { subjectsOf } from '../customers/entry.js';
import type { Caller } from '../shell/caller.js';
import { reusedKey, type Executor } from '../shell/executor.js';
import { commandIdOf, newId } from '../shell/ids.js';
import type { Projector } from '../shell/projector.js';
import type { Rebuild } from '../shell/rebuild.js';
import { seal, unseal } from '../vault/codec.js';
import type { Vault } from '../vault/vault.js';
import type { Views } from '../views/views.js';
import type { Kysely } from 'kysely';
import { Cleaning } from './cleaning.writer.js';
import { Erasable } from './erasable.reader.js';
import type { ErasedKind, ErasureList, Intent, Said } from './erasure-list.js';
import type { Because, Receipt } from './erasure-receipt.js';
import { erasedBy, erasuresIn, subjectsErased, type ErasureTables } from './erasures.view.js';

export interface ErasureParts {
  readonly store: EventStore;
  readonly vault: Vault;
  readonly executor: Executor;
  readonly projector: Projector;
  readonly rows: Views;
  readonly rebuild: Pick<Rebuild, 'withoutRemains'>;
  readonly list: ErasureList;
  /** For how many days copies of keys.db are kept. */
  readonly backupDays: () => number;
  readonly now?: () => number;
  readonly onFailure?: (error: Error) => void;
}

const RETRY_MS = 5000;
/** How often is looked for what another node began, and left for so long: it may have been killed. */
const LEFT_MS = 60_000;
/** Keys looked at in one turn at the start. */
const AT_ONCE = 500;

export class Erasures {
  private turn: Promise<unknown> = Promise.resolve();
  /** What was heard is done one after the other. */
  private hearing: Promise<void> = Promise.resolve();
  private readonly erasable: Erasable;
  private readonly cleaning: Cleaning;
  private retry: NodeJS.Timeout | undefined;
  private looking: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly parts: ErasureParts) {
    this.erasable = new Erasable(parts.executor, parts.vault);
    this.cleaning = new Cleaning(parts, (error) => this.failed(error));
  }

  /** @throws Refusal `unknown-customer`, `unknown-person`. Who was erased before gets the same receipt. */
  erasePerson(of: string, person: string, why: Because, caller: Caller): Promise<Receipt> {
    return this.asked(async () => {
      const { state } = await this.erasable.customerOf(of);
      const known = this.parts.list.of('person', of, person) ?? this.parts.list.all().findLast(({ intent }) => intent.kind === 'customer' && intent.customer === of && intent.people.includes(person));
      if (known !== undefined) return this.again(known.intent, caller);
      const subjects = subjectsOf([person], of);
      const scan = await this.erasable.scan(customerStream(of), subjects);
      if (scan.fields === 0 && !state.people.has(person)) throw new Refusal('missing', 'unknown-person', 'No such person at this customer.');
      return this.erase({ kind: 'person', customer: of, target: person, people: [person], subjects, ...scan }, why, caller);
    });
  }

  /** The customer with all its people. @throws Refusal `unknown-customer`. */
  eraseCustomer(id: string, why: Because, caller: Caller): Promise<Receipt> {
    return this.asked(async () => {
      const { state } = await this.erasable.customerOf(id);
      const known = this.parts.list.of('customer', id, id);
      if (known !== undefined) return this.again(known.intent, caller);
      const people = new Set([...state.people.keys(), ...(await this.erasable.peopleSealed(customerStream(id)))]);
      const subjects = [...subjectsOf([], id), ...[...people].flatMap((person) => subjectsOf([person], id))];
      const scan = await this.erasable.scan(customerStream(id), subjects);
      return this.erase({ kind: 'customer', customer: id, target: id, people: [...people], subjects, ...scan }, why, caller);
    });
  }

  /** The text of one entry, in all its versions. @throws Refusal `unknown-customer`, `unknown-entry`, `erase-the-person`, `no-text`, `sealed-with-others`. */
  eraseText(of: string, interaction: string, why: Because, caller: Caller): Promise<Receipt> {
    return this.asked(async () => {
      await this.erasable.customerOf(of);
      for (let receipt: Receipt | undefined; ; ) {
        const text = await this.erasable.textOf(of, interaction);
        const known = this.parts.list.of('text', of, interaction);
        // Nothing was added to it since: a correction that came in the meantime is erased with it.
        if (known !== undefined && text.live.length === 0) return receipt ?? this.again(known.intent, caller);
        if (text.kind === 'person-added') throw new Refusal('conflict', 'erase-the-person', 'This entry says who somebody is; erase the person.');
        if (text.fields === 0) throw new Refusal('conflict', 'no-text', 'This entry has no text that could be erased.');
        if (text.live.length === 0) throw new Refusal('conflict', 'sealed-with-others', 'This text was recorded before texts had keys of their own, or is erased already; the people it names can be erased, or the customer.');
        receipt = await this.erase({ kind: 'text', customer: of, target: interaction, people: [], subjects: text.live, entries: 1, fields: text.fields, alsoAt: text.alsoAt }, why, { ...caller, ...(receipt !== undefined && { revision: undefined, commandId: commandIdOf() }) });
      }
    });
  }

  /** The name of a colleague who has left. @throws Refusal `unknown-colleague`, `still-active`. */
  eraseColleague(id: string, why: Because, caller: Caller): Promise<Receipt> {
    return this.asked(async () => {
      const { state } = await this.parts.executor.load(colleague, colleagueStream(id));
      if (!state.added) throw new Refusal('missing', 'unknown-colleague', 'No such colleague.');
      const known = this.parts.list.of('colleague', null, id);
      if (known !== undefined) return this.again(known.intent, caller);
      if (state.active) throw new Refusal('conflict', 'still-active', 'This colleague still works here; say first that they do not.', [{ field: 'id', code: 'still-active', message: 'names a colleague who still works here' }]);
      const subjects = [`colleague:${id}`];
      return this.erase({ kind: 'colleague', customer: null, target: id, people: [], subjects, ...(await this.erasable.scan(colleagueStream(id), subjects)) }, why, caller);
    });
  }

  /** Receipts, the newest first, after a place. */
  async receipts(limit: number, before?: { readonly at: number; readonly id: string }): Promise<Receipt[]> {
    const rows = await erasuresIn(this.db, limit, before);
    return Promise.all(
      rows.map(async (row): Promise<Receipt> => {
        const event = await this.parts.executor.eventAt(row.stream, row.revision);
        const [sealed] = sealedIn(event.data);
        return {
          id: row.id,
          kind: row.kind as ErasedKind,
          customer: row.customer,
          target: row.target,
          at: row.at,
          by: row.by,
          reason: sealed === undefined ? null : ((unseal(sealed, event.id, ['reason'], this.parts.vault.keyOf) as string | undefined) ?? null),
          people: JSON.parse(row.people) as string[],
          entries: row.entries,
          fields: row.fields,
          alsoAt: JSON.parse(row.also) as Elsewhere[],
          backupsExpire: this.expiry(row.at),
          cleaned: this.isCleaned(row.id),
          position: row.position,
        };
      }),
    );
  }

  /** Resolves when the views' files are free of what was erased so far, or the time is over. */
  cleanedWithin(ms: number): Promise<void> {
    return this.cleaning.within(ms);
  }

  isCleaned(erasure: string): boolean {
    return this.parts.list.get(erasure)?.cleaned ?? true;
  }

  /**
   * Before anybody is served: does again what is on the list and missing (an older keys.db or log.db was restored, or a kill came
   * between), and destroys the keys that the log says are gone. @throws what stands in the way.
   */
  async redo(): Promise<void> {
    const { list, rows } = this.parts;
    await list.refresh();
    const at = rows.checkpoint();
    const subjects = [...list.all().flatMap(({ intent }) => intent.subjects), ...(await subjectsErased(this.db))];
    await this.destroyMissing(subjects);
    const knowsAll = await this.logHasAll();
    for (const { intent, said } of list.all()) if (said === undefined || !knowsAll) await this.say(intent);
    // Views from before an erasure hold its words, or remains of them.
    this.cleaning.mark(at !== null && list.all().some(({ said }) => said != null && this.isAfter(said.position, at)));
  }

  /** Once the views follow the log: cleans their files of what a kill left there. */
  start(): void {
    this.cleaning.soon();
    if (this.parts.list.isShared) this.looking = setInterval(() => void this.finishLeft().catch((error: unknown) => this.failed(error)), LEFT_MS).unref();
  }

  /** Events that have arrived, whoever wrote them: another process on this log, or this one before an older keys.db was restored. */
  heard(events: readonly RecordedEvent[]): void {
    const subjects = events.flatMap((event) => erasedBy(event)?.subjects ?? []);
    if (subjects.length === 0) return;
    this.hearing = this.hearing
      .then(async () => {
        if (!(await this.destroyMissing(subjects))) return;
        this.cleaning.mark(true);
        this.cleaning.soon();
      })
      .catch((error: unknown) => this.failed(error));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cleaning.stop();
    clearTimeout(this.retry);
    clearInterval(this.looking);
    await Promise.all([this.turn, this.hearing]).catch(() => undefined);
  }

  private get db(): Kysely<ErasureTables> {
    return this.parts.rows.db;
  }

  /** One after the other. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.turn.then(work, work);
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  /** An erasure that is asked for: what other nodes have erased is known. */
  private asked<T>(work: () => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      await this.parts.list.refresh();
      return work();
    });
  }

  private async erase(what: Pick<Intent, 'kind' | 'customer' | 'target' | 'people' | 'subjects' | 'entries' | 'fields' | 'alsoAt'>, { because }: Because, caller: Caller): Promise<Receipt> {
    const { list, executor, vault } = this.parts;
    const erasure = newId();
    const stream = streamOf(what);
    const { commandId, mac, correlationId, actor, revision } = caller;
    // What would be refused is refused before anything is written.
    if (what.kind === 'colleague') await executor.mayExecute(colleague, stream, caller, revision);
    else await executor.mayExecute(customer, stream, caller, revision);
    const keeper = keeperOf(what);
    await vault.ensureKeys([keeper]);
    const at = (this.parts.now ?? Date.now)();
    const intent: Intent = { erasure, ...what, at, by: actor, reason: seal(because, [keeper], erasure, ['reason'], vault.keyOf), command: { commandId, mac, correlationId } };
    try {
      const stands = await list.add(intent);
      if (stands.erasure !== erasure) return await this.again(stands, caller);
      await vault.destroy(intent.subjects);
      const said = await this.say(intent);
      this.cleaning.soon();
      return this.receipt(intent, said, because);
    } catch (error) {
      // If it was begun, it will be finished.
      this.retrySoon();
      throw error;
    }
  }

  /** Asked for again: goes on where it was left. @throws Refusal `reused-key` when the caller's key named another request, such as one with another reason. */
  private async again(intent: Intent, caller: Caller): Promise<Receipt> {
    const { vault, list, executor } = this.parts;
    const { commandId, mac } = intent.command;
    if (commandId === caller.commandId && mac !== caller.mac) throw reusedKey();
    if (intent.kind === 'colleague') await executor.mayExecute(colleague, streamOf(intent), caller, undefined);
    else await executor.mayExecute(customer, streamOf(intent), caller, undefined);
    const gone = await vault.destroyedOf(intent.subjects);
    // Also when none is left: the last time it may have failed in the end.
    await vault.destroy(intent.subjects.filter((subject) => !gone.has(subject)));
    const said = list.get(intent.erasure)?.said ?? (await this.say(intent));
    if (!this.isCleaned(intent.erasure)) this.cleaning.soon();
    return this.receipt(intent, said, (await this.reasonOf(intent)) ?? null);
  }

  private receipt({ erasure, kind, customer: of, target, at, by, people, entries, fields, alsoAt }: Intent, said: Said | null, reason: string | null): Receipt {
    return { id: erasure, kind, customer: of, target, at, by, reason, people, entries, fields, alsoAt, backupsExpire: this.expiry(at), cleaned: this.isCleaned(erasure), position: said?.position ?? null };
  }

  private expiry(at: number): number {
    return at + this.parts.backupDays() * DAY;
  }

  private async reasonOf({ reason, erasure }: Intent): Promise<string | undefined> {
    if (reason !== null) await this.parts.vault.bring(reason.s);
    return reason === null ? undefined : (unseal(reason, erasure, ['reason'], this.parts.vault.keyOf) as string | undefined);
  }

  /** Says in the log what was erased, unless it does; and notes on the list where. */
  private async say(intent: Intent): Promise<Said | null> {
    const { executor, list } = this.parts;
    const stream = streamOf(intent);
    const events = await executor.eventsFrom(stream, 0);
    const isKnown = intent.kind === 'text' ? events.some(({ id }) => id === intent.target) : events.length > 0;
    let said = saidIn(events, intent);
    if (said === null && isKnown) {
      const reason = await this.reasonOf(intent);
      const { erasure, at, entries, fields, alsoAt } = intent;
      const then: ErasedThen = { erasure, at, ...(reason !== undefined && { reason }), entries, fields, alsoAt };
      if (intent.kind === 'person') await this.execute(customer, intent, { type: 'ErasePerson', erased: { person: intent.target, ...then } });
      else if (intent.kind === 'customer') await this.execute(customer, intent, { type: 'EraseCustomer', erased: { people: intent.people, ...then } });
      else if (intent.kind === 'text') await this.execute(customer, intent, { type: 'EraseText', erased: { original: intent.target, keys: intent.subjects, ...then } });
      else await this.execute(colleague, intent, { type: 'EraseColleague', erased: then });
      said = saidIn(await executor.eventsFrom(stream, events.length), intent);
    }
    await list.done(intent.erasure, said);
    return said;
  }

  /** Not through the CommandBus: a start finishes what a kill left before the app stands (ADR 4). */
  private async execute<C, E extends Decided, S>(aggregate: Aggregate<C, E, S>, intent: Intent, command: C): Promise<void> {
    const { commandId, mac, correlationId } = intent.command;
    await this.parts.executor.execute(aggregate, streamOf(intent), [{ commandId, mac, command }], { actor: intent.by, correlationId });
  }

  private isAfter(position: Position, checkpoint: Position): boolean {
    try {
      return this.parts.store.compare(position, checkpoint) > 0;
    } catch {
      // Of another store: the log was moved since.
      return true;
    }
  }

  /** Whether the log holds the event of the erasure that was finished last, and so all before it. */
  private async logHasAll(): Promise<boolean> {
    const last = this.parts.list.lastSaid;
    if (last === null) return true;
    const [event] = await this.parts.store.read(last.stream, last.revision, 1);
    return event?.id === last.event;
  }

  /** @returns whether there were any. */
  private async destroyMissing(subjects: readonly string[]): Promise<boolean> {
    const { vault } = this.parts;
    const gone = await vault.destroyedOf(subjects);
    const missing = [...new Set(subjects)].filter((subject) => !gone.has(subject));
    for (let at = 0; at < missing.length; at += AT_ONCE) await vault.destroy(missing.slice(at, at + AT_ONCE));
    return missing.length > 0;
  }

  private failed(error: unknown): void {
    if (this.stopped) return;
    this.parts.onFailure?.(error as Error);
    this.retrySoon();
  }

  private async finishLeft(): Promise<void> {
    const { list, now = Date.now } = this.parts;
    await list.refresh();
    if (!list.all().some(({ intent, said }) => said === undefined && intent.at < now() - LEFT_MS)) return;
    await this.inTurn(() => this.redo());
    this.cleaning.soon();
  }

  /** Also where only the end of a destruction failed. */
  private async redoAll(): Promise<void> {
    await this.redo();
    await this.parts.vault.destroy([]);
  }

  private retrySoon(): void {
    clearTimeout(this.retry);
    if (this.stopped) return;
    this.retry = setTimeout(() => {
      this.inTurn(() => this.redoAll())
        .then(() => this.cleaning.soon())
        .catch((error: unknown) => this.failed(error));
    }, RETRY_MS).unref();
  }
}

const streamOf = ({ kind, customer: of, target }: Pick<Intent, 'kind' | 'customer' | 'target'>): string => (kind === 'colleague' ? colleagueStream(target) : customerStream(of!));

/** Whose key seals why: that of the customer, unless it goes too. */
const keeperOf = ({ kind, customer: of }: Pick<Intent, 'kind' | 'customer'>): string => (kind === 'person' || kind === 'text' ? subjectsOf([], of!)[0]! : 'organisation');

/** The event that says what was intended, or says more. */
function saidIn(events: readonly RecordedEvent[], { erasure, kind, subjects }: Intent): Said | null {
  const event = events.find((one) => {
    const erased = erasedBy(one);
    if (erased === undefined) return false;
    return (one.data as ErasedThen).erasure === erasure || (kind !== 'text' && subjects.every((subject) => erased.subjects.includes(subject)));
  });
  return event === undefined ? null : { stream: event.stream, revision: event.revision, event: event.id, position: event.position };
}
