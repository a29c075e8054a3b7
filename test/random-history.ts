/** Random histories of a few customers: what happens, is corrected and retracted, in any order and at any time. */
import fc from 'fast-check';
import { colleague, colleagueStream } from '../src/customers/colleague.js';
import { customer, customerStream, fallingWith, type CustomerCommand } from '../src/customers/customer.js';
import { checkEntry } from '../src/customers/entry.js';
import { REASONS } from '../src/customers/snooze.js';
import type { EventStore } from '../src/kernel/event-store.js';
import { Refusal } from '../src/kernel/refusal.js';
import { Executor } from '../src/shell/executor.js';
import { commandIdOf, derivedId } from '../src/shell/ids.js';
import { MemoryStore } from '../src/stores/memory.store.js';
import { SqliteVault } from '../src/vault/sqlite.vault.js';

const DAY = 86_400_000;
export const START = Date.UTC(2024, 0, 1);
const envelope = { actor: 'ada', correlationId: 'test' };

/** What a history is made of; ids and references are chosen among what is there. */
export const step = fc.record({
  customer: fc.nat(2),
  day: fc.nat(900),
  pick: fc.nat(50),
  action: fc.constantFrom('log', 'log', 'log', 'log', 'correct', 'retract', 'rename', 'owner', 'snooze', 'wake', 'undo'),
  kind: fc.constantFrom('call', 'enquiry', 'purchase', 'renewal', 'cancellation', 'issue-opened', 'issue-resolved', 'step-planned', 'step-done', 'person-added', 'person-left', 'outcome-confirmed', 'review', 'act-verified', 'note', 'fit-declined', 'decision-opened', 'decision-closed', 'promise-made', 'promise-produced', 'promise-delivered', 'promise-confirmed', 'advocacy-asked', 'advocacy-accepted', 'advocacy-declined', 'consent-given'),
  words: fc.constantFrom('lorry', 'Émile', 'second line', '', 'x'.repeat(50)),
});
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

export class World {
  readonly store: EventStore;
  readonly vault = SqliteVault.open(':memory:');
  readonly executor: Executor;
  private count = 0;

  constructor(now: () => number = () => START + 1000 * DAY) {
    this.store = new MemoryStore({ now });
    this.executor = new Executor(this.store, this.vault);
  }

