/** Turns requests into commands: ids, content hashes, checks that reach across streams. Writes go through the CommandBus. */
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { parseInstant } from '../kernel/calendar.js';
import { Refusal, invalid, type FieldProblem } from '../kernel/refusal.js';
import { Execute } from '../shell/execute.js';
import { Executor, type CommandRequest, type Outcome } from '../shell/executor.js';
import { derivedId, newId } from '../shell/ids.js';
import { openFields } from '../vault/codec.js';
import { Vault } from '../vault/vault.js';
import type { Caller } from '../shell/caller.js';
import { ASK_BUDGET, type AskBudget } from './asks.js';
import { fieldsOf, kinds } from './catalogue.js';
import { colleague, colleagueStream, type ColleagueDetails } from './colleague.js';
import { customer, customerStream, fallingWith, type CustomerCommand, type EntryToLog, type Interaction, type Origin } from './customer.js';
import { checkEntry, defaultedIn, resolveWithin, toWire, type Entry } from './entry.js';
import { ownEntry, ownStream } from './own-entry.js';
import { PROMISE } from './promises.js';

/** The organisation's own settings that writing needs. */
export class Organisation {
  constructor(
    readonly zone: string,
    readonly now: () => number = Date.now,
    /** How often one person may be asked to stand up for us. */
    readonly askBudget: () => AskBudget = () => ASK_BUDGET,
  ) {}
}

export interface CustomerInput {
  readonly name: string;
  readonly segment?: string | null;
  readonly origin?: string | null;
  readonly referredBy?: string | null;
  readonly owner?: string;
  readonly team?: readonly string[];
  readonly source?: string;
  readonly sourceId?: string;
}

/** Same text for the same content, whatever the order of its keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(inOrder(value));
}

function inOrder(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(inOrder);
  const ordered: Record<string, unknown> = {};
  for (const key of Object.keys(node).sort()) ordered[key] = inOrder((node as Record<string, unknown>)[key]);
  return ordered;
}

/** Id of a customer: from where it came, so that it is found again; else from the command that registers it. */
export const customerIdOf = (origin: Partial<Origin>, commandId: string): string =>
  origin.source !== undefined && origin.sourceId !== undefined ? derivedId('customer', origin.source, origin.sourceId) : derivedId('customer', commandId);

@Injectable()
export class CustomersWriter {
  constructor(
    private readonly bus: CommandBus,
    private readonly executor: Executor,
    private readonly vault: Vault,
    private readonly organisation: Organisation,
  ) {}

  async register(input: CustomerInput, caller: Caller): Promise<{ id: string; created: boolean; outcome: Outcome }> {
    if (input.sourceId !== undefined && input.source === undefined) throw invalid([{ field: 'source', code: 'missing', message: 'must be given with a sourceId' }]);
    await this.checkDetails(input);
    const id = customerIdOf(input, caller.commandId);
    const command = await this.registration(input, input.sourceId !== undefined, caller, id);
    const outcome = await this.execute(id, [{ commandId: caller.commandId, mac: caller.mac, command }], caller);
    const created = outcome.written[0]!.some(({ type }) => type === 'CustomerRegistered');
    return { id, created, outcome };
  }

  /** The command that registers a customer, or brings one that is there up to date. */
  async registration(input: CustomerInput, mayExist: boolean, caller: Pick<Caller, 'department'>, id = customerIdOf(input, '')): Promise<CustomerCommand> {
    const [owner] = input.owner === undefined ? [] : await this.entriesFrom([{ kind: 'owner-changed', owner: input.owner }], caller);
    return { type: 'RegisterCustomer', details: { ...input, nameMac: this.nameMac(customerStream(id), input.name) }, mayExist, ...(owner !== undefined && { owner }) };
  }

