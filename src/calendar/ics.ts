/** A calendar as RFC 5545 writes it: lines of at most 75 octets, ends of CRLF, what has a meaning escaped. Pure. */

export interface CalendarEvent {
  /** The same for the same thing, whenever it is asked. */
  readonly uid: string;
  /** The day, `YYYY-MM-DD`. */
  readonly day: string;
  readonly summary: string;
  readonly description: string;
}

const OCTETS = 75;
const encoder = new TextEncoder();

/** TEXT of RFC 5545, 3.3.11; what controls a terminal or a line has no place in it. */
export const escaped = (text: string): string =>
   
  text.replaceAll(/\r\n?/g, '\n').replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ').replaceAll('\\', '\\\\').replaceAll(';', '\\;').replaceAll(',', '\\,').replaceAll('\n', '\\n');

/** A content line, folded (3.1); no character is cut in two. */
export function folded(line: string): string {
  const lines: string[] = [];
  let [current, octets] = ['', 0];
  for (const character of line) {
    const size = encoder.encode(character).length;
    // What goes on begins with a space, which counts.
    if (octets + size > OCTETS) {
      lines.push(current);
      [current, octets] = [' ', 1];
    }
    current += character;
    octets += size;
  }
  return [...lines, current].join('\r\n');
}

const dateOf = (day: string): string => day.replaceAll('-', '');
const nextDay = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
const stampOf = (instant: number): string => new Date(instant).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');

/** `at`: epoch ms, when it was made. */
export function calendarOf(name: string, events: readonly CalendarEvent[], at: number): string {
  const lines = [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Five-Ring//Five-Ring//EN', 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH', `X-WR-CALNAME:${escaped(name)}`, 'REFRESH-INTERVAL;VALUE=DURATION:PT1H', 'X-PUBLISHED-TTL:PT1H',
    ...events.flatMap(({ uid, day, summary, description }) => [
      'BEGIN:VEVENT', `UID:${escaped(uid)}`, `DTSTAMP:${stampOf(at)}`, `DTSTART;VALUE=DATE:${dateOf(day)}`, `DTEND;VALUE=DATE:${dateOf(nextDay(day))}`, `SUMMARY:${escaped(summary)}`, `DESCRIPTION:${escaped(description)}`, 'CLASS:PRIVATE', 'TRANSP:TRANSPARENT', 'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ];
  return `${lines.map(folded).join('\r\n')}\r\n`;
}
