/** The verbs about rules. */
import { Option, type Command } from 'commander';
import { wrongUsage, type Answer } from './failure.js';
import type { Session } from './session.js';

type Act = (verb: (session: Session, ...args: never[]) => Promise<Answer | undefined>) => (...args: unknown[]) => Promise<void>;

function months(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 120) throw wrongUsage(`--months ${text} is no whole number from 1 to 120.`);
  return value;
}

export function addRuleVerbs(five: Command, act: Act): void {
  const rules = five.command('rules').description('The rules that light and darken rings: see them, try others, publish them.');
  rules.command('show').description('The rules in force, in sentences.').action(act(async (session) => (await import('./rules.js')).showRules(session)));
  rules.command('history').description('Every version: since when, by whom, why, and what it changed.').action(act(async (session) => (await import('./rules.js')).rulesHistory(session)));
  rules.command('check').description('What is wrong with a draft, or what it says. Needs no server.').argument('<file>', 'Rules as JSON.').action(act(async (_session, file: string) => (await import('./rules.js')).checkDraft(file)));
  rules.command('rehearse').description('Who would stand otherwise by a draft, and how each figure would shift. Records nothing.').argument('<file>', 'Rules as JSON.').action(act(async (session, file: string) => (await import('./rules.js')).rehearseDraft(session, file)));
  rules.command('publish').description('Publish a draft, for the whole history; ends when it is in force.').argument('<file>', 'Rules as JSON.')
    .requiredOption('--reason <text>', 'Why. No names of people: it stays readable for ever.')
    .action(act(async (session, file: string, { reason }: { reason: string }) => (await import('./rules.js')).publishDraft(session, file, reason)));
  rules.command('back-test').description('How well “at risk” foresaw losses, with only what was known then.')
    .addOption(new Option('--months <number>', 'How many past months.').argParser(months).default(24)).option('--rules <version>', 'A version of the rules, or a preset. Default: those in force.')
    .action(act(async (session, flags: { months: number; rules?: string }) => (await import('./rules.js')).backTestRules(session, flags)));
  rules.command('presets').description('Ready-made rules; or one of them, to begin a draft with.').argument('[name]').action(act(async (_session, name: string | undefined) => (await import('./rules.js')).showPresets(name)));
}
