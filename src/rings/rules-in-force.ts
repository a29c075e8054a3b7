/** The rules that light and darken rings now, those of any earlier state of knowledge, and those that are about to take effect. */
import type { EventStore, Position } from '../kernel/event-store.js';
import { derivedId } from '../shell/ids.js';
import { RULEBOOK, type RulesPublished } from './rulebook.js';
import type { Rules } from './rules.js';

export interface VersionedRules {
  readonly rules: Rules;
  readonly version: string;
}

/** Rules as they were published, or as the environment gave them before anybody did. */
export interface Published extends VersionedRules {
  /** Of the event; -1 for those of the environment. */
  readonly revision: number;
  readonly position: Position | null;
  /** Epoch ms; null for those of the environment, as author and reason are. */
  readonly recordedAt: number | null;
  readonly actor: string | null;
  readonly reason: string | null;
}

/** A change of any number is another version. */
export const versionOf = (rules: Rules): string => `${rules.preset}-${derivedId(JSON.stringify(rules)).slice(0, 8)}`;

/** A publication becomes the rules in force when the views are ready for it: see `takeEffect`. */
export class RulesInForce implements VersionedRules {
  private constructor(
    private readonly store: Pick<EventStore, 'read' | 'compare'>,
    /** In force while nothing was published. */
    readonly preset: Rules,
    private live: Published,
    readonly now: () => number,
  ) {}

  /** The last published are in force at once: the views are opened for them. */
  static async open(store: Pick<EventStore, 'read' | 'compare'>, preset: Rules, now: () => number = Date.now): Promise<RulesInForce> {
    return new RulesInForce(store, preset, (await publishedIn(store, preset)).at(-1)!, now);
  }

  get rules(): Rules {
    return this.live.rules;
  }

  get version(): string {
    return this.live.version;
  }

  /** Those in force, with who published them and why. */
  get current(): Published {
    return this.live;
  }

  /** All there ever were, the oldest first; the first came from the environment. */
  history(): Promise<Published[]> {
    return publishedIn(this.store, this.preset);
  }

  /** Undefined for rules of an environment that has changed since: they stand in no log. */
  async ofVersion(version: string): Promise<VersionedRules | undefined> {
    return (await this.history()).find((published) => published.version === version);
  }

  /** Called in the turn in which the views are exchanged for those of these rules. */
  takeEffect(published: Published): void {
    this.live = published;
  }

  /**
   * The rules in force when the log was known up to the position: they apply to the whole history. Rules that have been
   * published but not taken effect yet are in force nowhere.
   */
  async at(upTo: Position | null): Promise<VersionedRules> {
    const history = await this.history();
    const last = history.findLast(({ position }) => position === null || (upTo !== null && this.store.compare(position, upTo) <= 0))!;
    return last.revision > this.live.revision ? this.live : last;
  }
}

async function publishedIn(store: Pick<EventStore, 'read'>, preset: Rules): Promise<Published[]> {
  const events = (await store.read(RULEBOOK)).filter(({ type }) => type === 'RulesPublished');
  const before = (events[0]?.data as RulesPublished | undefined)?.before ?? preset;
  const first: Published = { rules: before, version: versionOf(before), revision: -1, position: null, recordedAt: null, actor: null, reason: null };
  return [
    first,
    ...events.map(({ data, revision, position, recordedAt, metadata }): Published => {
      const { rules, reason } = data as RulesPublished;
      return { rules, version: versionOf(rules), revision, position, recordedAt, actor: metadata.actor, reason };
    }),
  ];
}
