/** The organisation's settings that an administrator changes while it runs, one stream for all: what each was, since when, by whom and why. */
import type { Aggregate, Decided } from '../kernel/aggregate.js';
import { invalid, type FieldProblem } from '../kernel/refusal.js';

export interface Settings {
  /** Whether figures may be asked about a named colleague. */
  readonly colleagueFigures: boolean;
  /** Days for which the audit is kept. */
  readonly auditDays: number;
  /** Days for which copies of the keys are kept: how long an erased person can still be brought back from them. */
  readonly keyBackupDays: number;
  /** People without any entry for so many months are erased; null: nobody is. */
  readonly erasePeopleAfterMonths: number | null;
  /** Days within which the request of a person is to be answered. */
  readonly requestDueDays: number;
  /** How often one person may be asked to stand up for us, in any stretch of so many days. */
  readonly asksPerPerson: number;
  readonly askDays: number;
  /** What the alignment detectors ask: see `SETTINGS`. */
  readonly alignmentDays: number;
  readonly alignmentNeedPercent: number;
  readonly alignmentNeedLeast: number;
  readonly alignmentRideAlongDays: number;
  readonly alignmentUntrainedPercent: number;
  readonly alignmentDeciderPercent: number;
  readonly alignmentDeciderDays: number;
  readonly alignmentRolePoints: number;
  readonly alignmentStatementDays: number;
  readonly alignmentStatementPercent: number;
  readonly alignmentAnswerDays: number;
  readonly alignmentUnansweredPercent: number;
  readonly alignmentFollowUpDays: number;
  readonly alignmentChannelPercent: number;
  readonly alignmentIgnoredPercent: number;
}

export type SettingName = keyof Settings;
export type SettingValue = boolean | number | null;

/** What the number of a setting counts. */
export const SETTING_UNITS = ['days', 'months', 'percent', 'points', 'records', 'times'] as const;

interface Described {
  readonly says: string;
  readonly default: SettingValue;
  /** Of numbers. */
  readonly least?: number;
  readonly most?: number;
  /** What the number counts. */
  readonly unit?: (typeof SETTING_UNITS)[number];
}

/** Every setting there is. To add one: a line here and in `Settings`. A default of null says that it can be off. */
export const SETTINGS: Readonly<Record<SettingName, Described>> = {
  colleagueFigures: { says: 'Figures may be asked about a named colleague, and about departments of fewer than 5.', default: false },
  auditDays: { says: 'The audit is kept for so long.', default: 400, least: 30, most: 3650, unit: 'days' },
  keyBackupDays: { says: 'Copies of the keys are kept for so long; what was erased can be brought back from them until then.', default: 7, least: 1, most: 90, unit: 'days' },
  erasePeopleAfterMonths: { says: 'People without any entry for so long are erased. Off: nobody is erased unasked.', default: null, least: 1, most: 600, unit: 'months' },
  asksPerPerson: { says: 'One person is asked to stand up for us at most so often within the days below. 0: nobody is asked.', default: 2, least: 0, most: 50, unit: 'times' },
  askDays: { says: 'The days within which the asks of one person are counted.', default: 90, least: 1, most: 3650, unit: 'days' },
  requestDueDays: { says: 'A person’s request is due to be answered within so long.', default: 30, least: 1, most: 90, unit: 'days' },
  alignmentDays: { says: 'Alignment looks back so far where nothing else is said.', default: 180, least: 1, most: 3650, unit: 'days' },
  alignmentNeedPercent: { says: 'Message and need: fires from so many percent of customers on whose answer and first three needs share no tag with the message.', default: 50, least: 1, most: 100, unit: 'percent' },
  alignmentNeedLeast: { says: 'Message and need: says nothing of fewer answers than these.', default: 10, least: 1, most: 10000, unit: 'records' },
  alignmentRideAlongDays: { says: 'Message and need: a segment without a ride-along for so long fires.', default: 90, least: 1, most: 3650, unit: 'days' },
  alignmentUntrainedPercent: { says: 'Untrained team: fires above so many percent of responses handled without an enablement before.', default: 0, least: 0, most: 99, unit: 'percent' },
  alignmentDeciderPercent: { says: 'Message and decider: fires when fewer than so many percent of the deciders got or answered a message.', default: 50, least: 1, most: 100, unit: 'percent' },
  alignmentDeciderDays: { says: 'Message and decider: messages count for so long before a decision.', default: 90, least: 1, most: 3650, unit: 'days' },
  alignmentRolePoints: { says: 'Message and decider: fires when a role is so many points more or less frequent among recipients than among deciders.', default: 20, least: 1, most: 100, unit: 'points' },
  alignmentStatementDays: { says: 'Message and follow-up: two statements about the same are compared so long.', default: 30, least: 1, most: 3650, unit: 'days' },
  alignmentStatementPercent: { says: 'Message and follow-up: fires above so many percent of statements that say something else than the one before.', default: 0, least: 0, most: 99, unit: 'percent' },
  alignmentAnswerDays: { says: 'Message and follow-up: a question is unanswered after so long.', default: 14, least: 1, most: 365, unit: 'days' },
  alignmentUnansweredPercent: { says: 'Message and follow-up: fires above so many percent of questions unanswered.', default: 0, least: 0, most: 99, unit: 'percent' },
  alignmentFollowUpDays: { says: 'What we do within so long after an answer is its follow-up.', default: 30, least: 1, most: 365, unit: 'days' },
  alignmentChannelPercent: { says: 'Follow-up channel: fires above so many percent of follow-ups by another channel than the answer.', default: 0, least: 0, most: 99, unit: 'percent' },
  alignmentIgnoredPercent: { says: 'Repeat customers ignored: fires above so many percent of customers passed over.', default: 0, least: 0, most: 99, unit: 'percent' },
};

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];
export const DEFAULTS = Object.fromEntries(SETTING_NAMES.map((name) => [name, SETTINGS[name].default])) as unknown as Settings;

