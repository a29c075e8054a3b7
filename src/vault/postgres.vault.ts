/** The vault in PostgreSQL, where several nodes share it. Keys are at hand that were brought; whoever destroys one tells the others. */
import { randomBytes } from 'node:crypto';
import type { Postgres } from '../database/postgres.js';
import { bringUp } from '../database/schema.js';
import { PostgresStatements } from '../database/statements.js';
import { KeyedHash } from './keyed-hash.js';
import { KeysAtHand, ZEROS } from './keys-at-hand.js';
import { CHANNEL, PostgresKeyTables, STEPS } from './postgres-key-tables.js';
import { colleagueOf, Secrets } from './secrets.js';
import { nameOf, placeOf, SIZE } from './text-block.js';
import { isTextKey } from './text-key-name.js';
import { erasedSubject, Vault } from './vault.js';

export class PostgresVault extends Vault {
  private readonly hand = new KeysAtHand();
  readonly keyOf = this.hand.keyOf;
  private waiting: { readonly subjects: readonly string[]; readonly done: () => void; readonly failed: (error: unknown) => void }[] = [];
  /** Of this node alone: no two give out the same name. */
  private block: { readonly name: string; next: number } | null = null;
  private drawing: Promise<void> | undefined;
  private deafen: () => void = () => undefined;

  private constructor(
    private readonly tables: PostgresKeyTables,
    protected readonly macs: KeyedHash,
    readonly secrets: Secrets,
  ) {
    super();
  }

  /** Makes the tables where there are none. `tries`: as for the tables. @throws Error for those of a newer version; StoreUnavailable. */
  static async open(postgres: Postgres, tries?: number): Promise<PostgresVault> {
    await bringUp(postgres, 'keys', STEPS);
    const tables = new PostgresKeyTables(postgres, tries);
    const vault = new PostgresVault(tables, new KeyedHash(await tables.secret('mac')), new Secrets(new PostgresStatements(postgres), 'five_ring.'));
    vault.deafen = await postgres.listen(CHANNEL, (message) => vault.heard(message));
    return vault;
  }

  /** Whether keys of people were ever made here. */
  holdsKeys(): Promise<boolean> {
    return this.tables.holdsKeys();
  }

  /** Always asks: a message that a key is gone may come late, or never. */
  async bring(subjects: Iterable<string>): Promise<void> {
    const texts = new Map<string, string[]>();
    const names: string[] = [];
    for (const subject of new Set(subjects)) {
      if (!isTextKey(subject)) {
        names.push(subject);
        continue;
      }
      const { block } = placeOf(subject);
      const own = texts.get(block);
      if (own === undefined) texts.set(block, [subject]);
      else own.push(subject);
    }
    if (names.length === 0 && texts.size === 0) return;
    const asked = this.hand.asking();
    const { keys, blocks } = await this.tables.find(names, [...texts.keys()]);
    const whole = new Set(blocks.filter(({ name, key }) => !key.equals(ZEROS) && this.hand.takeBlock(name, key)).map(({ name }) => name));
    const divided = [...texts].filter(([block]) => !whole.has(block));
    // Others may be about to open texts of a block that was divided just now: their keys come in its place.
    const apart = divided.flatMap(([block, own]) => (this.hand.holdsBlock(block) ? Array.from({ length: SIZE }, (_, n) => nameOf(block, n)) : own));
    if (apart.length > 0) keys.push(...(await this.tables.find(apart, [])).keys);
    this.hand.take(asked, [...names, ...apart], keys);
    for (const [block] of divided) this.hand.withoutBlock(block);
  }

  async ensureKeys(subjects: readonly string[]): Promise<void> {
    const missing = subjects.filter((subject) => !this.hand.has(subject));
    if (missing.length === 0) return;
    // Those of texts are on disk before they are given out.
    if (missing.some(isTextKey)) await this.bring(missing.filter(isTextKey));
    const names = missing.filter((subject) => !isTextKey(subject));
    this.refuseDestroyed(names);
    if (names.length === 0) return;
    await new Promise<void>((done, failed) => {
      this.waiting.push({ subjects: names, done, failed });
      if (this.waiting.length === 1) setImmediate(() => void this.createWaiting());
    });
    this.refuseDestroyed(names);
  }

  private async createWaiting(): Promise<void> {
    const waiting = this.waiting;
    this.waiting = [];
    try {
      const names = [...new Set(waiting.flatMap(({ subjects }) => subjects))];
      await this.tables.add(names.map((name) => ({ name, key: randomBytes(32), made: Date.now() })));
      // Another node may have been first: what stands is the key.
      await this.bring(names);
    } catch (error) {
      for (const { failed } of waiting) failed(error);
      return;
    }
    for (const { done } of waiting) done();
  }

  private refuseDestroyed(subjects: readonly string[]): void {
    for (const subject of subjects) if (this.hand.isDestroyed(subject)) throw erasedSubject(subject);
  }

  async nextTextKey(): Promise<string> {
    for (;;) {
      const { block } = this;
      if (block !== null && block.next < SIZE) {
        block.next += 1;
        return nameOf(block.name, block.next - 1);
      }
      this.drawing ??= this.draw().finally(() => (this.drawing = undefined));
      await this.drawing;
    }
  }

  private async draw(): Promise<void> {
    const [name, secret] = [randomBytes(6).toString('hex'), randomBytes(32)];
    await this.tables.addBlock(name, secret);
    this.hand.takeBlock(name, secret);
    this.block = { name, next: 0 };
  }

  async destroyedOf(subjects: readonly string[]): Promise<ReadonlySet<string>> {
    const { keys } = await this.tables.find([...new Set(subjects)], []);
    return new Set(keys.filter(({ key }) => key.equals(ZEROS)).map(({ name }) => name));
  }

  async destroy(subjects: readonly string[]): Promise<void> {
    const names = [...new Set(subjects)];
    if (names.length === 0) return;
    // From here on no number of the block is given out: those that were get keys of their own.
    const { block } = this;
    const isOurs = block !== null && names.some((name) => isTextKey(name) && placeOf(name).block === block.name);
    if (isOurs) this.block = null;
    await this.tables.destroy(names, names.flatMap((name) => colleagueOf(name) ?? []), isOurs ? new Map([[block.name, block.next]]) : new Map());
    this.hand.destroy(names);
  }

  /** What any node destroyed. '': messages may have been missed. */
  private heard(message: string): void {
    if (message === '') {
      // What cannot be asked now is asked when it is read.
      this.bring(this.hand.names()).catch(() => undefined);
      return;
    }
    const gone = JSON.parse(message) as string[];
    const { block } = this;
    if (block !== null && gone.some((name) => isTextKey(name) && placeOf(name).block === block.name)) this.block = null;
    this.hand.destroy(gone);
  }

  async close(): Promise<void> {
    this.deafen();
  }
}
