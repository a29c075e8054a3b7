/** SQL that reads the same on SQLite and PostgreSQL, with `?` for each value; written once for both. */
import type Database from 'better-sqlite3';
import { StoreUnavailable } from '../kernel/event-store.js';
import type { Postgres } from './postgres.js';

/** A statement and its values. */
export type Said = readonly [sql: string, ...values: unknown[]];

export interface Statements {
  /** Rows that one statement gives, a writing one with RETURNING too. @throws StoreUnavailable when the database cannot be written or reached. */
  all<Row>(sql: string, ...values: unknown[]): Promise<Row[]>;
  /** All of them, in this order, or none. @throws StoreUnavailable. */
  run(...statements: readonly Said[]): Promise<void>;
}

/** On a file of this process: the work is done when the promise is made. */
export class SqliteStatements implements Statements {
  private readonly prepared = new Map<string, Database.Statement>();

  /** `named`: what the file is called towards whoever runs it, as in "The key vault cannot write". */
  constructor(
    private readonly db: Database.Database,
    private readonly named: string,
  ) {}

  async all<Row>(sql: string, ...values: unknown[]): Promise<Row[]> {
    return this.trying(() => this.statement(sql).all(...values) as Row[]);
  }

  async run(...statements: readonly Said[]): Promise<void> {
    this.trying(() => {
      if (statements.length === 1) return void this.statement(statements[0]![0]).run(...statements[0]!.slice(1));
      this.db.transaction(() => {
        for (const [sql, ...values] of statements) this.statement(sql).run(...values);
      }).immediate();
    });
  }

  private statement(sql: string): Database.Statement {
    let statement = this.prepared.get(sql);
    if (statement === undefined) this.prepared.set(sql, (statement = this.db.prepare(sql)));
    return statement;
  }

  private trying<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      const full = (cause as { code?: string }).code === 'SQLITE_FULL';
      throw new StoreUnavailable(`${this.named} cannot write: ${full ? 'the disk is full' : (cause as Error).message}.`, full ? 'full' : 'failing', { cause });
    }
  }
}

/** On PostgreSQL, in one schema. */
export class PostgresStatements implements Statements {
  constructor(private readonly postgres: Postgres) {}

  all<Row>(sql: string, ...values: unknown[]): Promise<Row[]> {
    return this.postgres.all<Row>(numbered(sql), values);
  }

  async run(...statements: readonly Said[]): Promise<void> {
    if (statements.length === 1) return void (await this.postgres.all(numbered(statements[0]![0]), statements[0]!.slice(1)));
    await this.postgres.inOne(async (client) => {
      for (const [sql, ...values] of statements) await client.all(numbered(sql), values);
    });
  }
}

/** `?` as `$1`, `$2` and so on; none of our statements has a `?` in a text. */
function numbered(sql: string): string {
  let n = 0;
  return sql.replace(/\?/g, () => `$${(n += 1)}`);
}
