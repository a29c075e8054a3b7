/**
 * The event log that tools for process mining read: XES, IEEE 1849-2016. A trace for each customer, an event for each entry in
 * force, in the order in which they happened. Ids and kinds only: no name of a person, no text. Pure.
 */
import { toIso } from '../kernel/calendar.js';
import type { Journey } from '../rings/journey.js';
import type { History } from './histories.reader.js';

/** What XML 1.0 cannot hold, however it is written; a lone half of a pair among it. */
 
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\t': '&#9;', '\n': '&#10;', '\r': '&#13;' };

/** As it stands in an attribute; what XML cannot hold is replaced by U+FFFD. */
export const attributeText = (text: string): string => text.replaceAll(NO_XML, '\ufffd').replaceAll(/[&<>"\t\n\r]/g, (character) => ESCAPES[character]!);

type Type = 'string' | 'date' | 'id';

const attribute = (indent: string, type: Type, key: string, value: string | null | undefined): string => (value === null || value === undefined || value === '' ? '' : `${indent}<${type} key="${key}" value="${attributeText(value)}"/>\n`);

/** Until the first trace. Elements stand in the order that the schema of the standard asks for. */
export function xesHead(at: number, version: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <global scope="trace">
    <string key="concept:name" value="unknown"/>
  </global>
  <global scope="event">
    <string key="concept:name" value="unknown"/>
    <string key="lifecycle:transition" value="complete"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/>
    <string key="side" value="unknown"/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
  <classifier name="Activity and side" keys="concept:name side"/>
  <string key="concept:name" value="Five-Ring: interactions by customer"/>
  <string key="lifecycle:model" value="standard"/>
  <date key="exportedAt" value="${toIso(at)}"/>
  <string key="source" value="Five-Ring ${attributeText(version)}"/>
`;
}

export const XES_END = '</log>\n';

interface Happened {
  readonly at: number;
  readonly text: string;
}

/** One customer. `journey`: also an event for each ring that went on or out by now. */
export function traceOf({ id, state, owner, entries }: History, journey?: { readonly journey: Journey; readonly now: number }): string {
  const happened = entries.map((entry): Happened => ({
    at: entry.occurredAt,
    text: eventOf(entry.occurredAt, entry.kind, entry.side, [
      ['string', 'concept:instance', entry.id],
      ['string', 'org:resource', entry.side === 'customer' ? 'customer' : entry.actor],
      ['string', 'org:group', entry.department],
      ['string', 'channel', entry.channel],
      ['string', 'offering', entry.offering],
    ]),
  }));
  const rings = journey === undefined ? [] : journey.journey.spells.flatMap(({ ring, from, to, cause }): Happened[] => [
    ...(from <= journey.now ? [{ at: from, text: eventOf(from, `ring ${ring} lit`, 'customer', []) }] : []),
    ...(to !== null && to <= journey.now ? [{ at: to, text: eventOf(to, `ring ${ring} out`, 'customer', [['string', 'cause', cause]]) }] : []),
  ]);
  const events = rings.length === 0 ? happened : [...happened, ...rings].sort((a, b) => a.at - b.at);
  return `  <trace>\n${attribute('    ', 'string', 'concept:name', id)}${attribute('    ', 'string', 'segment', state.segment)}${attribute('    ', 'string', 'origin', state.origin)}${attribute('    ', 'string', 'owner', owner)}${events.map(({ text }) => text).join('')}  </trace>\n`;
}

const eventOf = (at: number, name: string, side: string, more: readonly (readonly [Type, string, string | null | undefined])[]): string =>
  `    <event>\n${attribute('      ', 'string', 'concept:name', name)}${attribute('      ', 'string', 'lifecycle:transition', 'complete')}${attribute('      ', 'date', 'time:timestamp', toIso(at))}${attribute('      ', 'string', 'side', side)}${more.map(([type, key, value]) => attribute('      ', type, key, value)).join('')}    </event>\n`;
