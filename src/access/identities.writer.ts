/** Which account a provider's identity belongs to. Only keyed hashes of identities are kept: who holds the log learns no address from them. */
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { envelopeOf } from '../customers/customers.writer.js';
import { Refusal, invalid } from '../kernel/refusal.js';
import type { Caller } from '../shell/caller.js';
import { Execute } from '../shell/execute.js';
import { Executor, type Outcome } from '../shell/executor.js';
import { commandIdOf, newId } from '../shell/ids.js';
import { Vault } from '../vault/vault.js';
import { account, accountStream, type AccountCommand } from './account.js';
import { identity, identityStream } from './identity.js';
import { identityAs, isEmail } from './oidc-settings.js';
import { OpenIdProvider, type Vouched } from './oidc.reader.js';
import { Sessions } from './sessions.writer.js';

const MAX_SUBJECT = 255;

@Injectable()
export class Identities {
  constructor(
    private readonly bus: CommandBus,
    private readonly executor: Executor,
    private readonly vault: Vault,
    private readonly sessions: Sessions,
    private readonly provider: OpenIdProvider,
  ) {}

  /** Links an account to whom the provider calls so, by e-mail address or by its own id, as it is set up. @throws Refusal. */
  async link(id: string, value: string, caller: Caller): Promise<Outcome> {
    const { settings } = this.provider;
    if (settings === null) throw new Refusal('conflict', 'no-open-id', 'OpenID Connect is not set up here.');
    const fits = settings.claim === 'email' ? isEmail(value.trim()) : value.length >= 1 && value.length <= MAX_SUBJECT;
    if (!fits) throw invalid([{ field: 'identity', code: settings.claim === 'email' ? 'not-an-address' : 'not-a-subject', message: settings.claim === 'email' ? 'must be an e-mail address' : `must be the provider's id of the person, up to ${MAX_SUBJECT} characters` }]);
    if (!(await this.executor.load(account, accountStream(id))).state.opened) throw new Refusal('missing', 'unknown-account', 'This colleague has no account.');
    const hash = this.hashOf(settings.claim, identityAs(settings.claim, value));
    const holder = (await this.executor.load(identity, identityStream(hash))).state.colleague;
    if (holder !== null && holder !== id && (await this.executor.load(account, accountStream(holder))).state.identity === hash) {
      throw new Refusal('conflict', 'identity-taken', 'Another account is linked to this identity.', [{ field: 'identity', code: 'identity-taken', message: 'is linked to another account' }]);
    }
    // Whatever refuses the link refuses it before the first of the two streams is written.
    await this.executor.mayExecute(account, accountStream(id), caller, caller.revision);
    await this.bus.execute(new Execute(identity, identityStream(hash), [{ commandId: caller.commandId, mac: caller.mac, command: { type: 'ClaimIdentity' as const, colleague: id } }], { actor: caller.actor, correlationId: caller.correlationId }));
    return this.execute(id, { type: 'LinkIdentity', identity: hash }, caller);
  }

  /** Takes the link away, and ends the account's sessions: they may have begun by it. @throws Refusal. */
  async unlink(id: string, caller: Caller): Promise<Outcome> {
    const outcome = await this.execute(id, { type: 'UnlinkIdentity' }, caller);
    await this.sessions.endAllOf(id);
    return outcome;
  }

  /** The colleague whom the provider vouches for. Nobody whom an administrator did not link gets in. @throws Refusal `unknown-identity`, the same for a disabled account. */
  async admit({ subject, identity: said }: Vouched): Promise<string> {
    const { claim } = this.provider.settings!;
    const hash = this.hashOf(claim, said);
    const { colleague } = (await this.executor.load(identity, identityStream(hash))).state;
    const standing = colleague === null ? undefined : await this.sessions.mayEnter(colleague);
    if (colleague === null || standing?.account.identity !== hash) throw unknown();
    const bound = this.hashOf('subject', subject);
    if (standing.account.subject !== null && standing.account.subject !== bound) throw unknown();
    if (standing.account.subject === null) {
      // They act for themselves: nobody else is there.
      await this.execute(colleague, { type: 'BindSubject', subject: bound }, { actor: colleague, department: standing.department, commandId: commandIdOf(), mac: this.vault.mac(newId()), correlationId: newId(), revision: undefined });
    }
    return colleague;
  }

  private hashOf(what: string, value: string): string {
    return this.vault.mac(JSON.stringify(['identity', this.provider.settings!.issuer, what, value]));
  }

  private execute(id: string, command: AccountCommand, caller: Caller): Promise<Outcome> {
    return this.bus.execute(new Execute(account, accountStream(id), [{ commandId: caller.commandId, mac: caller.mac, command }], envelopeOf(caller)));
  }
}

const unknown = (): Refusal => new Refusal('forbidden', 'unknown-identity', 'No account that is enabled is linked to this identity. Ask an administrator.');
