/** Imports rows: read and checked here by the mapping and the catalogue, then recorded. */
import { pipeline, Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CsvError, parse, type Options } from 'csv-parse';
import type { Caller } from '../shell/caller.js';
import { kinds } from '../customers/catalogue.js';
import { customerIdOf, CustomersWriter, Organisation } from '../customers/customers.writer.js';
import { checkEntry, defaultedIn } from '../customers/entry.js';
import type { EventStore } from '../kernel/event-store.js';
import { invalid, Refusal, type FieldProblem } from '../kernel/refusal.js';
import { Deployment } from '../shell/deployment.js';
import { Executor } from '../shell/executor.js';
import { Projector } from '../shell/projector.js';
import { Vault } from '../vault/vault.js';
import { checkCustomer, checkMapping, columnsRead, rowMapper, type Mapping } from './mapping.js';
import { RulesInForce } from '../rings/rules-in-force.js';
import { beginningOf, brokenOff } from './beginning.js';
import { ByCustomer, rowsOf, type Draft } from './by-customer.js';
import type { Encoding } from './csv.js';
import { Evidence, type RingEvidence } from './evidence.js';
import { ImportRuns, type Going } from './import-runs.writer.js';
import { Occurrences } from './occurrences.js';
import { whyNot } from './recognition.js';
import { delimiterOf, encodingOf, notText } from './file-format.js';
import { jsonRecords } from './json-rows.js';
import { Recording, type Details, type Fail, type ImportCounts, type ImportRow } from './recording.js';
import { Log, Rehearsal } from './sink.js';

export interface RowError {
  /** Line of the file on which the row ends. */
  readonly line: number;
  readonly errors: readonly FieldProblem[];
}

/** How the file was read: as the mapping says, or as its beginning shows. */
export interface ReadAs {
  readonly encoding: Encoding;
  readonly delimiter: string;
}

export interface ImportResult extends ImportCounts {
  readonly dryRun: boolean;
  /** Id of the run, to list or undo it; null on a dry run, and when nothing was recorded. */
  readonly run: string | null;
  readonly readAs: ReadAs;
  /** Customers of the file that have evidence in it, ring by ring, and what would supply what is missing. */
  readonly rings: readonly RingEvidence[];
  /** The first of the rows that failed. */
  readonly errors: readonly RowError[];
  /** Place in the log to wait for when reading; null when nothing was written. */
  readonly position: string | null;
}

/** What an import says on its way: how far it has come, or a row that failed. */
export type ImportStep = { readonly progress: ImportCounts; readonly bad?: undefined } | { readonly bad: RowError & { readonly row: string }; readonly progress?: undefined };

export interface ImportOptions {
  readonly dryRun: boolean;
  /** Tell every row that failed, with its text. */
  readonly badRows: boolean;
  /** Name of the file, where it has one. */
  readonly file?: string;
}

const ERRORS_SHOWN = 100;
/** Of a row that failed, at most so much of its text is told. */
const ROW_SHOWN = 10_000;
/** Rows that failed and are not told yet, at most. */
const UNTOLD = 500;

@Injectable()
export class Importer {
  /** Rows that are recorded together: with 2,000 a commit comes less often, but what is on its way to it outlives the collection of young garbage, which costs a tenth more in all. */
  rowsAtOnce = 500;
  /** Rows of a file that are recorded as they come. What it has beyond these is put in order first, customer by customer. */
  rowsInOrder = 20_000;

  constructor(
    private readonly bus: CommandBus,
    private readonly executor: Executor,
    private readonly vault: Vault,
    private readonly writer: CustomersWriter,
    private readonly organisation: Organisation,
    private readonly runs: ImportRuns,
    private readonly rules: RulesInForce,
    private readonly deployment: Deployment,
    private readonly projector: Projector,
    @Inject('EventStore') private readonly store: EventStore,
  ) {}

  /**
   * Reads CSV, or JSON, and records its rows; tells the counts after each chunk, and returns the result. Good rows go in, bad ones
   * are named. Running the same file again adds nothing: each row is known by its sourceId, or by its text and how often it occurred.
   * @throws Refusal when the mapping does not fit the file.
   */
  async *run(file: Readable, mapping: Mapping, options: ImportOptions, caller: Caller): AsyncGenerator<ImportStep, ImportResult> {
    const problems = checkMapping(mapping);
    if (problems.length > 0) throw invalid(problems);
    if (options.dryRun) return yield* this.go(file, mapping, options, new Rehearsal(this.executor, caller), caller, undefined);
    const { source } = mapping.customer;
    const going = await this.runs.go(caller, { source: typeof source === 'string' ? source : 'several sources', ...(options.file !== undefined && { file: options.file }) });
    const over = this.projector.holdBack();
    try {
      const inRun = { ...caller, correlationId: going.run };
      return yield* this.go(file, mapping, options, new Log(this.bus, this.executor, inRun, () => going.begin()), inRun, going);
    } finally {
      over();
      await going.end();
    }
  }

