/** Run before the server: its clock begins at the instant that FIVE_RING_TEST_NOW names, and hardly moves, so that a screen says the same however long the way to it took. */
const Real = Date;
const began = Real.now();
const start = Real.parse(process.env['FIVE_RING_TEST_NOW']!);
const SLOWER = 100;
const now = (): number => Math.floor(start + (Real.now() - began) / SLOWER);

globalThis.Date = class extends Real {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(now());
    else super(...(given as [number]));
  }

  static override now(): number {
    return now();
  }
} as DateConstructor;
