/** Frees the views' files of what was erased: they are copied row by row without remains, and the list says when that is done. */
import type { Projector } from '../shell/projector.js';
import type { Rebuild } from '../shell/rebuild.js';
import type { ErasureList } from './erasure-list.js';

export interface CleaningParts {
  readonly list: ErasureList;
  readonly projector: Projector;
  readonly rebuild: Pick<Rebuild, 'withoutRemains'>;
}

export class Cleaning {
  private running: Promise<void> | null = null;
  /** Words may have come into the views' files after the last cleaning that is on the list. */
  private isDirty = false;
  private stopped = false;

  /** `failed` hears why it ended early; it is for whoever hears to begin it again. */
  constructor(
    private readonly parts: CleaningParts,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Whether the files may hold words besides those of the erasures that the list says are not cleaned yet. */
  mark(isDirty: boolean): void {
    this.isDirty = isDirty;
  }

  /** Begins, unless it is under way: then that goes on until nothing is left. */
  soon(): void {
    if (this.stopped || this.running !== null) return;
    this.running = this.clean()
      .catch((error: unknown) => this.failed(error))
      .finally(() => {
        this.running = null;
      });
  }

  /** Resolves when what is under way has ended, or the time is over. */
  async within(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
    await Promise.race([this.running ?? Promise.resolve(), late]);
    clearTimeout(timer);
  }

  stop(): void {
    this.stopped = true;
  }

  private async clean(): Promise<void> {
    const { list, projector, rebuild } = this.parts;
    for (;;) {
      const unclean = list.all().filter(({ cleaned, said }) => !cleaned && said !== undefined);
      if ((unclean.length === 0 && !this.isDirty) || this.stopped) return;
      this.isDirty = false;
      try {
        for (const { said } of unclean) if (said != null) await projector.past(said.position);
        await rebuild.withoutRemains();
      } catch (error) {
        this.isDirty = true;
        throw error;
      }
      await list.cleaned(unclean.map(({ intent }) => intent.erasure));
    }
  }
}
