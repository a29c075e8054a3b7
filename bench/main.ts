/** `npm run bench`: the measured claims, as ratios in one run. `npm run bench -- --large`: with as much data as they speak of. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { appendRows, type BenchRow } from './append.js';
import { dashboardRows } from './dashboard.js';
import { postAgainstEmptyRoute } from './http.js';

const parent = process.env['BENCH_DIR'] ?? 'bench/dist/data';
mkdirSync(parent, { recursive: true });

const rows: BenchRow[] = [...(await appendRows(parent)), await postAgainstEmptyRoute(parent), ...(await dashboardRows(parent, process.argv.includes('--large')))];
for (const { name, ratio, bar, pass, detail } of rows) {
  process.stdout.write(`${pass ? 'met   ' : 'MISSED'}  ${ratio.toFixed(2)} × (${bar})  ${name}\n        ${detail}\n`);
}
const commit = execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
process.stdout.write(`commit ${commit}, node ${process.version}, ${platform()} ${arch()}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB\n`);