  private async *go(file: Readable, mapping: Mapping, { dryRun, badRows }: ImportOptions, sink: Log | Rehearsal, caller: Caller, going: Going | undefined): AsyncGenerator<ImportStep, ImportResult> {
    const counts: ImportCounts = { rows: 0, customersCreated: 0, customersChanged: 0, entriesAdded: 0, entriesCorrected: 0, alreadyHere: 0, failed: 0, skipped: 0, further: 0, skippedBecause: {}, kinds: {} };
    const errors: RowError[] = [];
    const untold: { readonly bad: RowError & { readonly row: string } }[] = [];
    const texts = new Map<number, string>();
    const fail: Fail = (line, fields) => {
      counts.failed += 1;
      if (errors.length < ERRORS_SHOWN) errors.push({ line, errors: fields });
      if (badRows) untold.push({ bad: { line, errors: fields, row: texts.get(line) ?? '' } });
    };
    const evidence = new Evidence(this.rules.rules);
    const recording = new Recording(sink, this.writer, this.vault, this.store, caller, counts, evidence, fail);
    const occurrences = new Occurrences();
    const map = rowMapper(mapping, this.organisation.zone, () => this.organisation.now());
    const skipped: Fail = (line, fields) => {
      counts.rows += 1;
      fail(line, fields);
    };
    const { records, readAs, header } = await this.open(file, mapping, skipped);
    const chunk: ImportRow[] = [];
    let rest: ByCustomer | undefined;
    let untilProgress = this.rowsAtOnce;
    const told = (): void => {
      // A row that waits for the end of the file may still fail.
      const { waiting } = recording;
      for (const line of texts.keys()) if (!waiting.has(line)) texts.delete(line);
    };
    try {
      for await (const record of records) {
        counts.rows += 1;
        if (badRows) texts.set(record.line, textOf(record.raw, ROW_SHOWN));
        const draft = this.read(record, map, counts, fail, badRows);
        if (draft !== undefined && counts.rows > this.rowsInOrder) {
          rest ??= await ByCustomer.open(this.deployment.data);
          await rest.put(draft);
        } else if (draft !== undefined) chunk.push(...rowsOf(draft, occurrences));
        if (rest !== undefined) texts.delete(record.line);
        untilProgress -= 1;
        if (chunk.length >= this.rowsAtOnce || (rest !== undefined && untilProgress <= 0)) {
          await recording.take(chunk.splice(0));
          untilProgress = this.rowsAtOnce;
          told();
          yield* untold.splice(0);
          yield { progress: structuredClone(counts) };
        } else if (untold.length >= UNTOLD) yield* untold.splice(0);
      }
      await recording.take(chunk);
      if (rest !== undefined) {
        told();
        for await (const { drafts, rows, done } of rest.given(this.rowsAtOnce, occurrences)) {
          if (badRows) for (const { line, text } of drafts) texts.set(line, text!.slice(0, ROW_SHOWN));
          await recording.take(rows);
          await recording.finish(done);
          told();
          yield* untold.splice(0);
          yield { progress: structuredClone(counts) };
        }
      }
    } finally {
      await rest?.close();
    }
    await recording.finish();
    yield* untold;
    const position = (await going?.finish(counts, recording.position)) ?? recording.position;
    const read = columnsRead(mapping);
    return { ...counts, dryRun, run: going?.begun ?? null, readAs, rings: evidence.result(header().filter((name) => name !== '' && !read.has(name))), errors, position };
  }

