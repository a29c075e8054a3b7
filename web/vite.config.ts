/** Builds the web app into `dist/web`, each file compressed beside itself so that the server need not. `npm run web` serves it anew at each change. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const OUT = join(import.meta.dirname, '..', 'dist', 'web');
/** Below this a compressed answer saves nothing. */
const WORTH = 1024;

/** Writes before the service worker which files its version has. */
async function listFor(worker: string, folder: string): Promise<void> {
  const paths = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ parentPath, name }) => `${parentPath.slice(folder.length).replaceAll('\\', '/')}/${name}`);
  const files = paths.filter((path) => !/\.(?:map|gz|br)$/.test(path) && path !== `/${worker}` && path !== '/index.html').sort();
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  const entry = /<script type="module"[^>]* src="([^"]+)"/.exec(page)?.[1];
  if (entry === undefined) throw new Error('index.html names no script');
  const code = await readFile(join(folder, worker), 'utf8');
  if (/^\s*(?:import|export)\b/m.test(code)) throw new Error(`${worker} must stand alone`);
  const version = createHash('sha256').update(JSON.stringify([files, page, code])).digest('hex').slice(0, 16);
  await writeFile(join(folder, worker), `self.BUILD=${JSON.stringify({ version, entry, files })};\n${code}`);
}

const WORKER = 'sw.js';

const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  buildStart() {
    this.emitFile({ type: 'chunk', id: join(import.meta.dirname, 'src/sw/sw.ts'), fileName: WORKER });
  },
  async writeBundle({ dir = OUT }) {
    await listFor(WORKER, dir);
    const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && /\.(js|css|svg|json|webmanifest)$/.test(entry.name));
    await Promise.all(files.map(async ({ parentPath, name }) => {
      const file = join(parentPath, name);
      const body = await readFile(file);
      if (body.length < WORTH) return;
      await writeFile(`${file}.gz`, await promisify(gzip)(body, { level: 9 }));
      await writeFile(`${file}.br`, await promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }));
    }));
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [compressed],
  build: { outDir: OUT, emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0, chunkSizeWarningLimit: 1500, reportCompressedSize: false, modulePreload: { polyfill: false }, rolldownOptions: { onwarn: (warning, show) => (warning.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : show(warning)) } },
  server: { port: 5173, proxy: { '/api': process.env['FIVE_RING_URL'] ?? 'http://127.0.0.1:3000' } },
});
