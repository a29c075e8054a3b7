/** Brings published rules into force: the views are made anew for them, and exchanged; until then the rules before stay in force. */
import type { RecordedEvent } from '../kernel/event-store.js';
import type { View } from '../kernel/view.js';
import type { Rebuild, RebuildProgress } from '../shell/rebuild.js';
import { RULEBOOK } from './rulebook.js';
import type { Rules } from './rules.js';
import type { Published, RulesInForce } from './rules-in-force.js';

const RETRY_MS = 1000;

export class Publications {
  private waiting: Published | null = null;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly inForce: RulesInForce,
    private readonly rebuild: Rebuild,
    private readonly viewsFor: (rules: Rules) => readonly View[],
    private readonly onFailure: (error: Error) => void = () => undefined,
  ) {}

  /** Rules on their way into force, and how far they have come in events of the log. */
  takingEffect(): (RebuildProgress & { readonly published: Published }) | null {
    const progress = this.rebuild.progress();
    return this.waiting === null || progress === null ? null : { published: this.waiting, ...progress };
  }

  /** Events that have arrived, whoever wrote them. */
  heard(events: readonly RecordedEvent[]): void {
    if (events.some(({ stream }) => stream === RULEBOOK)) this.lookSoon();
  }

  /** Looks what was published last, and sets out to bring it into force. */
  async look(): Promise<void> {
    const last = (await this.inForce.history()).at(-1)!;
    if (last.revision <= (this.waiting ?? this.inForce.current).revision) return;
    if (last.version === this.inForce.version) {
      this.waiting = null;
      this.rebuild.forget();
      this.inForce.takeEffect(last);
      return;
    }
    this.waiting = last;
    this.rebuild.want(this.viewsFor(last.rules), () => {
      this.waiting = null;
      this.inForce.takeEffect(last);
      // The new views may have read on beyond the old ones: nobody heard of what was published there.
      this.lookSoon();
    });
  }

  async stop(): Promise<void> {
    clearTimeout(this.retry);
    await this.rebuild.stop();
  }

  private lookSoon(): void {
    this.look().catch((error: unknown) => {
      this.onFailure(error as Error);
      clearTimeout(this.retry);
      this.retry = setTimeout(() => this.lookSoon(), RETRY_MS).unref();
    });
  }
}
