/** How far long work has come, on stderr: a bar on a terminal, else a line every few seconds. */
import type { SingleBar } from 'cli-progress';

const EVERY_MS = 5000;

export class Progress {
  private said = Date.now();

  private constructor(
    private readonly bar: SingleBar | undefined,
    private readonly total: number | undefined,
    private readonly say: (done: number, note: string) => string,
  ) {}

  /** Without a total there is no bar, only how far it has come. */
  static async start(total: number | undefined, say: (done: number, note: string) => string): Promise<Progress> {
    if (!process.stderr.isTTY) return new Progress(undefined, total, say);
    const { default: progress } = await import('cli-progress');
    const bar = new progress.SingleBar({ format: total === undefined ? '{said}' : '{bar} {percentage} %  {said}', barsize: 30, hideCursor: true, clearOnComplete: true, gracefulExit: false, stream: process.stderr }, progress.Presets.shades_classic);
    bar.start(total ?? 1, 0, { said: '' });
    const shown = new Progress(bar, total, say);
    process.once('SIGINT', shown.interrupted);
    return shown;
  }

  /** Gives the terminal its cursor back; who else listens for the signal decides what it means. */
  private readonly interrupted = (): void => {
    this.stop();
    if (process.listenerCount('SIGINT') === 0) process.exit(130);
  };

  update(done: number, note = ''): void {
    if (this.bar !== undefined) this.bar.update(Math.min(done, this.total ?? 0), { said: this.say(done, note) });
    else if (Date.now() - this.said >= EVERY_MS) {
      this.said = Date.now();
      process.stderr.write(`${this.say(done, note)}\n`);
    }
  }

  stop(): void {
    process.off('SIGINT', this.interrupted);
    this.bar?.stop();
  }
}
