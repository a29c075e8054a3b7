// `npm run sbom`: what Five-Ring runs on, as CycloneDX JSON on standard output: every package of the lock file that is not
// for development only, for every platform. npm's own list, since `npm sbom --omit dev` leaves out packages that something
// for development uses too.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const run = spawnSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, shell: process.platform === 'win32' });
if (run.status !== 0) {
  process.stderr.write(run.stderr || String(run.error));
  process.exit(1);
}
const sbom = JSON.parse(run.stdout);
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const { name, version } = lock.packages[''];
const used = new Set(Object.entries(lock.packages).filter(([path, one]) => path !== '' && one.dev !== true).map(([path, one]) => `${one.name ?? path.split('node_modules/').at(-1)}@${one.version}`));
const nameOf = (one) => `${one.group ? `${one.group}/` : ''}${one.name}@${one.version}`;
sbom.components = sbom.components.filter((one) => used.has(nameOf(one)));
// npm takes the folder's name for the application's.
sbom.metadata.component = { ...sbom.metadata.component, name, version };
const refs = new Set([sbom.metadata.component['bom-ref'], ...sbom.components.map((one) => one['bom-ref'])]);
sbom.dependencies = sbom.dependencies.filter(({ ref }) => refs.has(ref)).map((one) => ({ ...one, dependsOn: (one.dependsOn ?? []).filter((ref) => refs.has(ref)) }));
process.stdout.write(`${JSON.stringify(sbom, null, 2)}\n`);
