/**
 * Many mixed requests to one server: what it holds of memory, files and the store's -wal must not grow with them.
 * FAULT_REQUESTS sets how many, FAULT_SEED which. Memory is judged from 100,000 on: before, caches still fill.
 */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API } from '../api/app.js';
import { startProcess } from '../api/process.js';
import { randomOf } from './appends.js';

const REQUESTS = Number(process.env['FAULT_REQUESTS'] ?? 6_000);
const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
const CLIENTS = 8;
const CUSTOMERS = 200;
/** Looked at so often in a run. */
const LOOKS = 200;
const WAL_MOST = 100_000_000;

interface Look {
  readonly requests: number;
  /** Resident, in MiB. */
  readonly memory: number;
  readonly handles: number;
  /** The largest -wal of its folder, in bytes. */
  readonly wal: number;
}

async function lookAt(pid: number, folder: string, requests: number): Promise<Look> {
  const memory = Number(/VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
  const wals = (await readdir(folder)).filter((name) => name.endsWith('-wal'));
  const sizes = await Promise.all(wals.map((name) => stat(join(folder, name)).then(({ size }) => size, () => 0)));
  return { requests, memory, handles: (await readdir(`/proc/${pid}/fd`)).length, wal: Math.max(0, ...sizes) };
}

/** Answers with an error of the server, the run's looks, and how many requests wrote. */
async function soaked(requests: number, seed: number, planted?: string): Promise<{ readonly looks: readonly Look[]; readonly broken: readonly string[]; readonly written: number; readonly statuses: ReadonlyMap<number, number> }> {
  const folder = await mkdtemp(join(tmpdir(), 'five-ring-'));
  const random = randomOf(seed);
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  try {
    const { child, port, authorization, exit } = await startProcess({ FIVE_RING_DATA: folder, FIVE_RING_TIME_ZONE: 'UTC', ...(planted !== undefined && { FIVE_RING_PLANTED: planted }) }, planted === undefined ? [] : ['../faults/soak.bugs.ts']);
    const ask = (method: string, path: string, body?: string): Promise<{ status: number; text: string }> =>
      new Promise((resolve, reject) => {
        const sent = request({ agent, port, host: '127.0.0.1', method, path: `${API}/${path}`, headers: { authorization, 'x-colleague': 'ada', ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }) } }, (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (piece: string) => (text += piece)).on('end', () => resolve({ status: answer.statusCode!, text })).on('error', reject);
        });
        sent.on('error', reject).end(body);
      });
    await ask('POST', 'colleagues', JSON.stringify({ id: 'ada', name: 'Ada', department: 'sales' }));
    const customers: string[] = [];
    for (let n = 0; n < CUSTOMERS; n += 1) customers.push((JSON.parse((await ask('POST', 'customers', JSON.stringify({ name: `Customer ${n}` }))).text)).id as string);

    const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    /** One in twelve writes; the others read, or ask what cannot be answered. */
    const next = (k: number): Parameters<typeof ask> => {
      const customer = one(customers);
      const entry = (more: object): string => JSON.stringify({ entries: [{ ...one([{ kind: 'note' }, { kind: 'reply' }, { kind: 'email', side: 'us' }]), summary: `Request ${k}`, ...more }] });
      return one<() => Parameters<typeof ask>>([
        () => ['POST', `customers/${customer}/interactions`, entry({})],
        () => ['POST', `customers/${customer}/interactions`, entry({ about: 'nothing' })],
        () => ['POST', `customers/${customer}/interactions`, '{"entries":'],
        () => ['GET', `customers/${customer}/timeline?limit=20`],
        () => ['GET', `customers/${customer}`],
        () => ['GET', `customers/${customer}/overview`],
        () => ['GET', `customers/${customer}/journey`],
        () => ['GET', 'portfolio?limit=20'],
        () => ['GET', 'attention?limit=20'],
        () => ['GET', `search?q=Customer%20${k % CUSTOMERS}`],
        () => ['GET', 'customers/nobody/timeline'],
        () => ['GET', `customers/${customer}/timeline?limit=x`],
      ])();
    };
    const looks: Look[] = [];
    const broken: string[] = [];
    const statuses = new Map<number, number>();
    let [asked, written] = [0, 0];
    const client = async (): Promise<void> => {
      while (asked < requests) {
        asked += 1;
        const k = asked;
        const what = next(k);
        const { status, text } = await ask(...what);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status === 201) written += 1;
        if (status >= 500) broken.push(`${what[0]} ${what[1]}: ${status} ${text.slice(0, 200)}`);
        if (k % Math.ceil(requests / LOOKS) === 0) looks.push(await lookAt(child.pid!, folder, k));
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    agent.destroy();
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    return { looks, broken, written, statuses };
  } finally {
    agent.destroy();
    await rm(folder, { recursive: true });
  }
}

/** The least it held in a part of the run: what comes and goes between two collections of garbage does not count. */
const least = (looks: readonly Look[], from: number, to: number, what: (look: Look) => number): number => {
  const last = looks.at(-1)!.requests;
  return Math.min(...looks.filter(({ requests }) => requests > from * last && requests <= to * last).map(what));
};

/** What grew with the requests. `most`: memory at the end, against what it was after a tenth. */
function grown(looks: readonly Look[], most: number): string[] {
  const [memory, handles] = [({ memory: held }: Look) => held, ({ handles: open }: Look) => open].map((of) => ({ early: least(looks, 0.05, 0.1, of), late: least(looks, 0.95, 1, of) })) as [{ early: number; late: number }, { early: number; late: number }];
  const wal = Math.max(...looks.map((look) => look.wal));
  return [
    ...(memory.late > most * memory.early ? [`memory: ${memory.late.toFixed(0)} MiB at the end, ${memory.early.toFixed(0)} after a tenth`] : []),
    // A file that is open for a moment is no leak.
    ...(handles.late > handles.early + 5 ? [`handles: ${handles.late} at the end, ${handles.early} after a tenth`] : []),
    ...(wal > WAL_MOST ? [`wal: ${wal} bytes`] : []),
  ];
}

const SHORT_MOST = 2;

it(`${REQUESTS.toLocaleString('en')} mixed requests leave memory, files and -wal as they were (FAULT_SEED=${SEED})`, async () => {
  const { looks, broken, written, statuses } = await soaked(REQUESTS, SEED);
  expect(broken).toEqual([]);
  expect(written).toBeGreaterThan(REQUESTS / 15);
  const memory = (from: number, to: number): string => least(looks, from, to, (look) => look.memory).toFixed(0);
  process.stdout.write(`mixed requests: ${REQUESTS}, ${[...statuses].sort().map(([status, count]) => `${count} × ${status}`).join(', ')}; ${memory(0.05, 0.1)} MiB after a tenth, ${memory(0.95, 1)} at the end, at most ${Math.max(...looks.map((look) => look.memory)).toFixed(0)}; ${looks.at(-1)!.handles} handles; -wal at most ${(Math.max(...looks.map(({ wal }) => wal)) / 1e6).toFixed(1)} MB; FAULT_SEED=${SEED}\n`);
  expect(grown(looks, REQUESTS >= 100_000 ? 1.2 : SHORT_MOST)).toEqual([]);
}, 120_000 + REQUESTS * 20);

it.each([
  ['keeps what it was asked', 'keeps-requests', /^memory: /],
  ['leaves files open', 'leaves-open', /^handles: /],
])('planted bug: a server that %s is found', async (_, planted, finding) => {
  const { looks } = await soaked(3_000, SEED, planted);
  expect(grown(looks, SHORT_MOST).filter((problem) => finding.test(problem))).not.toEqual([]);
}, 180_000);
