/** The page “What each number means”, written from the definitions: what is shown and what is said cannot part. */
import { kinds } from '../customers/catalogue.js';
import { ALL_TIME, SHARES, type Figure, type Shape } from './figure.js';

/** What a value is, of each shape. */
const VALUE: Readonly<Record<Shape, string>> = {
  share: 'a share: so many of so many, with the interval of Wilson (95 %)',
  ratio: 'a sum divided by a sum; no interval',
  sum: 'a count or a sum; no interval',
  mean: 'a mean, and of how many; no interval',
  points: 'points from -100 to 100, and of how many; no interval',
  curve: `a curve of Kaplan and Meier with its interval (95 %, logarithmic), and the days by which ${percents(SHARES)} got there; “half get there in N days” is the value`,
  quantiles: `the median is the value; beside it the days within which ${percents(SHARES)} lie; no interval`,
};

const UNIT: Readonly<Record<Figure['unit'], string>> = {
  share: 'shown in percent',
  money: 'money a year, in each currency by itself',
  customers: 'customers are counted',
  entries: 'entries are counted',
  days: 'shown in days',
  points: 'shown in points',
  grade: 'a grade on the scale it was given in',
};

function percents(shares: readonly number[]): string {
  const said = shares.map((share) => `${Math.round(100 * share)} %`);
  return `${said.slice(0, -1).join(', ')} and ${said.at(-1)}`;
}

const windowOf = ({ window }: Figure): string => (window === null ? 'none: it speaks of one instant' : window === ALL_TIME ? 'everything up to the instant, unless another is asked for' : `${window} days, unless another is asked for`);

const neededBy = ({ needs }: Figure): string => (needs.length === 0 ? 'always' : `when there is at least one entry of ${needs.length === 1 ? 'this kind' : 'one of these kinds'}: ${needs.map((name) => kinds[name]?.label ?? name).join(', ')}`);

/** Text inside a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function section(figure: Figure): string {
  const rows: [string, string][] = [
    ['how', figure.formula],
    ['value', `${VALUE[figure.shape]}; ${UNIT[figure.unit]}`],
    ...(figure.groups === undefined ? [] : [['a value for each', figure.groups] as [string, string]]),
    ['window', windowOf(figure)],
    ['shown', neededBy(figure)],
    ['name, version', `\`${figure.name}\`, ${figure.version}`],
    ['source', figure.source],
  ];
  return [`### ${figure.title}`, figure.says, '', '| | |', '|---|---|', ...rows.map(([name, text]) => `| ${name} | ${cell(text)} |`), ''].join('\n');
}

const INTRODUCTION = `# What each number means

This page is written from the definitions in \`src/figures/\` by \`npm run docs:figures\`; the API serves the same words.

- **Line.** A figure says customer by customer what stands above and below its line, and because of which entries. Every number can be opened down to these entries.
- **Windows** are half-open: what happens at the first instant is in, what happens at the last is not. A window of 90 days is 90 times 24 hours and ends at the instant asked for.
- **No value.** Where nothing stands below the line there is no value. It is never shown as 0 %.
- **Small numbers.** Every figure carries n, the number it stands on. Below 30 it is read “4 of 25” first, percent and interval second.
- **As it was, as we knew it.** *asOf* is the instant a figure speaks of: only what had happened by then counts. *asKnown* is what we had recorded when it is asked: today’s knowledge unless an earlier one is asked for, so that a number of last spring can be had both as it was told then and as we know it now.
- **Corrections.** A corrected entry counts as corrected, a retracted one as never logged.
- **Intervals** are 95 %. Shares: the score interval of E. B. Wilson (1927), which stays honest for few and for extreme ones. Times until something happens: the curve of E. L. Kaplan and P. Meier (1958), which makes use of those for whom it has not happened yet, with the variance of Greenwood and an interval on the logarithm. Other figures have none. An interval tells how far chance alone may carry a number of this size; it knows nothing of what was not recorded.
- **Colleagues.** No figure here has a named colleague as a group. Asking for the customers of one owner is asking about that colleague: it is off unless the organisation switches it on, and so is a department of fewer than 5 ([how](reading-figures.md#figures-about-colleagues)).
- **Our own proposals.** The rings, their windows and thresholds are this project’s own ([the rings to the letter](rings.md)), and so is every figure whose source says so. The others name whom they are taken from.
`;

/** The page as Markdown: topics and figures in the order in which they are shown. */
export function pageOf(figures: readonly Figure[]): string {
  const topics = Map.groupBy(figures, ({ topic }) => topic);
  return [INTRODUCTION, ...[...topics].flatMap(([topic, own]) => [`## ${topic}`, '', ...own.map(section)])].join('\n');
}
