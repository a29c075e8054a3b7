/** The verbs about settings and the audit. */
import type { Command } from 'commander';
import type { Answer } from './failure.js';
import type { Session } from './session.js';

type Act = (verb: (session: Session, ...args: never[]) => Promise<Answer | undefined>) => (...args: unknown[]) => Promise<void>;

export function addAccessVerbs(five: Command, act: Act): void {
  const settings = five.command('settings').description('Settings that an administrator changes while it runs.');
  settings.command('list').description('All of them: what they are, since when, by whom and why.').option('--history', 'Every change there was, the newest first.').action(act(async (session, flags: { history?: boolean }) => (await import('./settings.js')).listSettings(session, flags)));
  settings.command('set').description('Change one.').argument('<name>', 'Which; settings list names them.').argument('<value>', 'on, off, or a whole number.')
    .requiredOption('--reason <text>', 'Why. No names of people: it stays readable for ever.')
    .action(act(async (session, name: string, value: string, { reason }: { reason: string }) => (await import('./settings.js')).setSetting(session, name, value, reason)));
}
