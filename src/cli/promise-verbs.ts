/** The verbs about promises. */
import { Option, type Command } from 'commander';
import { DEPARTMENTS } from '../customers/catalogue.js';
import type { Answer } from './failure.js';
import type { PromiseFlags, PromisesFlags, StepFlags } from './promises.js';
import type { Session } from './session.js';

type Act = (verb: (session: Session, ...args: never[]) => Promise<Answer | undefined>) => (...args: unknown[]) => Promise<void>;

const STEPS = { produced: 'Say that what was promised is ready.', delivered: 'Say that it got to the customer; late, it is a repair.', confirmed: 'Say that the customer confirmed it.' } as const;

export function addPromiseVerbs(five: Command, act: Act): void {
  const promise = five.command('promise').description('Promises: what we said we would do, and what became of it.');
  promise.command('make').description('Make a promise to a customer.').argument('<customer>', 'Id or words of the name.').argument('<what>', 'What is promised.')
    .requiredOption('--due <date>', 'By when; a date means the end of that day.').option('--owner <colleague>', 'Who sees to it. Default: who runs this.').addOption(new Option('--department <name>', 'Who owes it. Default: the department of the owner.').choices(DEPARTMENTS))
    .option('--people <names>', 'To whom, separated by commas: ids or words of names.').option('--offering <key>', 'Offering it is about.').option('--in <entry>', 'Id of the entry in which it was given.').option('--at <instant>', 'When it was made. Default: now.')
    .action(act(async (session, customer: string, what: string, flags: PromiseFlags) => (await import('./promises.js')).makePromise(session, customer, what, flags)));
  for (const [step, says] of Object.entries(STEPS)) {
    promise.command(step).description(says).argument('<customer>', 'Id or words of the name.').argument('<promise>', 'Id of the promise: five-ring promise list.')
      .option('--at <instant>', 'When. Default: now.').option('--summary <text>', 'More about it.')
      .action(act(async (session, customer: string, id: string, flags: StepFlags) => (await import('./promises.js')).promiseStep(session, step, customer, id, flags)));
  }
  promise.command('withdraw').description('Take back a promise that was noted by mistake.').argument('<customer>', 'Id or words of the name.').argument('<promise>', 'Id of the promise.').option('--reason <text>', 'Why.')
    .action(act(async (session, customer: string, id: string, flags: { reason?: string }) => (await import('./promises.js')).withdrawPromise(session, customer, id, flags)));
  promise.command('list').description('Promises that are not delivered, the earliest due first; of one customer all.').argument('[customer]', 'Id or words of the name.')
    .option('--owner <colleague>', 'Who sees to it.').addOption(new Option('--department <name>', 'Who owes it.').choices(DEPARTMENTS)).option('--state <names>', 'open, missed, kept, repaired; separated by commas.').option('--due-before <date>', 'Due before the start of that day.')
    .action(act(async (session, customer: string | undefined, flags: PromisesFlags) => (await import('./promises.js')).listPromises(session, customer, flags)));
}
