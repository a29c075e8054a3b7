/** Rings and entries in words. */
import { kinds, type Field } from '../customers/catalogue.js';
import { money, number, plain, styled, type Dates } from './screen.js';

export interface WireEntry extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly type?: string;
  readonly kind: string;
  readonly side: string;
  readonly occurredAt: string;
}

export interface WireRing {
  readonly ring: number;
  readonly name: string;
  readonly state: string;
  readonly since?: string;
  readonly until?: string | null;
  readonly before?: string;
  readonly cause?: string;
  readonly endsBy?: string | null;
  readonly because?: readonly string[];
  readonly wouldLight?: readonly string[];
  readonly marked?: string;
}

const COLOURS: Readonly<Record<string, 'green' | 'yellow' | 'red'>> = { lit: 'green', 'at risk': 'yellow', out: 'red' };

/** `1 2! · · 5`. */
export const ringsShort = (rings: readonly { readonly ring: number; readonly state: string }[]): string =>
  rings.map(({ ring, state }) => (state === 'lit' ? `${ring} ` : state === 'at risk' ? `${ring}!` : '· ')).join(' ').trimEnd();

/** Name, state, and since when because of what: the cells of one line. */
export function ringLine(ring: WireRing, entries: ReadonlyMap<string, WireEntry>, dates: Dates): [string, string, string] {
  const last = entries.get(ring.because?.at(-1) ?? '');
  const reason = last === undefined ? '' : `${kinds[last.kind]?.label ?? last.kind} of ${dates.day(last.occurredAt)}`;
  return [`${ring.ring} ${ring.name}`, COLOURS[ring.state] === undefined ? ring.state : styled(COLOURS[ring.state]!, ring.state), detailOf(ring, reason, dates)];
}

function detailOf(ring: WireRing, reason: string, dates: Dates): string {
  switch (ring.state) {
    case 'lit':
    case 'at risk': {
      const ends = ring.until === null ? 'no end in sight' : `until ${dates.day(ring.until ?? null)} if nothing more happens (${ring.endsBy})`;
      return [`since ${dates.day(ring.since ?? null)}${reason === '' ? '' : `, because of ${reason}`}`, ends, ...(ring.marked === undefined ? [] : [ring.marked])].join('; ');
    }
    case 'out':
      return `since ${dates.day(ring.since ?? null)}: ${ring.cause}${reason === '' ? '' : `, after ${reason}`}`;
    case 'not due':
      return `before ${dates.day(ring.before ?? null)}`;
    case 'nothing recorded': {
      const light = ring.wouldLight ?? [];
      return `would be lit by ${light.slice(0, 5).join(', ')}${light.length > 5 ? ' …' : ''}`;
    }
    default:
      return '';
  }
}

export const sideSays = ({ side }: WireEntry): string => (side === 'us' ? 'we' : side);

const text = (value: unknown): string => plain([value].flat().map(String).join(', '));

/** One field in short; nothing for an id, which says nothing to people. */
function fieldSays(name: string, { type }: Field, entry: WireEntry, dates: Dates): string | undefined {
  const value = entry[name];
  const label = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  switch (type) {
    case 'entry':
    case 'person':
    case 'persons':
    case 'customer':
    case 'currency':
      return undefined;
    case 'flag':
      return value === true ? label : `not ${label}`;
    case 'money':
      return `${label} ${typeof entry['currency'] === 'string' ? money(Number(value), entry['currency']) : number(Number(value))}`;
    case 'instant':
      return `${label} ${dates.day(text(value))}`;
    case 'integer':
    case 'number':
      return `${label} ${number(Number(value))}`;
    case 'text':
      return text(value);
    default:
      return `${label} ${text(value)}`;
  }
}

/** What an entry says: its own fields in short, and its summary. */
export function gistOf(entry: WireEntry, dates: Dates): string {
  const own = Object.entries(kinds[entry.kind]?.fields ?? {}).filter(([name]) => entry[name] !== undefined && entry[name] !== null);
  const fields = own.map(([name, field]) => fieldSays(name, field, entry, dates)).filter((said) => said !== undefined);
  const said = [fields.join(', '), typeof entry['summary'] === 'string' ? plain(entry['summary']) : ''].filter((part) => part !== '');
  return said.length === 0 ? '–' : said.join('. ');
}
