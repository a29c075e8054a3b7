/** `settings`: what they are, and changing one. */
import { SETTING_NAMES, SETTINGS, type SettingName, type SettingValue } from '../access/settings.js';
import { wrongUsage, type Answer } from './failure.js';
import { plain, table } from './screen.js';
import type { Session } from './session.js';

interface Change {
  readonly at: string;
  readonly by: { readonly id: string; readonly name: string | null };
  readonly reason: string;
}

interface Listed {
  readonly items: readonly { readonly name: string; readonly value: SettingValue; readonly unit: string | null; readonly says: string; readonly changed: Change | null }[];
  readonly history: readonly (Change & { readonly name: string; readonly value: SettingValue })[];
}

const said = (value: SettingValue, unit: string | null = null): string => (typeof value === 'boolean' ? (value ? 'on' : 'off') : value === null ? 'off' : unit === null ? String(value) : `${value} ${unit}`);

/** `on`, `off` or a number, as it is typed. @throws Failure that says what the setting may be. */
function valueOf(name: SettingName, text: string): SettingValue {
  const flag = typeof SETTINGS[name].default === 'boolean';
  if (text === 'off' && (flag || SETTINGS[name].default === null)) return flag ? false : null;
  if (flag && text === 'on') return true;
  if (!flag && /^\d{1,9}$/.test(text)) return Number(text);
  throw wrongUsage(`${name} is ${flag ? 'on or off' : `a whole number of ${SETTINGS[name].unit}${SETTINGS[name].default === null ? ', or off' : ''}`}, not ${JSON.stringify(text)}.`);
}

export async function listSettings(session: Session, { history = false }: { readonly history?: boolean }): Promise<Answer> {
  const [api, dates] = [await session.toRead(), await session.dates()];
  const data = await api.get<Listed>('/api/v1/settings');
  const who = ({ at, by, reason }: Change): string => `${dates.day(at)}, ${plain(by.name ?? by.id)}: ${plain(reason)}`;
  if (history) return { data, text: data.history.length === 0 ? 'Nothing was changed yet.' : table(['Setting', 'Became', 'When, by whom, why'], data.history.map((one) => [plain(one.name), plain(said(one.value)), who(one)])) };
  return { data, text: table(['Setting', 'Value', 'What it means', 'Changed'], data.items.map(({ name, value, unit, says, changed }) => [name, said(value, unit), says, changed === null ? 'as delivered' : who(changed)])) };
}

export async function setSetting(session: Session, name: string, text: string, reason: string): Promise<Answer> {
  if (!SETTING_NAMES.includes(name as SettingName)) throw wrongUsage(`${plain(name)} is no setting; there are ${SETTING_NAMES.join(', ')}.`);
  const value = valueOf(name as SettingName, text);
  const api = await session.toWrite();
  const data = await api.patch<{ position: string | null }>('/api/v1/settings', { values: { [name]: value }, reason });
  return { data, text: `${name} is ${said(value, SETTINGS[name as SettingName].unit ?? null)}.` };
}
