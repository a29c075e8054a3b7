/** What is published while the views are exchanged: the new ones have read it, and nobody heard of it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RecordedEvent } from '../../src/kernel/event-store.js';
import { Publications } from '../../src/rings/publications.js';
import { RULEBOOK } from '../../src/rings/rulebook.js';
import { PRESETS, type Rules } from '../../src/rings/rules.js';
import { RulesInForce } from '../../src/rings/rules-in-force.js';
import type { Rebuild } from '../../src/shell/rebuild.js';

const published = (rules: Rules, revision: number): RecordedEvent => ({
  id: `r${revision}`, type: 'RulesPublished', stream: RULEBOOK, revision, position: String(revision + 1), recordedAt: revision,
  data: { rules, reason: 'so' }, metadata: { commandId: `c${revision}`, n: 0, mac: 'm', correlationId: 'c', causationId: null, actor: 'ada' },
});

it('rules that another process published meanwhile take effect too', async () => {
  const log: RecordedEvent[] = [];
  const store = { read: () => Promise.resolve([...log]), compare: (a: string, b: string) => Number(a) - Number(b) };
  const inForce = await RulesInForce.open(store, PRESETS['annual-contracts']!);
  const wanted: Rules[] = [];
  let exchanged = (): void => undefined;
  const rebuild = { want: (_views: unknown, done: () => void) => void (exchanged = done), forget: () => undefined, progress: () => null } as unknown as Rebuild;
  const publications = new Publications(inForce, rebuild, (rules) => (wanted.push(rules), []));

  log.push(published(PRESETS['shop']!, 0));
  await publications.look();
  expect(wanted).toEqual([PRESETS['shop']]);
  log.push(published(PRESETS['consultancy']!, 1));
  exchanged();
  expect(inForce.rules).toEqual(PRESETS['shop']);
  await nextTurn();
  expect(wanted).toEqual([PRESETS['shop'], PRESETS['consultancy']]);
});