  /** Changes details; a new owner is an entry of its own, in the same append. */
  async change(id: string, { owner, ...details }: Partial<CustomerInput>, caller: Caller): Promise<Outcome> {
    await this.checkDetails({ ...details, ...(owner !== undefined && { owner }) });
    if (owner === undefined && Object.values(details).every((value) => value === undefined)) throw invalid([{ field: 'name', code: 'missing', message: 'something to change must be given' }]);
    const named = details.name === undefined ? {} : { nameMac: this.nameMac(customerStream(id), details.name) };
    const [entry] = owner === undefined ? [] : await this.entriesFrom([{ kind: 'owner-changed', owner }], caller);
    const command: CustomerCommand = { type: 'ChangeDetails', details: { ...details, ...named }, ...(entry !== undefined && { owner: entry }) };
    return this.execute(id, [{ commandId: caller.commandId, mac: caller.mac, command }], caller);
  }

  /** Logs entries in one append; the first is the cause of the others. */
  async log(id: string, raw: readonly unknown[], caller: Caller): Promise<Outcome> {
    const entries = await this.entriesFrom(raw, caller);
    return this.execute(id, [{ commandId: caller.commandId, mac: caller.mac, command: { type: 'LogInteractions', entries, budget: this.organisation.askBudget() } }], caller);
  }

  /** The same for a request that names its fields otherwise: refusals speak of these. */
  async logAs(id: string, raw: readonly unknown[], caller: Caller, fieldOf: (field: string) => string): Promise<Outcome> {
    try {
      return await this.log(id, raw, caller);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const fields = error.fields.map((problem) => ({ ...problem, field: fieldOf(problem.field) }));
      throw error.kind === 'invalid' ? invalid(fields) : new Refusal(error.kind, error.code, error.message, fields, error.details);
    }
  }

  async correct(id: string, original: string, raw: unknown, caller: Caller): Promise<Outcome> {
    const before = (await this.executor.load(customer, customerStream(id))).state.interactions.get(original);
    const person = before?.kind === 'person-added' ? (before.fields['person'] as string) : undefined;
    const [entry] = await this.entriesFrom([raw], caller, '', person);
    const type = before !== undefined && before.kind !== entry!.entry.kind ? 'ReplaceInteraction' : 'CorrectInteraction';
    return this.execute(id, [{ commandId: caller.commandId, mac: caller.mac, command: { type, original, ...entry!, budget: this.organisation.askBudget() } }], caller);
  }

  async retract(id: string, original: string, options: { readonly reason?: string; readonly including?: readonly string[] }, caller: Caller): Promise<Outcome> {
    return this.execute(id, [{ commandId: caller.commandId, mac: caller.mac, command: { type: 'RetractInteraction', original, ...options } }], caller);
  }

  /** Takes back an entry of this kind with all that falls with it, whatever else names it. @throws Refusal `unknown-entry` when it is none. */
  async withdraw(id: string, original: string, kind: string, reason: string | undefined, caller: Caller): Promise<Outcome> {
    const { state, commands } = await this.executor.load(customer, customerStream(id));
    // A repeat finds it gone, and its first answer in the log.
    if (state.registered && !commands.has(caller.commandId) && !state.retracted.has(original) && state.interactions.get(original)?.kind !== kind) throw new Refusal('missing', 'unknown-entry', `No such ${kind} at this customer.`);
    return this.retract(id, original, { including: fallingWith(state, original), ...(reason !== undefined && { reason }) }, caller);
  }

