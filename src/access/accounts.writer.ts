/** Accounts and all that lets their colleagues in: passwords, one-time links, API keys. What happened goes to the log, what is secret to keys.db. */
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { colleague, colleagueStream } from '../customers/colleague.js';
import { colleaguesIn } from '../customers/colleagues.view.js';
import { CustomersWriter, envelopeOf, Organisation } from '../customers/customers.writer.js';
import type { EventStore } from '../kernel/event-store.js';
import { Refusal, invalid, type FieldProblem } from '../kernel/refusal.js';
import type { Caller } from '../shell/caller.js';
import { Execute } from '../shell/execute.js';
import { Executor, type Outcome } from '../shell/executor.js';
import { commandIdOf, newId } from '../shell/ids.js';
import { Projector } from '../shell/projector.js';
import { Turns } from '../shell/turns.js';
import type { LinkPurpose, LinkRow } from '../vault/secrets.js';
import { Vault } from '../vault/vault.js';
import { Views } from '../views/views.js';
import { account, accountStream, unknownAccount, type AccountCommand, type ApiKey, type Rights } from './account.js';
import { accountsIn } from './accounts.view.js';
import { Guessing, type Guess } from './guessing.js';
import { refuseInsecure } from './origin.js';
import { passwordProblem } from './password.js';
import { Passwords } from './passwords.writer.js';
import type { AccountRole, Principal, Scope } from './roles.js';
import { scopesOf } from './route-table.js';
import { Sessions } from './sessions.writer.js';
import { hashOf, newToken } from './tokens.writer.js';

const HOUR = 3_600_000;
/** How long a link is good for. */
const GOOD: Readonly<Record<LinkPurpose, number>> = { 'first-administrator': 24 * HOUR, invitation: 7 * 24 * HOUR, reset: 24 * HOUR, 'sign-in': 365 * 24 * HOUR };
const CATCH_UP_MS = 5000;
/** What every API key begins with, so that one that got lost is found by those who look for such. */
export const KEY_PREFIX = 'fr_';

export interface MadeLink {
  readonly purpose: LinkPurpose;
  /** Path of the page, with the token behind the `#`: it never reaches a server's log. */
  readonly path: string;
  readonly expires: number;
}

/** What is said when a link is used. */
export interface LinkUse {
  readonly token: string;
  readonly password?: string;
  readonly id?: string;
  readonly name?: string;
  readonly department?: string;
}

const missing = (field: string, message: string): FieldProblem => ({ field, code: 'missing', message });

@Injectable()
export class AccountsWriter {
  constructor(
    private readonly bus: CommandBus,
    private readonly executor: Executor,
    private readonly vault: Vault,
    private readonly views: Views,
    private readonly projector: Projector,
    private readonly customers: CustomersWriter,
    private readonly organisation: Organisation,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
    private readonly guessing: Guessing,
    private readonly turns: Turns,
    @Inject('EventStore') private readonly store: EventStore,
  ) {}

  // ---- accounts ----

  /** Opens an account for a colleague who is there, and makes their invitation. @throws Refusal. */
  async open(id: string, rights: Rights, caller: Caller): Promise<{ outcome: Outcome; link: MadeLink }> {
    const { added, active } = (await this.executor.load(colleague, colleagueStream(id))).state;
    if (!added || !active) throw new Refusal('invalid', 'unknown-colleague', 'id: is no active colleague', [{ field: 'id', code: 'unknown-colleague', message: 'is no active colleague' }]);
    const outcome = await this.execute(id, { type: 'OpenAccount', rights }, caller);
    return { outcome, link: await this.makeLink('invitation', id) };
  }

