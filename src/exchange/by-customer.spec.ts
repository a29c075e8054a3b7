/** The rows of a long file put in order by customer: each comes once, those of a customer as in the file, and who names another last. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { customerIdOf } from '../customers/customers.writer.js';
import { ByCustomer, rowsOf, type Draft } from './by-customer.js';
import { Occurrences } from './occurrences.js';
import { Parts } from './parts.js';
import type { ImportRow, Row } from './recording.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'five-ring-parts-'))));
afterAll(() => rmSync(folder, { recursive: true }));

interface Said {
  readonly account: number;
  readonly text: string;
  readonly names: boolean;
}

const saids = fc.array(fc.record({ account: fc.nat(5), text: fc.constantFrom('a', 'b', 'ä\n"\u2028', 'x'.repeat(40_000)), names: fc.boolean() }), { maxLength: 60 });

function draftOf({ account, text, names }: Said, line: number): Draft {
  const customer = { source: 'crm', sourceId: `A-${account}` };
  const fields = names ? { referredCustomer: 'somebody' } : {};
  return { line, id: customerIdOf(customer, ''), customer, entries: [{ entry: { kind: names ? 'referral' : 'note', occurredAt: 0, side: 'us', fields }, mac: 'm', defaulted: [] }], text: `${account},${names},${text}` };
}

interface Came {
  readonly lists: { readonly rows: readonly ImportRow[]; readonly done: ReadonlySet<string> }[];
  readonly straight: readonly ImportRow[];
}

async function through(all: readonly Said[], first: number, atOnce: number): Promise<Came> {
  const drafts = all.map(draftOf);
  const straightOn = new Occurrences();
  const straight = drafts.flatMap((draft) => rowsOf(draft, straightOn));
  const before = new Occurrences();
  const lists: Came['lists'] = drafts.slice(0, first).map((draft) => ({ rows: rowsOf(draft, before), done: new Set() }));
  const rest = await ByCustomer.open(folder);
  try {
    for (const draft of drafts.slice(first)) await rest.put(draft);
    for await (const { rows, done } of rest.given(atOnce, before)) lists.push({ rows, done });
  } finally {
    await rest.close();
  }
  return { lists, straight };
}

/** What is wrong; null when nothing. */
function wrongIn({ lists, straight }: Came): string | null {
  const rows = lists.flatMap((list) => list.rows) as Row[];
  const known = (all: readonly ImportRow[]): string => (all as Row[]).map(({ line, commandId }) => `${line} ${commandId}`).sort().join('\n');
  if (known(rows) !== known(straight)) return 'a row is missing, comes twice or has another name';
  for (const own of Map.groupBy(rows, ({ id }) => id).values()) if (own.some(({ line }, index) => index > 0 && line < own[index - 1]!.line)) return 'rows of a customer are not in the order of the file';
  const over = new Set<string>();
  for (const list of lists) {
    if (list.rows.some(({ id }) => over.has(id))) return 'a customer comes up again who was done';
    for (const id of list.done) over.add(id);
  }
  return null;
}

it('each row comes once, by its name, those of a customer as in the file; nothing of it is left on disk', async () => {
  await fc.assert(fc.asyncProperty(saids, fc.nat(10), fc.integer({ min: 1, max: 20 }), async (all, first, atOnce) => expect(wrongIn(await through(all, first, atOnce))).toBeNull()), { numRuns: 40 });
  expect(readdirSync(folder)).toEqual([]);
});

it('a customer comes up once when nobody names another', async () => {
  const { lists } = await through(Array.from({ length: 300 }, (_, n) => ({ account: n % 6, text: String(n), names: false })), 0, 50);
  expect(lists.flatMap(({ rows }) => [...new Set(rows.map(({ id }) => id))])).toHaveLength(6);
  expect(lists.flatMap(({ done }) => [...done])).toHaveLength(6);
});

it('a planted bug, blocks read back the wrong way round, is found', async () => {
  const read = Object.getOwnPropertyDescriptor(Parts.prototype, 'read')!.value as (this: Parts, part: number) => ReturnType<Parts['read']>;
  Parts.prototype.read = async function* (this: Parts, part: number) {
    const blocks: (readonly string[])[] = [];
    for await (const texts of read.call(this, part)) blocks.push(texts);
    yield* blocks.reverse();
  };
  try {
    const long = Array.from({ length: 6 }, (_, n) => ({ account: 1, text: String(n).repeat(40_000), names: false }));
    expect(wrongIn(await through(long, 0, 3))).toMatch(/order of the file/);
  } finally {
    Parts.prototype.read = read;
  }
});

it('a planted bug, texts counted anew behind the first rows, is found', async () => {
  const same = Array.from({ length: 4 }, () => ({ account: 1, text: 'a', names: false }));
  const { straight, lists } = await through(same, 2, 10);
  expect(wrongIn({ straight, lists })).toBeNull();
  const anew = new Occurrences();
  expect(wrongIn({ straight, lists: [...lists.slice(0, 2), { rows: same.slice(2).flatMap((said, index) => rowsOf(draftOf(said, index + 2), anew)), done: new Set() }] })).toMatch(/missing/);
});
