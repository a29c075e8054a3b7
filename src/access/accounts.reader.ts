/** What is told of accounts, of whoever asks, and of their keys. */
import { Injectable } from '@nestjs/common';
import { colleaguesIn } from '../customers/colleagues.view.js';
import { toIso } from '../kernel/calendar.js';
import { Executor } from '../shell/executor.js';
import type { LinkRow } from '../vault/secrets.js';
import { Vault } from '../vault/vault.js';
import { Views } from '../views/views.js';
import { account, accountStream, unknownAccount } from './account.js';
import { accountsIn } from './accounts.view.js';
import type { Principal } from './roles.js';
import { Sessions } from './sessions.writer.js';
import { SignInWays } from './sign-in-ways.js';

interface Named {
  readonly id: string;
  readonly name: string | null;
  readonly department: string | null;
}

@Injectable()
export class AccountsReader {
  constructor(
    private readonly vault: Vault,
    private readonly executor: Executor,
    private readonly views: Views,
    private readonly sessions: Sessions,
    private readonly ways: SignInWays,
  ) {}

  /** Who asks, and how one may sign in. Nobody is somebody too. */
  async whoIs(principal: Principal | undefined): Promise<object> {
    const expires = principal?.via === 'session' && principal.credential !== undefined ? await this.sessions.lasts(principal.credential) : null;
    return {
      colleague: principal?.colleague == null ? null : await this.named(principal.colleague),
      role: principal?.role ?? null,
      contacts: principal?.contacts ?? false,
      via: principal?.via ?? 'nobody',
      scopes: principal?.scopes ?? null,
      expires: expires === null ? null : toIso(expires),
      openId: this.ways.openId,
      linked: principal?.colleague != null && (await this.executor.load(account, accountStream(principal.colleague))).state.identity !== null,
    };
  }

  async all(): Promise<object[]> {
    const [accounts, colleagues] = await Promise.all([accountsIn(this.views.db), colleaguesIn(this.views.db)]);
    const byId = new Map(colleagues.map((one) => [one.id, one]));
    const secrets = new Map((await this.vault.secrets.known()).map((one) => [one.colleague, one]));
    return accounts.map(({ id, role, contacts, enabled, opened, linked }) => {
      const { name = null, department = null, active = false } = byId.get(id) ?? {};
      const { password = false, signedIn = null } = secrets.get(id) ?? {};
      return { id, name, department, active, role, contacts: contacts === 1, enabled: enabled === 1, opened: toIso(opened), linked: linked === 1, password, lastSignIn: signedIn === null ? null : toIso(signedIn) };
    });
  }

  async linkSays({ purpose, colleague: id, expires }: LinkRow): Promise<object> {
    const first = purpose === 'first-administrator';
    return {
      purpose,
      colleague: id === null ? null : await this.named(id),
      expires: toIso(expires),
      needsPassword: purpose !== 'sign-in',
      colleagues: first ? (await colleaguesIn(this.views.db)).filter(({ active }) => active).map(({ id: one, name, department }) => ({ id: one, name, department })) : [],
    };
  }

  /** @throws Refusal `unknown-account`; else as `keysOf`. */
  async keysAt(id: string): Promise<object[]> {
    if (!(await this.executor.load(account, accountStream(id))).state.opened) throw unknownAccount();
    return this.keysOf(id);
  }

  /** The keys of an account that are good, the oldest first. */
  async keysOf(id: string): Promise<object[]> {
    const rows = new Map((await this.vault.secrets.keysOf(id)).map((row) => [row.key, row]));
    const { keys } = (await this.executor.load(account, accountStream(id))).state;
    return [...keys.values()].flatMap(({ key, label, scopes }) => {
      const row = rows.get(key);
      return row === undefined ? [] : [{ key, label, scopes, made: toIso(row.made), lastUsed: row.used === null ? null : toIso(row.used) }];
    });
  }

  private async named(id: string): Promise<Named> {
    const { name = null, department = null } = (await colleaguesIn(this.views.db)).find((one) => one.id === id) ?? {};
    return { id, name, department };
  }
}
