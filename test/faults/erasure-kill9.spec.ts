/**
 * A server is killed (SIGKILL) at each step of an erasure. Started again, it has finished or never begun: either everything can be
 * read, or nothing is found anywhere.
 */
import { appendFile, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openParts } from '../../src/app.module.js';
import { Erasures } from '../../src/privacy/erasures.writer.js';
import { readConfig } from '../../src/config.js';
import { openFields } from '../../src/vault/codec.js';
import { canary, formsOf, foundInFiles, newMark } from '../api/canaries.js';
import type { Json } from '../api/app.js';
import { startProcess, type Running } from '../api/process.js';

/** Another sort of erasure each time; by a server that has first to finish what the one before left. */
const KILLS = 3;
const STEPS = ['before the list', 'the list is written', 'within the commit', 'before the -wal is cut', 'the keys are gone', 'the log says so', 'the list says so', 'before the views are copied', 'the views are copied', 'the views are exchanged', 'all is done'];
const reason = 'Asked for it';

let folder: string;
/** A folder in which all is told, to begin each time with. */
let told: string;
let all: readonly Going[];
const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'five-ring-erasure-'));
beforeAll(async () => {
  folder = told = await newFolder();
  const running = await start();
  all = await tell(running);
  running.child.kill('SIGTERM');
  await running.exit;
}, 60_000);
afterAll(() => rm(told, { recursive: true }));
beforeEach(async () => {
  folder = await newFolder();
  await cp(told, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const start = (env: Readonly<Record<string, string>> = {}): Promise<Running> => startProcess({ FIVE_RING_DATA: folder, FIVE_RING_TIME_ZONE: 'UTC', ...env }, ['../faults/erasure.preload.ts']);

async function send({ port, authorization }: Running, method: string, path: string, body?: object): Promise<{ status: number; json: Json }> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`, { method, headers: { authorization, 'x-colleague': 'ada', ...(body !== undefined && { 'content-type': 'application/json' }) }, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { status: answer.status, json: await answer.json().catch(() => undefined) };
}

async function ask(running: Running, method: string, path: string, body?: object): Promise<Json> {
  const { status, json } = await send(running, method, path, body);
  if (status > 299) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
  return json;
}

interface Going {
  readonly mark: string;
  readonly path: string;
  readonly body: object;
  readonly event: string;
  /** Id of the person, customer or entry. */
  readonly target: string;
}

/** Somebody, something or somebody's customer, with everything said about them. */
async function tell(running: Running): Promise<Going[]> {
  await ask(running, 'POST', 'colleagues', { id: 'ada', name: 'Ada', department: 'sales' });
  return Promise.all(
    Array.from({ length: KILLS }, async (_, n): Promise<Going> => {
      const mark = newMark();
      const sort = ['PersonErased', 'CustomerErased', 'EntryTextErased'][n % 3]!;
      const { id } = await ask(running, 'POST', 'customers', { name: sort === 'CustomerErased' ? canary(mark) : 'Morel' });
      const { person } = await ask(running, 'POST', `customers/${id}/people`, { name: sort === 'EntryTextErased' ? 'Ines' : canary(mark) });
      const { entries } = await ask(running, 'POST', `customers/${id}/interactions`, { entries: [{ kind: 'note', people: [person], summary: canary(mark) }] });
      const path = { PersonErased: `customers/${id}/people/${person}/erase`, CustomerErased: `customers/${id}/erase`, EntryTextErased: `customers/${id}/interactions/${entries[0]}/erase-text` }[sort]!;
      return { mark, path, body: { reason, ...(sort === 'CustomerErased' && { confirm: id }) }, event: sort, target: path.split('/').at(-2)! };
    }),
  );
}

/** Kills the server while it erases; the start does again what the kill before left. */
async function killed(going: Going, step: string, plant: string): Promise<void> {
  const running = await start({ KILL_AT: step, PLANT: plant });
  await send(running, 'POST', going.path, going.body).catch(() => undefined);
  await running.exit;
}

/** What is wrong after the next start, sentences. `redo`: whether that does what is to be done again. */
async function wrongAfter(killedOnes: readonly Going[], redo = true): Promise<string[]> {
  const list = await readFile(join(folder, 'erased.ndjson'), 'utf8').catch(() => '');
  const spied = redo ? undefined : jest.spyOn(Erasures.prototype, 'redo').mockResolvedValue();
  const parts = await openParts(readConfig({ FIVE_RING_DATA: folder, FIVE_RING_TIME_ZONE: 'UTC' }));
  try {
    await parts.projector.caughtUp();
    await parts.erasures.cleanedWithin(20_000);
    const log = await parts.store.readAll(null, 10_000);
    const { problems } = await parts.operations.verify();
    const wrong = killedOnes.flatMap(({ mark, event, path, target }): string[] => {
      const events = log.filter((one) => one.type === event).length;
      const words = foundInFiles(folder, formsOf(mark));
      const isSealed = log.some(({ id, data }) => (data as Json).fields?.person === target || id === target ? openFields(data, id, parts.vault.keyOf).erased.length > 0 : false);
      if (!list.includes(target)) return events === 0 && !isSealed && words.length > 0 ? [] : [`${path} was not begun, and yet ${events} events say so, its fields are ${isSealed ? '' : 'not '}erased, ${words.length} places are left`];
      return [...words, ...(events === 1 ? [] : [`${path}: ${events} events say so`]), ...(isSealed || event === 'CustomerErased' ? [] : [`${path}: nothing is erased`])];
    });
    return [...problems, ...wrong];
  } finally {
    spied?.mockRestore();
    await parts.close();
  }
}

async function wrongWith(step: string, plant = '', most = KILLS): Promise<string[]> {
  const some = all.slice(0, most);
  for (const going of some) await killed(going, step, plant);
  return wrongAfter(some, plant !== 'nothing done again');
}

it.each(STEPS)('killed when: %s', async (step) => expect(await wrongWith(step)).toEqual([]), 300_000);

it('a line that was cut off is as if it had never been begun', async () => {
  await appendFile(join(folder, 'erased.ndjson'), '{"erasure":"x","kind":"person","custom');
  expect(await wrongAfter(all.slice(0, 1))).toEqual([]);
}, 60_000);

describe('a planted bug is found', () => {
  it('keys go before the list is written', async () => expect((await wrongWith('the keys are gone', 'keys before the list', 1)).join('\n')).toMatch(/was not begun, and yet/), 60_000);
  it('nothing is done again', async () => expect((await wrongWith('the list is written', 'nothing done again', 1)).join('\n')).toMatch(/0 events say so/), 60_000);
});