  /** @throws Refusal `last-administrator` when nobody would be left who may change accounts. */
  change(id: string, change: Partial<Rights> & { readonly enabled?: boolean }, caller: Caller): Promise<Outcome> {
    // One after the other, on whichever node: who looks whether an administrator is left must not be overtaken.
    return this.turns.inTurn('administrators', async () => {
      if (change.role !== undefined || change.enabled === false) await this.viewsHaveAll();
      const { state } = await this.executor.load(account, accountStream(id));
      const steps = (change.role !== undefined && change.role !== 'administrator') || change.enabled === false;
      if (steps && state.opened && state.enabled && state.role === 'administrator' && !(await this.administratorBeside(id))) {
        throw new Refusal('conflict', 'last-administrator', 'This is the last enabled administrator; make another one first.');
      }
      const outcome = await this.execute(id, { type: 'ChangeAccount', change }, caller);
      if (change.enabled === false) {
        await this.sessions.endAllOf(id);
        await this.vault.secrets.voidLinksOf(id);
      }
      return outcome;
    });
  }

  /** A link by which the colleague sets a password; earlier ones are void. @throws Refusal for who may not enter. */
  async resetLink(id: string, endSessions: boolean): Promise<MadeLink> {
    const { state } = await this.executor.load(account, accountStream(id));
    if (!state.opened) throw unknownAccount();
    if ((await this.sessions.mayEnter(id)) === undefined) throw new Refusal('conflict', 'no-account', 'This account is disabled, or its colleague no longer works here.');
    const purpose = (await this.vault.secrets.passwordOf(id)) === undefined ? 'invitation' : 'reset';
    if (endSessions) {
      await this.vault.secrets.removePassword(id);
      await this.sessions.endAllOf(id);
    }
    return this.makeLink(purpose, id);
  }

  /**
   * While no administrator has ever signed in, or has a password: a link for the first one. Those made before are void, unless
   * they may be of other nodes, which wrote theirs where they run: then each is good until one is used.
   */
  async firstAdministratorLink(besideOthers = false): Promise<MadeLink | undefined> {
    if (await this.hasAdministrator()) {
      await this.vault.secrets.voidLinksOf(null);
      return undefined;
    }
    return this.makeLink('first-administrator', null, besideOthers);
  }

  /** A link that signs in whoever opens it, as often as they like: for demonstrations on invented data, and made by no request. */
  signInLink(id: string): Promise<MadeLink> {
    return this.makeLink('sign-in', id);
  }

  private async makeLink(purpose: LinkPurpose, of: string | null, besideOthers = false): Promise<MadeLink> {
    const [token, now] = [newToken(), this.organisation.now()];
    const expires = now + GOOD[purpose];
    await this.vault.secrets.addLink({ token: hashOf(token), purpose, colleague: of, expires }, now, besideOthers);
    return { purpose, path: `/welcome#${token}`, expires };
  }

  private async hasAdministrator(): Promise<boolean> {
    for (const { colleague: id } of await this.vault.secrets.known()) if ((await this.sessions.mayEnter(id))?.account.role === 'administrator') return true;
    return false;
  }

  private async administratorBeside(id: string): Promise<boolean> {
    for (const other of await accountsIn(this.views.db)) if (other.id !== id && (await this.sessions.mayEnter(other.id))?.account.role === 'administrator') return true;
    return false;
  }

  /** @throws Refusal `late` when they do not within the time allowed. */
  private async viewsHaveAll(): Promise<void> {
    const head = await this.store.head();
    if (head !== null) await this.projector.reached(head, CATCH_UP_MS);
  }

  // ---- signing in ----

  /** @throws Refusal `wrong-sign-in`, the same whatever is wrong; `too-many-attempts`; `needs-https`. */
  async signIn(id: string, password: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    refuseInsecure(request);
    await this.prove(id, password, request);
    await this.sessions.begin(id, request, reply);
  }

  /** Sets a new password of one who is signed in: all their sessions end, and a new one begins. @throws Refusal. */
  async changePassword(id: string, { old, password }: { readonly old: string; readonly password: string }, caller: Caller, request: FastifyRequest, reply: FastifyReply): Promise<Outcome> {
    // Before anything is written: the session that begins in the end would be refused.
    refuseInsecure(request);
    this.checkPassword(password, id, await this.nameOf(id), 'password');
    await this.prove(id, old, request, 'old');
    // The hash of this request would be a quick way to try passwords against the log.
    const outcome = await this.setPassword(id, await this.passwords.hash(password), { ...caller, mac: this.vault.mac(`password ${caller.commandId}`) });
    await this.sessions.begin(id, request, reply);
    return outcome;
  }

