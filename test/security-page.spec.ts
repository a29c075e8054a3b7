/** docs/security.md: every requirement of OWASP ASVS 5.0 up to level 2 stands in it once with its state, and every file it leans on is there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');

/** Sections of version 5.0 with how many requirements of levels 1 and 2 each has; they are numbered from 1. */
const SECTIONS =
  '1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 '
  + '7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 '
  + '13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2';
const ALL = SECTIONS.split(' ').flatMap((one) => {
  const [section, count] = one.split(':') as [string, string];
  return Array.from({ length: Number(count) }, (_, n) => `${section}.${n + 1}`);
});

const rows = (text: string): { ids: string[]; state: string; says: string }[] => [...text.matchAll(/^\| (\d+\.\d+\.\d+)(?:-(\d+\.\d+\.\d+))? \| [^|]+ \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, from, to, state, says]) => ({ ids: to === undefined ? [from!] : ALL.slice(ALL.indexOf(from!), ALL.indexOf(to) + 1), state: state!, says: says! }));

/** What is wrong with the table, or with what it leans on. */
function faults(text: string): string[] {
  const table = rows(text);
  const ids = table.flatMap((row) => row.ids);
  const count = (state: string): number => table.filter((row) => row.state === state).flatMap((row) => row.ids).length;
  return [
    ...ALL.filter((id) => !ids.includes(id)).map((id) => `${id} is missing`),
    ...ids.filter((id, at) => ids.indexOf(id) !== at || !ALL.includes(id)).map((id) => `${id} is there twice, or is none`),
    ...table.filter(({ state }) => !['met', 'open', 'n/a'].includes(state)).map(({ ids: [id], state }) => `${id} is ${state}`),
    ...(text.includes(`${count('met')} met, ${count('open')} open, ${count('n/a')} not applicable`) ? [] : ['the counts are others']),
    ...[...text.matchAll(/`(test\/[^`]+)`/g)].filter(([, file]) => !existsSync(join(ROOT, file!))).map(([, file]) => `${file} is not there`),
    ...[...text.matchAll(/\bsrc\/[\w/.-]+\.ts\b/g)].filter(([file]) => !existsSync(join(ROOT, file))).map(([file]) => `${file} is not there`),
  ];
}

it('says all, once, and leans on what is there', () => {
  expect(ALL).toHaveLength(253);
  expect(faults(page)).toEqual([]);
});

it.each<[string, (text: string) => string]>([
  ['a requirement left out', (text) => text.replace(/^\| 7\.4\.2 .*\n/m, '')],
  ['one that is there twice', (text) => text.replace(/^(\| 7\.4\.2 .*\n)/m, '$1$1')],
  ['a state of another kind', (text) => text.replace(/^(\| 7\.4\.2 \| [^|]+ \| )met/m, '$1mostly')],
  ['an open one called met, with the counts as before', (text) => text.replace(/^(\| 6\.3\.3 \| [^|]+ \| )open/m, '$1met')],
  ['a test that is not there', (text) => text.replace('`test/api/limits.spec.ts`', '`test/api/no-limits.spec.ts`')],
])('planted bug: %s is seen', (_, plant) => {
  const spoilt = plant(page);
  expect(spoilt).not.toBe(page);
  expect(faults(spoilt)).not.toEqual([]);
});
