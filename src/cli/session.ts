/** One run of a verb: the options it was given, and the connection it opens when it needs one. */
import type { Config } from '../config.js';
import { ID } from '../customers/entry.js';
import { Connection } from './connection.js';
import { failed, wrongUsage } from './failure.js';
import { Dates } from './screen.js';

export interface GlobalOptions {
  readonly as?: string;
  readonly json?: boolean;
  readonly data?: string;
}

export type Env = Readonly<Record<string, string | undefined>>;


export class Session {
  private connection: Connection | undefined;

  constructor(
    readonly options: GlobalOptions,
    readonly env: Env,
  ) {}

  /** Checked configuration, `--data` before FIVE_RING_DATA. */
  async config(env: Env = this.env): Promise<Config> {
    const { readConfig } = await import('../config.js');
    try {
      return readConfig({ ...env, ...(this.options.data !== undefined && { FIVE_RING_DATA: this.options.data }) });
    } catch (error) {
      throw failed('bad-setting', (error as Error).message);
    }
  }

  async dates(): Promise<Dates> {
    return new Dates((await this.config({ ...this.env, PORT: undefined })).zone);
  }

  /** For a verb that only reads; in the name of the colleague who runs it, where one is named. */
  toRead(): Promise<Connection> {
    const as = this.options.as ?? this.env['FIVE_RING_AS'];
    return this.connect(as !== undefined && ID.test(as) ? as : undefined, false);
  }

  /** For a verb that writes, as the colleague who runs it. @throws Failure when nobody is named. */
  toWrite(otherwise?: string): Promise<Connection> {
    return this.connect(this.actor(otherwise), true);
  }

  /** Who runs it. @throws Failure when nobody is named. */
  actor(otherwise?: string): string {
    const as = (this.options.as ?? this.env['FIVE_RING_AS']) || otherwise;
    if (as === undefined) throw wrongUsage('Say who acts: --as COLLEAGUE, or FIVE_RING_AS in the environment.');
    if (!ID.test(as)) throw wrongUsage(`--as ${as} is no id of a colleague.`);
    return as;
  }

  async close(): Promise<void> {
    await this.connection?.close();
  }

  private async connect(as: string | undefined, mayCreate: boolean): Promise<Connection> {
    // PORT is where a server listens, and no business of other verbs.
    const config = await this.config({ ...this.env, PORT: undefined });
    return (this.connection = new Connection(config, { as, mayCreate, logLevel: this.env['LOG_LEVEL'] || undefined }));
  }
}