  /** That the password is theirs, before anything else is looked at: nothing but the hash may take time. */
  private async prove(id: string, password: string, request: FastifyRequest, field?: string): Promise<void> {
    const guess: Guess = { address: request.ip, account: id };
    await this.guessing.begin(guess, this.organisation.now());
    const same = await this.passwords.matches(await this.vault.secrets.passwordOf(id), password);
    if (!same || (await this.sessions.mayEnter(id)) === undefined) {
      if (field !== undefined) throw new Refusal('invalid', 'wrong-password', `${field}: is not your password`, [{ field, code: 'wrong-password', message: 'is not your password' }]);
      throw new Refusal('unauthenticated', 'wrong-sign-in', 'The id or the password is wrong.');
    }
    await this.guessing.succeeded(guess);
  }

  private async setPassword(id: string, hash: string, caller: Caller): Promise<Outcome> {
    const outcome = await this.execute(id, { type: 'NotePasswordChange' }, caller);
    await this.vault.secrets.setPassword(id, hash, this.organisation.now());
    await this.sessions.endAllOf(id);
    await this.vault.secrets.voidLinksOf(id);
    return outcome;
  }

  // ---- links ----

  /** What a link is for. @throws Refusal `no-such-link` for one that is unknown, used, out of date, or whose account may not enter. */
  async look(token: string, request: FastifyRequest): Promise<LinkRow> {
    const guess: Guess = { address: request.ip };
    const now = this.organisation.now();
    await this.guessing.begin(guess, now);
    const link = await this.vault.secrets.link(hashOf(token), now);
    if (link === undefined || !(await this.isGood(link))) throw noSuchLink();
    await this.guessing.succeeded(guess);
    return link;
  }

  private async isGood({ purpose, colleague: id }: LinkRow): Promise<boolean> {
    return purpose === 'first-administrator' ? !(await this.hasAdministrator()) : (await this.sessions.mayEnter(id!)) !== undefined;
  }

  /** Does what the link is for, and signs its colleague in. @throws Refusal; the link then stays good. */
  async use(use: LinkUse, request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const link = await this.look(use.token, request);
    refuseInsecure(request);
    if (link.purpose === 'sign-in') {
      await this.sessions.begin(link.colleague!, request, reply);
      return link.colleague!;
    }
    const id = link.colleague ?? use.id;
    const founder = link.colleague === null ? await this.founderIn(use) : undefined;
    if (use.password === undefined) throw invalid([missing('password', 'must be given')]);
    this.checkPassword(use.password, id!, founder === undefined ? await this.nameOf(id!) : (founder.name ?? null), 'password');
    const hash = await this.passwords.hash(use.password);
    const now = this.organisation.now();
    // Of two who use it at once, one gets here.
    if ((await this.vault.secrets.takeLink(link.token, now)) === undefined) throw noSuchLink();
    try {
      if (founder !== undefined) await this.found(founder);
      await this.setPassword(id!, hash, this.callerAs(id!, founder?.department));
      await this.sessions.begin(id!, request, reply);
    } catch (error) {
      await this.vault.secrets.addLink(link, now);
      throw error;
    }
    await this.guessing.succeeded({ address: '', account: id! });
    // A name that was given just now is read from the views.
    if (founder !== undefined) await this.viewsHaveAll().catch(() => undefined);
    return id!;
  }

  /** The first administrator: a colleague who is there, or a new one with name and department. @throws Refusal naming what is missing. */
  private async founderIn({ id, name, department }: LinkUse): Promise<{ readonly id: string; readonly name?: string; readonly department: string }> {
    if (id === undefined) throw invalid([missing('id', 'must be given: who you are')]);
    const { added, active, department: own } = (await this.executor.load(colleague, colleagueStream(id))).state;
    if (added && !active) throw invalid([{ field: 'id', code: 'unknown-colleague', message: 'no longer works here' }]);
    if (added) return { id, department: own };
    const fields = [...(name === undefined ? [missing('name', 'must be given for a new colleague')] : []), ...(department === undefined ? [missing('department', 'must be given for a new colleague')] : [])];
    if (name === undefined || department === undefined) throw invalid(fields);
    return { id, name, department };
  }