  /**
   * Moves an entry to another customer: logged there, then retracted here. Two streams, so two appends; a crash between
   * them leaves the entry in both places, and repeating the request with its key finishes it.
   */
  async move(id: string, original: string, to: string, overrides: Readonly<Record<string, unknown>>, including: readonly string[] | undefined, caller: Caller): Promise<{ logged: Outcome; retracted: Outcome; interaction: string }> {
    if (to === id) throw invalid([{ field: 'to', code: 'same-customer', message: 'must be another customer' }]);
    await this.mustExist('customer', to, 'to');
    const { state } = await this.executor.load(customer, customerStream(id));
    const target = customerStream(to);
    const interaction = derivedId('moved', id, original, to);
    const there = (await this.executor.load(customer, target)).state;
    const arrived = there.interactions.has(interaction) || there.retracted.has(interaction);
    const here = state.interactions.get(original);
    if (here !== undefined && there.retracted.has(interaction)) throw new Refusal('conflict', 'retracted', 'This entry got there before and was retracted there; retract it here.');
    if (here === undefined && !arrived) throw state.retracted.has(original) ? new Refusal('conflict', 'retracted', 'This entry was retracted; a retraction is final.') : new Refusal('missing', 'unknown-entry', 'No such entry at this customer.');

    const raw = here === undefined ? undefined : { ...(await this.contentOf(id, here)), ...overrides };
    if (raw !== undefined) refuseStrangers(raw, here!.people.length > 0, overrides);
    const [entry] = raw === undefined ? [undefined] : await this.entriesFrom([raw], caller, '');
    const logCommand = derivedCommand(caller.commandId, 'log');
    const movedFrom = { customer: id, interaction: original };
    const log: CustomerCommand = { type: 'LogInteractions', entries: entry === undefined || arrived ? [] : [{ ...entry, id: interaction, ...(Object.keys(overrides).length === 0 && { mac: here!.mac }) }], movedFrom, budget: this.organisation.askBudget() };
    const envelope = { ...caller, revision: undefined };
    const retraction: CustomerCommand = { type: 'RetractInteraction', original, movedTo: { customer: to, interaction }, ...(including !== undefined && { including }) };
    // Refused here before anything is written there.
    const isRepeat = await this.executor.mayExecute(customer, customerStream(id), caller, caller.revision);
    if (here !== undefined && !isRepeat) customer.decide(retraction, state);
    const logged = await this.bus.execute(new Execute(customer, target, [{ commandId: logCommand, mac: caller.mac, command: log }], envelopeOf(envelope)));
    // It goes from here only once it is there.
    if (here !== undefined && !(await this.executor.load(customer, target)).state.interactions.has(interaction)) throw new Refusal('conflict', 'not-there', 'The entry did not get to the other customer, and stays here.');
    const retracted = await this.execute(id, [{ commandId: caller.commandId, mac: caller.mac, command: retraction }], envelope);
    return { logged, retracted, interaction };
  }

  /** Leaves a customer out of the attention list until an instant. */
  async snooze(id: string, { until, ...rest }: { readonly until: string; readonly reason: string; readonly only?: string }, caller: Caller): Promise<Outcome> {
    const { zone } = this.organisation;
    const instant = parseInstant(until, zone);
    if (instant === undefined) throw invalid([{ field: 'until', code: 'not-a-date', message: 'must be an ISO 8601 date or date-time' }]);
    const command: CustomerCommand = { type: 'SnoozeAttention', snooze: { at: this.organisation.now(), until: instant, ...rest }, zone };
    return this.execute(id, [{ commandId: caller.commandId, mac: caller.mac, command }], caller);
  }

  async endSnooze(id: string, only: string | undefined, caller: Caller): Promise<Outcome> {
    const command: CustomerCommand = { type: 'EndSnooze', now: this.organisation.now(), ...(only !== undefined && { only }) };
    return this.execute(id, [{ commandId: caller.commandId, mac: caller.mac, command }], caller);
  }

  async addColleague(input: { readonly id?: string; readonly name: string; readonly department: string }, caller: Caller): Promise<{ id: string; outcome: Outcome }> {
    const id = input.id ?? derivedId('colleague', caller.commandId);
    const details: ColleagueDetails = { name: input.name, nameMac: this.nameMac(colleagueStream(id), input.name), department: input.department };
    const outcome = await this.bus.execute(new Execute(colleague, colleagueStream(id), [{ commandId: caller.commandId, mac: caller.mac, command: { type: 'AddColleague', details } }], envelopeOf(caller)));
    return { id, outcome };
  }

