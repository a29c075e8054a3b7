/** The verbs about figures, with their flags. */
import { Option, type Command } from 'commander';
import { DEPARTMENTS } from '../customers/catalogue.js';
import { PERIODS, SPLITS } from '../figures/ask.js';
import { wrongUsage, type Answer } from './failure.js';
import type { FigureFlags } from './figures.js';
import type { ReportFlags } from './report.js';
import type { Session } from './session.js';

type Act = (verb: (session: Session, ...args: never[]) => Promise<Answer | undefined>) => (...args: unknown[]) => Promise<void>;

const whole = (flag: string) => (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw wrongUsage(`${flag} ${text} is no whole number from 1.`);
  return value;
};

const clocks = (command: Command): Command =>
  command
    .option('--as-of <date>', 'What was true then; a date means the end of that day. Default: now.')
    .option('--as-known <date-or-position>', 'What we had recorded by then. Default: all that is known now.');

export function addFigureVerbs(five: Command, act: Act): void {
  clocks(five.command('figures').description('Figures: all there are; or one, with the period before, its course or its evidence.'))
    .argument('[name]', 'Which; without it, all are listed by topic.')
    .option('--all', 'The value of every figure that has something to show.')
    .addOption(new Option('--series <period>', 'Its value at the end of each period.').choices(PERIODS))
    .option('--from <date>', 'With --series: the first day. Default: a year before.')
    .option('--evidence', 'The customers above and below the line, and the entries that put them there.')
    .addOption(new Option('--side <side>', 'With --evidence: one side of the line.').choices(['above', 'below']))
    .option('--group <group>', 'With --evidence: one currency, cause or kind.')
    .addOption(new Option('--limit <number>', 'With --evidence: how many at most. Default: 500.').argParser(whole('--limit')))
    .option('--keep <label>', 'Keep it as it is; five-ring kept says later what has changed, and why.')
    .addOption(new Option('--window <days>', 'Days of the window. Default: the figure’s own.').argParser(whole('--window')))
    .addOption(new Option('--split <by>', 'A value for each part of the customers.').choices(SPLITS))
    .option('--segment <segment>', 'Only customers of this segment.')
    .option('--origin <origin>', 'Only customers of this origin.')
    .option('--owner <colleague>', 'Only customers of this owner; another than --as only while the setting colleagueFigures is on.')
    .addOption(new Option('--department <department>', 'Only customers whose owner works there.').choices(DEPARTMENTS))
    .option('--offering <offering>', 'Only what names this offering or none.')
    .option('--csv', 'As CSV, for a spreadsheet.')
    .action(act(async (session, name: string | undefined, flags: FigureFlags) => (await import('./figures.js')).figures(session, name, flags)));

  five.command('kept').description('Kept figures; or one of them: unchanged, or what changed it.').argument('[id]')
    .addOption(new Option('--limit <number>', 'How many at most.').argParser(whole('--limit')))
    .option('--csv', 'As CSV, for a spreadsheet.')
    .action(act(async (session, id: string | undefined, flags: { csv?: boolean; limit?: number }) => (await import('./figures.js')).kept(session, id, flags)));

  clocks(five.command('report').description('The main figures on one page of HTML that needs nothing else.'))
    .requiredOption('--out <file>', 'Where it is written; a file that is there is replaced, whole or not at all.')
    .option('--locale <tag>', 'How numbers and dates are written, such as de-DE. Default: LC_ALL, LC_NUMERIC or LANG of the environment.')
    .action(act(async (session, flags: ReportFlags) => (await import('./report.js')).report(session, flags)));
}
