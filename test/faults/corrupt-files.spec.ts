/**
 * Files of the data folder that are damaged in every way a disk or a hand can: bytes flipped in the header, in the schema or in the
 * middle, cut off, emptied, taken away, or replaced by a text. The start says one sentence that names the file and what to do, and
 * leaves it as it is; views.db is made anew by itself. FAULT_CYCLES sets how many places in the middle are hit, FAULT_SEED which.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { openParts } from '../../src/app.module.js';
import { readConfig, type Config } from '../../src/config.js';
import { createApp } from '../../src/server.js';
import { damageOf } from '../../src/shell/data-files.js';
import { StoreUnavailable } from '../../src/kernel/event-store.js';
import { TestApp, API, AS_OPERATOR, OPERATOR } from '../api/app.js';
import { randomOf } from './appends.js';

const CYCLES = Number(process.env['FAULT_CYCLES'] ?? 4);
/** The same places each time, unless told otherwise. */
const SEED = Number(process.env['FAULT_SEED'] ?? 20_261_122);
const CUSTOMERS = 12;

let sound: string;
let folder: string;
beforeAll(async () => {
  const app = await TestApp.withAda();
  for (let n = 0; n < CUSTOMERS; n += 1) {
    const id = await app.customer({ name: `Customer ${n}` });
    await app.person(id, { name: `Person ${n}` });
    await app.log(id, ...Array.from({ length: 10 }, (_, k) => ({ kind: 'note', summary: `text ${n} ${k}` })));
  }
  await app.parts.projector.caughtUp();
  const { folder: from } = app;
  await app.restarted();
  sound = mkdtempSync(join(tmpdir(), 'five-ring-sound-'));
  // As after a clean stop: nothing is left in a -wal.
  for (const name of ['log.db', 'keys.db', 'views.db']) {
    const db = new Database(join(from, name));
    db.prepare('VACUUM INTO ?').run(join(sound, name));
    db.close();
  }
});
afterAll(() => rmSync(sound, { recursive: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'five-ring-hurt-'));
  cpSync(sound, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const config = (): Config => readConfig({ FIVE_RING_DATA: folder, FIVE_RING_TIME_ZONE: 'UTC', LOG_LEVEL: 'silent' });

function flip(file: string, at: number, count: number): void {
  const bytes = readFileSync(file);
  for (let i = at; i < Math.min(at + count, bytes.length); i += 1) bytes[i] = bytes[i]! ^ 0xff;
  writeFileSync(file, bytes);
}

const HURTS: readonly [how: string, hurt: (file: string) => void][] = [
  ['a header with flipped bytes', (file) => flip(file, 0, 16)],
  ['a page size that is none', (file) => flip(file, 16, 2)],
  ['a schema with flipped bytes', (file) => flip(file, 100, 12)],
  ['half of it', (file) => truncateSync(file, Math.floor(readFileSync(file).length / 2))],
  ['a few bytes', (file) => truncateSync(file, 10)],
  ['a text in its place', (file) => writeFileSync(file, 'This is not the file you are looking for.\n'.repeat(200))],
  ['nothing in it', (file) => truncateSync(file, 0)],
  ['no file at all', (file) => rmSync(file)],
];

/** What the start says, or that it went through. */
async function start(): Promise<string> {
  try {
    await (await openParts(config())).close();
    return 'started';
  } catch (error) {
    return (error as Error).message;
  }
}

describe.each(['log.db', 'keys.db'])('%s', (name) => {
  it.each(HURTS)('%s: one sentence names the file and what to do, and nothing is overwritten', async (_how, hurt) => {
    const file = join(folder, name);
    hurt(file);
    const before = existsSync(file) ? readFileSync(file) : undefined;
    const others = ['log.db', 'keys.db', 'views.db'].filter((other) => other !== name).map((other) => readFileSync(join(folder, other)).length);
    const said = await start();
    expect(said).toContain(file);
    expect(said).toMatch(/Restore /);
    expect(said).not.toContain('\n');
    // A file that was not there, or had nothing in it, may be there: as empty as before.
    if (before !== undefined && before.length > 0) expect(readFileSync(file).equals(before)).toBe(true);
    else expect(damageOf(file)).toBeUndefined();
    expect(['log.db', 'keys.db', 'views.db'].filter((other) => other !== name).map((other) => readFileSync(join(folder, other)).length)).toEqual(others);
    // And it goes on saying so.
    expect(await start()).toContain(file);
    rmSync(`${file}-wal`, { force: true });
    rmSync(`${file}-shm`, { force: true });
    cpSync(join(sound, name), file);
    expect(await start()).toBe('started');
  });
});

it.each(HURTS)('views.db: %s: it is made anew by itself', async (_how, hurt) => {
  hurt(join(folder, 'views.db'));
  const parts = await openParts(config());
  await parts.projector.caughtUp();
  expect((await parts.operations.verify()).problems).toEqual([]);
  await parts.close();
});

it('planted bug: a start that does not look for its keys finds everything erased; once somebody says that they are lost, that is what is wanted', async () => {
  rmSync(join(folder, 'keys.db'));
  const parts = await openParts({ ...config(), keysLost: true });
  await parts.projector.caughtUp();
  const { erasedFields, sealedFields } = await parts.operations.verify();
  expect(erasedFields).toBe(sealedFields);
  await parts.close();
});

/** Reads everything that a client can of a folder as it is. @returns answers that are 500, and what verify and the start found. */
async function looked(): Promise<{ failures: string[]; found: string[] }> {
  let parts;
  try {
    parts = await openParts(config());
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) return { failures: [`the start: ${String(error)}`], found: [] };
    return { failures: [], found: [error.message] };
  }
  const nest = await createApp(config(), parts, pino({ level: 'silent' }), OPERATOR);
  const failures: string[] = [];
  try {
    await parts.projector.caughtUp().catch(() => undefined);
    const get = async (path: string): Promise<string> => {
      const { statusCode, payload } = await nest.inject({ method: 'GET', url: path, headers: AS_OPERATOR });
      // 503 says what is the matter.
      if (statusCode === 500) failures.push(`${path}: ${payload}`);
      return payload;
    };
    const { items = [] } = JSON.parse(await get(`${API}/portfolio?limit=200`)) as { items?: { id: string }[] };
    for (const { id } of items) for (const path of ['', '/timeline', '/journey', '/people']) await get(`${API}/customers/${id}${path}`);
    for (const path of ['/dashboard', '/search?q=customer', '/log?limit=1000', '/attention']) await get(`${API}${path}`);
    const lines = (await get(`${API}/verify`)).trim().split('\n');
    const { result, problem } = JSON.parse(lines.at(-1)!) as { result?: { problems: string[] }; problem?: { detail: string } };
    return { failures, found: [...(result?.problems ?? []), ...(problem === undefined ? [] : [problem.detail])] };
  } finally {
    await nest.close();
    await parts.close().catch(() => undefined);
  }
}

it(`log.db and views.db, ${CYCLES} places in the middle each: the start or verify tells (FAULT_SEED=${SEED})`, async () => {
  const random = randomOf(SEED);
  const all = folder;
  const tally = { told: 0, unused: 0, failures: 0 };
  for (const name of ['log.db', 'views.db']) {
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      // A process of its own, as it were: what the last one could not close holds nothing here.
      folder = join(all, `${name}-${cycle}`);
      cpSync(sound, folder, { recursive: true });
      writeFileSync(join(folder, 'heads.ndjson'), headOfSound);
      const at = Math.floor(4096 + random() * (readFileSync(join(folder, name)).length - 4096));
      flip(join(folder, name), at, 1 + Math.floor(random() * 64));
      const { failures, found } = await looked();
      // What stands in the damaged place itself may answer 500; but never before somebody was told.
      if (found.length === 0) expect({ name, at, failures }).toEqual({ name, at, failures: [] });
      tally.failures += failures.length;
      // What hit a page's unused room, or an index's copy, changes nothing that is read.
      if (found.length > 0) tally.told += 1;
      else tally.unused += 1;
      if (found.length === 0 && name === 'log.db') expect(logOf(folder)).toEqual(logOf(sound));
      rmSync(folder, { recursive: true });
    }
  }
  folder = all;
  expect(tally.told).toBeGreaterThan(0);
  process.stdout.write(`corrupt files: ${2 * CYCLES} places in the middle: ${tally.told} told by the start or verify, ${tally.unused} without any effect; ${tally.failures} answers of 500 where the damaged text itself was asked for; FAULT_SEED=${SEED}\n`);
}, 60_000 + CYCLES * 20_000);

