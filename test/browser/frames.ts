/** How smoothly a page moves: frames and long tasks while something goes on in it, by the clock and by the processor's time. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import type { Page } from 'playwright-core';

export const FRAME_BAR_MS = 50;

export interface Frames {
  readonly count: number;
  readonly middle: number;
  readonly p99: number;
  readonly worst: number;
  readonly over: number;
  readonly longTasks: number;
  readonly longest: number;
}

export const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Time of the processor that the task took, in microseconds; other programs do not count. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Time of the processor for the longest tasks of the page, in ms: what a machine that does nothing else would take. */
export async function tasksWhile(page: Page, doing: () => Promise<void>): Promise<readonly number[]> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ['toplevel', '__metadata', 'disabled-by-default-devtools.timeline', 'devtools.timeline'] });
  await doing();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8')) as { traceEvents: TraceEvent[] };
  const mains = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`));
  return traceEvents.flatMap(({ name, pid, tid, tdur }) => (/RunTask$/.test(name) && tdur !== undefined && mains.has(`${pid} ${tid}`) ? [tdur / 1000] : [])).sort((a, b) => b - a);
}

/** Counts frames and long tasks while `doing` goes on in the page. */
export async function framesWhile(page: Page, doing: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const seen = { frames: [] as number[], tasks: [] as number[], on: true };
    (window as unknown as { seen: typeof seen }).seen = seen;
    new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
    let before = performance.now();
    const frame = (now: number): void => {
      seen.frames.push(now - before);
      before = now;
      if (seen.on) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  await doing();
  const { frames, tasks } = await page.evaluate(() => {
    const { seen } = window as unknown as { seen: { frames: number[]; tasks: number[]; on: boolean } };
    seen.on = false;
    return seen;
  });
  const sorted = frames.slice(2).sort((a, b) => a - b);
  return { count: sorted.length, middle: middle(sorted), p99: sorted[Math.floor(sorted.length * 0.99)]!, worst: sorted.at(-1)!, over: sorted.filter((ms) => ms > FRAME_BAR_MS).length, longTasks: tasks.length, longest: Math.max(0, ...tasks) };
}

export const said = ({ count, middle: half, p99, worst, over, longTasks, longest }: Frames): string =>
  `${count} frames, middle ${half.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${worst.toFixed(1)} ms; ${over} over ${FRAME_BAR_MS} ms; tasks over 50 ms: ${longTasks}${longTasks > 0 ? `, longest ${longest.toFixed(0)} ms` : ''}`;

/** Whether no frame took longer than it may. */
export const verdict = ({ over }: Frames): string => `${over === 0 ? 'met' : 'MISSED'} (no frame over ${FRAME_BAR_MS} ms)`;

/** On what machine, how busy, and of which state of the sources. */
export function measuredOn(page: Page): string {
  let commit = 'unknown';
  try {
    commit = execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    // A copy without its history is measured all the same.
  }
  return `commit ${commit}, node ${process.version}, Chromium ${page.context().browser()!.version()}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, load ${loadavg().map((load) => load.toFixed(1)).join(' ')}`;
}

/** Turns the wheel as fast as a hand does, 200 times. */
export async function byWheel(page: Page): Promise<void> {
  await page.mouse.move(900, 700);
  for (let turn = 0; turn < 200; turn++) {
    await page.mouse.wheel(0, 500);
    await page.waitForTimeout(16);
  }
}

/** On to the end of all, as fast as frames come; pages of rows are read on the way. Over when nothing has moved for so many frames. */
export function toTheEnd(page: Page, stillFrames: number): Promise<void> {
  return page.evaluate(
    (most) =>
      new Promise<void>((resolve) => {
        let still = 0;
        const step = (): void => {
          const before = window.scrollY;
          window.scrollBy(0, 1500);
          still = window.scrollY === before ? still + 1 : 0;
          if (still > most) resolve();
          else requestAnimationFrame(step);
        };
        step();
      }),
    stillFrames,
  );
}
