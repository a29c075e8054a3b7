/** The flags of an entry, made from the catalogue. */
import { Command, Option } from 'commander';
import { commonFields, fieldsOf, HINT, kinds, type Field } from '../customers/catalogue.js';
import { checkEntry, type CheckContext } from '../customers/entry.js';
import { flagOf, wrongUsage } from './failure.js';
import { plain } from './screen.js';

const LISTS: readonly Field['type'][] = ['tags', 'choices', 'persons'];

const PLACEHOLDERS: Readonly<Partial<Record<Field['type'], string>>> = {
  tag: 'key', tags: 'key,…', choice: 'one', choices: 'one,…', integer: 'number', instant: 'date', money: 'minor-units', currency: 'code',
  entry: 'id', person: 'id-or-name', persons: 'id-or-name,…', colleague: 'id', customer: 'id',
};

/** `--source-id <text>`; a flag of yes or no has no value. */
export const flagWithValue = (name: string, { type }: Field): string => (type === 'flag' ? flagOf(name) : `${flagOf(name)} <${PLACEHOLDERS[type] ?? type}>`);

export const exampleOf = ({ example }: Field): string => (Array.isArray(example) ? example.join(',') : String(example));

/** Texts stay texts; a number that is none stays one too, for the check to refuse. */
function valueOf(text: string, { type }: Field): unknown {
  if (type === 'integer' || type === 'money' || type === 'number') return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  return text;
}

export function optionsOf(kind: string): Option[] {
  const own = kinds[kind]!.fields;
  return Object.entries({ ...own, ...fieldsOf(kind) }).flatMap(([name, field]) => {
    const says = [field.required === true ? 'Required.' : '', field.says, field.choices === undefined ? '' : `One of ${field.choices.join(', ')}.`].filter((part) => part !== '');
    if (LISTS.includes(field.type)) says.push('Commas between several.');
    const group = Object.hasOwn(own, name) ? `Fields of ${kind}:` : 'Fields of every entry:';
    if (field.type === 'flag') return [new Option(flagOf(name), `${says.join(' ')} ${flagOf(name).replace('--', '--no-')} says no.`).helpGroup(group), new Option(flagOf(name).replace('--', '--no-')).hideHelp()];
    const option = new Option(flagWithValue(name, field), `${says.join(' ')} Example: ${exampleOf(field)}`).helpGroup(group);
    if (LISTS.includes(field.type)) option.argParser((text: string, before: string[] | undefined) => [...(before ?? []), ...text.split(',').map((item) => item.trim()).filter((item) => item !== '')]);
    else option.argParser((text: string) => valueOf(text, field));
    return [option];
  });
}

/** Flags that stand alone, whatever the kind. */
const ALONE = new Set(['--help', '-h', ...Object.values(kinds).flatMap((kind) => Object.entries(kind.fields).filter(([, { type }]) => type === 'flag').map(([name]) => flagOf(name)))]);
const WITH_VALUE = new Set([commonFields, ...Object.values(kinds).map(({ fields }) => fields)].flatMap((fields) => Object.entries(fields).filter(([, { type }]) => type !== 'flag').map(([name]) => flagOf(name))));

export interface Arguments {
  /** Words before the kind. */
  readonly customer: readonly string[];
  readonly kind: string | undefined;
  /** All that is left: the flags with their values. */
  readonly flags: readonly string[];
}

/** Tells the customer's words and the kind from the flags, which may stand before, between and behind them. */
export function argumentsIn(args: readonly string[]): Arguments {
  const words: { readonly word: string; readonly at: number }[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at]!;
    if (!arg.startsWith('-') || arg === '-') words.push({ word: arg, at });
    else if (!ALONE.has(arg) && WITH_VALUE.has(arg)) at += 1;
  }
  // A customer may be called like a kind: the first word is its, unless the kind is one that belongs to no customer.
  const isKind = ({ word }: { readonly word: string }, index: number): boolean => Object.hasOwn(kinds, word) && (index > 0 || kinds[word]!.group === 'ours' || words.length === 1);
  const found = words.findIndex(isKind);
  const customer = found < 0 ? words : words.slice(0, found);
  const taken = new Set([...customer, ...(found < 0 ? [] : [words[found]!])].map(({ at }) => at));
  return { customer: customer.map(({ word }) => word), kind: words[found]?.word, flags: args.filter((_, at) => !taken.has(at)) };
}

/** The entry that the flags say. @throws CommanderError for a flag the kind does not have. */
export function entryFrom(kind: string, flags: readonly string[], like: Command): Record<string, unknown> {
  const command = new Command(`five-ring log ${kinds[kind]!.group === 'ours' ? '' : 'CUSTOMER '}${kind}`).copyInheritedSettings(like);
  const { label, side, anyOf } = kinds[kind]!;
  const acts = side === 'either' ? 'either side; say which with --side' : side === 'us' ? 'we act' : 'the customer acts';
  command.usage('[flags]').description(`${label} (${acts}).${anyOf === undefined ? '' : ` At least one of ${anyOf.map(flagOf).join(', ')}.`} A date alone is the start of that day in the organisation’s time zone.`);
  for (const option of optionsOf(kind)) command.addOption(option);
  command.helpOption('-h, --help', 'These fields.').addHelpText('after', `\nFree text: ${HINT}`);
  command.parse([...flags], { from: 'user' });
  return { kind, ...command.opts() };
}

/** Refuses an entry whose form is wrong, naming the flags, before anything is asked of a server. */
export function checkForm(entry: Readonly<Record<string, unknown>>, context: CheckContext): void {
  const specs = fieldsOf(String(entry['kind']));
  // Names of people become ids later.
  const form = Object.fromEntries(Object.entries(entry).map(([name, value]) => {
    const type = specs[name]?.type;
    return [name, type === 'person' ? 'somebody' : type === 'persons' ? (value as string[]).map(() => 'somebody') : value];
  }));
  const { problems = [] } = checkEntry(form, context);
  // Whether something lies in the future is for the server's clock to say.
  const wrong = problems.filter(({ code }) => code !== 'in-the-future');
  if (wrong.length === 0) return;
  const first = wrong[0]!;
  throw wrongUsage(plain(`${flagOf(first.field)} ${first.message}`), wrong.map(({ field, code, message }) => ({ field, code, detail: message })));
}