let headOfSound: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'five-ring-head-'));
  cpSync(sound, folder, { recursive: true });
  const parts = await openParts(config());
  headOfSound = `${JSON.stringify(await parts.heads.now())}\n`;
  await parts.close();
  rmSync(folder, { recursive: true });
});

const logOf = (data: string): unknown[] => {
  const db = new Database(join(data, 'log.db'), { readonly: true });
  try {
    return db.prepare('SELECT e.position, s.name, e.revision, e.type, e.data, e.recorded_at, hex(e.id) FROM events e JOIN streams s ON s.id = e.stream ORDER BY position').raw().all();
  } finally {
    db.close();
  }
};

it('planted bug: without a head that was kept, an edit in the middle of the log goes unnoticed', async () => {
  writeFileSync(join(folder, 'heads.ndjson'), headOfSound);
  const db = new Database(join(folder, 'log.db'));
  db.exec("UPDATE events SET data = json_set(data, '$.kind', 'call') WHERE position = (SELECT max(position) FROM events WHERE json_extract(data, '$.kind') = 'note')");
  db.close();
  rmSync(join(folder, 'views.db'));
  const [told] = (await looked()).found;
  expect(told).toMatch(/^The log was changed in its first \d+ events/);
  rmSync(join(folder, 'heads.ndjson'));
  rmSync(join(folder, 'head.json'), { force: true });
  expect((await looked()).found).toEqual([]);
});
