/** Where an import's commands go: to the log, or on a dry run to copies of the customers' states that are thrown away. */
import type { CommandBus } from '@nestjs/cqrs';
import type { Caller } from '../shell/caller.js';
import { customer, customerStream, type CustomerCommand, type CustomerState } from '../customers/customer.js';
import { envelopeOf } from '../customers/customers.writer.js';
import { AppendTooLarge } from '../kernel/event-store.js';
import { Execute } from '../shell/execute.js';
import type { CommandRequest, Executor } from '../shell/executor.js';
import { newId } from '../shell/ids.js';
import { numberOf } from './numbers.js';

export type Requests = readonly CommandRequest<CustomerCommand>[];

export interface Took {
  /** One list per command: the events it made. */
  readonly written: readonly (readonly { readonly type: string; readonly data: unknown }[])[];
  readonly position: string | null;
}

export interface Sink {
  /** The customer as it stands, to be read only; and the commands in its stream, with the hashes of their requests. */
  look(id: string): Promise<{ readonly state: CustomerState; readonly commands: ReadonlyMap<string, { readonly mac: string }> }>;
  /** All or nothing; what is more than the store takes at once goes in halves, each of them all or nothing. @throws Refusal */
  send(id: string, requests: Requests): Promise<Took>;
  /** Nobody asks for these customers any more, but whether they are there. */
  done(ids: ReadonlySet<string>): void;
}

export class Log implements Sink {
  private hasBegun = false;

  constructor(
    private readonly bus: CommandBus,
    private readonly executor: Executor,
    private readonly caller: Caller,
    /** Called before the first events are written, and then no more. */
    private readonly begin: () => Promise<void>,
  ) {}

  look(id: string): ReturnType<Sink['look']> {
    return this.executor.load(customer, customerStream(id));
  }

  async send(id: string, requests: Requests): Promise<Took> {
    // An import that has nothing to record leaves no trace, and so is tried until it has.
    if (!this.hasBegun && (await new Rehearsal(this.executor, this.caller).send(id, requests)).written.some((events) => events.length > 0)) {
      await this.begin();
      this.hasBegun = true;
    }
    return this.write(id, requests);
  }

  /** They are not to push out of memory what colleagues work on, nor to grow old in it. */
  done(ids: ReadonlySet<string>): void {
    for (const id of ids) this.executor.letGo(customerStream(id));
  }

  private async write(id: string, requests: Requests): Promise<Took> {
    try {
      return await this.bus.execute(new Execute(customer, customerStream(id), requests, envelopeOf({ ...this.caller, revision: undefined })));
    } catch (error) {
      if (!(error instanceof AppendTooLarge) || requests.length === 1) throw error;
      const middle = Math.ceil(requests.length / 2);
      const first = await this.write(id, requests.slice(0, middle));
      const second = await this.write(id, requests.slice(middle));
      return { written: [...first.written, ...second.written], position: second.position };
    }
  }
}

/** Decides as the log would. Keeps the states of the customers that would change, so that later rows see earlier ones, until no more comes of them. */
export class Rehearsal implements Sink {
  private readonly changed = new Map<string, CustomerState>();
  /** Customers it would have registered whose states are not kept, by number. */
  private readonly registered = new Set<number>();

  constructor(
    private readonly executor: Executor,
    private readonly caller: Caller,
  ) {}

  async look(id: string): ReturnType<Sink['look']> {
    const { state, commands } = await this.executor.load(customer, customerStream(id));
    return { state: this.changed.get(id) ?? (this.registered.has(numberOf(id)) ? { ...state, registered: true } : state), commands };
  }

  done(ids: ReadonlySet<string>): void {
    for (const id of ids) {
      if (this.changed.get(id)?.registered === true) this.registered.add(numberOf(id));
      this.changed.delete(id);
    }
  }

  async send(id: string, requests: Requests): Promise<Took> {
    const state = await this.copy(id);
    const written = requests.map(({ commandId, mac, command }) => {
      const decided = customer.decide(command, state);
      for (const event of decided) {
        const metadata = { actor: this.caller.actor, correlationId: this.caller.correlationId, commandId, mac, n: 0, causationId: null };
        customer.evolve(state, { ...event, id: event.id ?? newId(), stream: customerStream(id), revision: -1, position: '', recordedAt: 0, metadata });
      }
      return decided;
    });
    // Only now: had one been refused, none would count.
    if (written.some((decided) => decided.length > 0)) this.changed.set(id, state);
    return { written, position: null };
  }

  /** A state of our own, as evolving changes it in place. */
  private async copy(id: string): Promise<CustomerState> {
    const changed = this.changed.get(id);
    if (changed !== undefined) return structuredClone(changed);
    const events = await this.executor.eventsFrom(customerStream(id), 0);
    return events.reduce((state, event) => customer.evolve(state, event as never), customer.initial(customerStream(id)));
  }
}
