/** The verbs of the command line, and how what they answer is said. */
import { Command, CommanderError, Option } from 'commander';
import { DEPARTMENTS } from '../customers/catalogue.js';
import { REASONS } from '../customers/snooze.js';
import { addAlignmentVerbs } from './alignment-verbs.js';
import { addAccessVerbs } from './access-verbs.js';
import { addAccountVerbs } from './account-verbs.js';
import type { AttentionFlags } from './attention.js';
import type { MigrateFlags } from './migrate.js';
import { EXIT, Failure, failed, sayFailure, wrongUsage, type Answer } from './failure.js';
import { addFigureVerbs } from './figure-verbs.js';
import { addEraseVerbs } from './erase-verbs.js';
import { addPrivacyVerbs } from './privacy-verbs.js';
import { addHandoverVerbs } from './handover-verbs.js';
import { addImportVerbs } from './import-verbs.js';
import { addDataVerbs } from './data-verbs.js';
import { addAskVerbs } from './ask-verbs.js';
import { addPromiseVerbs } from './promise-verbs.js';
import { addRuleVerbs } from './rule-verbs.js';
import { Session, type Env, type GlobalOptions } from './session.js';

const AFTER_HELP = `
Exit codes: ${EXIT.done} done, ${EXIT.failed} refused or failed, ${EXIT.usage} wrong usage, ${EXIT.badRows} import done but with bad rows.

Environment: FIVE_RING_DATA (data folder), FIVE_RING_AS (who acts), FIVE_RING_TIME_ZONE, FIVE_RING_PRESET, PORT, FIVE_RING_HOST, FIVE_RING_HOSTS, FIVE_RING_TRUSTED_PROXIES, LOG_LEVEL.
A server that runs on the data folder is asked; when none does, the verb opens the folder itself.

Examples:
  five-ring colleague add ada "Ada Berg" --department sales
  five-ring customer add "Morel & Fils" --owner ada --as ada
  five-ring log morel meeting --side customer --attended --summary "Saw the second line" --as ada
  five-ring customer show morel`;

type Verb = (session: Session, ...args: never[]) => Promise<Answer | undefined>;

/** Runs one command line. @returns the exit code; a server keeps the process alive beyond it. */
export async function run(argv: readonly string[], env: Env, version: string): Promise<number> {
  let exitCode: number = EXIT.done;
  const end = argv.indexOf('--');
  const json = argv.slice(0, end < 0 ? argv.length : end).includes('--json');
  const act = (verb: Verb) => async (...args: unknown[]): Promise<void> => {
    const command = args.at(-1) as Command;
    const session = new Session(command.optsWithGlobals<GlobalOptions>(), env);
    try {
      const answer = await verb(session, ...(args as never[]));
      if (answer !== undefined) exitCode = print(answer, json);
    } finally {
      await session.close();
    }
  };
  try {
    await program(act, version).parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    return fail(error instanceof CommanderError ? usageOf(error) : error, json);
  }
}

function print({ data, text, complaints, exitCode }: Answer, json: boolean): number {
  process.stdout.write(`${json ? JSON.stringify(data, null, process.stdout.isTTY ? 2 : 0) : text}\n`);
  if (!json && complaints !== undefined) process.stderr.write(`${complaints}\n`);
  return exitCode ?? EXIT.done;
}

function fail(error: unknown, json: boolean): number {
  const failure = error instanceof Failure ? error : failed('failed', sayFailure(error));
  if (json) process.stdout.write(`${JSON.stringify(failure.problem)}\n`);
  else process.stderr.write(`${sayFailure(failure)}\n`);
  return failure.exitCode;
}

/** Commander's finding as a problem. */
function usageOf({ code, message }: CommanderError): Failure {
  if (code === 'commander.help') return wrongUsage('Say what to do; --help lists it.');
  const says = message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  return wrongUsage(`${says.charAt(0).toUpperCase()}${says.slice(1)}${/[.?)]$/.test(says) ? '' : '.'} See --help.`);
}

const list = (text: string): string[] => text.split(',').map((item) => item.trim()).filter((item) => item !== '');

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw wrongUsage(`--limit ${text} is no whole number from 1.`);
  return value;
}

