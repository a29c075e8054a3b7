/** The list of erasures in PostgreSQL: the same lines as in the file, numbered as they were written, whichever node wrote them. */
import { lockOf, type Asking, type Postgres } from '../database/postgres.js';
import { bringUp } from '../database/schema.js';
import { ErasureList, type Intent, type Line } from './erasure-list.js';

const STEPS = [`CREATE TABLE five_ring.erasures (n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, line TEXT COLLATE "C" NOT NULL)`];
/** Whoever writes holds it, so that no line is seen before an earlier one. */
const LOCK = lockOf('five_ring erasures');

export class ErasureTable extends ErasureList {
  readonly isShared = true;
  /** Number of the last line that is known. */
  private known = 0;

  private constructor(private readonly postgres: Postgres) {
    super();
  }

  /** Makes the table where there is none. @throws Error for one of a newer version; StoreUnavailable. */
  static async open(postgres: Postgres): Promise<ErasureTable> {
    await bringUp(postgres, 'erasures', STEPS);
    const list = new ErasureTable(postgres);
    await list.refresh();
    return list;
  }

  refresh(): Promise<void> {
    return this.readOn(this.postgres);
  }

  /** @throws StoreUnavailable; then nobody knows whether the line stands. */
  async add(intent: Intent): Promise<Intent> {
    return this.writing(async (client) => {
      const other = this.of(intent.kind, intent.customer, intent.target)?.intent;
      if (other !== undefined && intent.subjects.every((subject) => other.subjects.includes(subject))) return other;
      await client.all('INSERT INTO five_ring.erasures (line) VALUES ($1)', [JSON.stringify(intent)]);
      return intent;
    });
  }

  protected async write(line: Line): Promise<void> {
    await this.writing((client) => client.all('INSERT INTO five_ring.erasures (line) VALUES ($1)', [JSON.stringify(line)]));
  }

  /** With all that was written before known; afterwards what was written is. */
  private async writing<T>(work: (client: Asking) => Promise<T>): Promise<T> {
    const done = await this.postgres.inOne(async (client) => {
      await client.all('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      await this.readOn(client);
      return work(client);
    });
    await this.refresh();
    return done;
  }

  private async readOn(client: Asking): Promise<void> {
    for (const { n, line } of await client.all<{ n: number; line: string }>('SELECT n, line FROM five_ring.erasures WHERE n > $1 ORDER BY n', [this.known])) {
      // Two who read on at the same time are given the same lines.
      if (n <= this.known) continue;
      this.take(JSON.parse(line) as Line);
      this.known = n;
    }
  }
}