  private async found({ id, name, department }: { readonly id: string; readonly name?: string; readonly department: string }): Promise<void> {
    if (name !== undefined) await this.customers.addColleague({ id, name, department }, this.callerAs(id, department));
    const { opened } = (await this.executor.load(account, accountStream(id))).state;
    const command: AccountCommand = opened ? { type: 'ChangeAccount', change: { role: 'administrator', enabled: true } } : { type: 'OpenAccount', rights: { role: 'administrator', contacts: true } };
    await this.execute(id, command, this.callerAs(id, department));
  }

  // ---- API keys ----

  /** @returns the key itself, which is shown once and kept nowhere. @throws Refusal for scopes beyond what the role may. */
  async makeKey(id: string, role: AccountRole, { label, scopes }: { readonly label: string; readonly scopes: readonly Scope[] }, caller: Caller): Promise<{ key: string; token: string; outcome: Outcome }> {
    const may = scopesOf(role);
    const beyond = scopes.findIndex((scope) => !may.includes(scope));
    if (beyond >= 0) throw invalid([{ field: `scopes[${beyond}]`, code: 'not-yours', message: `is more than the role ${role} may: ${may.join(', ')}` }]);
    const [key, token] = [newId(), `${KEY_PREFIX}${newToken()}`];
    const made: ApiKey = { key, label, scopes: [...new Set(scopes)] };
    const outcome = await this.execute(id, { type: 'MakeApiKey', made }, caller);
    const repeat = outcome.written[0]!.find(({ type }) => type === 'ApiKeyMade')!.data as ApiKey;
    if (repeat.key !== key) throw new Refusal('conflict', 'shown-once', 'This key was made by an earlier request with the same Idempotency-Key, and is shown once only; revoke it and make another.', [], { key: repeat.key });
    await this.vault.secrets.addKey({ token: hashOf(token), key, colleague: id, made: this.organisation.now() });
    return { key, token, outcome };
  }

  async revokeKey(id: string, key: string, caller: Caller): Promise<Outcome> {
    const outcome = await this.execute(id, { type: 'RevokeApiKey', key }, caller);
    await this.vault.secrets.removeKey(id, key);
    return outcome;
  }

  // ----

  private execute(id: string, command: AccountCommand, caller: Caller): Promise<Outcome> {
    return this.bus.execute(new Execute(account, accountStream(id), [{ commandId: caller.commandId, mac: caller.mac, command }], envelopeOf(caller)));
  }

  /** Who sets a password by a link acts for themselves. */
  private callerAs(id: string, department: string | undefined): Caller {
    return { actor: id, department, commandId: commandIdOf(), mac: this.vault.mac(newId()), correlationId: newId(), revision: undefined };
  }

  private checkPassword(password: string, id: string, name: string | null, field: string): void {
    const problem = passwordProblem(password, { id, name }, field);
    if (problem !== undefined) throw invalid([problem]);
  }

  private async nameOf(id: string): Promise<string | null> {
    return (await colleaguesIn(this.views.db)).find((one) => one.id === id)?.name ?? null;
  }
}

const noSuchLink = (): Refusal => new Refusal('missing', 'no-such-link', 'This link is not good: it was used, it ran out, or a newer one was made. Ask an administrator for another.');

/** The colleague who asks. @throws Refusal `no-colleague` for an operator who names none. */
export function selfOf(principal: Principal | undefined): { readonly id: string; readonly role: AccountRole; readonly via: Principal['via'] } {
  if (principal?.colleague == null) throw new Refusal('invalid', 'no-colleague', 'X-Colleague: must name the colleague who acts', [{ field: 'X-Colleague', code: 'no-colleague', message: 'must name the colleague who acts' }]);
  return { id: principal.colleague, role: principal.role, via: principal.via };
}
