/** The verbs about people's data. */
import { Argument, Option, type Command } from 'commander';
import { OUTCOMES, REQUEST_KINDS } from '../privacy/person-request.js';
import { wrongUsage, type Answer } from './failure.js';
import type { CloseFlags, ExportFlags, ListFlags, ReceiveFlags } from './privacy.js';
import type { Session } from './session.js';

type Act = (verb: (session: Session, ...args: never[]) => Promise<Answer | undefined>) => (...args: unknown[]) => Promise<void>;

export function addPrivacyVerbs(five: Command, act: Act): void {
  const person = five.command('person').description('People at customers: what is held about them.');
  person.command('export').description('All that is held about one person, into a file that only you may read.')
    .argument('<customer>', 'Id, or words of the name.').argument('<person>', 'Id, or words of the name.')
    .requiredOption('--out <file>', 'Where to write it.')
    .addOption(new Option('--format <format>', 'json: everything; csv: a row for every version of every entry.').choices(['json', 'csv']).default('json'))
    .action(act(async (session, customer: string, who: string, flags: ExportFlags) => (await import('./privacy.js')).exportPerson(session, customer, who, flags)));
  person.command('consents').description('What a person agreed to, and whether they object to being contacted.')
    .argument('<customer>', 'Id, or words of the name.').argument('<person>', 'Id, or words of the name.')
    .action(act(async (session, customer: string, who: string) => (await import('./privacy.js')).showConsents(session, customer, who)));
  person.command('silent').description('Whom the next sweep would erase: people of whom nothing was heard for as long as the setting erasePeopleAfterMonths says.')
    .action(act(async (session) => (await import('./privacy.js')).listSilent(session)));

  const request = five.command('request').description('What people ask about their data, and by when it is to be answered.');
  request.command('list').description('The register, overdue ones first.').option('--open', 'Only open ones.')
    .addOption(new Option('--limit <number>', 'How many at most.').argParser(whole).default(50))
    .action(act(async (session, flags: ListFlags) => (await import('./privacy.js')).listRequests(session, flags)));
  request.command('add').description('Record that somebody asked.').addArgument(new Argument('<kind>', 'What they ask.').choices(REQUEST_KINDS))
    .option('--customer <customer>', 'The customer they belong to: id, or words of the name.').option('--person <person>', 'The person there: id, or words of the name.')
    .option('--who <text>', 'Who asks, where they are not known here.').option('--words <text>', 'What they ask, in their words.').option('--received <date>', 'When it came. Default: now.')
    .action(act(async (session, kind: string, flags: ReceiveFlags) => (await import('./privacy.js')).addRequest(session, kind, flags)));
  request.command('note').description('Write down what was done on the way.').argument('<id>', 'The request; request list shows it.').argument('<text>', 'What was done or said.')
    .action(act(async (session, id: string, note: string) => (await import('./privacy.js')).changeRequest(session, id, { note })));
  request.command('extend').description('Give a request more time, once.').argument('<id>', 'The request.')
    .requiredOption('--to <date>', 'Answered by then; at most 62 days later.').requiredOption('--reason <text>', 'Why.')
    .action(act(async (session, id: string, { to, reason }: { to: string; reason: string }) => (await import('./privacy.js')).changeRequest(session, id, { extendTo: to, reason })));
  request.command('close').description('Close a request.').argument('<id>', 'The request.')
    .addOption(new Option('--outcome <outcome>', 'What came of it.').choices(OUTCOMES).makeOptionMandatory()).requiredOption('--done <text>', 'What was done, or why not.')
    .action(act(async (session, id: string, flags: CloseFlags) => (await import('./privacy.js')).changeRequest(session, id, flags)));
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw wrongUsage(`--limit ${text} is no whole number from 1.`);
  return value;
}
