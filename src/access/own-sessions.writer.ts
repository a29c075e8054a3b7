/** One's own sessions: where one is signed in, and signing out there. */
import { Injectable } from '@nestjs/common';
import { Organisation } from '../customers/customers.writer.js';
import { toIso } from '../kernel/calendar.js';
import { Refusal } from '../kernel/refusal.js';
import type { SessionRow } from '../vault/secrets.js';
import { Vault } from '../vault/vault.js';
import type { Principal } from './roles.js';
import { IDLE } from './sessions.writer.js';

@Injectable()
export class OwnSessions {
  constructor(
    private readonly vault: Vault,
    private readonly organisation: Organisation,
  ) {}

  /** Those of the colleague that are good, the last seen first; none for an operator who names nobody. */
  async of({ colleague, credential }: Principal): Promise<object[]> {
    return (await this.good(colleague)).map(({ token, created, seen, expires, address, agent }) => ({ session: this.idOf(token), begun: toIso(created), seen: toIso(seen), expires: toIso(expires), address, agent, here: token === credential }));
  }

  /** @throws Refusal `unknown-session` for one that is not theirs, or has ended. */
  async end(principal: Principal, id: string): Promise<void> {
    const session = (await this.good(principal.colleague)).find(({ token }) => this.idOf(token) === id);
    if (session === undefined) throw new Refusal('missing', 'unknown-session', 'You have no such session, or it has ended already.');
    await this.vault.secrets.endSession(session.token);
  }

  /** Ends all but the one asked with. */
  async endOthers({ colleague, credential = '' }: Principal): Promise<void> {
    if (colleague !== null) await this.vault.secrets.endOtherSessionsOf(colleague, credential);
  }

  private async good(colleague: string | null): Promise<SessionRow[]> {
    const now = this.organisation.now();
    return colleague === null ? [] : (await this.vault.secrets.sessionsOf(colleague)).filter(({ seen, expires }) => now < expires && now < seen + IDLE);
  }

  /** Names a session without saying its hash: neither leads to the token, but the hash is what the server knows it by. */
  private idOf(token: string): string {
    return this.vault.mac(`session ${token}`);
  }
}
