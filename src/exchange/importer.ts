/** Imports rows: checked by the catalogue, grouped by customer, decided by the same `decide` as any other entry. */
import { createHash } from 'node:crypto';
import { pipeline, type Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CsvError, parse, type Options } from 'csv-parse';
import type { Caller } from '../customers/caller.guard.js';
import { customer, customerStream, type CustomerCommand } from '../customers/customer.js';
import { canonical, customerIdOf, CustomersWriter, envelopeOf, Organisation, type CustomerInput } from '../customers/customers.writer.js';
import { checkEntry, resolveWithin } from '../customers/entry.js';
import type { EventStore } from '../kernel/event-store.js';
import { invalid, Refusal, type FieldProblem } from '../kernel/refusal.js';
import { Execute } from '../shell/execute.js';
import { Executor, type CommandRequest, type Outcome } from '../shell/executor.js';
import { commandIdOf, newId } from '../shell/ids.js';
import { Vault } from '../vault/vault.js';
import { checkCustomer, checkMapping, rowMapper, type Mapping } from './mapping.js';

export interface RowError {
  /** Line of the file on which the row ends. */
  readonly line: number;
  readonly errors: readonly FieldProblem[];
}

export interface ImportCounts {
  rows: number;
  customersCreated: number;
  customersChanged: number;
  entriesAdded: number;
  entriesCorrected: number;
  /** Rows that were here already. */
  alreadyHere: number;
  failed: number;
}

export interface ImportResult extends ImportCounts {
  readonly dryRun: boolean;
  /** The first of the rows that failed. */
  readonly errors: readonly RowError[];
  /** Place in the log to wait for when reading; null when nothing was written. */
  readonly position: string | null;
}

interface Row {
  readonly line: number;
  readonly customer: CustomerInput;
  readonly request: CommandRequest<CustomerCommand>;
}

const CHUNK = 2000;
const ERRORS_SHOWN = 100;

@Injectable()
export class Importer {
  constructor(
    private readonly bus: CommandBus,
    private readonly executor: Executor,
    private readonly vault: Vault,
    private readonly writer: CustomersWriter,
    private readonly organisation: Organisation,
    @Inject('EventStore') private readonly store: EventStore,
  ) {}

  /**
   * Reads CSV and records its rows; yields the counts after each chunk, and returns the result. Good rows go in, bad ones
   * are named. Running the same file again adds nothing: each row is known by its sourceId, or by its text and how often it occurred.
   * @throws Refusal when the mapping does not fit the file.
   */
  async *run(file: Readable, mapping: Mapping, dryRun: boolean, caller: Caller): AsyncGenerator<ImportCounts, ImportResult> {
    const problems = checkMapping(mapping);
    if (problems.length > 0) throw invalid(problems);
    const counts: ImportCounts = { rows: 0, customersCreated: 0, customersChanged: 0, entriesAdded: 0, entriesCorrected: 0, alreadyHere: 0, failed: 0 };
    const errors: RowError[] = [];
    const fail = (line: number, fields: readonly FieldProblem[]): void => {
      counts.failed += 1;
      if (errors.length < ERRORS_SHOWN) errors.push({ line, errors: fields });
    };
    const state = { counts, fail, dryRun, caller, position: null as string | null, newCustomers: new Set<string>() };
    const occurrences = new Map<string, number>();
    const map = rowMapper(mapping, this.organisation.zone);
    let chunk: Row[] = [];
    for await (const record of this.records(file, mapping, fail)) {
      counts.rows += 1;
      const row = await this.read(record, map, occurrences, fail);
      if (row !== undefined) chunk.push(row);
      if (chunk.length < CHUNK) continue;
      await this.record(chunk, state);
      chunk = [];
      yield { ...counts };
    }
    await this.record(chunk, state);
    return { ...counts, dryRun, errors, position: state.position };
  }

  private async *records(file: Readable, mapping: Mapping, fail: (line: number, fields: readonly FieldProblem[]) => void): AsyncGenerator<{ raw: string; line: number; cells: Record<string, string> }> {
    const options: Options = {
      bom: true,
      columns: (header: string[]) => {
        const problems = checkMapping(mapping, header);
        if (problems.length > 0) throw invalid(problems);
        return header;
      },
      delimiter: mapping.delimiter ?? ',',
      info: true,
      raw: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      max_record_size: 1_000_000,
      on_skip: (error) => {
        fail(Number(error?.['lines'] ?? 0), [{ field: 'row', code: 'malformed-row', message: error?.message ?? 'cannot be read' }]);
        return undefined;
      },
    };
    const parser = parse(options);
    // Also ends a file that broke off before anybody read it.
    pipeline(file, parser, () => undefined);
    try {
      for await (const { record, raw, info } of parser as AsyncIterable<{ record: Record<string, string>; raw: string; info: { lines: number } }>) {
        yield { raw, line: info.lines, cells: record };
      }
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (error instanceof CsvError) throw new Refusal('invalid', 'malformed-csv', `The file is not valid CSV: ${error.message}`, [{ field: 'file', code: 'malformed-csv', message: error.message }]);
      if (file.errored !== null) throw new Refusal('malformed', 'malformed-multipart', 'The file broke off before its end.');
      throw error;
    }
  }

