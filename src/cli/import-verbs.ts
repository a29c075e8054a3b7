/** The verbs about imports. */
import type { Command } from 'commander';
import type { Answer } from './failure.js';
import type { ImportFlags } from './import.js';
import type { Session } from './session.js';

type Act = (verb: (session: Session, ...args: never[]) => Promise<Answer | undefined>) => (...args: unknown[]) => Promise<void>;

export function addImportVerbs(five: Command, act: Act): void {
  const verb = five.command('import').description('Import a CSV file, or JSON of a known product; without a mapping or a layout, say what it is and suggest one. Running the same file again adds nothing, and goes on where it broke off.').argument('<file>', 'CSV with a header row; encoding, separator and dates are recognised.')
    .option('--mapping <file>', 'JSON that says which columns make customers and entries.')
    .option('--layout <name>', 'Instead of a mapping: the ready one of a product, see five-ring import layouts; auto takes the one whose columns the file has.')
    .option('--dry-run', 'Only say what would happen.')
    .option('--bad-rows <file>', 'Write the rows that are refused to this file, with line, code and reason.')
    .option('--save-mapping <file>', 'Without a mapping: write the suggested one to this file.')
    .action(act(async (session, file: string, flags: ImportFlags) => (await import('./import.js')).importFile(session, file, flags)));
  verb.command('undo').description('Take back what an import recorded, unless something builds on it: then it says what. Undoing again is harmless, and finishes what broke off.').argument('<run>', 'Its id, or the beginning of it; five-ring imports lists them.')
    .action(act(async (session, run: string) => (await import('./import.js')).undoImport(session, run)));
  verb.command('layouts').description('The ready mappings: files of other products that are imported by their name alone; or the mapping of one.').argument('[name]', 'One of them.')
    .action(act(async (_session, name: string | undefined) => (await import('./layouts.js')).listLayouts(name)));
  five.command('imports').description('The imports, the newest first: what each recorded, and whether it was undone.').action(act(async (session) => (await import('./import.js')).listImports(session)));
}
