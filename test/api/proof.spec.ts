/** P10: an edit of history is detected against a head kept elsewhere, wherever the log is. */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { HEADS, KeptHeads } from '../../src/shell/kept-heads.js';
import { chained, compared, startOfLog, type Head } from '../../src/shell/log-proof.js';
import type { Verdict } from '../../src/shell/operations.js';
import { openStore } from '../../src/stores/index.js';
import { TestApp, type Answer } from './app.js';

const isSqlite = process.env['FIVE_RING_TEST_STORE'] !== 'kurrentdb';

let app: TestApp;
let elsewhere: string;
beforeEach(async () => {
  elsewhere = mkdtempSync(join(tmpdir(), 'five-ring-heads-'));
  app = await TestApp.withAda();
});
afterEach(async () => {
  await app.remove();
  rmSync(elsewhere, { recursive: true });
});

const resultOf = (answer: Answer): Verdict => JSON.parse(answer.text.trim().split('\n').at(-1)!).result;
const verdictOf = async (query = ''): Promise<Verdict> => resultOf(await app.get(`verify${query}`));

/** Writes some events, and keeps a head after each of so many rounds. */
async function history(rounds = 3): Promise<readonly Head[]> {
  const id = await app.customer();
  for (let round = 0; round < rounds; round += 1) {
    await app.log(id, { kind: 'note', summary: `round ${round}` }, { kind: 'note', summary: 'and another' });
    await app.parts.heads.keep();
  }
  return app.parts.heads.lines();
}

it('says the head of the log as it is, and keeps one for what was added', async () => {
  expect((await app.get('proof')).json.lastKept).toBeNull();
  const kept = await history();
  expect(kept.map(({ events }) => events)).toEqual([4, 6, 8]);
  const { json } = await app.get('proof');
  expect(json).toMatchObject({ events: 8, head: kept[2]!.head, lastKept: { events: 8, head: kept[2]!.head } });
  const events = await app.events();
  expect(json.head).toBe(events.reduce((head, event) => chained(head, event), startOfLog()).toString('hex'));
  expect(json.position).toBe(events.at(-1)!.position);
  // Nothing was added: no line.
  await app.parts.heads.keep();
  expect(readFileSync(app.parts.heads.file, 'utf8').trim().split('\n')).toHaveLength(3);

  expect(await verdictOf()).toMatchObject({ ok: true, head: json.head, keptHeads: 3, heads: [] });
  expect(await verdictOf(`?at=0,4,8,9&head=${kept[1]!.head}`)).toMatchObject({ ok: true, foundAt: 6, heads: [{ events: 0, head: '0'.repeat(64) }, { events: 4, head: kept[0]!.head }, { events: 8, head: kept[2]!.head }] });
  expect(await verdictOf(`?head=${'f'.repeat(64)}`)).toMatchObject({ foundAt: null });
});

it('goes on where it stopped: at a clean stop the last head is kept, and the next one is made of what is new alone', async () => {
  await history(1);
  await app.customer({ name: 'Late' });
  // However slow the machine is.
  app.parts.heads.lastMs = 20_000;
  app = await app.restarted();
  expect(app.parts.heads.lines().map(({ events }) => events)).toEqual([4, 5]);
  const pages: (string | null)[] = [];
  const { store } = app.parts;
  const watched = { ...store, read: store.read.bind(store), readAll: (after: string | null, limit: number) => (pages.push(after), store.readAll(after, limit)) };
  const resumed = new KeptHeads(watched, app.folder);
  expect((await resumed.now()).head).toBe((await app.get('proof')).json.head);
  expect(pages).toEqual([app.parts.heads.lines().at(-1)!.position]);
  // Without the note it reads all, and comes to the same.
  rmSync(join(app.folder, 'head.json'));
  expect((await new KeptHeads(watched, app.folder).now()).head).toBe((await app.get('proof')).json.head);
  expect(pages.slice(1)).toEqual([null]);
});

it('a line that was cut off is none, and the next one stands by itself', async () => {
  await history(1);
  appendFileSync(app.parts.heads.file, '{"at":"2026-01-01T00:0');
  await app.customer({ name: 'Next' });
  await app.parts.heads.keep();
  expect(app.parts.heads.lines().map(({ events }) => events)).toEqual([4, 5]);
  expect(await verdictOf()).toMatchObject({ ok: true, keptHeads: 2 });
});

it('heads that cannot be kept show in health, and hold nothing up', async () => {
  const blocked = new KeptHeads(app.parts.store, app.folder, { folder: join(app.folder, 'log.txt', 'x') });
  writeFileSync(join(app.folder, 'log.txt'), 'a file where a folder should be');
  await blocked.keep();
  expect(blocked.notes()).toEqual([expect.stringMatching(/^Heads of the log cannot be kept in .+heads\.ndjson: .+\.$/)]);
  const heads = new KeptHeads(app.parts.store, app.folder, { folder: elsewhere });
  await heads.keep();
  expect(heads.notes()).toEqual([]);
  expect(existsSync(join(elsewhere, HEADS))).toBe(true);
});

