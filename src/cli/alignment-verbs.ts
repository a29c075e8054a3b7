/** The verbs about alignment, checks, what helped, and contracts ahead. */
import { Option, type Command } from 'commander';
import { DEPARTMENTS } from '../customers/catalogue.js';
import type { CheckFlags, ContractFlags, HelpedFlags } from './alignment.js';
import { wrongUsage, type Answer } from './failure.js';
import type { Session } from './session.js';

type Act = (verb: (session: Session, ...args: never[]) => Promise<Answer | undefined>) => (...args: unknown[]) => Promise<void>;

const whole = (flag: string) => (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw wrongUsage(`${flag} ${text} is no whole number from 1.`);
  return value;
};

const narrowed = (command: Command): Command =>
  command
    .option('--as-of <date>', 'What was true then; a date means the end of that day. Default: now.')
    .option('--as-known <date-or-position>', 'What we had recorded by then. Default: all that is known now.')
    .addOption(new Option('--window <days>', 'Days looked back. Default: its own.').argParser(whole('--window')))
    .option('--segment <segment>', 'Only customers of this segment.')
    .option('--owner <colleague>', 'Only customers of this owner; another than --as only while the setting colleagueFigures is on.')
    .addOption(new Option('--department <department>', 'Only customers whose owner works there.').choices(DEPARTMENTS));

const found = (command: Command): Command =>
  command
    .addOption(new Option('--found <what>', 'With a name: only what is off, fits or is unknown.').choices(['off', 'fits', 'unknown']))
    .addOption(new Option('--limit <number>', 'With a name: how many at most.').argParser(whole('--limit')).default(50))
    .option('--csv', 'As CSV, for a spreadsheet.');

export function addAlignmentVerbs(five: Command, act: Act): void {
  found(narrowed(five.command('alignment').description('The six misalignments: each fires, is clean, or cannot tell and why; or what one of them found, with the entries.')))
    .argument('[detector]', 'Which; without it, all six.')
    .option('--check <name>', 'With a detector: only this check of it.')
    .action(act(async (session, name: string | undefined, flags: CheckFlags) => (await import('./alignment.js')).alignment(session, name, flags)));

  found(narrowed(five.command('checks').description('How relationships are led: each check fires, is clean, or cannot tell; or what one of them found; or all at one customer.')))
    .argument('[check]', 'Which; without it, all.')
    .option('--customer <words>', 'All checks and detectors at this customer: id, or words of the name.')
    .action(act(async (session, name: string | undefined, flags: CheckFlags) => (await import('./alignment.js')).checks(session, name, flags)));

  narrowed(five.command('helped').description('After which of our moves customers decided for us: what to do more of, what to stop; or decision by decision what came before.'))
    .option('--decisions', 'Decision by decision, the newest first.')
    .addOption(new Option('--limit <number>', 'With --decisions: how many at most.').argParser(whole('--limit')).default(50))
    .option('--csv', 'As CSV, for a spreadsheet.')
    .action(act(async (session, flags: HelpedFlags) => (await import('./alignment.js')).helped(session, flags)));

  five.command('contracts').description('Contracts ahead: when they end, by when notice must be given, what is to be decided, and whether they would choose us again.')
    .option('--owner <colleague>', 'Of this owner.')
    .addOption(new Option('--days <number>', 'How far ahead.').argParser(whole('--days')).default(180))
    .option('--csv', 'As CSV, for a spreadsheet.')
    .option('--ics', 'Your calendar instead (--as), as a calendar program reads it.')
    .action(act(async (session, flags: ContractFlags) => (await import('./alignment.js')).contracts(session, flags)));

  const campaign = five.command('campaign').description('Campaigns: what our messages say, and to whom.');
  campaign.command('list').description('Campaigns launched, the newest first. Launch one: five-ring log campaign-launched --campaign KEY …').action(act(async (session) => (await import('./alignment.js')).campaigns(session)));
  campaign.command('tags').description('Keys in use: claims, needs, offerings, calls to action, each with how often.').action(act(async (session) => (await import('./alignment.js')).tags(session)));
  campaign.command('enablements').description('Who of us was trained for what. Record one: five-ring log enablement-completed --colleague ID --offering KEY').action(act(async (session) => (await import('./alignment.js')).enablements(session)));
}
