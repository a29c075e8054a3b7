/** The rows of the timeline: entries and ring changes, with a heading where a day begins. Pure. */
import type { RingsTimelineResponse } from '../../api/generated/types.gen.js';
import { dayOf, DAY_MS } from './days.js';

export type Item = RingsTimelineResponse['items'][number];
export type TimelineEntry = Extract<Item, { type: 'entry' }>;
export type RingChange = Extract<Item, { type: 'ring-change' }>;

export interface Row {
  readonly key: string;
  readonly item: Item;
  /** The instant of the row when its day begins here. */
  readonly day: string | null;
}

export const instantOf = (item: Item): string => (item.type === 'entry' ? item.occurredAt : item.at);

export function rowsOf(pages: readonly RingsTimelineResponse[]): Row[] {
  const rows: Row[] = [];
  let before = '';
  for (const { items } of pages) {
    for (const item of items) {
      const at = instantOf(item);
      const day = dayOf(at);
      rows.push({ key: item.type === 'entry' ? item.id : `${item.ring} ${item.change} ${item.at}`, item, day: day === before ? null : at });
      before = day;
    }
  }
  return rows;
}

/** Written down so long after it happened that somebody may have looked in between. */
const LATE_MS = 2 * DAY_MS;

/** Days between happening and recording when they lie apart; null when not, and of what an import brought. */
export function lateBy({ occurredAt, recordedAt, source }: { readonly occurredAt: string; readonly recordedAt: string; readonly source?: string }): number | null {
  const apart = Date.parse(recordedAt) - Date.parse(occurredAt);
  return apart < LATE_MS || source !== undefined ? null : Math.round(apart / DAY_MS);
}
