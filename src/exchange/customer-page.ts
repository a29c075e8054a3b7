/** One customer as a page to read, print and keep: HTML in one file, without a script, and with nothing from elsewhere. Pure. */
import { fieldsOf, kinds, type Field } from '../customers/catalogue.js';
import { peopleOf } from '../customers/entry.js';
import type { Interaction } from '../customers/customer.js';
import type { Journey, RingState, Standing } from '../rings/journey.js';
import { RING_NAMES } from '../rings/rules.js';
import type { History, Said } from './histories.reader.js';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!);

export interface PersonThere {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly roles: readonly string[];
  /** ISO 8601; null while they are there. */
  readonly left: string | null;
}

/** How instants are said: `day` for most, `moment` where the time matters. Both take epoch ms. */
export interface Dates {
  readonly zone: string;
  day(instant: number): string;
  moment(instant: number): string;
}

export interface PageContent {
  readonly history: History;
  readonly people: readonly PersonThere[];
  readonly journey: Journey;
  readonly standing: Standing;
  readonly rulesVersion: string;
  /** Names of colleagues, people and customers that are spoken of, by id. */
  readonly names: ReadonlyMap<string, string>;
  readonly contacts: boolean;
  readonly dates: Dates;
}

const CSS = `
:root{color-scheme:light dark;--ink:#1d2733;--soft:#586675;--line:#d9dfe5;--paper:#fff;--lit:#0b6e6e;--risk:#8a5a00}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf0;--soft:#9fb0c0;--line:#33404d;--paper:#12181f;--lit:#4fc3b5;--risk:#f0b429}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:50rem;margin:0 auto;padding:1.5rem 1rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.2;margin:0}
h2{font-size:1.15rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:0}
header p,.soft,footer{color:var(--soft)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line)}
thead th{color:var(--soft);font-weight:400}
.lit{color:var(--lit);font-weight:600}.risk{color:var(--risk);font-weight:600}
ol{list-style:none;margin:0;padding:0}
li{border-top:1px solid var(--line);padding:.75rem 0}
li p{margin:.25rem 0 0;white-space:pre-line}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .75rem;margin:.25rem 0 0}
dt{color:var(--soft)}dd{margin:0;white-space:pre-line}
footer{margin-top:2.5rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.875rem}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--paper:#fff;--lit:#0b6e6e;--risk:#8a5a00}main{max-width:none;padding:0}li,tr{break-inside:avoid}}
`;

