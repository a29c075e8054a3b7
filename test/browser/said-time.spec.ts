/** When something happened, in plain words. */
import fc from 'fast-check';
import { readTime, writeTime } from '../../web/src/screens/log/said-time.js';

/** A Wednesday, by the clock of whoever runs this. */
const NOW = new Date(2026, 10, 18, 14, 20, 31, 250).getTime();
const at = (month: number, day: number, hour = 0, minute = 0, year = 2026): number => new Date(year, month - 1, day, hour, minute).getTime();
const show = (said: ReturnType<typeof readTime>): string | undefined => (said === undefined ? undefined : (said.day ?? writeTime(said.at)));

it.each([
  ['yesterday 3pm', at(11, 17, 15)],
  ['Yesterday at 3', at(11, 17, 15)],
  ['yesterday 15:30', at(11, 17, 15, 30)],
  ['yesterday morning', at(11, 17, 9)],
  ['yesterday, in the afternoon', at(11, 17, 15)],
  ['last night', at(11, 17, 19)],
  ['this morning', at(11, 18, 9)],
  ['3pm yesterday', at(11, 17, 15)],
  ['9:15 on friday', at(11, 13, 9, 15)],
  ['noon today', at(11, 18, 12)],
  ['last friday 10 am', at(11, 13, 10)],
  ['12am', at(11, 18)],
  ['12 pm', at(11, 18, 12)],
  ['11:05', at(11, 18, 11, 5)],
  // Later than now: it was yesterday.
  ['5pm', at(11, 17, 17)],
  ['2026-11-02 08:05', at(11, 2, 8, 5)],
  ['2026-11-02T08:05', at(11, 2, 8, 5)],
  ['20 Nov 2025 at 16:00', at(11, 20, 16, 0, 2025)],
])('%s is a time', (said, expected) => {
  expect(show(readTime(said, NOW))).toBe(writeTime(expected));
  expect(readTime(said, NOW)!.day).toBeUndefined();
});

it.each([
  ['today', '2026-11-18'],
  ['yesterday', '2026-11-17'],
  ['the day before yesterday', '2026-11-16'],
  ['day before yesterday', '2026-11-16'],
  ['2 days ago', '2026-11-16'],
  ['two days ago', '2026-11-16'],
  ['2d ago', '2026-11-16'],
  ['a week ago', '2026-11-11'],
  ['last week', '2026-11-11'],
  ['3 months ago', '2026-08-18'],
  ['last friday', '2026-11-13'],
  ['friday', '2026-11-13'],
  ['fri', '2026-11-13'],
  ['on monday', '2026-11-16'],
  ['wednesday', '2026-11-18'],
  ['last wednesday', '2026-11-11'],
  ['2 nov', '2026-11-02'],
  ['2nd of November', '2026-11-02'],
  ['Nov 2', '2026-11-02'],
  ['24 december', '2025-12-24'],
  ['24.12.', '2025-12-24'],
  ['2.11.2026', '2026-11-02'],
  ['02/11/26', '2026-11-02'],
  ['2026-02-28', '2026-02-28'],
])('%s is a day', (said, expected) => {
  expect(readTime(said, NOW)).toMatchObject({ day: expected });
});

it.each([
  ['tomorrow', '2026-11-19'],
  ['friday', '2026-11-20'],
  ['next friday', '2026-11-20'],
  ['next wednesday', '2026-11-25'],
  ['in 2 weeks', '2026-12-02'],
  ['3 days', '2026-11-21'],
  ['next week', '2026-11-25'],
  ['in a month', '2026-12-18'],
  ['1 march', '2027-03-01'],
  ['day after tomorrow', '2026-11-20'],
  ['tomorrow 9am', '2026-11-19 09:00'],
  ['9am', '2026-11-19 09:00'],
])('%s, of something planned', (said, expected) => {
  expect(show(readTime(said, NOW, 'future'))).toBe(expected);
});

it('distances of minutes and hours are from now, to the second', () => {
  expect(readTime('2 hours ago', NOW)).toEqual({ at: NOW - 7_200_000 });
  expect(readTime('an hour ago', NOW)).toEqual({ at: NOW - 3_600_000 });
  expect(readTime('half an hour ago', NOW)).toEqual({ at: NOW - 1_800_000 });
  expect(readTime('5 min ago', NOW)).toEqual({ at: NOW - 300_000 });
  expect([readTime('', NOW), readTime(' now ', NOW)]).toEqual([{ at: NOW }, { at: NOW }]);
});

it('whose calendar begins with the month says so', () => {
  expect(readTime('11/02/2026', NOW, 'past', true)).toMatchObject({ day: '2026-11-02' });
  expect(readTime('11/02/2026', NOW, 'past', false)).toMatchObject({ day: '2026-02-11' });
  expect(readTime('2.11.2026', NOW, 'past', true)).toMatchObject({ day: '2026-11-02' });
});

it.each(['soon', 'yesterday banana', '31 february', '25:00', '13pm', '0 am', '3', 'yesterday 3', '99/99/2026', '2026-13-01', '2 days', 'friday friday', '5 min ago 3pm', 'constructor', 'yesterday __proto__'])('%s is refused, not guessed', (said) => {
  expect(readTime(said, NOW)).toBeUndefined();
});

it('whatever is written is read or refused, and what it writes itself it reads back', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9 :./-]{0,24}$/)), fc.constantFrom('past', 'future'), (said, direction) => {
    const read = readTime(said, NOW, direction);
    if (read !== undefined) expect(Number.isFinite(read.at)).toBe(true);
  }));
  fc.assert(fc.property(fc.date({ min: new Date(2000, 0, 1), max: new Date(2100, 0, 1), noInvalidDate: true }), (date) => {
    const minute = new Date(date).setSeconds(0, 0);
    expect(writeTime(readTime(writeTime(minute), NOW)!.at)).toBe(writeTime(minute));
  }));
});