function program(act: (verb: Verb) => (...args: unknown[]) => Promise<void>, version: string): Command {
  const five = new Command('five-ring')
    .description('Five-Ring: every interaction with a customer, and the five decisions the customer takes.')
    .version(version, '--version', 'This version.')
    .helpOption('-h, --help', 'This help.')
    .helpCommand('help [verb]', 'Help about a verb.')
    .option('--as <colleague>', 'Who acts; needed to write. Or FIVE_RING_AS.')
    .option('--json', 'Exactly one JSON document on stdout, also for errors.')
    .option('--data <folder>', 'Data folder. Or FIVE_RING_DATA; default: data.')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showHelpAfterError(false)
    .addHelpText('after', AFTER_HELP);

  five.command('serve').description('Run the server, until it is stopped. PORT says where.').action(act(async (session) => {
    const { serve } = await import('../serve.js');
    await serve(await session.config());
    return undefined;
  }));

  five.command('demo').description('Try it: a server with invented customers, in a temporary folder.').action(act(async (session) => {
    await (await import('./demo.js')).demo(session);
    return undefined;
  }));

  addCustomerVerbs(five, act);

  const colleague = five.command('colleague').description('Colleagues: us, who meet the customers.');
  colleague.command('add').description('Add a colleague. Without --as it adds itself.')
    .argument('<id>', 'Short id, such as ada; it stays readable for ever.').argument('<name>', 'Full name.')
    .addOption(new Option('--department <department>', 'Where they work.').choices(DEPARTMENTS).makeOptionMandatory())
    .action(act(async (session, id: string, name: string, { department }: { department: string }) => (await import('./customers.js')).addColleague(session, id, name, department)));
  colleague.command('list').description('All colleagues.').action(act(async (session) => (await import('./customers.js')).listColleagues(session)));

  five.command('log').description('Log an entry at a customer: CUSTOMER (id or words of the name), KIND, and flags of that kind.')
    .usage('CUSTOMER KIND [flags]').allowUnknownOption().allowExcessArguments().helpOption(false).argument('[words...]')
    .addHelpText('after', '\nfive-ring log CUSTOMER KIND --help lists the flags of a kind; five-ring kinds lists the kinds.\nKinds tied to no customer: five-ring log KIND [flags].\n\nExample: five-ring log morel call --side customer --attended --summary "Asked about delivery" --as ada')
    .action(act(async (session, _words: string[], _options: object, command: Command) => (await import('./log.js')).logEntry(session, command.args, command)));

  five.command('attention').description('What needs attention, the gravest first: one line a customer with its first reason, and since when.')
    .option('--owner <colleague>', 'Of this owner.').option('--team <colleague>', 'Owned by this colleague, or with them in the team.')
    .addOption(new Option('--department <department>', 'Whose owner works there.').choices(DEPARTMENTS))
    .addOption(new Option('--reason <reason>', 'With this reason.').choices(REASONS))
    .option('--new', 'Only with a reason that began yesterday or today.').option('--snoozed', 'Also those that are snoozed.')
    .addOption(new Option('--limit <number>', 'How many at most.').argParser(wholeNumber).default(50))
    .action(act(async (session, flags: AttentionFlags) => (await import('./attention.js')).listAttention(session, flags)));

  five.command('kinds').description('The kinds of entries; of one group, or one kind with its fields.').argument('[group-or-kind]')
    .action(act(async (_session, wanted: string | undefined) => (await import('./log.js')).showKinds(wanted)));

  addFigureVerbs(five, act);
  addAlignmentVerbs(five, act);
  addHandoverVerbs(five, act);
  addPromiseVerbs(five, act);
  addAskVerbs(five, act);
  addRuleVerbs(five, act);
  addAccountVerbs(five, act);
  addPrivacyVerbs(five, act);
  addEraseVerbs(five, act);
  addAccessVerbs(five, act);
  addDataVerbs(five, act, version);

  addImportVerbs(five, act);

  five.command('migrate').description('Move the log to another store (--from, --to): copy it, read it back and compare; run again it goes on where it stopped. Or move keys, audit and the list of the erased into an empty PostgreSQL (--db), or back. Stop the server first.')
    .option('--from <url>', 'The log as it is: sqlite:PATH or kurrentdb://….').option('--to <url>', 'Where it goes: empty, or begun by an earlier run.')
    .option('--db [url]', 'The database into which keys and audit of the data folder go: postgres://…; default: FIVE_RING_DB.')
    .option('--back', 'With --db: out of the database, into the data folder.')
    .action(act(async (session, flags: MigrateFlags) => (await import('./migrate.js')).migrate(session, flags)));

  five.command('upgrade').description('With a new version, before its server starts: back up, check, bring the data to its form, and say the way back. Stop the server first.')
    .option('--to <folder>', 'Where the backup goes; default: backups/ in the data folder.')
    .action(act(async (session, flags: { to?: string }) => (await import('./upgrade.js')).upgrade(session, flags, version)));

  five.command('verify').description('Check everything: the store, every sealed field, the views against a fresh replay, and the proof of history.')
    .option('--head <kept>', 'Compare with what was kept elsewhere: a file of heads (heads.ndjson), EVENTS:HEAD, or a head alone.')
    .action(act(async (session, flags: { head?: string }) => (await import('./verify.js')).verify(session, flags)));
  five.command('proof').description('The head of the log: kept elsewhere, it shows later whether history was edited.')
    .action(act(async (session) => (await import('./proof.js')).proof(session)));
  return five;
}