  private async send(id: string, command: CustomerCommand): Promise<void> {
    this.count += 1;
    try {
      await this.executor.execute(customer, customerStream(id), [{ commandId: commandIdOf('test', String(this.count)), mac: 'm', command }], envelope);
    } catch (error) {
      // What may not be is refused; that is part of the history too.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  async begin(): Promise<void> {
    await this.executor.execute(colleague, colleagueStream('ada'), [{ commandId: commandIdOf('ada'), mac: 'm', command: { type: 'AddColleague', details: { name: 'Ada Berg', nameMac: 'n', department: 'sales' } } }], envelope);
    for (const n of [0, 1, 2]) await this.send(`c${n}`, { type: 'RegisterCustomer', details: { name: `Customer ${n}`, nameMac: `n${n}`, owner: 'ada', team: [] }, mayExist: false });
  }

  async take({ customer: n, day, pick, action, kind, words }: Step): Promise<void> {
    const id = `c${n}`;
    const { state } = await this.executor.load(customer, customerStream(id));
    const entries = [...state.interactions.values()];
    const target = entries[pick % Math.max(1, entries.length)];
    const any = (...kinds: string[]): string => entries.filter((entry) => kinds.includes(entry.kind)).at(pick % 7)?.id ?? 'nothing';
    const person = [...state.people.keys()].at(pick % 3);
    if (action === 'rename') return this.send(id, { type: 'ChangeDetails', details: { name: words || 'No name', nameMac: `${words}!`, segment: words || null } });
    const at = START + day * DAY;
    const only = pick % 3 === 0 ? { only: REASONS[pick % REASONS.length]! } : {};
    if (action === 'snooze') return this.send(id, { type: 'SnoozeAttention', snooze: { at, until: at + (pick - 2) * DAY, reason: words || 'Later', ...only }, zone: 'UTC' });
    if (action === 'wake') return this.send(id, { type: 'EndSnooze', now: at, ...only });
    if (action === 'undo') {
      // An import is undone: some of its entries go, and at times the customer with all of them, who may come again.
      const goes = pick % 4 === 0;
      const gone = goes ? entries : target === undefined || target.kind === 'person-added' ? [] : [target, ...fallingWith(state, target.id).map((falling) => state.interactions.get(falling)!)];
      await this.send(id, { type: 'UndoImport', run: `r${this.count}`, retract: gone.map(({ id: original }) => ({ original, commandId: commandIdOf(original) })).reverse(), restore: [], details: {}, registration: goes });
      return goes && pick % 16 > 0 ? this.send(id, { type: 'RegisterCustomer', details: { name: words || 'Again', nameMac: `${words}!`, owner: 'ben', team: [] }, mayExist: true }) : undefined;
    }
    if (action === 'retract') {
      if (target !== undefined) await this.send(id, { type: 'RetractInteraction', original: target.id, including: fallingWith(state, target.id) });
      return undefined;
    }
    const raw: Record<string, unknown> = { kind: action === 'owner' ? 'owner-changed' : action === 'correct' && target !== undefined ? target.kind : kind, occurredAt: new Date(START + day * DAY).toISOString(), ...(words !== '' && { summary: words }) };
    const fields: Record<string, object> = {
      'owner-changed': { owner: pick % 2 === 0 ? 'ada' : 'ben' },
      call: { side: 'us', attended: pick % 2 === 0, ...(person !== undefined && { people: [person] }) },
      purchase: { offering: 'plan', amount: 100, currency: 'EUR' },
      'issue-opened': { severity: 1 + (pick % 4) },
      'issue-resolved': { about: any('issue-opened') },
      'step-planned': { due: new Date(START + (day + 10) * DAY).toISOString() },
      'step-done': { about: any('step-planned') },
      'person-added': { name: words || 'Ines', roles: [pick % 2 === 0 ? 'champion' : 'decider'], person: action === 'correct' ? String(target?.fields['person']) : derivedId(String(this.count)) },
      'person-left': { person: person ?? 'nobody' },
      review: { stars: 1 + (pick % 5), person: person ?? 'nobody', verification: 'evidenced' },
      'act-verified': { side: 'us', about: any('review'), level: 'confirmed' },
      'fit-declined': { side: 'us' },
      'decision-opened': { side: 'customer', what: 'which colour', neededBy: new Date(START + (day + 20) * DAY).toISOString(), ...(person !== undefined && pick % 2 === 0 && { deciders: [person] }) },
      'decision-closed': { side: 'us', about: any('decision-opened'), outcome: 'us' },
      'promise-made': { what: words || 'A quote', due: new Date(START + (day + 1 + (pick % 40)) * DAY).toISOString(), ...(pick % 2 === 0 && { owner: 'ben' }) },
      'promise-produced': { about: any('promise-made') },
      'promise-delivered': { about: any('promise-made') },
      'promise-confirmed': { about: any('promise-made') },
      'advocacy-asked': { person: person ?? 'nobody', act: 'review', wording: words || 'Would you?' },
      'advocacy-accepted': { about: any('advocacy-asked') },
      'advocacy-declined': { about: any('advocacy-asked') },
      'consent-given': { person: person ?? 'nobody', purpose: 'reviews' },
    };
    const input: Record<string, unknown> = { ...raw, ...fields[String(raw['kind'])] };
    const checked = checkEntry(input, { now: START + 1000 * DAY, zone: 'UTC', ...(typeof input['person'] === 'string' && { person: input['person'] }) });
    if (checked.problems !== undefined) throw new Error(JSON.stringify(checked.problems));
    if (action === 'correct' && target !== undefined) return this.send(id, { type: 'CorrectInteraction', original: target.id, entry: checked.entry, mac: `m${this.count}` });
    return this.send(id, { type: 'LogInteractions', entries: [{ id: derivedId('entry', String(this.count)), mac: `m${this.count}`, entry: checked.entry }] });
  }
}
