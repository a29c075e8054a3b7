/** The rules that light and darken rings now, and those of any earlier state of knowledge. */
import type { Position } from '../kernel/event-store.js';
import { derivedId } from '../shell/ids.js';
import type { Rules } from './rules.js';

export interface VersionedRules {
  readonly rules: Rules;
  readonly version: string;
}

/** A change of any number is another version. */
export const versionOf = (rules: Rules): string => `${rules.preset}-${derivedId(JSON.stringify(rules)).slice(0, 8)}`;

export class RulesInForce implements VersionedRules {
  readonly version: string;

  constructor(
    readonly rules: Rules,
    readonly now: () => number = Date.now,
  ) {
    this.version = versionOf(rules);
  }

  /** The rules in force when the log was known up to the position: they apply to the whole history. */
  async at(_upTo: Position | null): Promise<VersionedRules> {
    return this;
  }
}
