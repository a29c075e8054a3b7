/** The settings as they are now, in this process, whoever changed them. */
import type { EventStore, RecordedEvent } from '../kernel/event-store.js';
import { changed, DEFAULTS, SETTINGS_STREAM, type SettingChanged, type Settings } from './settings.js';

export interface Change extends SettingChanged {
  readonly revision: number;
  /** Epoch ms. */
  readonly at: number;
  readonly by: string;
}

const RETRY_MS = 1000;
/** What another process changed while the views were exchanged, nobody is told of. */
const LOOK_MS = 60_000;

export class SettingsInForce {
  private live = DEFAULTS;
  private made: readonly Change[] = [];
  private retry: NodeJS.Timeout | undefined;
  private reading: Promise<void> = Promise.resolve();
  private readonly looking = setInterval(() => this.lookSoon(), LOOK_MS).unref();

  private constructor(
    private readonly store: Pick<EventStore, 'read'>,
    private readonly onFailure: (error: Error) => void,
  ) {}

  /** `onFailure` hears when the log cannot be read; it is tried again by itself. */
  static async open(store: Pick<EventStore, 'read'>, onFailure: (error: Error) => void = () => undefined): Promise<SettingsInForce> {
    const inForce = new SettingsInForce(store, onFailure);
    try {
      await inForce.look();
      return inForce;
    } catch (error) {
      inForce.stop();
      throw error;
    }
  }

  get settings(): Settings {
    return this.live;
  }

  /** Every change, the oldest first. */
  get changes(): readonly Change[] {
    return this.made;
  }

  /** Reads what was changed since the last look. */
  look(): Promise<void> {
    const turn = this.reading.then(() => this.readOn());
    this.reading = turn.catch(() => undefined);
    return turn;
  }

  /** Events that have arrived, whoever wrote them. */
  heard(events: readonly RecordedEvent[]): void {
    if (events.some(({ stream }) => stream === SETTINGS_STREAM)) this.lookSoon();
  }

  stop(): void {
    clearTimeout(this.retry);
    clearInterval(this.looking);
  }

  private async readOn(): Promise<void> {
    const events = await this.store.read(SETTINGS_STREAM, (this.made.at(-1)?.revision ?? -1) + 1);
    for (const { data, revision, recordedAt, metadata } of events) {
      const change = data as SettingChanged;
      this.live = changed(this.live, change);
      this.made = [...this.made, { ...change, revision, at: recordedAt, by: metadata.actor }];
    }
  }

  private lookSoon(): void {
    this.look().catch((error: unknown) => {
      this.onFailure(error as Error);
      clearTimeout(this.retry);
      this.retry = setTimeout(() => this.lookSoon(), RETRY_MS).unref();
    });
  }
}