/** Until the first entry of the timeline. */
export function pageHead(content: PageContent): string {
  const { history: { id, name, state, owner, entries }, dates, standing, people, names } = content;
  const title = name ?? `Customer ${id}`;
  const details = [
    ['Segment', state.segment], ['First heard of us', state.origin], ['Owner', owner === null ? null : (names.get(owner) ?? owner)],
    ['Team', state.team.length === 0 ? null : state.team.map((one) => names.get(one) ?? one).join(', ')], ['Referred by', state.referredBy === null ? null : (names.get(state.referredBy) ?? state.referredBy)], ['Id', id],
  ].filter((pair): pair is [string, string] => pair[1] !== null);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${CSS}</style>
</head>
<body>
<main>
<header>
<h1>${escaped(title)}</h1>
<p>As of ${escaped(dates.moment(standing.at))} (${escaped(dates.zone)}). ${standing.label === 'prospect' ? 'A prospect' : standing.label === 'customer' ? 'A customer' : 'A former customer'}, ${standing.lit.length} of 5 rings lit.</p>
</header>
<dl>${details.map(([term, text]) => `<dt>${escaped(term)}</dt><dd>${escaped(text)}</dd>`).join('')}</dl>
<section><h2>Rings</h2>
<div class="scroll"><table><thead><tr><th scope="col">Ring</th><th scope="col">State</th><th scope="col">Because</th></tr></thead><tbody>
${standing.rings.map((ring) => ringRow(ring, content)).join('\n')}
</tbody></table></div>
${spellsTable(content)}</section>
<section><h2>People</h2>
${people.length === 0 ? '<p class="soft">Nobody is recorded.</p>' : `<div class="scroll"><table><thead><tr><th scope="col">Name</th><th scope="col">Roles</th>${content.contacts ? '<th scope="col">E-mail</th><th scope="col">Phone</th>' : ''}<th scope="col"></th></tr></thead><tbody>
${people.map((person) => personRow(person, content)).join('\n')}
</tbody></table></div>`}
${content.contacts || people.length === 0 ? '' : '<p class="soft">E-mail addresses and phone numbers are left out: you may not see them.</p>'}</section>
<section><h2>Timeline</h2>
<p class="soft">${entries.length === 1 ? '1 entry' : `${entries.length.toLocaleString('en-US')} entries`}, the newest first. What was taken back is left out.</p>
<ol>
`;
}

function ringRow(ring: RingState, { dates, history }: PageContent): string {
  const because = (ids: readonly string[]): string => ids.map((id) => labelOf(history.state.interactions.get(id), dates)).filter((text) => text !== '').join(', ');
  const cells = ((): [state: string, why: string] => {
    switch (ring.state) {
      case 'lit':
      case 'at risk':
        return [`<span class="${ring.state === 'lit' ? 'lit' : 'risk'}">${ring.state}</span> since ${escaped(dates.day(ring.since))}${ring.until === null ? '' : `, until ${escaped(dates.day(ring.until))} if nothing more happens`}${ring.marked === undefined ? '' : ` (${ring.marked})`}`, because(ring.because)];
      case 'out':
        return [`out since ${escaped(dates.day(ring.since))}: ${escaped(ring.cause)}`, because(ring.because)];
      case 'not due':
        return [`not due before ${escaped(dates.day(ring.before))}`, ''];
      case 'not reached':
      case 'nothing recorded':
        return [ring.state, ''];
    }
  })();
  return `<tr><th scope="row">${ring.ring} ${RING_NAMES[ring.ring]}</th><td>${cells[0]}</td><td>${escaped(cells[1])}</td></tr>`;
}

const labelOf = (entry: Interaction | undefined, dates: Dates): string => (entry === undefined ? '' : `${kinds[entry.kind]?.label ?? entry.kind} of ${dates.day(entry.occurredAt)}`);

function spellsTable({ journey, standing, dates }: PageContent): string {
  const begun = journey.spells.filter(({ from }) => from <= standing.at);
  if (begun.length === 0) return '';
  const rows = begun.map(({ ring, from, to, cause }) => `<tr><th scope="row">${ring} ${RING_NAMES[ring]}</th><td>${escaped(dates.day(from))}</td><td>${to === null || to > standing.at ? 'lit' : escaped(dates.day(to))}</td><td>${to === null || to > standing.at ? '' : escaped(cause ?? '')}</td></tr>`);
  return `<h3>The journey so far</h3>\n<div class="scroll"><table><thead><tr><th scope="col">Ring</th><th scope="col">From</th><th scope="col">To</th><th scope="col">Went out because</th></tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table></div>\n`;
}

function personRow({ id, name, email, phone, roles, left }: PersonThere, { contacts, dates }: PageContent): string {
  const contact = contacts ? `<td>${escaped(email ?? '')}</td><td>${escaped(phone ?? '')}</td>` : '';
  return `<tr><th scope="row">${escaped(name ?? `erased (${id})`)}</th><td>${escaped(roles.join(', '))}</td>${contact}<td>${left === null ? '' : `left ${escaped(dates.day(Date.parse(left)))}`}</td></tr>`;
}

/** Said in the head of the entry, or only for programs. */
const ELSEWHERE = new Set(['kind', 'occurredAt', 'side', 'people', 'summary', 'source', 'sourceId', 'hidden', 'currency']);

/** An entry of the timeline. */
export function entryItem(entry: Interaction, { wire, erased, loggedBy }: Said, { names, dates, history }: PageContent): string {
  const specs = fieldsOf(entry.kind);
  const who = entry.side === 'customer' ? 'the customer' : 'we';
  const people = peopleOf(entry).map((id) => names.get(id) ?? 'somebody erased');
  const fields = Object.entries(wire).filter(([field, value]) => !ELSEWHERE.has(field) && value !== null && value !== undefined).flatMap(([field, value]): [string, string][] => {
    const text = valueText(value, specs[field], typeof wire['currency'] === 'string' ? wire['currency'] : '', { names, dates, history });
    return text === '' ? [] : [[wordsOf(field), text]];
  });
  const gone = erased.length === 0 ? [] : [['Erased', erased.map((path) => wordsOf(path.replace(/^fields\./, ''))).join(', ')] as [string, string]];
  const summary = typeof wire['summary'] === 'string' ? `<p>${escaped(wire['summary'])}</p>` : '';
  return `<li><h3>${escaped(kinds[entry.kind]?.label ?? entry.kind)}</h3><span class="soft">${escaped(dates.moment(entry.occurredAt))}, ${who}${people.length === 0 ? '' : `, with ${escaped(people.join(', '))}`}; logged by ${escaped(names.get(loggedBy) ?? loggedBy)}</span>${summary}${fields.length + gone.length === 0 ? '' : `<dl>${[...fields, ...gone].map(([term, text]) => `<dt>${escaped(term)}</dt><dd>${escaped(text)}</dd>`).join('')}</dl>`}</li>\n`;
}

/** `customerGot` → `Customer got`. */
function wordsOf(field: string): string {
  const words = field.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function valueText(value: unknown, field: Field | undefined, currency: string, { names, dates, history }: Pick<PageContent, 'names' | 'dates' | 'history'>): string {
  if (Array.isArray(value)) return value.map((one) => valueText(one, field, currency, { names, dates, history })).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  switch (field?.type) {
    case 'instant':
      return dates.day(Date.parse(String(value)));
    case 'money':
      return moneyText(Number(value), currency);
    case 'entry':
      return labelOf(history.state.interactions.get(String(value)), dates);
    case 'person':
    case 'persons':
    case 'colleague':
    case 'customer':
      return names.get(String(value)) ?? String(value);
    default:
      return String(value);
  }
}

/** Minor units, with as many digits behind the point as the currency has. */
function moneyText(minor: number, currency: string): string {
  const digits = /^[A-Z]{3}$/.test(currency) ? (new Intl.NumberFormat('en-US', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2) : 2;
  return `${(minor / 10 ** digits).toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${currency}`.trim();
}

/** Behind the last entry. */
export const pageEnd = ({ rulesVersion, standing, history, dates }: PageContent): string => `</ol></section>
<footer><p>Made by Five-Ring on ${escaped(dates.moment(standing.at))} from ${history.events.length.toLocaleString('en-US')} events, by the rules ${escaped(rulesVersion)}. It holds personal data: whoever keeps it sees to it that it is deleted in time, since an erasure does not reach files that were taken out.</p></footer>
</main>
</body>
</html>
`;