  /** The file's rows, once its beginning has shown how it is written. */
  private async open(file: Readable, mapping: Mapping, fail: Fail): Promise<{ records: ReturnType<Importer['records']>; readAs: ReadAs; header: () => readonly string[] }> {
    const { head, whole } = await beginningOf(file);
    // Its own mark comes before what the mapping says.
    const isMarked = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
    const why = mapping.encoding === undefined ? notText(head) : null;
    // Zeros stand in damaged rows too, which are named one by one.
    if (why !== null && why !== 'empty' && why !== 'binary') throw new Refusal('invalid', 'not-text', whyNot(why), [{ field: 'file', code: 'not-text', message: 'is no CSV file' }]);
    const encoding = isMarked ? 'utf-8' : (mapping.encoding ?? encodingOf(head));
    const text = new TextDecoder(encoding).decode(head, { stream: true });
    const readAs = { encoding: encoding === 'windows-1252' && mapping.encoding === undefined ? 'utf-8' : encoding, delimiter: mapping.delimiter ?? delimiterOf(text) } as const;
    async function* content(): AsyncGenerator<Buffer> {
      const decoder = readAs.encoding === 'utf-8' ? undefined : new TextDecoder(readAs.encoding);
      const inUtf8 = (piece: Buffer): Buffer => (decoder === undefined ? piece : Buffer.from(decoder.decode(piece, { stream: true })));
      for await (const piece of whole()) yield inUtf8(piece);
      if (decoder !== undefined) yield Buffer.from(decoder.decode());
    }
    let header: readonly string[] = [];
    return { records: this.records(Readable.from(content(), { objectMode: false }), file, { ...mapping, delimiter: readAs.delimiter }, (names) => (header = names), fail), readAs, header: () => header };
  }

  private async *records(content: Readable, file: Readable, mapping: Mapping, named: (header: readonly string[]) => void, fail: Fail): AsyncGenerator<{ raw: string; line: number; cells: Record<string, string> }> {
    if (mapping.format === 'json') {
      const rows = jsonRecords(content, columnsRead(mapping), mapping.list, (line, message) => fail(line, [{ field: 'row', code: 'malformed-row', message }]));
      try {
        yield* rows;
        return;
      } catch (error) {
        throw file.errored === null ? error : brokenOff();
      }
    }
    const options: Options = {
      bom: true,
      columns: (header: string[]) => {
        const problems = checkMapping(mapping, header);
        const doubled = header.filter((name, index) => name !== '' && header.indexOf(name) < index);
        problems.push(...[...new Set(doubled)].map((name) => ({ field: 'file', code: 'doubled-column', message: `has the column ${name.slice(0, 60)} more than once` })));
        if (problems.length > 0) throw invalid(problems);
        named(header);
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
    pipeline(content, parser, () => undefined);
    try {
      for await (const { record, raw, info } of parser as AsyncIterable<{ record: Record<string, string>; raw: string; info: { lines: number } }>) {
        yield { raw, line: info.lines, cells: record };
      }
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (error instanceof CsvError) throw new Refusal('invalid', 'malformed-csv', `The file is not valid CSV: ${error.message}`, [{ field: 'file', code: 'malformed-csv', message: error.message }]);
      if (file.errored !== null) throw brokenOff();
      throw error;
    }
  }

  /** One row as it is to be recorded; none when it is left out or wrong, and said so. */
  private read({ raw, line, cells }: { raw: string; line: number; cells: Record<string, string> }, map: ReturnType<typeof rowMapper>, counts: ImportCounts, fail: Fail, withText: boolean): Draft | undefined {
    if (raw.includes('\uFFFD') || raw.includes('\0')) return void fail(line, [{ field: 'row', code: 'bad-encoding', message: 'is not valid UTF-8 text' }]);
    const mapped = map(cells);
    if (mapped.skipped !== undefined) {
      counts.skipped += 1;
      counts.skippedBecause[mapped.skipped] = (counts.skippedBecause[mapped.skipped] ?? 0) + 1;
      return undefined;
    }
    if (mapped.problems !== undefined) return void fail(line, mapped.problems);
    const { customer: who } = mapped;
    const given = mapped.entry === undefined ? [] : [mapped.entry, ...mapped.also];
    const checked = given.map((entry) => checkEntry(entry, { now: this.organisation.now(), zone: this.organisation.zone }));
    const problems = checked.flatMap(({ problems: own }) => own ?? []);
    if (problems.length === 0) problems.push(...checkCustomer(who));
    for (const { entry } of checked) {
      if (entry !== undefined && kinds[entry.kind]!.group === 'ours') problems.push({ field: 'kind', code: 'needs-no-customer', message: `${entry.kind} is tied to no customer; log it with POST /api/v1/log` });
    }
    if (problems.length > 0) return void fail(line, problems);
    counts.further += mapped.also.length;
    const customer: Details = { ...who };
    const entries = checked.map(({ entry }, index) => ({ entry: entry!, mac: this.writer.macOf(entry!, given[index]), defaulted: defaultedIn(given[index]) }));
    const needsText = withText || entries.some(({ entry }) => entry.sourceId === undefined);
    return { line, id: customerIdOf(customer, ''), customer, entries, ...(needsText && { text: textOf(raw) }) };
  }
}

/** The row without its end of line. */
const textOf = (raw: string, most = Infinity): string => raw.slice(0, most).replace(/\r?\n$/, '');
