/**
 * Erases people of whom nothing was heard for as long as the setting says: once a day by itself while the setting is on, or when
 * an administrator asks for it. Each person is an erasure of its own, so a sweep that broke off is gone on with by the next.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Refusal } from '../kernel/refusal.js';
import { DAY, toIso } from '../kernel/calendar.js';
import type { Caller } from '../shell/caller.js';
import { commandIdOf, newId } from '../shell/ids.js';
import { Organisation } from '../customers/customers.writer.js';
import { Vault } from '../vault/vault.js';
import { Erasures } from './erasures.writer.js';
import { SilenceReader } from './silence.reader.js';

export interface Swept {
  readonly startedAt: string;
  readonly months: number;
  readonly erased: number;
  readonly kept: number;
  /** People whose erasure was refused or went wrong; the next sweep tries them again. */
  readonly failed: number;
  /** Of those erased, at most `SHOWN`. */
  readonly people: readonly { readonly customer: string; readonly person: string; readonly receipt: string }[];
}

const SHOWN = 200;
const HOUR = 3_600_000;
/** The first sweep after a start waits, so that a server that keeps failing does not keep sweeping. */
const FIRST = { least: HOUR / 4, spread: HOUR };
/** Not all servers of a place at the same minute. */
const NEXT = { least: DAY - HOUR, spread: 2 * HOUR };

@Injectable()
export class Sweep implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<Swept> | undefined;
  private readonly stopping = new AbortController();
  private readonly log = new Logger('sweep');

  constructor(
    private readonly silence: SilenceReader,
    private readonly erasures: Erasures,
    private readonly organisation: Organisation,
    private readonly vault: Vault,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(FIRST);
  }

  async onModuleDestroy(): Promise<void> {
    clearTimeout(this.timer);
    this.stopping.abort();
    await this.running?.catch(() => undefined);
  }

  private schedule({ least, spread }: { readonly least: number; readonly spread: number }): void {
    if (this.stopping.signal.aborted) return;
    this.timer = setTimeout(() => void this.unasked(), least + Math.random() * spread).unref();
  }

  private async unasked(): Promise<void> {
    try {
      if (this.silence.cutoff() !== null && this.running === undefined) await this.sweep();
    } catch (error) {
      if (!this.stopping.signal.aborted) this.log.error(`a sweep broke off, and is gone on with in a day: ${(error as Error).message}`);
    } finally {
      this.schedule(NEXT);
    }
  }

  /** Sweeps once; `caller`: who asked for it, without one the system did; `atMost`: stops after so many people. @throws Refusal `sweep-off`, `sweep-running`. */
  async sweep(caller?: Caller, atMost = Infinity): Promise<Swept> {
    const cutoff = this.silence.cutoff();
    if (cutoff === null) throw new Refusal('conflict', 'sweep-off', 'People are erased unasked only when the setting erasePeopleAfterMonths says after how long.', [{ field: 'erasePeopleAfterMonths', code: 'sweep-off', message: 'is off' }]);
    if (this.running !== undefined) throw new Refusal('conflict', 'sweep-running', 'A sweep is running; wait until it is through.');
    this.running = this.run(cutoff, caller, atMost).finally(() => (this.running = undefined));
    return this.running;
  }

  private async run({ months, before }: { readonly months: number; readonly before: number }, caller: Caller | undefined, atMost: number): Promise<Swept> {
    const startedAt = toIso(this.organisation.now());
    const counts = { erased: 0, kept: 0, failed: 0 };
    const people: { customer: string; person: string; receipt: string }[] = [];
    for await (const { customer, person, kept } of this.silence.silent(before, this.stopping.signal)) {
      this.stopping.signal.throwIfAborted();
      if (kept !== null) {
        counts.kept += 1;
        continue;
      }
      try {
        const { id } = await this.erasures.erasePerson(customer, person, { because: `No entry named them for ${months} months.` }, this.callerFor(customer, person, caller));
        counts.erased += 1;
        if (people.length < SHOWN) people.push({ customer, person, receipt: id });
      } catch (error) {
        // One that cannot be erased must not keep the others.
        counts.failed += 1;
        this.log.error(`${person} at ${customer} was not erased: ${(error as Error).message}`);
      }
      if (counts.erased + counts.failed >= atMost) break;
      await nextTurn();
    }
    return { startedAt, months, ...counts, people };
  }

  /** A command of its own for each person: whoever asked asked for all of them. */
  private callerFor(customer: string, person: string, caller: Caller | undefined): Caller {
    return {
      actor: caller?.actor ?? 'system',
      department: caller?.department,
      commandId: commandIdOf(caller?.commandId ?? newId(), customer, person),
      mac: this.vault.mac(JSON.stringify(['sweep', customer, person])),
      correlationId: caller?.correlationId ?? newId(),
      revision: undefined,
    };
  }
}
