/** Reads about the rules: those in force, those before, and what is different between them. */
import { Injectable } from '@nestjs/common';
import { namesOf } from '../customers/search.view.js';
import { toIso } from '../kernel/calendar.js';
import { Refusal } from '../kernel/refusal.js';
import { Views } from '../views/views.js';
import { checkRules, rulesFrom } from './check-rules.js';
import { differencesOf, type Differences } from './compare-rules.js';
import { Publications } from './publications.js';
import { PRESETS, RING_NAMES } from './rules.js';
import { RulesInForce, versionOf, type Published, type VersionedRules } from './rules-in-force.js';
import { expectations, sentences } from './sentences.js';

const iso = (instant: number | null): string | null => (instant === null ? null : toIso(instant));

@Injectable()
export class RulesReader {
  constructor(
    private readonly inForce: RulesInForce,
    private readonly publications: Publications,
    private readonly views: Views,
  ) {}

  async current(): Promise<object> {
    const { current } = this.inForce;
    const coming = this.publications.takingEffect();
    const by = await this.authors(coming === null ? [current] : [current, coming.published]);
    return {
      ...this.head(current, by),
      takingEffect: coming === null ? null : { ...this.head(coming.published, by), done: Math.min(coming.done, coming.of), of: coming.of },
      rings: RING_NAMES,
      sentences: sentences(current.rules),
      expectations: expectations(current.rules),
      rules: current.rules,
      presets: PRESETS,
    };
  }

  /** Revision of the stream as somebody has seen it who read the rules; null before the first publication. */
  revision(): number | null {
    const { revision } = this.publications.takingEffect()?.published ?? this.inForce.current;
    return revision === -1 ? null : revision;
  }

  /** The newest first, each with what it changed. */
  async history(): Promise<object> {
    const history = await this.inForce.history();
    const by = await this.authors(history);
    const items = history.map((one, index) => ({ ...this.head(one, by), inForce: one.revision === this.inForce.current.revision, differences: index === 0 ? { fields: [], sentences: [] } : differencesOf(history[index - 1]!.rules, one.rules), rules: one.rules }));
    return { items: items.reverse() };
  }

  async compare(a: string, b: string): Promise<{ readonly a: string; readonly b: string } & Differences> {
    const [before, after] = [await this.named(a, 'a'), await this.named(b, 'b')];
    return { a: before.version, b: after.version, ...differencesOf(before.rules, after.rules) };
  }

  /** Rules by their version, or a preset by its name. @throws Refusal `missing`. */
  async named(name: string, field: string): Promise<VersionedRules> {
    if (Object.hasOwn(PRESETS, name)) return { rules: PRESETS[name]!, version: versionOf(PRESETS[name]!) };
    const found = (await this.inForce.history()).findLast(({ version }) => version === name);
    if (found === undefined) throw new Refusal('missing', 'unknown-rules', `There are no rules with the version or name ${JSON.stringify(name)}; GET /api/v1/rules/history lists the versions.`, [{ field, code: 'unknown-rules', message: 'must be a version of the rules, or the name of a preset' }]);
    return found;
  }

  /** What is wrong with a draft; when nothing is, what it says and what would be different. */
  check(given: unknown): object {
    const problems = checkRules(given);
    const draft = problems.length === 0 ? rulesFrom(given) : null;
    return {
      ok: draft !== null,
      problems: problems.map(({ field, code, message }) => ({ field, code, detail: message })),
      version: draft === null ? null : versionOf(draft),
      sentences: draft === null ? null : sentences(draft),
      expectations: draft === null ? null : expectations(draft),
      differences: draft === null ? null : differencesOf(this.inForce.rules, draft),
    };
  }

  private head({ version, rules, recordedAt, actor, reason, revision }: Published, by: ReadonlyMap<string, string>): object {
    return { version, preset: rules.preset, revision: revision === -1 ? null : revision, since: iso(recordedAt), by: actor === null ? null : { id: actor, name: by.get(actor) ?? null }, reason };
  }

  private authors(published: readonly Published[]): Promise<Map<string, string>> {
    return namesOf(this.views.db, published.flatMap(({ actor }) => (actor === null ? [] : [actor])), 'colleague');
  }
}
