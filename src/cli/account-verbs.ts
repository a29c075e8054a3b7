/** The verbs about accounts and API keys. */
import { Argument, Option, type Command } from 'commander';
import { ACCOUNT_ROLES, SCOPES } from '../access/roles.js';
import type { Answer } from './failure.js';
import type { Session } from './session.js';

type Act = (verb: (session: Session, ...args: never[]) => Promise<Answer | undefined>) => (...args: unknown[]) => Promise<void>;

const list = (text: string): string[] => text.split(',').map((item) => item.trim()).filter((item) => item !== '');

export function addAccountVerbs(five: Command, act: Act): void {
  const account = five.command('account').description('Accounts: colleagues who sign in. You act as who holds the data folder.');
  const contacts = (): Option => new Option('--contacts', 'A leader sees e-mail addresses and phone numbers.');
  account.command('list').description('All accounts.').action(act(async (session) => (await import('./accounts.js')).listAccounts(session)));
  account.command('invite').description('Open an account for a colleague; prints a one-time link to hand to them.').argument('<id>', 'Id of the colleague.')
    .addOption(new Option('--role <role>', 'What they may.').choices(ACCOUNT_ROLES).makeOptionMandatory()).addOption(contacts())
    .action(act(async (session, id: string, flags: { role: string; contacts?: boolean }) => (await import('./accounts.js')).invite(session, id, flags)));
  account.command('link').description('Print a one-time link by which a colleague sets a new password; earlier ones are void.').argument('<id>', 'Id of the colleague.')
    .option('--end-sessions', 'Also end their sessions now, and make their password void.')
    .action(act(async (session, id: string, flags: { endSessions?: boolean }) => (await import('./accounts.js')).resetLink(session, id, flags)));
  account.command('role').description('Change what an account may; in force at once.').argument('<id>', 'Id of the colleague.')
    .addArgument(new Argument('<role>', 'The new role.').choices(ACCOUNT_ROLES)).addOption(contacts()).option('--no-contacts', 'A leader does not.')
    .action(act(async (session, id: string, role: string, flags: { contacts?: boolean }) => (await import('./accounts.js')).changeRole(session, id, role, flags)));
  account.command('disable').description('Shut a colleague out: all their sessions end.').argument('<id>', 'Id of the colleague.').action(act(async (session, id: string) => (await import('./accounts.js')).enable(session, id, false)));
  account.command('enable').description('Let a colleague in again.').argument('<id>', 'Id of the colleague.').action(act(async (session, id: string) => (await import('./accounts.js')).enable(session, id, true)));

  const key = five.command('key').description('API keys of the colleague named by --as.');
  key.command('list').description('Their keys.').action(act(async (session) => (await import('./accounts.js')).listKeys(session)));
  key.command('make').description('Make one; it is printed once.').requiredOption('--label <text>', 'What it is for. No names of people: it stays readable for ever.')
    .addOption(new Option('--scopes <scopes>', `What it may, with commas: ${SCOPES.join(', ')}.`).argParser(list).makeOptionMandatory())
    .action(act(async (session, flags: { label: string; scopes: string[] }) => (await import('./accounts.js')).makeKey(session, flags)));
  key.command('revoke').description('Revoke one.').argument('<key>', 'Its id; key list shows it.').action(act(async (session, id: string) => (await import('./accounts.js')).revokeKey(session, id)));
}
