/** Days as they stand in addresses and on the axis: `2026-03-04`, by this reader's calendar. */
const two = (part: number): string => String(part).padStart(2, '0');

export const DAY_MS = 86_400_000;
export const dayOf = (at: number | string): string => {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};
/** Days since 1970: what a slider counts. */
export const numberOf = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
export const dayWith = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);
export const dayAfter = (day: string): string => dayWith(numberOf(day) + 1);
