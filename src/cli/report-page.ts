/** The page of `report`: HTML without a script, and with nothing from elsewhere. Pure. */
import { sayMoney, sayNumber, says, type SaidOutcome } from '../figures/says.js';
import type { FigureAnswer, WireOutcome } from './figures.js';

export const REPORTED = ['advocacy-rate', 'net-revenue-retention', 'gross-revenue-retention', 'repeat-rate', 'value-at-risk', 'nps', 'ring-losses', 'ring-loss-causes', 'ring-distribution'] as const;
type Reported = (typeof REPORTED)[number];

export interface Manner {
  readonly locale: string;
  /** IANA name of the time zone of the dates. */
  readonly zone: string;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!);
/** Text in which a number stays with its unit. */
const said = (text: string): string => escaped(text).replaceAll(/(\d) (%|[A-Z]{3}\b)/g, '$1&nbsp;$2');

const RINGS = ['Contact', 'Purchase', 'Adoption', 'Renewal', 'Advocacy'];
const MOST_SETS = 10;

/** "29.3 % (70 of 239)" as what is read first and what is read second. */
function parted(sentence: string): [first: string, second: string] {
  const few = /^(\d+ customers?): (.*)$/.exec(sentence);
  if (few !== null) return [few[1]!, few[2]!];
  const match = /^(.*?) \((.*)\)$/.exec(sentence);
  if (match !== null) return [match[1]!, match[2]!];
  const at = /^(no value|of \d[^:]*|\d[^:]*): (.*)$/.exec(sentence);
  return at === null ? [sentence, ''] : at[1] === 'no value' ? ['–', sentence] : [at[2]!, at[1]!];
}

interface Line {
  readonly label: string | null;
  readonly now: string;
  readonly before: string | null;
}

const link = ({ name, title }: FigureAnswer): string => `<a href="#${name}">${escaped(title)}</a>`;

function card(answer: FigureAnswer, lines: readonly Line[], day: (iso: string) => string): string {
  const [from, to] = [day(answer.before.from), day(answer.before.to)];
  const before = from === to || answer.period === null ? `on ${to}` : `${from} to ${to}`;
  const isLong = lines.some(({ label, now }) => parted(now)[0].length > (label === null ? 14 : 8));
  const body = lines.map(({ label, now, before: then }) => {
    const [first, second] = parted(now);
    return `<div class="line"><p class="value${isLong ? ' long' : ''}">${label === null ? '' : `<span class="group">${escaped(label)}</span> `}${said(first)}</p>${second === '' ? '' : `<p class="detail">${said(second)}</p>`}<p class="before"><span>${escaped(before)}:</span> ${said(then ?? 'no value')}</p></div>`;
  });
  return `<section class="card"><h2>${link(answer)}</h2>${body.join('')}</section>`;
}

const valuesOf = ({ parts }: FigureAnswer): readonly WireOutcome[] => parts[0]?.values ?? [];
const beforeOf = ({ parts }: FigureAnswer): readonly WireOutcome[] => parts[0]?.before ?? [];

/** Each group with what it was before. */
function linesOf(answer: FigureAnswer, locale: string): Line[] {
  const then = new Map(beforeOf(answer).map((outcome) => [outcome.group, outcome]));
  const say = (outcome: SaidOutcome): string => says(answer, outcome, locale);
  return valuesOf(answer).map((outcome) => ({ label: outcome.group, now: say(outcome), before: then.has(outcome.group) ? say(then.get(outcome.group)!) : null }));
}

/** Revenue at risk by currency, over all quarters. */
function atRiskLines(answer: FigureAnswer, locale: string): Line[] {
  const sums = (outcomes: readonly WireOutcome[]): Map<string, { amount: number; customers: number }> => {
    const byCurrency = new Map<string, { amount: number; customers: number }>();
    for (const { group, above, n } of outcomes) {
      const currency = (group ?? '').slice(0, 3);
      const sum = byCurrency.get(currency) ?? { amount: 0, customers: 0 };
      byCurrency.set(currency, { amount: sum.amount + above, customers: sum.customers + n });
    }
    return byCurrency;
  };
  const [now, then] = [sums(valuesOf(answer)), sums(beforeOf(answer))];
  const say = (currency: string, sum: { amount: number; customers: number } | undefined): string => `${sayMoney(sum?.amount ?? 0, currency, locale)} (${sayNumber(sum?.customers ?? 0, locale)} ${sum?.customers === 1 ? 'customer' : 'customers'})`;
  return [...new Set([...now.keys(), ...then.keys()])].sort().map((currency) => ({ label: null, now: say(currency, now.get(currency)), before: say(currency, then.get(currency)) }));
}

