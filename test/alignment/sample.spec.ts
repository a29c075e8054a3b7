/** The sample organisation shows every detector and check in use: some fire, some are clean, some cannot tell. Told for a fixed day. */
import { DEFAULTS } from '../../src/access/settings.js';
import { enablementOf, launchOf, Ours } from '../../src/alignment/campaigns.js';
import { DETECTORS, type Grounds } from '../../src/alignment/detectors.js';
import { fieldsOf } from '../../src/customers/catalogue.js';
import { customer, type Interaction } from '../../src/customers/customer.js';
import { checkEntry } from '../../src/customers/entry.js';
import type { OwnEntryRow } from '../../src/customers/own-entries.view.js';
import { windowTo } from '../../src/figures/ask.js';
import { Counter, together, type Check, type Verdict } from '../../src/figures/checking.js';
import { CHECKS } from '../../src/figures/checks.js';
import { factsOf, type Facts } from '../../src/figures/facts.js';
import { PRESETS } from '../../src/rings/rules.js';
import { sampleOf } from '../../src/sample/scenarios.js';

const TODAY = Date.UTC(2025, 4, 13, 12);
const ZONE = 'Europe/Berlin';
const rules = PRESETS['annual-contracts']!;

/** As the state keeps it: without what is sealed. */
function interactionOf(raw: Readonly<Record<string, unknown>>, index: number, actor: string, words: Map<string, string>, at: string): Interaction {
  const { entry } = checkEntry(raw, { now: TODAY, zone: ZONE });
  if (entry === undefined) throw new Error(JSON.stringify(raw));
  const specs = fieldsOf(entry.kind);
  const id = `#${index}`;
  const open = Object.fromEntries(Object.entries(entry.fields).filter(([field]) => specs[field]?.personal !== true));
  if (entry.kind === 'statement-made') words.set(`${at} ${id}`, String(entry.fields['value']));
  if (entry.kind === 'person-added') open['person'] = id;
  const has = ['customerBenefit', 'providerBenefit'].filter((field) => field in entry.fields);
  return { ...entry, id, actor, people: entry.people ?? [], fields: open, mac: id, revision: index, ...(has.length > 0 && { has }) };
}

const sample = sampleOf({ today: TODAY, zone: ZONE });
const words = new Map<string, string>();
const all: Facts[] = sample.customers.map(({ id, input, entries, actors }) => {
  const state = customer.initial(`customer-${id}`);
  Object.assign(state, { registered: true, segment: input.segment ?? null, firstOwner: input.owner ?? null });
  for (const [index, raw] of entries.entries()) state.interactions.set(`#${index}`, interactionOf(raw, index, actors[index]!, words, id));
  return factsOf(state, rules);
});
const own = sample.own.map(({ actor, entry }, index): OwnEntryRow => {
  const { offering = null, fields, kind, occurredAt } = checkEntry(entry, { now: TODAY, zone: ZONE }).entry! as Required<ReturnType<typeof checkEntry>>['entry'] & { offering?: string | null };
  return { id: `own${index}`, kind, stream: '', revision: index, position: '', occurredAt, actor, offering, fields };
});
const ofKind = (kind: string): OwnEntryRow[] => own.filter((one) => one.kind === kind).sort((a, b) => a.occurredAt - b.occurredAt);
const grounds: Grounds = { rules, zone: ZONE, thresholds: DEFAULTS, ours: new Ours(ofKind('campaign-launched').map(launchOf), ofKind('enablement-completed').map(enablementOf)), said: (of, { id }) => words.get(`${of} ${id}`) ?? null };

function verdictOf(check: Check<Grounds>, days: number | null): Verdict {
  const counter = new Counter(check, grounds);
  for (const facts of all) counter.add(check.look(facts, windowTo(TODAY, days), grounds));
  return counter.verdict();
}

const detected = DETECTORS.map(({ name, checks }) => ({ name, checks: checks.map((check) => ({ name: check.name, ...verdictOf(check, DEFAULTS.alignmentDays) })) }));
const checked = CHECKS.map((check) => ({ name: check.name, ...verdictOf(check, check.window) }));
const everyOne = [...detected.flatMap(({ checks }) => checks), ...checked];
const answered = (answer: string): string[] => everyOne.filter((one) => one.answer === answer).map(({ name }) => name);

it('every check finds something to say: none is without records', () => {
  expect(everyOne.filter(({ n }) => n === 0).map(({ name }) => name)).toEqual([]);
});

it('some fire, some are clean, some cannot tell', () => {
  expect(answered('fires').length).toBeGreaterThanOrEqual(8);
  expect(answered('clean').length).toBeGreaterThanOrEqual(4);
  expect(answered('cannot tell').length).toBeGreaterThanOrEqual(1);
  expect(detected.map(({ name, checks }) => [name, together(checks.map(({ answer }) => answer))])).toEqual(expect.arrayContaining([['call-to-action-and-team', 'fires'], ['message-and-follow-up', 'clean']]));
});

it('at most checks something is missing somewhere, and something is off and something fits', () => {
  const mixed = everyOne.filter(({ off, n }) => off > 0 && off < n);
  expect(mixed.length).toBeGreaterThanOrEqual(10);
  expect(everyOne.filter(({ missing }) => missing.length > 0).length).toBeGreaterThanOrEqual(8);
});

it('offerings are marked relevant, some known and some not; gaps are closed and open', () => {
  const named = Object.fromEntries(everyOne.map((one) => [one.name, one]));
  for (const name of ['aware-of-relevant-offerings', 'want-and-need', 'mutual-benefit-confirmed']) expect([name, named[name]!.off > 0, named[name]!.n > named[name]!.off]).toEqual([name, true, true]);
});
