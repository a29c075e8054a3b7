/** `report`: the main figures on one page of HTML, for a scheduler to write and anybody to read. */
import { randomBytes } from 'node:crypto';
import { access, constants, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LOCALE } from '../figures/says.js';
import { failed, wrongUsage, type Answer } from './failure.js';
import { answersOf } from './figures.js';
import { REPORTED, reportPage } from './report-page.js';
import type { Session } from './session.js';

export interface ReportFlags {
  readonly out: string;
  readonly asOf?: string;
  readonly asKnown?: string;
  readonly locale?: string;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'what should be a folder on the way is none',
  EISDIR: 'it is a folder',
  EACCES: 'it is not allowed',
  EPERM: 'it is not allowed',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};

const cannot = (file: string, error: unknown): Error => {
  const { code, message } = error as NodeJS.ErrnoException;
  return failed('cannot-write', `${file} cannot be written: ${REASONS[code ?? ''] ?? message}.`);
};

/** @throws Failure when nothing could be written there: asked before the figures are. */
async function checkPlace(file: string): Promise<void> {
  const there = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw cannot(file, error);
  });
  if (there?.isDirectory() === true) throw cannot(file, { code: 'EISDIR' });
  if (there !== undefined && !there.isFile()) throw failed('cannot-write', `${file} cannot be written: it is no plain file.`);
  await access(dirname(file), constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw cannot(file, error);
  });
}

/** Whole or not at all: who looks meanwhile sees the old file. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx', 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw cannot(file, error);
  }
}

/** The locale that is asked for, else that of the environment as far as it names one. */
export function localeOf(asked: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  const given = asked ?? (env['LC_ALL'] || env['LC_NUMERIC'] || env['LANG'] || '').split(/[.@]/)[0]!.replaceAll('_', '-');
  try {
    const [tag] = Intl.NumberFormat.supportedLocalesOf(given);
    if (tag !== undefined) return tag;
  } catch {
    // Said below.
  }
  if (asked !== undefined) throw wrongUsage(`--locale ${asked} is no language known here, such as de-DE.`);
  return LOCALE;
}

export async function report(session: Session, { out, asOf, asKnown, locale: asked }: ReportFlags): Promise<Answer> {
  const locale = localeOf(asked, session.env);
  const file = resolve(out);
  await checkPlace(file);
  const { zone } = await session.config({ ...session.env, PORT: undefined });
  const api = await session.toRead();
  const answers = await answersOf(api, REPORTED, { asOf, asKnown });
  await writeWhole(file, reportPage(answers, { locale, zone }));
  const { asOf: spoken, asKnown: known, rulesVersion } = answers[0]!;
  return { data: { file, asOf: spoken, asKnown: known, rulesVersion, locale }, text: `Written: ${file}` };
}
