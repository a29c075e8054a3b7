/** The verbs about settings and the audit. */
import { Option, type Command } from 'commander';
import { ACTIONS } from '../access/audit.js';
import type { AuditFlags } from './audit.js';
import { wrongUsage, type Answer } from './failure.js';
import type { Session } from './session.js';

type Act = (verb: (session: Session, ...args: never[]) => Promise<Answer | undefined>) => (...args: unknown[]) => Promise<void>;

export function addAccessVerbs(five: Command, act: Act): void {
  const settings = five.command('settings').description('Settings that an administrator changes while it runs.');
  settings.command('list').description('All of them: what they are, since when, by whom and why.').option('--history', 'Every change there was, the newest first.').action(act(async (session, flags: { history?: boolean }) => (await import('./settings.js')).listSettings(session, flags)));
  settings.command('set').description('Change one.').argument('<name>', 'Which; settings list names them.').argument('<value>', 'on, off, or a whole number.')
    .requiredOption('--reason <text>', 'Why. No names of people: it stays readable for ever.')
    .action(act(async (session, name: string, value: string, { reason }: { reason: string }) => (await import('./settings.js')).setSetting(session, name, value, reason)));

  five.command('audit').description('Who did what with people’s data and with rights, the newest first.')
    .option('--from <date>', 'At or after; a date means its start.').option('--to <date>', 'Before; a date means its start.')
    .option('--colleague <colleague>', 'Done by this colleague.').addOption(new Option('--action <action>', 'What was done.').choices(ACTIONS))
    .option('--target <id>', 'Done to this customer, colleague, person, entry or figure.')
    .addOption(new Option('--limit <number>', 'How many at most.').argParser(whole).default(100)).option('--csv', 'As CSV, for a spreadsheet.')
    .action(act(async (session, flags: AuditFlags) => (await import('./audit.js')).showAudit(session, flags)));
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw wrongUsage(`--limit ${text} is no whole number from 1.`);
  return value;
}
