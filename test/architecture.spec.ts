/** The import table of ARCHITECTURE.md, checked. Beside it each rule is broken once, to see it fail. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';

const SRC = join(__dirname, '..', 'src');

/** What each folder may import, beside itself. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  stores: ['kernel'],
  database: ['kernel'],
  views: ['kernel', 'database'],
  vault: ['kernel', 'database'],
  shell: ['kernel', 'stores', 'database', 'views', 'vault'],
  customers: ['kernel', 'shell', 'vault', 'views'],
  rings: ['kernel', 'shell', 'views', 'customers'],
  promises: ['kernel', 'shell', 'views', 'customers', 'rings'],
  advocacy: ['kernel', 'shell', 'views', 'customers', 'rings', 'promises'],
  figures: ['kernel', 'shell', 'views', 'customers', 'rings'],
  access: ['kernel', 'shell', 'database', 'vault', 'views', 'customers'],
  privacy: ['kernel', 'shell', 'database', 'vault', 'views', 'customers', 'access'],
  calendar: ['kernel', 'shell', 'views', 'customers', 'rings', 'promises', 'advocacy', 'figures'],
  alignment: ['kernel', 'shell', 'vault', 'views', 'customers', 'rings', 'figures', 'access'],
  exchange: ['kernel', 'shell', 'vault', 'views', 'customers', 'rings'],
  sample: ['kernel', 'shell', 'customers', 'rings'],
  cli: ['kernel', 'shell', 'customers', 'rings', 'figures', 'access', 'privacy', 'exchange', 'sample', '.'],
  // Files at the top: the composition root and the ways to start it.
  '.': ['kernel', 'stores', 'database', 'views', 'vault', 'shell', 'customers', 'rings', 'promises', 'advocacy', 'figures', 'exchange', 'access', 'privacy', 'sample', 'alignment', 'calendar'],
};

/** Slices: their files are pure unless the name says what they are. */
const SLICES = ['customers', 'rings', 'promises', 'advocacy', 'figures', 'access', 'privacy', 'alignment', 'calendar'];
const IMPURE = /\.(controller|dto|reader|writer|guard|view)\.ts$/;
/** A view may know the types of the query builder; nothing of it runs in the handlers. */
const TYPES_ALLOWED = /\.view\.ts$/;

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

const importsOf = (text: string): Import[] =>
  [...text.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm), ...text.matchAll(/()\bimport\('([^']+)'\)/g)].map((match) => ({ from: match[2]!, typeOnly: match[1] !== undefined && match[1] !== '' }));

const folderOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '.');

/** What a file breaks: sentences, empty when nothing. */
function broken(file: string, text: string): string[] {
  const folder = folderOf(file);
  const says: string[] = [];
  for (const { from, typeOnly } of importsOf(text)) {
    if (from.startsWith('.')) {
      const target = folderOf(normalize(join(file, '..', from)));
      if (target !== folder && !(MAY[folder] ?? []).includes(target)) says.push(`${file} imports ${from}: ${folder} may not import ${target}`);
    } else if (folder === 'kernel') says.push(`${file} imports ${from}: the kernel imports nothing`);
    else if (SLICES.includes(folder) && !IMPURE.test(file)) says.push(`${file} imports ${from}: a pure file imports no package`);
    else if (SLICES.includes(folder) && TYPES_ALLOWED.test(file) && !typeOnly) says.push(`${file} imports ${from}: a view imports types only`);
  }
  const pure = folder === 'kernel' || (SLICES.includes(folder) && (!IMPURE.test(file) || TYPES_ALLOWED.test(file)));
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  if (pure && /\bDate\.now\(|new Date\(\s*\)|Math\.random\(|\bprocess\.|performance\.now\(/.test(code)) says.push(`${file} reads a clock, chance or the process: time and ids are inputs`);
  if (/\b(EventBus|AggregateRoot|@Saga)\b/.test(code)) says.push(`${file} uses ${RegExp.$1}: nothing that must not be lost goes through it`);
  if (/(^|\/)index\.ts$/.test(file) && file !== 'stores/index.ts') says.push(`${file}: no barrels`);
  if (/(^|\/)(utils?|helpers?|common|shared)(\/|\.)/.test(file)) says.push(`${file}: a name that says nothing`);
  return says;
}

const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts'))
  .map((entry) => relative(SRC, join(entry.parentPath, entry.name)));

it('every file keeps to the import table', () => {
  expect(files.length).toBeGreaterThan(30);
  expect(files.flatMap((file) => broken(file, readFileSync(join(SRC, file), 'utf8')))).toEqual([]);
});

it('every folder has its row', () => {
  expect([...new Set(files.map(folderOf))].filter((folder) => !(folder in MAY))).toEqual([]);
});

it('no slice imports another in a circle', () => {
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean => (MAY[from] ?? []).some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
  expect(Object.keys(MAY).filter((folder) => folder !== '.' && folder !== 'cli' && reaches(folder, folder))).toEqual([]);
});

it.each([
  ['kernel/x.ts', "import { z } from 'zod';"],
  ['kernel/x.ts', "import { Vault } from '../vault/vault.js';"],
  ['kernel/x.ts', 'const now = Date.now();'],
  ['stores/x.store.ts', "import { Executor } from '../shell/executor.js';"],
  ['customers/x.ts', "import { Injectable } from '@nestjs/common';"],
  ['customers/x.ts', "import { fold } from '../rings/fold.js';"],
  ['customers/x.view.ts', "import { sql } from 'kysely';"],
  ['rings/x.ts', 'const at = new Date();'],
  ['rings/x.ts', 'const id = Math.random();'],
  ['rings/x.ts', "import { kaplanMeier } from '../figures/kaplan-meier.js';"],
  ['figures/x.ts', "import { quantile } from 'simple-statistics';"],
  ['shell/x.ts', "import { customer } from '../customers/customer.js';"],
  ['shell/x.ts', "export * from '../rings/fold.js';"],
  ['shell/x.ts', 'bus.publish(new EventBus());'],
  ['exchange/x.ts', "const m = await import('../figures/figures.js');"],
  ['customers/index.ts', ''],
  ['shell/utils.ts', ''],
])('a rule broken in %s is seen: %s', (file, text) => {
  expect(broken(file, text)).toHaveLength(1);
});
