/** The rulebook of the organisation: which rules were published, one set after the other. */
import type { Aggregate, Decided } from '../kernel/aggregate.js';
import { invalid, Refusal } from '../kernel/refusal.js';
import { checkRules, rulesFrom } from './check-rules.js';
import { sameRules } from './compare-rules.js';
import type { Rules } from './rules.js';

export interface RulesPublished {
  readonly rules: Rules;
  /** Why, in the words of who published them; stays readable for ever. */
  readonly reason: string;
  /** Only of the first: the rules before it, which came from the environment and stand in no event. */
  readonly before?: Rules;
}

export type RulebookEvent = Decided<'RulesPublished', RulesPublished>;

export interface PublishRules {
  readonly type: 'PublishRules';
  /** As it came. */
  readonly rules: unknown;
  readonly reason: string;
  /** In force while nothing was published. */
  readonly preset: Rules;
}

export interface RulebookState {
  /** The last published; null before the first. */
  readonly rules: Rules | null;
}

export const RULEBOOK = 'rules';
export const MAX_REASON = 500;

function decide({ rules: given, reason, preset }: PublishRules, { rules: last }: RulebookState): RulebookEvent[] {
  const why = reason.trim();
  if (why === '' || why.length > MAX_REASON) throw invalid([{ field: 'reason', code: 'missing', message: `must say why, in at most ${MAX_REASON} characters` }]);
  const problems = checkRules(given);
  if (problems.length > 0) throw invalid(problems.map((problem) => ({ ...problem, field: problem.field === 'rules' ? 'rules' : `rules.${problem.field}` })));
  const rules = rulesFrom(given);
  if (sameRules(rules, last ?? preset)) throw new Refusal('conflict', 'in-force-already', 'These rules are in force already: nothing would change.', [{ field: 'rules', code: 'in-force-already', message: 'are in force already' }]);
  return [{ type: 'RulesPublished', data: { rules, reason: why, ...(last === null && { before: preset }) } }];
}

export const rulebook: Aggregate<PublishRules, RulebookEvent, RulebookState> = {
  name: 'rulebook',
  initial: () => ({ rules: null }),
  decide,
  evolve: (_state, { data }) => ({ rules: data.rules }),
  personal: () => [],
};
