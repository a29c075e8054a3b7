/** The calendar as RFC 5545 asks for it, and what stands in it, in words that anybody can check by hand. */
import fc from 'fast-check';
import { datesOf, eventsOf, type DatedThing } from '../../src/calendar/dated.js';
import { calendarOf, escaped, folded } from '../../src/calendar/ics.js';
import type { TermAhead } from '../../src/rings/attention-facts.js';
import { day, proves, same, must, type Bugs, type Checks } from '../figures/told.js';

interface Subject {
  readonly fold: typeof folded;
  readonly escape: typeof escaped;
  readonly dates: typeof datesOf;
  readonly events: typeof eventsOf;
}
const real: Subject = { fold: folded, escape: escaped, dates: datesOf, events: eventsOf };

const unfolded = (text: string): string => text.replaceAll('\r\n ', '');
const unescaped = (text: string): string => text.replaceAll(/\\([\\;,nN])/g, (_, one: string) => (one === 'n' || one === 'N' ? '\n' : one));
const term = (more: Partial<TermAhead> = {}): TermAhead => ({ id: 't', from: day(0), end: day(365), period: null, notice: 0, ...more });
const said = (things: readonly DatedThing[]): string[] => things.map(({ what, at }) => `${what} ${(at - day(0)) / 86_400_000}`);
const texts = fc.string({ unit: fc.constantFrom('a', 'ß', '€', '🥖', 'é', ' ', ',', ';', '\\', '\n', 'é'), maxLength: 200, size: 'max' });

const CHECKS: Checks<Subject> = {
  'no line is longer than 75 octets, and unfolded it is what it was': ({ fold }) => {
    const all = fc.check(fc.property(texts.map((text) => text.replaceAll('\n', ' ')), (text) => {
      const lines = fold(text).split('\r\n');
      must(lines.every((line) => Buffer.byteLength(line) <= 75), `too long: ${lines.map((line) => Buffer.byteLength(line)).join()}`);
      same(unfolded(fold(text)), text, 'unfolded');
    }), { numRuns: 500, seed: 7 });
    if (all.failed) throw all.errorInstance as Error;
    same(fold('x'.repeat(76)), `${'x'.repeat(75)}\r\n x`, '76 octets');
  },
  'what has a meaning is escaped, and read again it is what it was': ({ escape }) => {
    same(escape('Morel & Fils; Lyon, \\ two\nlines'), 'Morel & Fils\\; Lyon\\, \\\\ two\\nlines', 'escaped');
    same(escape('a\r\nBEGIN:VEVENT\u0007'), 'a\\nBEGIN:VEVENT ', 'no line of its own');
    const all = fc.check(fc.property(texts, (text) => same(unescaped(escape(text)), text, 'read again')), { numRuns: 500, seed: 7 });
    if (all.failed) throw all.errorInstance as Error;
  },
  'a contract has its notice date and its end; one that goes on by itself the next ones': ({ dates }) => {
    same(said(dates(term({ notice: 90 }), day(10), 'A')), ['notice 275', 'contract ends 365'], 'both ahead');
    same(said(dates(term({ notice: 90 }), day(275), 'A')), ['contract ends 365'], 'notice over');
    same(said(dates(term({ notice: 90, period: 365 * 86_400_000 }), day(300), 'A')), ['notice 640', 'contract goes on 365'], 'goes on');
    same(said(dates(term({ notice: 90, ending: { at: day(50), said: day(5), by: 'c' } }), day(10), 'A')), ['contract was ended 50'], 'ended');
    same(said(dates(term({ end: null, notice: 30 }), day(10), 'A')), [], 'without an end');
  },
  'a thing has the same UID however often it is asked, another thing another; the day is that of the zone': ({ events }) => {
    const things: DatedThing[] = [{ entry: 'e', what: 'step', at: Date.parse('2026-03-28T23:30:00Z'), customer: 'A', details: '' }, { entry: 'e', what: 'notice', at: Date.parse('2026-03-01T00:00:00Z'), customer: 'A', details: '' }];
    const at = Date.parse('2026-03-10T00:00:00Z');
    const uids = events(things, at, 'UTC').map(({ uid }) => uid);
    same(uids, ['notice-e@five-ring', 'step-e@five-ring'], 'UIDs');
    same(events(things, at + 5 * 86_400_000, 'UTC').map(({ uid }) => uid), uids, 'later');
    same([events(things, at, 'UTC')[1]!.day, events(things, at, 'Europe/Berlin')[1]!.day], ['2026-03-28', '2026-03-29'], 'day');
    same(events([{ ...things[0]!, at: at - 91 * 86_400_000 }, { ...things[0]!, at: at + 731 * 86_400_000 }], at, 'UTC'), [], 'too far away');
  },
};

const [SHORT, ESCAPED, TERMS, UIDS] = Object.keys(CHECKS) as [string, string, string, string];
const BUGS: Bugs<Subject> = [
  ['characters are counted, not octets', SHORT, /too long/, { fold: (line) => line.match(/^.{1,75}|.{1,74}/gu)?.join('\r\n ') ?? '' }],
  ['a character is cut in two', SHORT, /unfolded|too long/, { fold: (line) => { const bytes = Buffer.from(line); const parts: string[] = []; for (let i = 0; i < bytes.length; i += 74) parts.push(bytes.subarray(i, i + 74).toString()); return parts.join('\r\n '); } }],
  ['commas have no meaning', ESCAPED, /escaped/, { escape: (text) => escaped(text).replaceAll('\\,', ',') }],
  ['lines can be begun', ESCAPED, /line|escaped/, { escape: (text) => text }],
  ['notice is forgotten', TERMS, /both/, { dates: (...ask) => datesOf(...ask).filter(({ what }) => what !== 'notice') }],
  ['days are those of UTC', UIDS, /day/, { events: (things, at) => eventsOf(things, at, 'UTC') }],
  ['UIDs are made anew', UIDS, /UIDs/, { events: (...ask) => eventsOf(...ask).map((event) => ({ ...event, uid: `${event.uid}-${ask[1]}` })) }],
];

proves('the calendar', real, CHECKS, BUGS);

it('a whole calendar has its lines in their order, each ended by CR LF', () => {
  const text = calendarOf('Five-Ring', [{ uid: 'a@five-ring', day: '2026-02-28', summary: 'Contract ends: A, B', description: '' }], Date.parse('2026-01-02T03:04:05Z'));
  expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true);
  expect(text.replaceAll('\r\n', '').includes('\n')).toBe(false);
  expect(text.split('\r\n').slice(8, 18)).toEqual(['BEGIN:VEVENT', 'UID:a@five-ring', 'DTSTAMP:20260102T030405Z', 'DTSTART;VALUE=DATE:20260228', 'DTEND;VALUE=DATE:20260301', 'SUMMARY:Contract ends: A\\, B', 'DESCRIPTION:', 'CLASS:PRIVATE', 'TRANSP:TRANSPARENT', 'END:VEVENT']);
});
