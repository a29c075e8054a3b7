import { dayOf, instantOf, isZone, parseInstant, toIso } from './calendar.js';

const read = (text: string, zone = 'Europe/Berlin'): string | undefined => {
  const instant = parseInstant(text, zone);
  return instant === undefined ? undefined : toIso(instant);
};

describe('parseInstant', () => {
  it.each([
    ['2026-01-15', '2026-01-14T23:00:00.000Z'],
    ['2026-07-15', '2026-07-14T22:00:00.000Z'],
    ['2026-07-15T10:30', '2026-07-15T08:30:00.000Z'],
    ['2026-07-15 10:30:15.123', '2026-07-15T08:30:15.123Z'],
    ['2026-07-15T10:30:00Z', '2026-07-15T10:30:00.000Z'],
    ['2026-07-15T10:30:00+05:30', '2026-07-15T05:00:00.000Z'],
    ['2026-07-15T10:30:00-0800', '2026-07-15T18:30:00.000Z'],
    ['2024-02-29', '2024-02-28T23:00:00.000Z'],
    // The hour that is skipped in spring, and the one that comes twice in autumn: the first of the two.
    ['2026-03-29T02:30', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
    ['0045-03-15T00:00:00Z', '0045-03-15T00:00:00.000Z'],
  ])('%s in Berlin is %s', (text, instant) => {
    expect(read(text)).toBe(instant);
  });

  it.each(['', 'yesterday', '2026-02-30', '2026-13-01', '2026-00-01', '2026-01-00', '2026-01-01T24:00', '2026-01-01T10:60', '2026-1-1', '2026-01-01T10:00+25:00', '2026-01-01T10:00Z ', '20260101'])('%j is no instant', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('a midnight that does not exist is the first instant of that day', () => {
    // Santiago springs forward at midnight.
    const instant = parseInstant('2026-09-06', 'America/Santiago')!;
    expect(dayOf(instant, 'America/Santiago')).toBe('2026-09-06');
    expect(dayOf(instant - 1, 'America/Santiago')).toBe('2026-09-05');
  });
});

it('every hour of two years reads back as itself, where the clock does not jump', () => {
  for (const zone of ['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia']) {
    for (let instant = Date.UTC(2025, 0, 1); instant < Date.UTC(2027, 0, 1); instant += 3_600_000 * 7) {
      const wall = Date.parse(`${dayOf(instant, zone)}T00:00:00Z`);
      expect(dayOf(instantOf(wall, zone), zone)).toBe(dayOf(instant, zone));
    }
  }
});

it('isZone knows zones from other words', () => {
  expect(isZone('Europe/Berlin')).toBe(true);
  expect(isZone('Berlin')).toBe(false);
});