  async changeColleague(id: string, change: { readonly name?: string; readonly department?: string; readonly active?: boolean }, caller: Caller): Promise<Outcome> {
    // So that somebody is always left who may act.
    if (change.active === false && id === caller.actor) throw new Refusal('conflict', 'yourself', 'Another colleague must say that you no longer work here.', [{ field: 'active', code: 'yourself', message: 'cannot be taken from yourself' }]);
    const details = { ...change, ...(change.name !== undefined && { nameMac: this.nameMac(colleagueStream(id), change.name) }) };
    return this.bus.execute(new Execute(colleague, colleagueStream(id), [{ commandId: caller.commandId, mac: caller.mac, command: { type: 'ChangeColleague', details } }], envelopeOf(caller)));
  }

  /** Logs an entry that belongs to no customer. */
  async logOwn(raw: unknown, caller: Caller): Promise<Outcome> {
    const checked = checkEntry(raw, { now: this.organisation.now(), zone: this.organisation.zone, ...(caller.department !== undefined && { department: caller.department }) });
    if (checked.problems !== undefined) throw invalid(checked.problems);
    if (kinds[checked.entry.kind]!.group !== 'ours') throw invalid([{ field: 'kind', code: 'needs-a-customer', message: `${checked.entry.kind} belongs to a customer; log it there` }]);
    await this.checkNames([checked.entry], '');
    const command = { type: 'LogOwnEntry' as const, id: newId(), entry: checked.entry, mac: this.macOf(checked.entry, raw) };
    return this.bus.execute(new Execute(ownEntry, ownStream(checked.entry), [{ commandId: caller.commandId, mac: caller.mac, command }], envelopeOf(caller)));
  }

  /**
   * Keyed hash of an entry's content, to see whether it is the same again. Of what `checkEntry` made of the input, before
   * `resolveWithin`: two ways to write the same instant or text are one. Defaults that depend on when and by whom are not content.
   */
  macOf(entry: Entry, raw: unknown): string {
    const content = toWire(entry);
    // Undefined is left out of the text.
    for (const field of defaultedIn(raw)) if (field !== 'channel') content[field] = undefined;
    if (entry.kind === 'person-added') content['person'] = undefined;
    return this.vault.mac(canonical(content));
  }

  /** Salted with whose name it is: equal names cannot be told from the log. */
  private nameMac(stream: string, name: string): string {
    return this.vault.mac(`name ${stream} ${name}`);
  }

  private execute(id: string, requests: readonly CommandRequest<CustomerCommand>[], caller: Caller): Promise<Outcome> {
    return this.bus.execute(new Execute(customer, customerStream(id), requests, envelopeOf(caller)));
  }

  /** The same entry for so many customers, each with an id of its own. @throws Refusal naming every field that is wrong. */
  async sameEntry(times: number, raw: Readonly<Record<string, unknown>>, caller: Pick<Caller, 'department'>): Promise<EntryToLog[]> {
    const [entry] = times === 0 ? [] : await this.entriesFrom([raw], caller, '');
    return entry === undefined ? [] : [entry, ...Array.from({ length: times - 1 }, () => ({ ...entry, id: newId() }))];
  }

  /** Checks the entries of a request and gives them their ids. @throws Refusal naming every field that is wrong. */
  private async entriesFrom(raw: readonly unknown[], caller: Pick<Caller, 'department'>, prefix?: string, person?: string): Promise<EntryToLog[]> {
    const now = this.organisation.now();
    const problems: FieldProblem[] = [];
    const checked = raw.map((one, index) => {
      const path = prefix ?? `entries[${index}].`;
      const result = checkEntry(one, { now, zone: this.organisation.zone, path, ...(person !== undefined && { person }), ...(caller.department !== undefined && { department: caller.department }) });
      if (result.problems !== undefined) {
        problems.push(...result.problems);
        return undefined;
      }
      if (kinds[result.entry.kind]!.group === 'ours') problems.push({ field: `${path}kind`, code: 'needs-no-customer', message: `${result.entry.kind} is tied to no customer; log it with POST /api/v1/log` });
      return result.entry;
    });
    if (problems.length > 0) throw invalid(problems);
    const entries = (checked as Entry[]).map((entry) => (entry.kind === 'person-added' ? { ...entry, fields: { ...entry.fields, person: person ?? newId() } } : entry));
    const ids = entries.map((entry) => ({ entry: newId(), ...(entry.kind === 'person-added' && { person: entry.fields['person'] as string }) }));
    const resolved = entries.map((entry) => resolveWithin(entry, ids));
    await this.checkNames(resolved, prefix ?? 'entries');
    const owed = await Promise.all(resolved.map((entry, index) => this.owedBy(entry, raw[index])));
    return owed.map((entry, index) => ({ id: ids[index]!.entry, entry, mac: this.macOf(checked[index]!, raw[index]), defaulted: defaultedIn(raw[index]) }));
  }

