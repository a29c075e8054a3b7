/** The verbs that erase, and the list of what was. */
import { Option, type Command } from 'commander';
import { wrongUsage, type Answer } from './failure.js';
import type { EraseFlags } from './erase.js';
import type { Session } from './session.js';

type Act = (verb: (session: Session, ...args: never[]) => Promise<Answer | undefined>) => (...args: unknown[]) => Promise<void>;

export function addEraseVerbs(five: Command, act: Act): void {
  const erase = five.command('erase').description('Make what was recorded about somebody unreadable, for ever. Facts and figures stay.');
  const reason = (): Option => new Option('--reason <text>', 'Why. No names of people.').makeOptionMandatory();
  const confirm = (): Option => new Option('--yes', 'Really: it never comes back. Without it, nothing is done.');
  erase.command('person').description('A person at a customer.').argument('<customer>', 'Id, or words of the name.').argument('<person>', 'Id, or words of the name.').addOption(reason()).addOption(confirm())
    .action(act(async (session, customer: string, person: string, flags: EraseFlags) => (await import('./erase.js')).erasePerson(session, customer, person, flags)));
  erase.command('customer').description('A customer with all its people.').argument('<customer>', 'Id, or words of the name.').addOption(reason()).addOption(confirm())
    .action(act(async (session, customer: string, flags: EraseFlags) => (await import('./erase.js')).eraseCustomer(session, customer, flags)));
  erase.command('text').description('The text of one entry, in all its versions: a password that got into a note.').argument('<customer>', 'Id, or words of the name.').argument('<entry>', 'Id of the entry; the timeline shows it.').addOption(reason()).addOption(confirm())
    .action(act(async (session, customer: string, entry: string, flags: EraseFlags) => (await import('./erase.js')).eraseText(session, customer, entry, flags)));
  erase.command('colleague').description('The name of a colleague who has left.').argument('<id>', 'Id of the colleague.').addOption(reason()).addOption(confirm())
    .action(act(async (session, id: string, flags: EraseFlags) => (await import('./erase.js')).eraseColleague(session, id, flags)));
  erase.command('list').description('What was erased: when, by whom and why, and until when copies of the keys may last.').addOption(new Option('--limit <number>', 'How many at most, 1 to 500.').argParser(limit).default(100))
    .action(act(async (session, flags: { limit: number }) => (await import('./erase.js')).listErasures(session, flags)));
}

function limit(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 500) throw wrongUsage(`--limit ${text} is no whole number from 1 to 500.`);
  return value;
}