export interface SettingChanged {
  readonly name: string;
  readonly value: SettingValue;
  /** Why, in the words of who changed it; stays readable for ever. */
  readonly reason: string;
}

export type SettingsEvent = Decided<'SettingChanged', SettingChanged>;

export interface ChangeSettings {
  readonly type: 'ChangeSettings';
  /** Values by name, as they came. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly reason: string;
}

export const SETTINGS_STREAM = 'settings';
export const MAX_REASON = 500;

const isSetting = (name: string): name is SettingName => Object.hasOwn(SETTINGS, name);

/** What a setting may be, in words that follow its name. */
export function boundsOf(name: SettingName): string {
  const { default: standard, least, most, unit } = SETTINGS[name];
  if (typeof standard === 'boolean') return 'must be true or false';
  return `must be a whole number of ${unit} from ${least} to ${most}${standard === null ? ', or null for off' : ''}`;
}

function allowed(name: SettingName, value: unknown): value is SettingValue {
  const { default: standard, least = -Infinity, most = Infinity } = SETTINGS[name];
  if (typeof standard === 'boolean') return typeof value === 'boolean';
  if (value === null) return standard === null;
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function problemsOf(values: Readonly<Record<string, unknown>>, reason: string): FieldProblem[] {
  const names = Object.keys(values);
  return [
    ...(reason === '' || reason.length > MAX_REASON ? [{ field: 'reason', code: 'missing', message: `must say why, in at most ${MAX_REASON} characters` }] : []),
    ...(names.length === 0 ? [{ field: 'values', code: 'missing', message: 'must name a setting and its value' }] : []),
    ...names.flatMap((name): FieldProblem[] => {
      if (!isSetting(name)) return [{ field: `values.${name}`, code: 'unknown-setting', message: `is no setting; there are ${SETTING_NAMES.join(', ')}` }];
      return allowed(name, values[name]) ? [] : [{ field: `values.${name}`, code: 'out-of-bounds', message: boundsOf(name) }];
    }),
  ];
}

/** With one change more. What a newer version set and this one does not know is passed over, and so is a value that is no longer allowed. */
export const changed = (settings: Settings, { name, value }: Pick<SettingChanged, 'name' | 'value'>): Settings => (isSetting(name) && allowed(name, value) ? { ...settings, [name]: value } : settings);

export const settings: Aggregate<ChangeSettings, SettingsEvent, Settings> = {
  name: 'settings',
  initial: () => DEFAULTS,
  decide({ values, reason }, now) {
    const why = reason.trim();
    const problems = problemsOf(values, why);
    if (problems.length > 0) throw invalid(problems);
    return Object.entries(values).filter(([name, value]) => now[name as SettingName] !== value).map(([name, value]) => ({ type: 'SettingChanged', data: { name, value: value as SettingValue, reason: why } }));
  },
  evolve: (now, { data }) => changed(now, data),
  personal: () => [],
};