it('a log that was set back to an older one is read anew, and the heads that were kept stay what they are', async () => {
  const kept = await history();
  const older = await openStore('memory:');
  for (const { stream, recordedAt, ...event } of (await app.events()).slice(0, 6)) await older.append(stream, [event], 'any', recordedAt);
  const heads = new KeptHeads(older, app.folder);
  await heads.keep();
  expect(heads.lines().slice(0, 3)).toEqual(kept);
  expect(heads.lines().at(-1)).toMatchObject({ events: 6, head: kept[1]!.head });
});

/** Edits of log.db that a hand with access to the file can make, and the sentence that finds each. */
const EDITS: readonly [what: string, sql: readonly string[], finds: RegExp][] = [
  ['changed data', ["UPDATE events SET data = json_set(data, '$.kind', 'call') WHERE position = 5"], /^The log was changed between event 5 and event 6: its head after event 6 is not the one that was kept\. Stop the server/],
  ['a changed instant of recording', ['UPDATE events SET recorded_at = recorded_at - 86400000 WHERE position = 2'], /^The log was changed in its first 4 events/],
  ['another actor', ["UPDATE events SET metadata = json_set(metadata, '$.actor', 'bob') WHERE position = 8"], /^The log was changed between event 7 and event 8/],
  ['an event taken out', ['DELETE FROM events WHERE position = 5', 'UPDATE events SET position = position - 1 WHERE position > 5', 'UPDATE events SET revision = revision - 1 WHERE position >= 5'], /^The log was changed between event 5 and event 6/],
  ['two events swapped', ['UPDATE events SET position = 99 WHERE position = 5', 'UPDATE events SET position = 5 WHERE position = 6', 'UPDATE events SET position = 6 WHERE position = 99', 'UPDATE events SET revision = -revision WHERE position IN (5, 6)', 'UPDATE events SET revision = CASE position WHEN 5 THEN 3 ELSE 4 END WHERE position IN (5, 6)'], /^The log was changed between event 5 and event 6/],
  ['an end cut off', ['DELETE FROM events WHERE position > 6'], /^The log has 6 events, and a head of 8 was kept: events were taken from its end, or it is an older backup\. Restore a newer one/],
];

(isSqlite ? describe : describe.skip)('an edit of the file is found', () => {
  it.each(EDITS)('%s', async (_what, sql, finds) => {
    const kept = await history();
    writeFileSync(join(elsewhere, HEADS), kept.map((head) => `${JSON.stringify(head)}\n`).join(''));
    const db = new Database(join(app.folder, 'log.db'));
    for (const statement of sql) db.exec(statement);
    db.close();
    const { ok, problems } = await verdictOf();
    expect(ok).toBe(false);
    expect(problems).toContainEqual(expect.stringMatching(finds));
    // The heads elsewhere say the same of it when those beside the log are gone: the places are asked for.
    rmSync(app.parts.heads.file);
    const said = await verdictOf(`?at=${kept.map(({ events }) => events).join()}`);
    const of = new Map(said.heads.map(({ events, head }) => [events, head]));
    expect(compared(kept, (events) => of.get(events))).not.toMatchObject({ changed: null, beyond: null });
  });

  it('what is added is no edit', async () => {
    await history();
    await app.customer({ name: 'More' });
    expect(await verdictOf()).toMatchObject({ ok: true, keptHeads: 3 });
  });
});

/** The emulated node's own log, past the adapter. */
const onNode = (): { readonly stream: string; data: Uint8Array }[] | undefined => (Reflect.get(app, 'holder') as { node?: { log: { all: { stream: string; data: Uint8Array }[] } } }).node?.log.all;

it('an edit on an emulated node is found', async () => {
  const events = (await history(), onNode());
  // A log in a file, or a real node, whose events nobody can edit.
  if (events === undefined) return;
  const event = events.findLast(({ stream }) => stream.startsWith('customer-'))!;
  event.data = Buffer.from(Buffer.from(event.data).toString('utf8').replace('"note"', '"call"'));
  expect((await verdictOf()).problems).toContainEqual(expect.stringMatching(/^The log was changed between event 7 and event 8/));
});

describe('comparing', () => {
  const heads: Head[] = Array.from({ length: 20 }, (_, i) => ({ events: (i + 1) * 100, head: `h${i + 1}` }));
  it('names the narrowest range that the kept heads allow', () => {
    const changedAt = (event: number) => (events: number) => (events < event ? heads.find((one) => one.events === events)!.head : 'other');
    expect(compared(heads, changedAt(1250)).changed).toEqual({ from: 1201, to: 1300 });
    expect(compared(heads, changedAt(1)).changed).toEqual({ from: 1, to: 100 });
    expect(compared(heads, () => undefined)).toEqual({ same: 0, changed: null, beyond: 2000 });
    expect(compared([], () => undefined)).toEqual({ same: 0, changed: null, beyond: null });
  });
  it('planted bug: a comparison that looks at the last head alone says too much', () => {
    const of = (events: number): string => (events < 1250 ? heads.find((one) => one.events === events)!.head : 'other');
    expect(compared(heads.slice(-1), of).changed).not.toEqual({ from: 1201, to: 1300 });
  });
});
