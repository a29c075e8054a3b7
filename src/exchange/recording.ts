/**
 * Records the rows of one import, grouped by customer and decided by the same `decide` as any other entry.
 * Of several rows about the same thing (one sourceId, one customer's details) the last of the file counts, so that running
 * the file again leaves everything as it is: what would change something waits, until the file ends or too much waits.
 */
import type { Caller } from '../shell/caller.js';
import { customer, type CustomerCommand, type CustomerState, type EntryToLog } from '../customers/customer.js';
import { sourceKey } from '../customers/customer.state.js';
import { fieldsOfType } from '../customers/catalogue.js';
import { resolveWithin, type Entry } from '../customers/entry.js';
import { canonical, customerIdOf, type CustomersWriter, type CustomerInput } from '../customers/customers.writer.js';
import type { EventStore } from '../kernel/event-store.js';
import { Refusal, type FieldProblem } from '../kernel/refusal.js';
import type { CommandRequest } from '../shell/executor.js';
import { commandIdOf } from '../shell/ids.js';
import type { Vault } from '../vault/vault.js';
import type { Evidence } from './evidence.js';
import { namesCustomer, namesSomebody, withOurIds, type Together } from './references.js';
import type { Sink, Took } from './sink.js';

export type Fail = (line: number, fields: readonly FieldProblem[]) => void;

export interface ImportCounts {
  rows: number;
  customersCreated: number;
  /** Customers that were here and got other details or another owner. */
  customersChanged: number;
  entriesAdded: number;
  entriesCorrected: number;
  /** Rows that were here already, or that a later row of the file replaces. */
  alreadyHere: number;
  failed: number;
  /** Rows that the mapping leaves out, and how many for which of its reasons. */
  skipped: number;
  skippedBecause: Record<string, number>;
  /** Entries that rows gave beside their first: rows + further = added + corrected + alreadyHere + failed + skipped. */
  further: number;
  /** Entries added, by kind. */
  kinds: Record<string, number>;
}

/** What a row says of its customer; without a name one that is new is called by its sourceId. */
export type Details = Omit<CustomerInput, 'name'> & { readonly name?: string };

export interface Row {
  readonly line: number;
  /** Id of the customer. */
  readonly id: string;
  readonly customer: Details;
  readonly commandId: string;
  readonly toLog: EntryToLog;
  /** What the same row of the file gave first: this one may name it as #0. */
  readonly first?: Row;
}

/** A row that only says something of its customer. */
export type BareRow = Pick<Row, 'line' | 'id' | 'customer'> & { readonly toLog?: undefined };

export type ImportRow = Row | BareRow;

/** What a customer is to be changed into; `row`: it counts for the row of the file that says it. */
interface Change {
  readonly details: Details;
  readonly row: boolean;
}

/** Rows that may wait for the end of the file. */
const WAITING = 20_000;

export class Recording {
  /** Place in the log of the last event written; null when nothing was. */
  position: string | null = null;
  private readonly waitingRows = new Map<string, Row>();
  private readonly waitingDetails = new Map<string, Change>();

  constructor(
    private readonly sink: Sink,
    private readonly writer: CustomersWriter,
    private readonly vault: Vault,
    private readonly store: EventStore,
    private readonly caller: Caller,
    private readonly counts: ImportCounts,
    private readonly evidence: Evidence,
    private readonly fail: Fail,
  ) {}

  /** Lines of the rows that wait for the end of the file. */
  get waiting(): Set<number> {
    return new Set([...this.waitingRows.values()].map(({ line }) => line));
  }

  async take(rows: readonly ImportRow[]): Promise<void> {
    // Who names another customer comes last: that one may come with this chunk.
    const namesAnother = (row: ImportRow): boolean => row.toLog !== undefined && (namesCustomer(row.toLog.entry) || (row.first !== undefined && namesAnother(row.first)));
    for (const some of [rows.filter((row) => !namesAnother(row)), rows.filter(namesAnother)]) {
      // All at once: the store makes one fsync of what waits together.
      await Promise.all([...Map.groupBy(some, ({ id }) => id)].map(([id, own]) => this.takeCustomer(id, own)));
    }
    if (this.waitingRows.size > WAITING || this.waitingDetails.size > WAITING) await this.finish();
  }

