/** Imports rows: read and checked here by the mapping and the catalogue, then recorded. */
import { createHash } from 'node:crypto';
import { pipeline, type Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CsvError, parse, type Options } from 'csv-parse';
import type { Caller } from '../shell/caller.js';
import { kinds } from '../customers/catalogue.js';
import { customerIdOf, CustomersWriter, Organisation, type CustomerInput } from '../customers/customers.writer.js';
import { checkEntry, defaultedIn } from '../customers/entry.js';
import type { EventStore } from '../kernel/event-store.js';
import { invalid, Refusal, type FieldProblem } from '../kernel/refusal.js';
import { Executor } from '../shell/executor.js';
import { commandIdOf, newId } from '../shell/ids.js';
import { Vault } from '../vault/vault.js';
import { checkCustomer, checkMapping, rowMapper, type Mapping } from './mapping.js';
import { Recording, type Fail, type ImportCounts, type Row } from './recording.js';
import { Log, Rehearsal } from './sink.js';

export interface RowError {
  /** Line of the file on which the row ends. */
  readonly line: number;
  readonly errors: readonly FieldProblem[];
}

export interface ImportResult extends ImportCounts {
  readonly dryRun: boolean;
  /** The first of the rows that failed. */
  readonly errors: readonly RowError[];
  /** Place in the log to wait for when reading; null when nothing was written. */
  readonly position: string | null;
}

const ERRORS_SHOWN = 100;

@Injectable()
export class Importer {
  /** Rows that are recorded together. */
  rowsAtOnce = 2000;

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
    const counts: ImportCounts = { rows: 0, customersCreated: 0, customersChanged: 0, entriesAdded: 0, entriesCorrected: 0, alreadyHere: 0, failed: 0, skipped: 0, further: 0, skippedBecause: {} };
    const errors: RowError[] = [];
    const fail: Fail = (line, fields) => {
      counts.failed += 1;
      if (errors.length < ERRORS_SHOWN) errors.push({ line, errors: fields });
    };
    const sink = dryRun ? new Rehearsal(this.executor, caller) : new Log(this.bus, this.executor, caller);
    const recording = new Recording(sink, this.writer, this.vault, this.store, caller, counts, fail);
    const occurrences = new Map<string, number>();
    const map = rowMapper(mapping, this.organisation.zone, () => this.organisation.now());
    const skipped: Fail = (line, fields) => {
      counts.rows += 1;
      fail(line, fields);
    };
    let chunk: Row[] = [];
    for await (const record of this.records(file, mapping, skipped)) {
      counts.rows += 1;
      chunk.push(...this.read(record, map, occurrences, counts, fail));
      if (chunk.length < this.rowsAtOnce) continue;
      await recording.take(chunk);
      chunk = [];
      yield structuredClone(counts);
    }
    await recording.take(chunk);
    await recording.finish();
    return { ...counts, dryRun, errors, position: recording.position };
  }

  private async *records(file: Readable, mapping: Mapping, fail: Fail): AsyncGenerator<{ raw: string; line: number; cells: Record<string, string> }> {
    const options: Options = {
      bom: true,
      columns: (header: string[]) => {
        const problems = checkMapping(mapping, header);
        const doubled = header.filter((name, index) => name !== '' && header.indexOf(name) < index);
        problems.push(...[...new Set(doubled)].map((name) => ({ field: 'file', code: 'doubled-column', message: `has the column ${name.slice(0, 60)} more than once` })));
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

  /** One row as commands on its customer; none when it is left out or wrong, and said so. */
  private read({ raw, line, cells }: { raw: string; line: number; cells: Record<string, string> }, map: ReturnType<typeof rowMapper>, occurrences: Map<string, number>, counts: ImportCounts, fail: Fail): readonly Row[] {
    if (raw.includes('\uFFFD') || raw.includes('\0')) {
      fail(line, [{ field: 'row', code: 'bad-encoding', message: 'is not valid UTF-8 text' }]);
      return [];
    }
    const mapped = map(cells);
    if (mapped.skipped !== undefined) {
      counts.skipped += 1;
      counts.skippedBecause[mapped.skipped] = (counts.skippedBecause[mapped.skipped] ?? 0) + 1;
      return [];
    }
    if (mapped.problems !== undefined) {
      fail(line, mapped.problems);
      return [];
    }
    const { customer: who } = mapped;
    const given = [mapped.entry, ...mapped.also];
    const checked = given.map((entry) => checkEntry(entry, { now: this.organisation.now(), zone: this.organisation.zone }));
    const problems = checked.flatMap(({ problems: own }) => own ?? []);
    if (problems.length === 0) problems.push(...checkCustomer(who));
    for (const { entry } of checked) {
      if (entry !== undefined && kinds[entry.kind]!.group === 'ours') problems.push({ field: 'kind', code: 'needs-no-customer', message: `${entry.kind} is tied to no customer; log it with POST /api/v1/log` });
    }
    if (problems.length > 0) {
      fail(line, problems);
      return [];
    }
    counts.further += mapped.also.length;
    const input: CustomerInput = { ...who, name: String(who['name'] ?? who['sourceId']) };
    const id = customerIdOf(input, '');
    const rows: Row[] = [];
    for (const [index, { entry }] of checked.entries()) {
      const toLog = entry!.kind === 'person-added' ? { ...entry!, fields: { ...entry!.fields, person: newId() } } : entry!;
      const commandId = given[index]!['sourceId'] === undefined ? commandOf(raw, String(who['source']), occurrences) : commandIdOf();
      const [first] = rows;
      rows.push({ line, id, customer: input, commandId, toLog: { id: newId(), mac: this.writer.macOf(entry!, given[index]), entry: toLog, defaulted: defaultedIn(given[index]) }, ...(first !== undefined && { first }) });
    }
    return rows;
  }
}

/** Without a sourceId, its text and how often that occurred name a row. */
function commandOf(raw: string, source: string, occurrences: Map<string, number>): string {
  const text = raw.replace(/\r?\n$/, '');
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 16);
  const occurrence = (occurrences.get(hash) ?? 0) + 1;
  occurrences.set(hash, occurrence);
  return commandIdOf('import-row', source, text, String(occurrence));
}
