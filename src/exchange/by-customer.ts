/**
 * The rows of a long file customer by customer, so that each customer is looked at once, whatever the order of the file, and
 * memory holds a few thousand rows. Who names another customer comes last, and with it all that the file says of the same
 * customer from there on: what it names is there by then.
 */
import type { Entry } from '../customers/entry.js';
import { commandIdOf, newId } from '../shell/ids.js';
import { numberOf } from './numbers.js';
import { hashOf, Occurrences } from './occurrences.js';
import { Parts } from './parts.js';
import type { Details, ImportRow, Row } from './recording.js';
import { namesCustomer } from './references.js';

/** A row of the file as it was read and checked, before it has a name. */
export interface Draft {
  readonly line: number;
  /** Id of the customer. */
  readonly id: string;
  readonly customer: Details;
  /** None when the row only speaks of its customer. */
  readonly entries: readonly { readonly entry: Entry; readonly mac: string; readonly defaulted: NonNullable<Row['toLog']['defaulted']> }[];
  /** Its text, where that names it, or is to be told. */
  readonly text?: string;
}

const PARTS = 256;
/** Part of those who name another customer. */
const LAST = PARTS;
/** Rows of a part in memory at once. */
const AT_HAND = 20_000;

export class ByCustomer {
  /** Customers whose rows come last. */
  private readonly later = new Set<number>();

  private constructor(private readonly parts: Parts) {}

  /** @throws StoreUnavailable when the folder takes no file. */
  static async open(folder: string): Promise<ByCustomer> {
    return new ByCustomer(await Parts.open(folder, PARTS + 1));
  }

  /** @throws StoreUnavailable */
  async put(draft: Draft): Promise<void> {
    const number = numberOf(draft.id);
    if (!this.later.has(number) && draft.entries.some(({ entry }) => namesCustomer(entry))) this.later.add(number);
    await this.parts.put(this.later.has(number) ? LAST : number % PARTS, JSON.stringify(draft));
  }

  /**
   * All of them as they are to be recorded, some at a time. `done`: customers of whom no more comes. `before`: what came up in
   * the file's rows that did not come here. @throws StoreUnavailable
   */
  async *given(atOnce: number, before: Occurrences): AsyncGenerator<Given> {
    // Of customers who come up again at the end.
    const kept = new Occurrences(before);
    let given = nothing();
    for (let part = 0; part < PARTS; part += 1) {
      const own = new Occurrences(before);
      for await (const { drafts, isLast } of this.atHand(part)) {
        for (const [id, of] of Map.groupBy(drafts, (draft) => draft.id)) {
          const comesAgain = this.later.has(numberOf(id));
          for (let at = 0; at < of.length; at += atOnce) {
            if (given.drafts.length > 0 && given.drafts.length + Math.min(atOnce, of.length - at) > atOnce) {
              yield given;
              given = nothing();
            }
            take(given, of.slice(at, at + atOnce), comesAgain ? kept : own);
          }
          if (isLast && !comesAgain) given.done.add(id);
        }
      }
    }
    if (given.drafts.length > 0) yield given;
    for await (const { drafts } of this.atHand(LAST)) {
      for (let at = 0; at < drafts.length; at += atOnce) {
        given = nothing();
        take(given, drafts.slice(at, at + atOnce), kept);
        yield given;
      }
    }
  }

  private async *atHand(part: number): AsyncGenerator<{ readonly drafts: readonly Draft[]; readonly isLast: boolean }> {
    let drafts: Draft[] = [];
    for await (const texts of this.parts.read(part)) {
      if (drafts.length >= AT_HAND) {
        yield { drafts, isLast: false };
        drafts = [];
      }
      for (const text of texts) drafts.push(JSON.parse(text) as Draft);
    }
    yield { drafts, isLast: true };
  }

  close(): Promise<void> {
    return this.parts.close();
  }
}

export interface Given {
  readonly drafts: Draft[];
  readonly rows: ImportRow[];
  readonly done: Set<string>;
}

const nothing = (): Given => ({ drafts: [], rows: [], done: new Set() });

function take(given: Given, drafts: readonly Draft[], occurrences: Occurrences): void {
  for (const draft of drafts) {
    given.drafts.push(draft);
    given.rows.push(...rowsOf(draft, occurrences));
  }
}

/** What is recorded of a row: its entries, each with the name by which it is known when it comes again; or what it says of its customer alone. */
export function rowsOf({ line, id, customer, entries, text = '' }: Draft, occurrences: Occurrences): ImportRow[] {
  if (entries.length === 0) return [{ line, id, customer }];
  const rows: Row[] = [];
  for (const { entry, mac, defaulted } of entries) {
    const toLog = entry.kind === 'person-added' ? { ...entry, fields: { ...entry.fields, person: newId() } } : entry;
    const [first] = rows;
    rows.push({ line, id, customer, commandId: entry.sourceId === undefined ? commandOf(text, String(customer.source), occurrences) : commandIdOf(), toLog: { id: newId(), mac, entry: toLog, defaulted }, ...(first !== undefined && { first }) });
  }
  return rows;
}

/** Without a sourceId, its text and how often that occurred name a row. */
function commandOf(text: string, source: string, occurrences: Occurrences): string {
  return commandIdOf('import-row', source, text, String(occurrences.next(hashOf(text))));
}
