/** The verbs about handing over. */
import type { Command } from 'commander';
import type { Answer } from './failure.js';
import type { Session } from './session.js';

type Act = (verb: (session: Session, ...args: never[]) => Promise<Answer | undefined>) => (...args: unknown[]) => Promise<void>;

export function addHandoverVerbs(five: Command, act: Act): void {
  const handover = five.command('handover').description('Handing over: give customers to another colleague, who says that they took them.');
  handover.command('give').description('Give customers to another colleague.').argument('[customers...]', 'Ids or words of the names.')
    .requiredOption('--to <colleague>', 'Who owns them from now on.').option('--all-of <colleague>', 'All customers that this colleague owns.').option('--note <text>', 'What the new owner should know.')
    .action(act(async (session, customers: string[], flags: { to: string; allOf?: string; note?: string }) => (await import('./handovers.js')).handOver(session, customers, flags)));
  handover.command('list').description('What was handed over and is not acknowledged yet.').option('--to <colleague>', 'Only to this colleague.').option('--left', 'Instead: customers whose owner left, or may not sign in.')
    .action(act(async (session, flags: { to?: string; left?: boolean }) => (await import('./handovers.js')).listHandovers(session, flags)));
  handover.command('acknowledge').description('Say that you took customers over: those named, or all that wait for you.').argument('[customers...]', 'Ids or words of the names.')
    .action(act(async (session, customers: string[]) => (await import('./handovers.js')).acknowledge(session, customers)));
}
