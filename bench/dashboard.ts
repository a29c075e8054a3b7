/** The default dashboard as data grows 100 ×: the log is made up as it is read, the views are the projector's own work. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DaysReader } from '../src/figures/days.reader.js';
import { totalsByDay } from '../src/figures/days.view.js';
import { DAY } from '../src/kernel/calendar.js';
import { portfolioView } from '../src/rings/portfolio.view.js';
import { colleaguesView } from '../src/customers/colleagues.view.js';
import { PRESETS } from '../src/rings/rules.js';
import { Projector } from '../src/shell/projector.js';
import { SqliteViews } from '../src/views/sqlite.views.js';
import type { BenchRow } from './append.js';
import { MadeLog } from './made-log.js';

const ZONE = 'Europe/Berlin';
const DAYS = 1825;
const START = Date.UTC(2021, 0, 1);
const EACH = 100;
const ROUNDS = 200;

interface Filled {
  readonly rows: SqliteViews;
  readonly reader: DaysReader;
  readonly seconds: number;
}

async function filled(folder: string, events: number): Promise<Filled> {
  const rules = PRESETS['annual-contracts']!;
  const views = [colleaguesView, portfolioView(rules, totalsByDay(rules, ZONE))];
  const rows = SqliteViews.open(join(folder, `${events}.db`), views);
  const log = new MadeLog({ customers: events / EACH, each: EACH, order: 'by customer', days: DAYS, start: START });
  const projector = new Projector(log, views, rows, () => undefined, { batch: 10_000 });
  const begun = performance.now();
  await projector.start();
  await projector.caughtUp();
  await projector.stop();
  if ((await rows.parked()).length > 0) throw new Error((await rows.parked())[0]!.reason);
  return { rows, reader: new DaysReader(rows), seconds: (performance.now() - begun) / 1000 };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Undivided and by segment, months of a year and a month: medians of turns of each. `large`: 100,000 against 10,000,000 events. */
export async function dashboardRows(parent: string, large: boolean): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(parent, 'five-ring-bench-'));
  const sizes = large ? [100_000, 10_000_000] : [100_000, 1_000_000];
  const [few, many] = [await filled(folder, sizes[0]!), await filled(folder, sizes[1]!)];
  const asOf = Math.floor((START + DAYS * DAY) / DAY) - 10;
  const memory = `${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB in use, ${many.seconds.toFixed(0)} s to fill the larger`;
  const rows: BenchRow[] = [];
  for (const split of [undefined, 'segment', 'owner'] as const) {
    const times: { few: number; many: number }[] = [];
    const timed = async ({ reader }: Filled): Promise<number> => {
      const begun = performance.now();
      await reader.dashboard({ asOf, period: 'month', points: 13, ...(split !== undefined && { split }) });
      return performance.now() - begun;
    };
    for (let i = 0; i < ROUNDS; i += 1) times.push({ few: await timed(few), many: await timed(many) });
    const [one, other] = [median(times.map((time) => time.few)), median(times.map((time) => time.many))];
    const ratio = other / one;
    rows.push({
      name: `default dashboard${split === undefined ? '' : ` by ${split}`}, ${sizes[1]!.toLocaleString('en')} events against ${sizes[0]!.toLocaleString('en')}`,
      ratio,
      bar: '<= 1.5',
      pass: ratio <= 1.5,
      detail: `${other.toFixed(2)} ms against ${one.toFixed(2)} ms, medians of ${ROUNDS} in turn; ${memory}`,
    });
  }
  await few.rows.close();
  await many.rows.close();
  rmSync(folder, { recursive: true });
  return rows;
}
