/** Records requests of people about their data. Writes go through the CommandBus. */
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { customer, customerStream } from '../customers/customer.js';
import { CustomersWriter, envelopeOf, Organisation } from '../customers/customers.writer.js';
import { FUTURE_TOLERANCE, readField } from '../customers/entry.js';
import { DAY } from '../kernel/calendar.js';
import { invalid } from '../kernel/refusal.js';
import type { Caller } from '../shell/caller.js';
import { Execute } from '../shell/execute.js';
import { Executor, type Outcome } from '../shell/executor.js';
import { derivedId } from '../shell/ids.js';
import { Vault } from '../vault/vault.js';
import { personRequest, requestStream, type PersonRequestCommand, type RequestChange, type RequestKind } from './person-request.js';
import { SettingsInForce } from '../access/settings-in-force.js';

export interface RequestInput {
  readonly kind: RequestKind;
  readonly customer?: string;
  readonly person?: string;
  readonly who?: string;
  readonly words?: string;
  /** ISO 8601. */
  readonly receivedAt?: string;
}

@Injectable()
export class RequestsWriter {
  constructor(
    private readonly bus: CommandBus,
    private readonly executor: Executor,
    private readonly customers: CustomersWriter,
    private readonly vault: Vault,
    private readonly organisation: Organisation,
    private readonly settings: SettingsInForce,
  ) {}

  async receive({ receivedAt: at, ...input }: RequestInput, caller: Caller): Promise<{ readonly id: string; readonly outcome: Outcome }> {
    const id = derivedId('request', caller.commandId);
    const receivedAt = at === undefined ? this.organisation.now() : this.instant(at, 'receivedAt');
    if (receivedAt > this.organisation.now() + FUTURE_TOLERANCE) throw invalid([{ field: 'receivedAt', code: 'in-the-future', message: 'must not be in the future' }]);
    await this.mustBeThere(input);
    const received = { ...input, receivedAt, dueAt: receivedAt + this.settings.settings.requestDueDays * DAY };
    return { id, outcome: await this.execute(id, { type: 'ReceiveRequest', received, sealing: await this.sealing(input.person) }, caller) };
  }

  async change(id: string, { extendTo, ...rest }: Omit<RequestChange, 'extendTo'> & { readonly extendTo?: string }, caller: Caller): Promise<Outcome> {
    const { received } = (await this.executor.load(personRequest, requestStream(id))).state;
    const change = { ...rest, ...(extendTo !== undefined && { extendTo: this.instant(extendTo, 'extendTo') }) };
    return this.execute(id, { type: 'ChangeRequest', change, sealing: await this.sealing(received?.person) }, caller);
  }

  /** An erased person’s key must not be made again, as it would be if anything were sealed for them. */
  private async sealing(person: string | undefined): Promise<{ readonly personErased?: true }> {
    if (person === undefined) return {};
    const subject = `person:${person}`;
    await this.vault.bring([subject]);
    return this.vault.keyOf(subject) === undefined ? { personErased: true } : {};
  }

  private instant(text: string, field: string): number {
    const read = readField(text, { type: 'instant', says: '', example: '' }, this.organisation.zone);
    if ('code' in read) throw invalid([{ field, code: read.code, message: read.message }]);
    return read.value as number;
  }

  private async mustBeThere({ customer: id, person }: RequestInput): Promise<void> {
    if (id === undefined) return;
    await this.customers.mustExist('customer', id, 'customer');
    if (person === undefined || (await this.executor.load(customer, customerStream(id))).state.people.has(person)) return;
    throw invalid([{ field: 'person', code: 'unknown-person', message: `${person} is nobody at this customer` }]);
  }

  private execute(id: string, command: PersonRequestCommand, caller: Caller): Promise<Outcome> {
    return this.bus.execute(new Execute(personRequest, requestStream(id), [{ commandId: caller.commandId, mac: caller.mac, command }], envelopeOf(caller)));
  }
}
