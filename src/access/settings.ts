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
}

export type SettingName = keyof Settings;
export type SettingValue = boolean | number | null;

interface Described {
  readonly says: string;
  readonly default: SettingValue;
  /** Of numbers. */
  readonly least?: number;
  readonly most?: number;
  /** What the number counts. */
  readonly unit?: 'days' | 'months';
}

/** Every setting there is. To add one: a line here and in `Settings`. A default of null says that it can be off. */
export const SETTINGS: Readonly<Record<SettingName, Described>> = {
  colleagueFigures: { says: 'Figures may be asked about a named colleague, and about departments of fewer than 5.', default: false },
  auditDays: { says: 'The audit is kept for so long.', default: 400, least: 30, most: 3650, unit: 'days' },
  keyBackupDays: { says: 'Copies of the keys are kept for so long; what was erased can be brought back from them until then.', default: 7, least: 1, most: 90, unit: 'days' },
  erasePeopleAfterMonths: { says: 'People without any entry for so long are erased. Off: nobody is erased unasked.', default: null, least: 1, most: 600, unit: 'months' },
  requestDueDays: { says: 'A person’s request is due to be answered within so long.', default: 30, least: 1, most: 90, unit: 'days' },
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
