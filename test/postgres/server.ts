/**
 * A real PostgreSQL server of a test's own: from the npm package of its programs, or else an installed one. It runs in a temporary
 * folder, as another user where this is root, and ends with the process that started it, however that ends.
 *
 * Its settings are unlike ours, so that nothing leans on them: texts are compared as in English, not by their bytes; it is another
 * time there; the app is no superuser. It does not wait for the disk unless it is asked to.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { findPrograms, openRoot, whoRuns, type Programs, type User } from './programs.js';

const run = promisify(execFile);

/** What the role of the app is called: it may make databases, and nothing else that is special. */
const ROLE = 'five_ring';
/** A slow machine needs long; a server that is broken says so much earlier. */
const LONGEST_START_MS = 120_000;
/** It may take a free port of ours before we do. */
const TRIES = 5;
const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200', 'shared_buffers=32MB', 'wal_level=minimal', 'max_wal_senders=0', 'timezone=Pacific/Auckland', 'lc_messages=C', 'log_min_messages=warning'];
const HASTY = ['fsync=off', 'full_page_writes=off'];

export interface PostgresOptions {
  /** Waits for the disk at each commit, as a server in use does. */
  readonly durable?: boolean;
}

export class PostgresServer {
  private child: ChildProcess | undefined;
  private said = '';
  private port = 0;

  private constructor(
    private readonly programs: Programs,
    private readonly user: User | undefined,
    readonly folder: string,
    /** Ends the server and removes its folder once this process is gone. */
    private readonly heir: ChildProcess,
    private readonly options: PostgresOptions,
  ) {}

  static async start(options: PostgresOptions = {}): Promise<PostgresServer> {
    const user = await whoRuns();
    const folder = await mkdtemp(join(await openRoot(user), 'five-ring-postgres-'));
    const heir = heirOf(folder);
    try {
      await owned(folder, user);
      const programs = await findPrograms(user, folder);
      await fillData(programs, user, folder);
      await owned(folder, user);
      const server = new PostgresServer(programs, user, folder, heir, options);
      await server.start();
      return server;
    } catch (error) {
      heir.stdin!.end();
      throw error;
    }
  }

  /** Of the role of the app, and of a database that is always there. */
  get url(): string {
    return this.urlOf('postgres');
  }

  /** Which programs these are, and their version. */
  async version(): Promise<string> {
    const { stdout } = await run(this.programs.postgres, ['--version'], { cwd: '/', ...this.user });
    return `${/\d\S*/.exec(stdout)?.[0]} of ${this.programs.from}`;
  }

  /** The server itself first, then its processes; none when it does not run. */
  pids(): number[] {
    const { child } = this;
    return child?.pid === undefined || hasEnded(child) ? [] : [child.pid, ...childrenOf(child.pid)];
  }

  /** Makes a database that is empty, or a copy of another one, which nobody may be using. @returns its URL, for the app. */
  async createDatabase(name = `t_${randomUUID().replaceAll('-', '')}`, template = 'template0'): Promise<string> {
    // Where nothing waits for the disk, copying files is the quickest; a server before 15 knows no other way.
    const strategy = (await this.asked<{ known: boolean }>(`SELECT current_setting('server_version_num')::int >= 150000 AS known`))[0]!.known ? 'STRATEGY FILE_COPY' : '';
    await this.asked(`CREATE DATABASE "${name}" OWNER ${ROLE} TEMPLATE "${template}" ${strategy}`);
    return this.urlOf(name);
  }

  /** Throws out whoever still uses it. */
  async dropDatabase(url: string): Promise<void> {
    await this.asked(`DROP DATABASE IF EXISTS "${new URL(url).pathname.slice(1)}" WITH (FORCE)`);
  }

  /** Where a database stands, once all is written that was in memory; its log of changes stands elsewhere. */
  async filesOf(url: string): Promise<string[]> {
    const name = new URL(url).pathname.slice(1);
    await this.asked('CHECKPOINT');
    const [row] = await this.asked<{ oid: string }>(`SELECT oid::text AS oid FROM pg_database WHERE datname = '${name}'`);
    return [join(this.folder, 'data', 'base', row!.oid)];
  }

