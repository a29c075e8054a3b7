/** Finds a Chromium: the one that CHROME_PATH names, one on the PATH, else the one that comes with the npm packages. CHROME_PATH set to nothing means the last. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--font-render-hinting=none'];

interface Found {
  readonly path: string;
  readonly env?: Readonly<Record<string, string>>;
}

const onPath = (): string | undefined => (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))).find((file) => existsSync(file));

/** Unpacks the browser of the npm package, with the libraries that a bare machine lacks, once for all test runs of this version. */
async function packed(): Promise<Found> {
  const root = join(__dirname, '../..');
  const { version } = JSON.parse(await readFile(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8')) as { version: string };
  const folder = join(tmpdir(), `five-ring-chromium-${version}`);
  if (!existsSync(folder)) {
    // Others may be unpacking it too: whoever is first has made the folder, whole.
    const own = await mkdtemp(join(tmpdir(), 'five-ring-chromium-'));
    await mkdir(join(own, 'home'));
    await promisify(execFile)(process.execPath, ['-e', "import('@sparticuz/chromium').then((packed) => packed.default.executablePath())"], { cwd: root, env: { ...process.env, TMPDIR: own, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' } });
    await rename(own, folder).catch(async (error: unknown) => {
      await rm(own, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    });
  }
  return { path: join(folder, 'chromium'), env: { LD_LIBRARY_PATH: join(folder, 'al2023/lib'), FONTCONFIG_PATH: join(folder, 'fonts'), HOME: join(folder, 'home') } };
}

async function find(): Promise<Found> {
  const named = process.env['CHROME_PATH'];
  if (named !== undefined && named !== '') return { path: named };
  const installed = named === '' ? undefined : onPath();
  return installed === undefined ? packed() : { path: installed };
}

/** Starts it. @throws Error with one sentence when there is none that starts. */
export async function openChromium(): Promise<Browser> {
  try {
    const { path, env } = await find();
    return await chromium.launch({ executablePath: path, headless: true, args: FLAGS, ...(env !== undefined && { env: { ...process.env, ...env } }) });
  } catch (error) {
    throw new Error('No Chromium starts here, so nothing of the web app was tested: install one, name it with CHROME_PATH, or let `npm ci` bring the package @sparticuz/chromium.', { cause: error });
  }
}
