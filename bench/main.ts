/** `npm run bench`: the measured claims, as ratios in one run; `npm run bench -- import growth`: some of them; `-- --large`: with as much data as they speak of. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { appendRows, type BenchRow } from './append.js';
import { dashboardRows } from './dashboard.js';
import { enginesRows, NO_BAR } from './engines.js';
import { growthRows } from './growth.js';
import { postAgainstEmptyRoute } from './http.js';
import { importRows } from './import.js';
import { rebuildRows } from './rebuild.js';

const parent = process.env['BENCH_DIR'] ?? 'bench/dist/data';
mkdirSync(parent, { recursive: true });

const large = process.argv.includes('--large');
/** One after the other; of the names that are given, or all. */
const parts: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  append: () => appendRows(parent),
  http: async () => [await postAgainstEmptyRoute(parent)],
  import: () => importRows(parent, large),
  rebuild: () => rebuildRows(parent, large),
  growth: () => growthRows(parent, large),
  dashboard: () => dashboardRows(parent, large),
  engines: () => enginesRows(parent, large),
};
const asked = process.argv.slice(2).filter((argument) => argument !== '--large');
const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}.`);
let measuring: string | null = 'anything';
// Whoever waits for what never comes is ended by Node without a word.
process.once('exit', () => {
  if (measuring === null) return;
  process.stderr.write(`The bench ended while it measured ${measuring}.\n`);
  process.exitCode = 1;
});
for (const [part, measure] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(part)) continue;
  measuring = part;
  for (const { name, ratio, bar, pass, detail } of await measure()) {
    process.stdout.write(`${bar === NO_BAR ? 'told  ' : pass ? 'met   ' : 'MISSED'}  ${ratio.toFixed(2)} × (${bar})  ${name}\n        ${detail}\n`);
  }
}
measuring = null;
const commit = execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
process.stdout.write(`commit ${commit}, node ${process.version}, ${platform()} ${arch()}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB\n`);