  /** One row as a command on its customer; undefined when it is wrong, and said so. */
  private async read({ raw, line, cells }: { raw: string; line: number; cells: Record<string, string> }, map: ReturnType<typeof rowMapper>, occurrences: Map<string, number>, fail: (line: number, fields: readonly FieldProblem[]) => void): Promise<Row | undefined> {
    if (raw.includes('\uFFFD') || raw.includes('\0')) {
      fail(line, [{ field: 'row', code: 'bad-encoding', message: 'is not valid UTF-8 text' }]);
      return undefined;
    }
    const mapped = map(cells);
    if (mapped.problems !== undefined) {
      fail(line, mapped.problems);
      return undefined;
    }
    const checked = checkEntry(mapped.entry, { now: this.organisation.now(), zone: this.organisation.zone });
    if (checked.problems !== undefined) {
      fail(line, checked.problems);
      return undefined;
    }
    const { customer: who, entry } = mapped;
    const wrong = checkCustomer(who);
    if (wrong.length > 0) {
      fail(line, wrong);
      return undefined;
    }
    const text = raw.replace(/\r?\n$/, '');
    const mac = this.vault.mac(canonical(entry));
    // With a sourceId the customer's state knows the entry; without one, its text and how often it occurred name it.
    let commandId = commandIdOf('import', String(entry['source']), String(entry['sourceId']), mac);
    if (entry['sourceId'] === undefined) {
      const hash = createHash('sha256').update(text).digest('base64url').slice(0, 16);
      const occurrence = (occurrences.get(hash) ?? 0) + 1;
      occurrences.set(hash, occurrence);
      commandId = commandIdOf('import-row', String(who['source']), text, String(occurrence));
    }
    const person = checked.entry.kind === 'person-added' && checked.entry.fields['person'] === undefined ? newId() : undefined;
    const withPerson = person === undefined ? checked.entry : { ...checked.entry, fields: { ...checked.entry.fields, person } };
    const command: CustomerCommand = { type: 'LogInteractions', entries: [{ id: newId(), mac, entry: resolveWithin(withPerson, []) }] };
    return { line, customer: { ...who, name: String(who['name'] ?? who['sourceId']) }, request: { commandId, mac, command } };
  }

  private async record(chunk: readonly Row[], state: ImportState): Promise<void> {
    const byCustomer = Map.groupBy(chunk, (row) => customerIdOf(row.customer, ''));
    // All at once: the store makes one fsync of what waits together.
    await Promise.all([...byCustomer].map(([id, rows]) => (state.dryRun ? this.tryRows(id, rows, state) : this.recordCustomer(id, rows, state))));
  }

  /** What recording these rows would do, without doing it. */
  private async tryRows(id: string, rows: readonly Row[], { counts, newCustomers }: ImportState): Promise<void> {
    const { state, commands } = await this.executor.load(customer, customerStream(id));
    if (!state.registered && !newCustomers.has(id)) {
      newCustomers.add(id);
      counts.customersCreated += 1;
    }
    for (const { request } of rows) {
      if (commands.has(request.commandId)) counts.alreadyHere += 1;
      else counts.entriesAdded += 1;
    }
  }

  private async recordCustomer(id: string, rows: readonly Row[], state: ImportState): Promise<void> {
    try {
      await this.checkDetails(rows[0]!.customer);
      this.count(await this.send(id, rows, state.caller), rows, state);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // One bad row must not take the others along.
      if (rows.length === 1) state.fail(rows[0]!.line, error.fields.length > 0 ? error.fields : [{ field: 'row', code: error.code, message: error.message }]);
      else for (const row of rows) await this.recordCustomer(id, [row], state);
    }
  }

  private async checkDetails({ owner, team }: CustomerInput): Promise<void> {
    if (owner !== undefined) await this.writer.mustExist('colleague', owner, 'customer.owner');
    for (const colleague of team ?? []) await this.writer.mustExist('colleague', colleague, 'customer.team');
  }

  private async send(id: string, rows: readonly Row[], caller: Caller): Promise<Outcome> {
    const details = new Map(rows.map((row) => [canonical(row.customer), row.customer]));
    const registrations = await Promise.all(
      [...details].map(async ([text, input]): Promise<CommandRequest<CustomerCommand>> => ({ commandId: commandIdOf(), mac: this.vault.mac(text), command: await this.writer.registration(input, true, caller) })),
    );
    return this.bus.execute(new Execute(customer, customerStream(id), [...registrations, ...rows.map(({ request }) => request)], envelopeOf({ ...caller, revision: undefined })));
  }

  private count(outcome: Outcome, rows: readonly Row[], state: ImportState): void {
    const registrations = outcome.written.length - rows.length;
    const { counts } = state;
    for (const [index, events] of outcome.written.entries()) {
      if (index < registrations) {
        if (events.some(({ type }) => type === 'CustomerRegistered')) counts.customersCreated += 1;
        else if (events.length > 0) counts.customersChanged += 1;
      } else if (outcome.repeated[index] === true || events.length === 0) counts.alreadyHere += 1;
      else if (events[0]!.type === 'InteractionCorrected') counts.entriesCorrected += 1;
      else counts.entriesAdded += 1;
    }
    const { position } = outcome;
    if (position !== null && (state.position === null || this.store.compare(position, state.position) > 0)) state.position = position;
  }
}

interface ImportState {
  readonly counts: ImportCounts;
  readonly fail: (line: number, fields: readonly FieldProblem[]) => void;
  readonly dryRun: boolean;
  readonly caller: Caller;
  readonly newCustomers: Set<string>;
  position: string | null;
}
