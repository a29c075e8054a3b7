/** The client of the web app is the one that the API's document makes. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');

async function textsIn(folder: string): Promise<Record<string, string>> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(await Promise.all(files.map(async (file) => [relative(folder, file), await readFile(file, 'utf8')])));
}

/** Files that differ, by name. */
const differing = (one: Record<string, string>, other: Record<string, string>): string[] => [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => one[name] !== other[name]);

it('is current (else: npm run web:client), and one changed letter shows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'five-ring-client-test-'));
  try {
    await promisify(execFile)(process.execPath, ['--import', './test/faults/typescript.mjs', 'web/client.ts', folder], { cwd: ROOT });
    const made = await textsIn(folder);
    expect(Object.keys(made).length).toBeGreaterThan(5);
    expect(differing(await textsIn(join(ROOT, 'web/src/api/generated')), made)).toEqual([]);
    expect(differing({ ...made, 'sdk.gen.ts': `${made['sdk.gen.ts']} ` }, made)).toEqual(['sdk.gen.ts']);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 60_000);
