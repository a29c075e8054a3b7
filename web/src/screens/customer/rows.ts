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
  /** Days between happening and recording when they lie apart. */
  readonly late: number | null;
}

export const instantOf = (item: Item): string => (item.type === 'entry' ? item.occurredAt : item.at);

/** Written down so long after it happened that somebody may have looked in between. */
const LATE_MS = 2 * DAY_MS;

/** So many entries of a customer written down in one minute were brought over from elsewhere: none of them is late. */
const TOGETHER = 15;
const minuteOf = (iso: string): string => iso.slice(0, 16);

function lateBy({ occurredAt, recordedAt }: TimelineEntry): number | null {
  const apart = Date.parse(recordedAt) - Date.parse(occurredAt);
  return apart < LATE_MS ? null : Math.round(apart / DAY_MS);
}

export function rowsOf(pages: readonly RingsTimelineResponse[]): Row[] {
  const rows: Row[] = [];
  let before = '';
  const together = new Map<string, number>();
  for (const { items } of pages) for (const item of items) if (item.type === 'entry') together.set(minuteOf(item.recordedAt), (together.get(minuteOf(item.recordedAt)) ?? 0) + 1);
  for (const { items } of pages) {
    for (const item of items) {
      const at = instantOf(item);
      const day = dayOf(at);
      rows.push({ key: item.type === 'entry' ? item.id : `${item.ring} ${item.change} ${item.at}`, item, day: day === before ? null : at, late: item.type === 'entry' && together.get(minuteOf(item.recordedAt))! < TOGETHER ? lateBy(item) : null });
      before = day;
    }
  }
  return rows;
}
