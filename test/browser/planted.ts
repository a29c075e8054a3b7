/** The web app with one thing broken in it: what looks for such a thing must turn red on it. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');
const made: string[] = [];
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

export interface Planted {
  /** Below `web/src`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** @returns the folder to serve, as FIVE_RING_WEB. @throws when what is to be replaced does not stand there just once. */
export async function plantedWeb(...all: readonly Planted[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'five-ring-planted-'));
  made.push(folder);
  await Promise.all([...['web', 'src', 'package.json', 'tsconfig.json'].map((name) => cp(join(ROOT, name), join(folder, name), { recursive: true })), symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))]);
  for (const { file, from, to } of all) {
    const path = join(folder, 'web/src', file);
    const parts = (await readFile(path, 'utf8')).split(from);
    if (parts.length !== 2) throw new Error(`${file}: ${parts.length - 1} times there: ${from}`);
    await writeFile(path, parts.join(to));
  }
  await promisify(execFile)(process.execPath, [join(folder, 'node_modules/vite/bin/vite.js'), 'build', '--config', join(folder, 'web/vite.config.ts'), '--outDir', join(folder, 'built'), '--logLevel', 'error'], { cwd: folder, env: { ...process.env, NODE_ENV: 'production' } });
  return join(folder, 'built');
}