  /** Runs one statement as the superuser. */
  async asked<Row extends pg.QueryResultRow>(sql: string, database = 'postgres'): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.urlOf(database, 'postgres') });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** Starts it again on the same port, with what it had. */
  async start(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      if (this.port === 0) this.port = await freePort();
      try {
        return await this.begin();
      } catch (error) {
        if (tries === TRIES || !this.said.includes('Address already in use')) throw error;
        this.port = 0;
      }
    }
  }

  private async begin(): Promise<void> {
    this.said = '';
    const settings = [...SETTINGS, ...(this.options.durable === true ? [] : HASTY)].flatMap((setting) => ['-c', setting]);
    // In a session of its own: an interrupt from the keyboard is for the tests, and what they do with the server.
    const child = spawn(this.programs.postgres, ['-D', join(this.folder, 'data'), '-p', String(this.port), ...settings], { ...this.user, cwd: this.folder, detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: environment() });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.said = (this.said + text).slice(-20_000)));
    this.child = child;
    await once(child, 'spawn');
    child.unref();
    (child.stderr as unknown as { unref(): void }).unref();
    await writeFile(join(this.folder, 'pid'), String(child.pid));
    child.once('exit', () => void rm(join(this.folder, 'pid'), { force: true }).catch(() => undefined));
    const longest = Date.now() + LONGEST_START_MS;
    while (!(await this.answers())) {
      if (hasEnded(child)) throw new Error(`PostgreSQL (${this.programs.from}) ended with ${child.exitCode ?? child.signalCode} as it was started: ${this.said}`);
      if (Date.now() > longest) throw new Error(`PostgreSQL (${this.programs.from}) does not answer ${LONGEST_START_MS / 1000} s after its start: ${this.said}`);
      await sleep(15);
    }
  }

  private answers(): Promise<boolean> {
    return this.asked('SELECT').then(() => true, () => false);
  }

  /** Kills it and all its processes (SIGKILL), as the end of a machine does but for what the disk had not written yet. */
  async kill(): Promise<void> {
    const pids = this.pids();
    for (const pid of pids) quietly(() => process.kill(pid, 'SIGKILL'));
    await this.ended();
    // Whoever starts it again before the last of them is gone is refused.
    while (pids.some(isAlive)) await sleep(5);
  }

  /** Stops it as an administrator does who does not wait for anybody: connections are cut, nothing is lost. */
  async halt(): Promise<void> {
    this.child?.kill('SIGINT');
    await this.ended();
  }

  /** Stops it for good and removes all that it had. */
  async stop(): Promise<void> {
    this.child?.kill('SIGQUIT');
    await this.ended();
    const gone = once(this.heir, 'exit');
    this.heir.ref();
    this.heir.stdin!.end();
    await gone;
  }

  private async ended(): Promise<void> {
    if (this.child === undefined || hasEnded(this.child)) return;
    this.child.ref();
    await once(this.child, 'exit');
  }

  private urlOf(database: string, role = ROLE): string {
    return `postgres://${role}@127.0.0.1:${this.port}/${database}`;
  }
}

export const startPostgres = (options?: PostgresOptions): Promise<PostgresServer> => PostgresServer.start(options);

/** Without what a PG… variable of the shell would change. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
}

/**
 * A shell that waits for the end of its input, which comes when this process stops the server or ends in any way at all, and then
 * ends what is left of the server and removes the folder.
 */
function heirOf(folder: string): ChildProcess {
  const script = `read -r none
    cd /
    if [ -s "$0/pid" ]; then
      pid=$(cat "$0/pid")
      kill -QUIT "$pid" 2>/dev/null
      n=0; while kill -0 "$pid" 2>/dev/null && [ $n -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
      kill -KILL "$pid" 2>/dev/null
    fi
    rm -rf "$0"`;
  const heir = spawn('sh', ['-c', script, folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  heir.unref();
  (heir.stdin as unknown as { unref?(): void }).unref?.();
  return heir;
}

async function owned(folder: string, user: User | undefined): Promise<void> {
  if (user !== undefined) await run('chown', ['-R', `${user.uid}:${user.gid}`, folder]);
}

/**
 * Makes the data folder of a new server. Making one from nothing takes seconds, so one is kept beside the packages, and copied.
 * It is left out where that folder cannot be written.
 */
async function fillData(programs: Programs, user: User | undefined, folder: string): Promise<void> {
  const data = join(folder, 'data');
  const { stdout } = await run(programs.postgres, ['--version'], { cwd: '/', ...user });
  const cache = join('node_modules', '.cache', 'five-ring', `postgres-${stdout.trim().replaceAll(/[^\w.]+/g, '-')}-1`);
  if (!existsSync(cache)) {
    await run(programs.initdb, ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US', '--no-sync', '--no-instructions', '--wal-segsize=1'], { cwd: folder, env: environment(), ...user });
    const single = run(programs.postgres, ['--single', '-D', data, '-F', 'postgres'], { cwd: folder, env: environment(), ...user });
    single.child.stdin!.end(`CREATE ROLE ${ROLE} LOGIN CREATEDB\n`);
    await single;
    const own = `${cache}.${randomUUID()}`;
    // Another worker may have been quicker.
    await (async () => {
      await mkdir(join(cache, '..'), { recursive: true });
      await cp(data, own, { recursive: true });
      await rename(own, cache);
    })().catch(() => rm(own, { recursive: true, force: true }).catch(() => undefined));
    return;
  }
  await run('cp', ['-R', cache, data]);
  await run('chmod', ['700', data]);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

function quietly(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

/** A process that has ended and was not waited for yet is none. */
export function isAlive(pid: number): boolean {
  let state = '';
  return existsSync('/proc/self/stat') ? quietly(() => (state = statOf(pid).state)) && state !== 'Z' : quietly(() => process.kill(pid, 0));
}

function statOf(pid: number): { state: string; parent: number } {
  // The name, in brackets, may have blanks in it.
  const [state = '', parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  return { state, parent: Number(parent) };
}

/** Known where the system shows its processes as files; a killed server takes its children with it anyway. */
function childrenOf(pid: number): number[] {
  if (!existsSync('/proc/self/stat')) return [];
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((one) => {
    let parent: number | undefined;
    quietly(() => (parent = statOf(one).parent));
    return parent === pid;
  });
}