  /** Records what waited; `only`: of these customers, of whom no more comes. */
  async finish(only?: ReadonlySet<string>): Promise<void> {
    const rows = [...this.waitingRows].filter(([, { id }]) => only?.has(id) ?? true);
    const changes = [...this.waitingDetails].filter(([id]) => only?.has(id) ?? true);
    for (const [key] of rows) this.waitingRows.delete(key);
    for (const [id] of changes) this.waitingDetails.delete(id);
    await Promise.all([...Map.groupBy(rows.map(([, row]) => row), ({ id }) => id)].map(([id, own]) => this.send(id, own, said(own))));
    await Promise.all(changes.map(async ([id, { details, row }]) => {
      const took = await this.sink.send(id, [await this.registration(details, true)]);
      this.count(took, []);
      if (row && took.written.every((events) => events.length === 0)) this.counts.alreadyHere += 1;
    }));
    if (only !== undefined) this.sink.done(only);
  }

  private async takeCustomer(id: string, all: readonly ImportRow[]): Promise<void> {
    const { state, commands } = await this.sink.look(id);
    const bare: BareRow[] = [];
    const named: Row[] = [];
    for (const row of all) {
      if (row.toLog === undefined) {
        if (await this.isNamed(row)) bare.push(row);
        continue;
      }
      const given = notUndone(row, state);
      const found = namesOthers(given) ? await this.named(given) : given;
      if (found !== undefined) named.push(found);
    }
    if (bare.length > 0) await this.takeBare(id, bare);
    const seen = new Set<string>();
    const fresh: Row[] = [];
    const again: Row[] = [];
    const good: Row[] = [];
    for (const row of named) {
      const origin = originOf(row);
      const known = commands.get(row.commandId);
      if (known !== undefined && known.mac !== row.toLog.mac) {
        this.fail(row.line, [{ field: 'row', code: 'reused-key', message: 'was imported with another mapping; correct the entry, or map a sourceId' }]);
      } else if (known !== undefined) {
        this.counts.alreadyHere += 1;
        good.push(row);
      } else if (origin !== undefined && (state.bySource.has(origin) || seen.has(origin))) {
        again.push(row);
        good.push(row);
      } else {
        fresh.push(row);
        if (origin !== undefined) seen.add(origin);
      }
    }
    if (fresh.length > 0) good.push(...(await this.send(id, fresh, said(named))));
    const after = (await this.sink.look(id)).state;
    for (const row of again) {
      const origin = originOf(row)!;
      const known = after.bySource.get(origin);
      const current = known === undefined ? undefined : after.interactions.get(known);
      const same = known !== undefined && (current === undefined || current.mac === row.toLog.mac);
      this.replaceWaiting(`${id}\n${origin}`, same ? undefined : row);
      if (same) this.counts.alreadyHere += 1;
    }
    const wentIn = new Set(good);
    for (const row of wentIn) this.evidence.take(id, row.toLog.entry);
    // Rows about a customer that was erased are here already, or have failed.
    if (wentIn.size > 0 && after.registered && after.erasedAt === null) await this.compareDetails(id, said(named.filter((row) => wentIn.has(row))), false);
  }

  /** Rows that only speak of their customer: the first registers it; what they say of one that is there waits, as others' details do. */
  private async takeBare(id: string, rows: readonly BareRow[]): Promise<void> {
    const { registered, erasedAt } = (await this.sink.look(id)).state;
    let good = rows;
    if (!registered || erasedAt !== null) {
      try {
        this.count(await this.sink.send(id, [await this.registration(said(rows), false)]), []);
        this.counts.alreadyHere += rows.length - 1;
      } catch (error) {
        for (const row of rows) this.refuse(row, error);
        good = [];
      }
    } else {
      const waited = this.waitingDetails.get(id)?.row === true;
      const waits = await this.compareDetails(id, said(rows), true);
      this.counts.alreadyHere += rows.length + (waited ? 1 : 0) - (waits ? 1 : 0);
    }
    for (const { id: customerId } of good) this.evidence.take(customerId);
  }