function quartersOf(answer: FigureAnswer, locale: string): string {
  const byQuarter = valuesOf(answer).toSorted((a, b) => ((a.group ?? '').slice(4) + a.group < (b.group ?? '').slice(4) + b.group ? -1 : 1));
  const rows = byQuarter.map(({ group, above, n }) => `<tr><th scope="row">${escaped((group ?? '').slice(4))}</th><td>${said(sayMoney(above, (group ?? '').slice(0, 3), locale))}</td><td>${sayNumber(n, locale)}</td></tr>`);
  return rows.length === 0 ? '' : `<section class="wide"><h2>When it is due</h2><table><thead><tr><th scope="col">Quarter</th><th scope="col">Value at risk</th><th scope="col">Customers</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`;
}

function lossesOf(losses: FigureAnswer, causes: FigureAnswer, locale: string): string {
  const worst = (ring: string): string => {
    const own = valuesOf(causes).filter(({ group }) => group?.startsWith(`${ring}: `) === true).sort((a, b) => b.above - a.above)[0];
    return own === undefined ? '–' : `${escaped(own.group!.slice(ring.length + 2))} (${sayNumber(own.above, locale)})`;
  };
  const rows = linesOf(losses, locale).map(({ label, now, before }) => `<tr><th scope="row">${escaped(label ?? '')}</th><td>${said(now)}</td><td>${said(before ?? '–')}</td><td>${worst(label ?? '')}</td></tr>`);
  if (rows.length === 0) return '';
  return `<section class="wide"><h2>${link(losses)}</h2><p class="detail">Of those who had the ring lit when the year began; the cause counts ${link(causes)}.</p><div class="scroll"><table class="losses"><thead><tr><th scope="col">Ring</th><th scope="col">Lost in the year</th><th scope="col">The year before</th><th scope="col">Most often</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

/** A row for each set of rings: five rings, lit or not, and how many customers have just these lit. */
function distributionOf(answer: FigureAnswer, locale: string): string {
  const all = valuesOf(answer).toSorted((a, b) => b.above - a.above);
  if (all.length === 0) return '';
  const then = new Map(beforeOf(answer).map(({ group, above }) => [group, above]));
  const rest = all.slice(MOST_SETS);
  const most = all[0]!.above;
  const [rowHeight, left, widest] = [22, 92, 150];
  const rows = all.slice(0, MOST_SETS).map(({ group, above }, i) => {
    const lit = new Set((group ?? '').split('+').map(Number));
    const y = 20 + i * rowHeight;
    const dots = RINGS.map((_ring, ring) => `<circle cx="${8 + ring * 16}" cy="${y}" r="5" class="${lit.has(ring + 1) ? 'lit' : 'out'}"/>`).join('');
    const length = Math.max(1, (above / most) * widest);
    return `<g><title>${escaped(group === 'none' ? 'none' : RINGS.filter((_ring, ring) => lit.has(ring + 1)).join(', '))}: ${above}</title>${dots}<rect x="${left}" y="${y - 6}" width="${length.toFixed(1)}" height="12" rx="2" class="bar"/><text x="${(left + length + 6).toFixed(1)}" y="${y + 4}">${sayNumber(above, locale)}<tspan class="was" dx="5">${sayNumber(then.get(group) ?? 0, locale)}</tspan></text></g>`;
  });
  const height = 20 + Math.min(all.length, MOST_SETS) * rowHeight;
  const heads = RINGS.map((_ring, ring) => `<text x="${8 + ring * 16}" y="8" text-anchor="middle" class="was">${ring + 1}</text>`).join('');
  const others = rest.length === 0 ? '' : ` ${sayNumber(rest.reduce((sum, { above }) => sum + above, 0), locale)} customers stand in ${sayNumber(rest.length, locale)} other ways.`;
  return `<section class="wide"><h2>${link(answer)}</h2><svg viewBox="0 0 340 ${height}" role="img" aria-label="Customers by the set of rings lit">${heads}${rows.join('')}</svg><p class="detail">1 Contact, 2 Purchase, 3 Adoption, 4 Renewal, 5 Advocacy; full: lit. Small: 30 days before.${others}</p></section>`;
}

const CSS = `
:root{color-scheme:light dark;--ink:#1d2733;--soft:#586675;--line:#d9dfe5;--paper:#fff;--card:#f6f8fa;--lit:#0b6e6e;--link:#0a5a8a}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf0;--soft:#9fb0c0;--line:#33404d;--paper:#12181f;--card:#1a222b;--lit:#4fc3b5;--link:#7cc4f5}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.6rem;line-height:1.2;margin:0}
h2{font-size:1rem;margin:0 0 .5rem}
h3{font-size:1rem;margin:1.25rem 0 .25rem}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:.15em}
header p,.detail,.before{color:var(--soft);margin:.15rem 0}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(17rem,100%),1fr));gap:1rem;margin:1.5rem 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem}
.line+.line{border-top:1px solid var(--line);margin-top:.75rem;padding-top:.75rem}
.value{font-size:1.9rem;line-height:1.15;font-weight:600;margin:0;font-variant-numeric:tabular-nums}
.value.long{font-size:1.25rem}
.group{font-size:1rem;font-weight:400;color:var(--soft)}
.detail,.before,footer,dd{font-size:.875rem}
.wide{margin:2rem 0}
svg{display:block;width:100%;max-width:30rem;height:auto;fill:var(--ink);font:11px system-ui,sans-serif}
svg .was{fill:var(--soft);font-size:9px}
svg .lit,svg .bar{fill:var(--lit)}
svg .out{fill:none;stroke:var(--soft)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line)}
thead th{color:var(--soft);font-weight:400}
tbody th{font-weight:600;white-space:nowrap}
dl{margin:0}dt{font-weight:600;margin-top:1rem}dd{margin:.15rem 0 0}dt:target{background:var(--card);outline:.25rem solid var(--card)}
footer{margin-top:2.5rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft)}
code{font:.85em ui-monospace,monospace;overflow-wrap:anywhere}
@media (max-width:34rem){.losses thead{display:none}.losses tr{display:block;border-bottom:1px solid var(--line);padding:.5rem 0}.losses th,.losses td{display:block;border:0;padding:0}.losses td:nth-child(3)::before{content:"the year before: "}.losses td:nth-child(4)::before{content:"most often: "}.losses td:nth-child(n+3){color:var(--soft);font-size:.875rem}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--paper:#fff;--card:#fff;--lit:#0b6e6e;--link:#000}@page{margin:15mm}body{font-size:11pt}main{max-width:none;padding:0}.card,.wide,tr,dt,dd{break-inside:avoid}a{text-decoration:none}}
`;

/** The whole page from the answers, which all speak of one instant. */
export function reportPage(answers: readonly FigureAnswer[], { locale, zone }: Manner): string {
  const of = Object.fromEntries(answers.map((answer) => [answer.name, answer])) as unknown as Readonly<Record<Reported, FigureAnswer>>;
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: zone });
  const day = (iso: string): string => format.format(new Date(iso));
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
  const { asOf, asKnown, rulesVersion, parked } = answers[0]!;

  const usable = (answer: FigureAnswer): boolean => answer.shown && valuesOf(answer).length > 0;
  const retained = [of['net-revenue-retention'], of['gross-revenue-retention']].filter(usable);
  const chosen = [of['advocacy-rate'], ...(retained.length > 0 ? retained : [of['repeat-rate']]), of['value-at-risk'], of['nps']];
  const cards = chosen.filter(usable).map((answer) => card(answer, answer.name === 'value-at-risk' ? atRiskLines(answer, locale) : linesOf(answer, locale), day));

  const missing = answers.flatMap((answer): string[] => {
    if (answer.name === 'repeat-rate' && retained.length > 0) return [];
    if (!answer.shown) return [`${link(answer)}: ${escaped(answer.note ?? 'nothing is recorded of it')}`];
    if (valuesOf(answer).length > 0) return [];
    const why = answer.groups?.startsWith('currency') === true ? 'no contract with an amount counts for it' : 'nobody counts for it';
    return [`${link(answer)}: ${why}.`];
  });
  const texts = answers.map(({ name, title, says: tells, formula, source }) => `<dt id="${name}">${escaped(title)}</dt><dd>${escaped(tells)}</dd><dd>${escaped(formula.replace(/\.$/, ''))}.</dd><dd>Source: ${escaped(source)}.</dd>`);
  const again = `five-ring report --out FILE.html --as-of ${asOf}${asKnown === null ? '' : ` --as-known ${asKnown}`}`;
  const note = valuesOf(of['advocacy-rate']).every(({ n }) => n === 0) ? answers[0]!.note : null;

  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Five-Ring, ${escaped(day(asOf))}</title>
<style>${CSS}</style>
</head>
<body>
<main>
<header>
<h1>How our customers stand</h1>
<p>${escaped(moment.format(new Date(asOf)))} (${escaped(zone)}). Beside each number, the period before. Below 30, counts come first.</p>
${note === null ? '' : `<p>${escaped(note)}</p>`}
</header>
<div class="cards">
${cards.join('\n')}
</div>
${[distributionOf(of['ring-distribution'], locale), lossesOf(of['ring-losses'], of['ring-loss-causes'], locale), quartersOf(of['value-at-risk'], locale)].join('\n')}
${missing.length === 0 ? '' : `<section class="wide"><h2>Not shown</h2><ul>${missing.map((one) => `<li>${one}</li>`).join('')}</ul></section>`}
<section class="wide"><h2>What each number means</h2><dl>
${texts.join('\n')}
</dl></section>
<footer>
<p>As of ${escaped(asOf)}, as known at position ${escaped(asKnown ?? 'none')} of the log, by the rules ${escaped(rulesVersion)}.${parked === 0 ? '' : ` ${parked} customers may be missing: what was recorded there could not be read.`}</p>
<p>The same numbers again: <code>${escaped(again)}</code></p>
</footer>
</main>
</body>
</html>
`;
}