function addCustomerVerbs(five: Command, act: (verb: Verb) => (...args: unknown[]) => Promise<void>): void {
  const customer = five.command('customer').description('Customers: whom we have a relationship with.');
  customer.command('add').description('Register a customer.').argument('<name>', 'Name of the organisation, household or person.')
    .option('--segment <segment>', 'Segment it belongs to, as you divide your market.')
    .option('--origin <origin>', 'Where it first heard of us.')
    .option('--owner <colleague>', 'Id of the colleague who owns the relationship.')
    .option('--team <colleagues>', 'Ids of the colleagues who work with it, with commas.', list)
    .option('--source <system>', 'System it comes from; with --source-id, the same pair again updates the same customer.')
    .option('--source-id <id>', 'Its id in that system.')
    .option('--referred-by <customer>', 'Who referred it: id or words of the name.')
    .action(act(async (session, name: string, flags: object) => (await import('./customers.js')).addCustomer(session, name, flags)));
  customer.command('show').description('How a customer stands: rings, people, last entries.').argument('<customer...>', 'Id, or words of the name.')
    .action(act(async (session, words: string[]) => (await import('./customers.js')).showCustomer(session, words.join(' '))));
  customer.command('snooze').description('Leave a customer out of the attention list until a date; what comes up meanwhile and is as grave brings it back.').argument('<customer...>', 'Id, or words of the name.')
    .requiredOption('--until <date>', 'Until when; a date alone is the start of that day. At most a year ahead.').requiredOption('--reason <text>', 'Why it can wait.')
    .addOption(new Option('--only <reason>', 'Only this sort of reason for attention; all that stand now without it.').choices(REASONS))
    .action(act(async (session, words: string[], body: { until: string; reason: string; only?: string }) => (await import('./attention.js')).snoozeCustomer(session, words.join(' '), body)));
  customer.command('wake').description('End a snooze before its time.').argument('<customer...>', 'Id, or words of the name.')
    .addOption(new Option('--only <reason>', 'Only the snooze for this sort of reason alone; all without it.').choices(REASONS))
    .action(act(async (session, words: string[], { only }: { only?: string }) => (await import('./attention.js')).wakeCustomer(session, words.join(' '), only)));
  customer.command('list').description('Customers with their rings, those that need attention first.')
    .option('--owner <colleague>', 'Of this owner.').option('--team <colleague>', 'Owned by this colleague, or with them in the team.')
    .option('--segment <segment>', 'Of this segment.').option('--text <words>', 'Words of the name, or their beginnings.')
    .addOption(new Option('--sort <order>', 'Order.').choices(['attention', 'name', 'last-contact', 'depth']).default('attention'))
    .addOption(new Option('--limit <number>', 'How many at most.').argParser(wholeNumber).default(50))
    .action(act(async (session, { owner, team, segment, text, sort, limit }: { owner?: string; team?: string; segment?: string; text?: string; sort: string; limit: number }) =>
      (await import('./customers.js')).listCustomers(session, { sort, limit, ...(owner !== undefined && { owner }), ...(team !== undefined && { team }), ...(segment !== undefined && { segment }), ...(text !== undefined && { text }) })));
}