  /** A promise is owed by the department of whoever sees to it, unless it names another. */
  private async owedBy(entry: Entry, raw: unknown): Promise<Entry> {
    const owner = entry.fields['owner'];
    if (entry.kind !== PROMISE || typeof owner !== 'string' || !defaultedIn(raw).includes('department')) return entry;
    const { department } = (await this.executor.load(colleague, colleagueStream(owner))).state;
    return { ...entry, department };
  }

  /** Colleagues and customers that entries name must be there. */
  async checkNames(entries: readonly Entry[], prefix: string): Promise<void> {
    for (const [index, entry] of entries.entries()) {
      const path = prefix === 'entries' ? `entries[${index}].` : prefix;
      for (const [field, spec] of Object.entries(fieldsOf(entry.kind))) {
        const id = entry.fields[field];
        if (typeof id === 'string' && (spec.type === 'colleague' || spec.type === 'customer')) await this.mustExist(spec.type, id, path + field);
      }
    }
  }

  private async checkDetails({ referredBy, owner, team }: Partial<CustomerInput>): Promise<void> {
    if (typeof referredBy === 'string') await this.mustExist('customer', referredBy, 'referredBy');
    if (owner !== undefined) await this.mustExist('colleague', owner, 'owner');
    for (const [index, id] of (team ?? []).entries()) await this.mustExist('colleague', id, `team[${index}]`);
  }

  /** @throws Refusal `invalid` naming the field. */
  async mustExist(what: 'customer' | 'colleague', id: string, field: string): Promise<void> {
    const there = what === 'customer' ? (await this.executor.load(customer, customerStream(id))).state.registered : (await this.executor.load(colleague, colleagueStream(id))).state.added;
    if (!there) throw invalid([{ field, code: `unknown-${what}`, message: `${id} is no ${what}` }]);
  }

  /** What the entry says, for another customer: a person gets an id of its own there, a step stays with who planned it. */
  private async contentOf(id: string, { revision, kind, actor }: Interaction): Promise<Record<string, unknown>> {
    const event = await this.executor.eventAt(customerStream(id), revision);
    const wire = toWire(openFields(event.data, event.id, this.vault.keyOf).data as unknown as Entry);
    if (kind === 'person-added') return { ...wire, person: undefined };
    return kind === 'step-planned' ? { who: actor, ...wire } : wire;
  }
}

/** People and entries named belong to the customer the entry leaves. */
function refuseStrangers(raw: Readonly<Record<string, unknown>>, namesPeople: boolean, overrides: Readonly<Record<string, unknown>>): void {
  const specs = fieldsOf(String(raw['kind']));
  const problems: FieldProblem[] = [];
  for (const [field, spec] of Object.entries(specs)) {
    if (raw[field] === undefined || raw[field] === null || field in overrides) continue;
    if (['entry', 'person', 'persons'].includes(spec.type) && (spec.type !== 'persons' || namesPeople)) {
      problems.push({ field: `entry.${field}`, code: 'stays-behind', message: 'names somebody or something at the customer it leaves; give the one at the new customer, or null to leave it out' });
    }
  }
  if (problems.length > 0) throw invalid(problems);
}

/** Name of a second command of the same request. */
function derivedCommand(commandId: string, part: string): string {
  return derivedId(commandId, part).replaceAll('-', '');
}

export const envelopeOf = ({ actor, correlationId, revision }: Pick<Caller, 'actor' | 'correlationId' | 'revision'>) => ({ actor, correlationId, ...(revision !== undefined && { revision }) });
