/** docs/figures.md is what the definitions say; `npm run docs:figures` writes it anew. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from '../../src/customers/catalogue.js';
import type { Figure } from '../../src/figures/figure.js';
import { FIGURES } from '../../src/figures/figures.js';
import { pageOf } from '../../src/figures/page.js';
import { must, proves, type Bugs, type Checks } from './told.js';

interface Docs {
  readonly figures: readonly Figure[];
  readonly page: string;
}
const FILE = join(__dirname, '..', '..', 'docs', 'figures.md');
if ((globalThis as { renewDocs?: boolean }).renewDocs === true) writeFileSync(FILE, pageOf(FIGURES));
/** With the line ends of the house, whatever the checkout made of them. */
const page = existsSync(FILE) ? readFileSync(FILE, 'utf8').replaceAll('\r\n', '\n') : '';

const CHECKS: Checks<Docs> = {
  'the page is what the definitions say': ({ figures, page: written }) => {
    const lines = written.split('\n');
    const first = pageOf(figures).split('\n').findIndex((line, index) => line !== lines[index]);
    must(pageOf(figures) === written, `docs/figures.md is not what the definitions say, from line ${first + 1} on; renew it: npm run docs:figures`);
  },
  'every figure can be told from the others, and says what it is': ({ figures }) => {
    for (const key of ['name', 'title'] as const) must(new Set(figures.map((figure) => figure[key])).size === figures.length, `two figures with the same ${key}`);
    for (const { name, title, says, formula, source, version, window, needs } of figures) {
      must(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name), `${name} is not in kebab-case`);
      must([title, says, formula, source].every((text) => text.trim() === text && text !== ''), `${name} leaves something unsaid`);
      must(/[.?]$/.test(says), `${name} does not say a sentence`);
      must(Number.isInteger(version) && version > 0 && (window === null || window > 0), `${name} has an odd version or window`);
      must(needs.every((kind) => Object.hasOwn(kinds, kind)), `${name} needs a kind that is not in the catalogue`);
    }
  },
};

const first = FIGURES[0]!;
const changed = (change: Partial<Figure>): Partial<Docs> => ({ figures: [{ ...first, ...change }, ...FIGURES.slice(1)] });
const DISTINCT = 'every figure can be told from the others, and says what it is';

const BUGS: Bugs<Docs> = [
  ...(['title', 'says', 'formula', 'source', 'name', 'topic'] as const).map((field) => [`another ${field}`, 'the page is what the definitions say', /npm run docs:figures/, changed({ [field]: 'another-one' })] as const),
  ['another window', 'the page is what the definitions say', /npm run docs:figures/, changed({ window: 7 })],
  ['another version', 'the page is what the definitions say', /npm run docs:figures/, changed({ version: 99 })],
  ['other needs', 'the page is what the definitions say', /npm run docs:figures/, changed({ needs: ['visit'] })],
  ['a figure more', 'the page is what the definitions say', /npm run docs:figures/, { figures: [...FIGURES, first] }],
  ['a page written by hand', 'the page is what the definitions say', /from line 1 on/, { page: `x${page}` }],
  ['two of a name', DISTINCT, /the same name/, { figures: [...FIGURES, { ...first, title: 'another' }] }],
  ['two of a title', DISTINCT, /the same title/, { figures: [...FIGURES, { ...first, name: 'another' }] }],
  ['a name with capitals', DISTINCT, /kebab/, changed({ name: 'NPS' })],
  ['no formula', DISTINCT, /unsaid/, changed({ formula: '' })],
  ['half a sentence', DISTINCT, /sentence/, changed({ says: 'Of those' })],
  ['a window of nothing', DISTINCT, /odd/, changed({ window: 0 })],
  ['a kind that is none', DISTINCT, /catalogue/, changed({ needs: ['survey'] })],
];

proves('the page', { figures: FIGURES, page }, CHECKS, BUGS);
