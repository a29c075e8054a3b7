/** `npm run bench`: the measured claims, as ratios in one run. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { appendRows, type BenchRow } from './append.js';
import { postAgainstEmptyRoute } from './http.js';

const parent = process.env['BENCH_DIR'] ?? 'bench/dist/data';
mkdirSync(parent, { recursive: true });

const rows: BenchRow[] = [...(await appendRows(parent)), await postAgainstEmptyRoute(parent)];
for (const { name, ratio, bar, pass, detail } of rows) {
  process.stdout.write(`${pass ? 'met   ' : 'MISSED'}  ${ratio.toFixed(2)} × (${bar})  ${name}\n        ${detail}\n`);
}
const commit = execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
process.stdout.write(`commit ${commit}, node ${process.version}, ${platform()} ${arch()}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB\n`);