  private replaceWaiting(key: string, row: Row | undefined): void {
    // The row that a later one replaces needs nothing done.
    if (this.waitingRows.delete(key)) this.counts.alreadyHere += 1;
    if (row !== undefined) this.waitingRows.set(key, row);
  }

  /** @returns whether something is to be changed, at the end. */
  private async compareDetails(id: string, said: Details, row: boolean): Promise<boolean> {
    const details = { ...this.waitingDetails.get(id)?.details, ...said };
    const { command } = await this.registration(details, true);
    const { state } = await this.sink.look(id);
    const changes = customer.decide(command, state).length > 0;
    if (changes) this.waitingDetails.set(id, { details, row });
    else this.waitingDetails.delete(id);
    return changes;
  }

  /** The row with our ids of the customers it names; a row that names colleagues or customers who are not there fails. */
  private async named(given: Row): Promise<Row | undefined> {
    const row = namesCustomer(given.toLog.entry) ? { ...given, toLog: { ...given.toLog, entry: await this.withCustomers(given) } } : given;
    return (await this.isNamed(row)) ? row : undefined;
  }

  /** Whether all are there whom the row names; else it fails. */
  private async isNamed(row: ImportRow): Promise<boolean> {
    try {
      const { owner, team } = row.customer;
      if (owner !== undefined) await this.writer.mustExist('colleague', owner, 'customer.owner');
      for (const colleague of team ?? []) await this.writer.mustExist('colleague', colleague, 'customer.team');
      if (row.toLog !== undefined) await this.checkNames(row.toLog.entry);
      return true;
    } catch (error) {
      this.refuse(row, error);
      return false;
    }
  }

  /** As the writer does, but that customers may be there by this import alone. @throws Refusal */
  private async checkNames({ kind, fields }: Entry): Promise<void> {
    for (const type of ['colleague', 'customer'] as const) {
      for (const [field] of fieldsOfType(kind, type)) {
        const id = fields[field];
        if (typeof id !== 'string') continue;
        if (type === 'colleague' || !(await this.sink.look(id)).state.registered) await this.writer.mustExist(type, id, field);
      }
    }
  }

  /** A customer may be named by its id where it came from. */
  private async withCustomers({ toLog: { entry }, customer: { source } }: Row): Promise<Entry> {
    const fields: Record<string, string> = {};
    for (const [field] of fieldsOfType(entry.kind, 'customer')) {
      const named = entry.fields[field];
      if (typeof named !== 'string' || source === undefined) continue;
      const id = customerIdOf({ source, sourceId: named }, '');
      if ((await this.sink.look(id)).state.registered) fields[field] = id;
    }
    return Object.keys(fields).length === 0 ? entry : { ...entry, fields: { ...entry.fields, ...fields } };
  }

  /** Sends the rows together; when that is refused one by one, as a bad row must not take the others along. @returns those that went in. */
  private async send(id: string, rows: readonly Row[], details: Details): Promise<readonly Row[]> {
    try {
      const { state } = await this.sink.look(id);
      const registrations = state.registered ? [] : [await this.registration(details, false)];
      const together = new Map(rows.flatMap((row): [string, EntryToLog][] => {
        const origin = originOf(row);
        return origin === undefined ? [] : [[origin, row.toLog]];
      }));
      const requests = rows.map((row): CommandRequest<CustomerCommand> => ({ commandId: row.commandId, mac: row.toLog.mac, command: { type: 'LogInteractions', entries: [resolved(row, state, together)] } }));
      this.count(await this.sink.send(id, [...registrations, ...requests]), rows);
      return rows;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (rows.length === 1) {
        this.refuse(rows[0]!, error);
        return [];
      }
    }
    const good: Row[] = [];
    for (const row of rows) good.push(...(await this.send(id, [row], details)));
    return good;
  }

