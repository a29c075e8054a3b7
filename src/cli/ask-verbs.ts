/** The verbs about advocacy: asks, advocates, referrals. */
import { Option, type Command } from 'commander';
import { ACTS, CHANNELS, ROLES } from '../customers/catalogue.js';
import type { AskFlags, WhomFlags } from './asks.js';
import type { Answer } from './failure.js';
import type { Session } from './session.js';

type Act = (verb: (session: Session, ...args: never[]) => Promise<Answer | undefined>) => (...args: unknown[]) => Promise<void>;

export function addAskVerbs(five: Command, act: Act): void {
  const ask = five.command('ask').description('Asking people to stand up for us, within the budget of each.');
  ask.command('make').description('Ask a person.').argument('<customer>', 'Id or words of the name.').argument('<person>', 'Id or words of the name.').argument('<act>', `What for: ${ACTS.join(', ')}.`).argument('<wording>', 'What they are asked.')
    .option('--due <date>', 'By when it would help.').addOption(new Option('--channel <name>', 'How they are asked.').choices(CHANNELS)).option('--offering <key>', 'Offering it is about.').option('--incentivised', 'Something is offered in return.').option('--at <instant>', 'When. Default: now.')
    .action(act(async (session, customer: string, person: string, kind: string, wording: string, flags: AskFlags) => (await import('./asks.js')).makeAsk(session, customer, person, kind, wording, flags)));
  for (const [said, says] of [['accepted', 'Say that they said yes.'], ['declined', 'Say that they said no.']] as const) {
    ask.command(said).description(says).argument('<customer>', 'Id or words of the name.').argument('<ask>', 'Id of the ask: five-ring ask list.').option('--reason <text>', 'Why, of a no.').option('--at <instant>', 'When. Default: now.')
      .action(act(async (session, customer: string, id: string, flags: { reason?: string; at?: string }) => (await import('./asks.js')).answerAsk(session, said, customer, id, flags)));
  }
  ask.command('withdraw').description('Take back an ask that was noted by mistake.').argument('<customer>', 'Id or words of the name.').argument('<ask>', 'Id of the ask.').option('--reason <text>', 'Why.')
    .action(act(async (session, customer: string, id: string, flags: { reason?: string }) => (await import('./asks.js')).withdrawAsk(session, customer, id, flags)));
  ask.command('list').description('Asks, the newest first.').option('--by <colleague>', 'Who asked.').option('--state <names>', 'waiting, accepted, declined, done; separated by commas.')
    .action(act(async (session, flags: { by?: string; state?: string }) => (await import('./asks.js')).listAsks(session, flags)));
  ask.command('whom').description('Whom to ask, the best fit first, and why.').addOption(new Option('--act <kind>', 'What is wanted.').choices(ACTS)).option('--offering <key>', 'Who knows this offering.').option('--segment <name>', 'Of this segment.').addOption(new Option('--role <name>', 'With this role.').choices(ROLES)).option('--owner <colleague>', 'At customers of this owner.').option('--all', 'Also those who may not be asked now.')
    .action(act(async (session, flags: WhomFlags) => (await import('./asks.js')).whomToAsk(session, flags)));
  five.command('advocates').description('Who was asked, and who stood up for us: load, last ask, acts, reach.').option('--owner <colleague>', 'At customers of this owner.')
    .action(act(async (session, flags: { owner?: string }) => (await import('./asks.js')).listAdvocates(session, flags)));
  five.command('referrals').description('Who brought whom, and what came of it.').argument('[customer]', 'Only the tree in which this customer stands: id or words of the name.')
    .action(act(async (session, customer: string | undefined) => (await import('./asks.js')).showReferrals(session, customer)));
}
