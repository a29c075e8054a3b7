/** The verbs about the data as a whole: taking it out, bringing it in, copying it, and asking whether all is well. */
import type { Command } from 'commander';
import type { BackupFlags, RestoreFlags } from './backup.js';
import type { ExportTo } from './export.js';
import type { Answer } from './failure.js';
import type { LoadFlags } from './load.js';
import type { Session } from './session.js';

type Act = (verb: (session: Session, ...args: never[]) => Promise<Answer | undefined>) => (...args: unknown[]) => Promise<void>;

const OUT = ['--out <file>', 'Where to write it; a file that is there already is left alone.'] as const;

export function addDataVerbs(five: Command, act: Act, version: string): void {
  const out = five.command('export').description('Take everything out: the log, tables for a spreadsheet, an event log for process mining, one customer to read.');
  out.command('log').description('The whole log as NDJSON, as it is stored: personal fields stay sealed. load brings it back.').requiredOption(...OUT)
    .action(act(async (session, flags: ExportTo) => (await import('./export.js')).exportAll(session, 'log', flags)));
  out.command('interactions').description('Every entry at every customer, as CSV.').requiredOption(...OUT)
    .option('--from <date>', 'Happened at or after; a date means its start.').option('--to <date>', 'Happened before; a date means its start.')
    .action(act(async (session, { from, to, ...flags }: ExportTo & { from?: string; to?: string }) => (await import('./export.js')).exportAll(session, 'interactions', flags, { from, to })));
  out.command('journeys').description('Every stretch of time in which a ring was lit at a customer, as CSV.').requiredOption(...OUT)
    .action(act(async (session, flags: ExportTo) => (await import('./export.js')).exportAll(session, 'journeys', flags)));
  out.command('xes').description('An event log in XES (IEEE 1849) for tools of process mining: a trace for each customer, without names and texts.').requiredOption(...OUT)
    .option('--rings', 'Also an event for each ring that was lit or went out.')
    .action(act(async (session, { rings, ...flags }: ExportTo & { rings?: boolean }) => (await import('./export.js')).exportAll(session, 'xes', flags, { rings: rings === true ? 'true' : undefined })));
  out.command('customer').description('One customer as a page to read and print: rings, people, timeline. HTML in one file.').argument('<customer...>', 'Id, or words of the name.').requiredOption(...OUT)
    .action(act(async (session, words: string[], flags: ExportTo) => (await import('./export.js')).exportCustomer(session, words.join(' '), flags)));

  five.command('load').description('Bring an exported log (export log) into an empty data folder or store: the same events under the same head. Stop the server first.').argument('<file>', 'The exported log.')
    .option('--keys <path>', 'keys.db that belongs to it, or the folder it stands in; without it, no name and no text can be read.')
    .option('--erased <file>', 'The newest erased.ndjson: what was erased since is erased again.')
    .action(act(async (session, file: string, flags: LoadFlags) => (await import('./load.js')).load(session, file, flags)));

  five.command('backup').description('Copy log, audit, heads and the list of the erased into a new folder, and the keys apart from them. A server may run meanwhile.').argument('<folder>', 'Where to; it must not be there yet.')
    .option('--keys <folder>', 'Where the keys go, which must not be kept beside the log; default: keys/ in the backup, to be moved away.')
    .option('--without-keys', 'Leave the keys out: whoever loses keys.db can read no name and no text any more.')
    .action(act(async (session, to: string, flags: BackupFlags) => (await import('./backup.js')).backup(session, to, flags, version)));

  five.command('restore').description('Put a backup into an empty place, do again what was erased since, and check all of it.').argument('<backup>', 'The folder that backup made.')
    .requiredOption('--into <folder>', 'The data folder to be: not there yet, or empty.')
    .option('--keys <path>', 'keys.db, or the folder it stands in, where it is kept apart.')
    .option('--erased <file>', 'The newest erased.ndjson; default: that of the backup.')
    .action(act(async (session, from: string, flags: RestoreFlags) => (await import('./backup.js')).restoreBackup(session, from, flags)));

  five.command('doctor').description('Is all well, and if not, what to do: files, keys, disk, backups, settings, server, parked streams, proof and views. Exit code 1 when something failed.')
    .option('--quick', 'Without reading the whole log.')
    .action(act(async (session, flags: { quick?: boolean }) => (await import('./doctor.js')).doctor(session, flags, version)));
  five.command('rebuild').description('Make the views anew from the log, while a server goes on. Changes nothing in the log.')
    .action(act(async (session) => (await import('./rebuild.js')).rebuild(session)));
}
