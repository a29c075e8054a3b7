/**
 * A disk that fills up, gets room, fills up again, and then the process is killed (SIGKILL): the store under eight clients, and the
 * app. Needs root, as a small disk has to be mounted: where it may not be, nothing of this is run, and jest counts it as skipped.
 * FAULT_FILLS sets how often the store's disk fills up.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { openParts } from '../../src/app.module.js';
import { readConfig } from '../../src/config.js';
import { check } from '../../src/stores/sqlite.check.js';
import { SqliteStore } from '../../src/stores/sqlite.store.js';
import { openFields } from '../../src/vault/codec.js';
import type { Json } from '../api/app.js';
import { startProcess, type Running } from '../api/process.js';
import { CLIENTS, commandOf, newLedger, readOn, standingOf } from './appends.js';
import { SmallDisk, whyNoSmallDisk } from './small-disk.js';

const FILLS = Number(process.env['FAULT_FILLS'] ?? 2);
const why = whyNoSmallDisk();
const mounted = why === null ? it : it.skip;
if (why !== null) process.stdout.write(`full disk: NOT RUN here, as no small disk can be mounted: ${why}\n`);

let disk: SmallDisk;
let size: number;
const children = new Set<ChildProcess>();
const small = (megabytes: number): SmallDisk => {
  size = megabytes;
  return (disk = SmallDisk.of(size));
};
const grow = (megabytes: number): void => disk.grow((size += megabytes));
afterEach(async () => {
  await Promise.all([...children].map((child) => (child.kill('SIGKILL'), once(child, 'close'))));
  if (why === null) disk.remove();
});

describe(why === null ? 'a full disk' : `a full disk (NOT RUN, no small disk can be mounted here: ${why})`, () => {
  /** Verdicts to see before a full disk is one, and before it is one no more. */
  const SEEN = 40;
  /** Refusals after which nobody hopes for room any more; a client waits a little after each. */
  const ENOUGH = 4_000;

  /** @returns what is wrong after so many fills and the kill, sentences, and how many verdicts of each sort there were. */
  async function filled(fills: number, planted?: string): Promise<{ problems: string[]; acknowledged: number; refused: number }> {
    const file = join(small(6).folder, 'log.db');
    const preload = (name: string): string[] => ['--import', pathToFileURL(join(__dirname, name)).href];
    const child = spawn(process.execPath, [...preload('typescript.mjs'), ...(planted === undefined ? [] : preload('store.bugs.ts')), join(__dirname, 'appends.child.ts'), file, Array(CLIENTS).fill(0).join(), 'sound'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FIVE_RING_PLANTED: planted },
    });
    children.add(child);
    let [rest, errors] = ['', ''];
    const verdicts = { acknowledged: [] as string[], refused: [] as string[] };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) if (line !== 'ready') verdicts[line.endsWith('refused') ? 'refused' : 'acknowledged'].push(line);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const closed = once(child, 'close');
    let isOver = false;
    void closed.then(() => {
      isOver = true;
      children.delete(child);
    });
    const until = async (isSo: () => boolean): Promise<void> => {
      while (!isSo()) {
        if (isOver) throw new Error(`the child ended by itself: ${errors}`);
        await sleep(5);
      }
    };
    const problems: string[] = [];
    for (let fill = 0; fill < fills; fill += 1) {
      const { acknowledged, refused } = verdicts;
      const full = refused.length + SEEN;
      await until(() => refused.length >= full);
      if (fill === fills - 1) break;
      grow(4);
      const [some, enough] = [acknowledged.length + SEEN, refused.length + ENOUGH];
      await until(() => acknowledged.length >= some || refused.length >= enough);
      if (refused.length >= enough) problems.push('stuck: the disk has room again, and nothing is written');
      if (problems.length > 0) break;
    }
    child.kill('SIGKILL');
    await closed;
    grow(16);
    const ledger = newLedger();
    const store = SqliteStore.open(file);
    problems.push(...(await readOn(store, ledger)));
    for (const [sort, lines] of Object.entries(verdicts))
      for (const line of lines) {
        const [client = 0, k = 0] = line.split(' ').map(Number);
        const [stands, due] = [standingOf(ledger, client, k), sort === 'refused' ? 0 : commandOf(client, k).length];
        if (stands !== due) problems.push(`${sort === 'refused' ? 'stands' : 'lost'}: command ${k} of client ${client} was ${sort}, and ${stands} of its events stand`);
      }
    await store.append('after', commandOf(0, 1_000_000), 'any');
    await store.close();
    return { problems: [...problems, ...check(file)], acknowledged: verdicts.acknowledged.length, refused: verdicts.refused.length };
  }

  mounted(`under ${CLIENTS} clients: what was acknowledged stands, what was refused does not, and with room it goes on (${FILLS} fills)`, async () => {
    const { problems, acknowledged, refused } = await filled(FILLS);
    expect(problems).toEqual([]);
    process.stdout.write(`full disk: ${FILLS} fills, ${acknowledged} acknowledged, ${refused} refused: 0 lost, none that was refused stands, goes on when there is room\n`);
  }, 120_000 + FILLS * 20_000);

  mounted.each([
    ['takes a full disk for a good one', 'full-is-fine', /^lost: /],
    ['stays full', 'stays-full', /^stuck: /],
    ['refuses what stands', 'refuses-what-stands', /^stands: /],
  ])('planted bug: a store that %s is found', async (_how, planted, finding) => {
    const { problems } = await filled(2, planted);
    expect(problems.filter((problem) => finding.test(problem))).not.toEqual([]);
  }, 300_000);

  // ---- the app ----

  /** A mark, and enough beside it that the disk is full soon. */
  const summaryOf = (mark: string): string => `${mark} ${'so much was said '.repeat(200)}`;

  async function send({ port, authorization }: Running, method: string, path: string, body?: object, key?: string): Promise<{ status: number; json: Json }> {
    const headers = { authorization, 'x-colleague': 'ada', ...(body !== undefined && { 'content-type': 'application/json' }), ...(key !== undefined && { 'idempotency-key': key }) };
    const answer = await fetch(`http://127.0.0.1:${port}${path.startsWith('/') ? path : `/api/v1/${path}`}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    return { status: answer.status, json: await answer.json().catch(() => undefined) };
  }

  mounted('the app refuses with 507, is read as before, goes on when there is room, and loses nothing', async () => {
    const env = { FIVE_RING_DATA: small(16).folder, FIVE_RING_TIME_ZONE: 'UTC' };
    let running = await startProcess(env);
    const done = async (method: string, path: string, body?: object): Promise<Json> => {
      const { status, json } = await send(running, method, path, body);
      expect({ path, status, json }).toEqual({ path, status: status < 300 ? status : 200, json: expect.anything() });
      return json;
    };
    await done('POST', 'colleagues', { id: 'ada', name: 'Ada', department: 'sales' });
    const customers = await Promise.all(['A', 'B', 'C', 'D'].map(async (name): Promise<string> => (await done('POST', 'customers', { name })).id));
    const acknowledged: string[] = [];
    const odd: unknown[] = [];
    /** Each client logs until it is refused three times. @returns what was refused. */
    const fill = async (round: number): Promise<{ id: string; mark: string }[]> =>
      (await Promise.all(customers.map(async (id, client) => {
        const refused: { id: string; mark: string }[] = [];
        for (let n = 0; refused.length < 3; n += 1) {
          const mark = `mark-${round}-${client}-${n}.`;
          const { status, json } = await send(running, 'POST', `customers/${id}/interactions`, { entries: [{ kind: 'note', summary: summaryOf(mark) }] }, mark);
          if (status === 201) acknowledged.push(mark);
          else refused.push({ id, mark });
          if (status !== 201 && !(status === 507 && json?.code === 'disk-full')) odd.push({ status, json });
        }
        return refused;
      }))).flat();

    const refused = await fill(1);
    expect(odd).toEqual([]);
    for (const id of customers) expect((await done('GET', `customers/${id}/timeline`)).items.length).toBeGreaterThan(0);
    expect((await done('GET', 'portfolio')).items).toHaveLength(customers.length);
    expect(await send(running, 'POST', 'customers', { nonsense: true })).toMatchObject({ status: 400 });

    grow(12);
    for (const { id, mark } of refused) {
      const { status, json } = await send(running, 'POST', `customers/${id}/interactions`, { entries: [{ kind: 'note', summary: summaryOf(mark) }] }, mark);
      expect({ status, json, mark }).toMatchObject({ status: 201 });
      acknowledged.push(mark);
      // The views have found room too.
      for (;;) {
        const { status: read } = await send(running, 'GET', `customers/${id}/timeline?after=${json.position}`);
        if (read === 200) break;
        expect(read).toBe(503);
      }
    }
    const last = await fill(2);
    expect(odd).toEqual([]);
    running.child.kill('SIGKILL');
    await running.exit;

    // On a full disk it starts, or says why not.
    try {
      running = await startProcess(env);
      running.child.kill('SIGKILL');
      await running.exit;
    } catch (error) {
      expect((error as Error).message).toMatch(/disk is full|No room|ENOSPC|SQLITE_FULL/i);
    }
    grow(64);
    const parts = await openParts(readConfig({ ...env, LOG_LEVEL: 'silent' }));
    try {
      await parts.projector.caughtUp();
      const log = (await parts.store.readAll(null, 1_000_000)).map(({ id, data }) => JSON.stringify(openFields(data, id, parts.vault.keyOf).data)).join('\n');
      const times = (mark: string): number => log.split(mark).length - 1;
      expect(acknowledged.filter((mark) => times(mark) !== 1)).toEqual([]);
      expect(last.filter(({ mark }) => times(mark) !== 0)).toEqual([]);
      expect((await parts.operations.verify()).problems).toEqual([]);
    } finally {
      await parts.close();
    }
    process.stdout.write(`full disk, the app: 2 fills, ${acknowledged.length} acknowledged, ${refused.length} refused and sent again, ${last.length} refused before the kill: 0 lost, 0 doubled\n`);
  }, 300_000);
});