  private async registration(input: Details, isThere: boolean): Promise<CommandRequest<CustomerCommand>> {
    const { name = String(input.sourceId), ...rest } = input;
    const command = await this.writer.registration({ ...rest, name }, true, this.caller);
    const request = { commandId: commandIdOf(), mac: this.vault.mac(canonical(input)) };
    if (!isThere || input.name !== undefined || command.type !== 'RegisterCustomer') return { ...request, command };
    // No row names it: it keeps the name it has.
    const { name: _name, nameMac: _mac, ...details } = command.details;
    return { ...request, command: { type: 'ChangeDetails', details, ...(command.owner !== undefined && { owner: command.owner }) } };
  }

  private refuse({ line }: ImportRow, error: unknown): void {
    if (!(error instanceof Refusal)) throw error;
    const fields = error.fields.map((problem) => ({ ...problem, field: problem.field.replace(/^entries\[0\]\./, '') }));
    this.fail(line, fields.length > 0 ? fields : [{ field: 'row', code: error.code, message: error.message }]);
  }

  /** Counts what came of registrations, if any, and of the rows behind them. */
  private count({ written, position }: Took, rows: readonly Row[]): void {
    const registrations = written.length - rows.length;
    for (const [index, events] of written.entries()) {
      if (index < registrations) {
        if (events[0]?.type === 'CustomerRegistered') this.counts.customersCreated += 1;
        else if (events.length > 0) this.counts.customersChanged += 1;
      } else if (events.length === 0) this.counts.alreadyHere += 1;
      else if (events[0]!.type === 'InteractionCorrected') this.counts.entriesCorrected += 1;
      else {
        this.counts.entriesAdded += 1;
        const { kind } = events[0]!.data as Entry;
        this.counts.kinds[kind] = (this.counts.kinds[kind] ?? 0) + 1;
      }
    }
    if (position !== null && written.some((events) => events.length > 0) && (this.position === null || this.store.compare(position, this.position) > 0)) this.position = position;
  }
}

/** Whether the row names colleagues, or another customer. */
const namesOthers = ({ customer: { owner, team }, toLog: { entry } }: Row): boolean =>
  owner !== undefined || team !== undefined || namesCustomer(entry) || fieldsOfType(entry.kind, 'colleague').some(([field]) => field in entry.fields);

/** What was undone is imported once more under another name: as often as it was undone. */
function notUndone(row: Row, { undone }: CustomerState): Row {
  let { commandId } = row;
  while (undone.has(commandId)) commandId = commandIdOf('import-again', commandId);
  return commandId === row.commandId ? row : { ...row, commandId };
}

/** The entry with our ids of what it names, and of what its row gave first in the place of #0: the one it got now, or had already. */
function resolved({ toLog: given, first, customer: { source } }: Row, state: CustomerState, together: Together): EntryToLog {
  const { entry } = given;
  const sources = [entry.source, source].filter((one) => one !== undefined);
  const toLog = namesSomebody(entry) ? { ...given, entry: withOurIds(entry, sources, state, together) } : given;
  if (first === undefined) return toLog;
  const origin = originOf(first);
  const id = (origin === undefined ? undefined : state.bySource.get(origin)) ?? first.toLog.id;
  return { ...toLog, entry: resolveWithin(toLog.entry, [{ entry: id }]) };
}

/** What rows say of their customer, the last of them counting: what a column leaves empty is not taken away. */
const said = (rows: readonly ImportRow[]): Details => Object.assign({}, ...rows.map((row) => row.customer)) as Details;

/** The key under which the customer's state knows the entry. */
function originOf({ toLog: { entry } }: Row): string | undefined {
  return entry.source === undefined || entry.sourceId === undefined ? undefined : sourceKey(entry.source, entry.sourceId);
}
