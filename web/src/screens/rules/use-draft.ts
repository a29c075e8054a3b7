import { useCallback, useMemo, useState } from 'react';
import type { Rules } from '../../../../src/rings/rules.js';
import { onLeave, useSession } from '../../app/session.js';
import { hasShapeOfRules, withValue } from './draft.js';

const PREFIX = 'five-ring.rules-draft.';

onLeave(() => {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
});

interface Kept {
  /** Version of the rules in force when it was begun. */
  readonly base: string;
  readonly rules: Rules;
}

export interface Draft {
  /** The draft, or the rules in force while there is none. */
  readonly rules: Rules;
  readonly isBegun: boolean;
  /** Rules were published after it was begun. */
  readonly isOld: boolean;
  readonly set: (path: string, value: unknown) => void;
  readonly replace: (rules: Rules) => void;
  readonly discard: () => void;
}

function stored(key: string, like: Rules): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null;
    return kept !== null && typeof kept.base === 'string' && hasShapeOfRules(kept.rules, like) ? kept : null;
  } catch {
    return null;
  }
}

/** One draft a colleague, kept in this browser over reloads until it is published, discarded or its author signs out. */
export function useDraft(current: { readonly version: string; readonly rules: Rules }): Draft {
  const { colleague } = useSession();
  const key = PREFIX + colleague;
  const [kept, setKept] = useState(() => stored(key, current.rules));
  const keep = useCallback((next: Kept | null): void => {
    if (next === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(next));
    setKept(next);
  }, [key]);
  const { version, rules: live } = current;
  return useMemo(() => {
    const rules = kept?.rules ?? live;
    const base = kept?.base ?? version;
    const replace = (next: Rules): void => keep(JSON.stringify(next) === JSON.stringify(live) ? null : { base, rules: next });
    return { rules, isBegun: kept !== null, isOld: kept !== null && kept.base !== version, set: (path, value) => replace(withValue(rules, path, value)), replace, discard: () => keep(null) };
  }, [kept, live, version, keep]);
}
