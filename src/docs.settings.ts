/** What the operations about settings answer with. */
import type { Answered } from './docs.answers.js';
import { SETTING_NAMES, SETTING_UNITS, SETTINGS } from './access/settings.js';
import { choice, instant, list, named, nullable, object, ref, text, whole, type Schema } from './docs.schemas.js';

const value = (says: string): Schema => nullable({ description: `${says}: true or false, a whole number, or null for off.`, example: 400 });
const name = choice('Name of the setting.', SETTING_NAMES, 'auditDays');
const change = { at: instant('When it was changed.'), by: named('Who changed it.', text('Id of the colleague.', 'ada'), 'Ada Berg'), reason: text('Why.', 'Agreed with the works council in March') };

const all = object('The settings.', {
  items: list('Each of them.', object('A setting.', {
    name,
    value: value('What it is now'),
    default: value('What it is while nobody changed it'),
    says: text('What it means.', SETTINGS.auditDays.says),
    unit: nullable(choice('What the number counts; null for true or false.', SETTING_UNITS)),
    least: nullable(whole('Least value; null for true or false.', 30)),
    most: nullable(whole('Greatest value; null for true or false.', 3650)),
    changed: nullable(object('The last change; null while nobody changed it.', change)),
  })),
  history: list('Every change, the newest first.', object('A change.', { name: text('Name of the setting.', 'auditDays'), value: value('What it became'), ...change })),
  revision: nullable(whole('Of the last change, also the ETag; null while there is none.', 3)),
});

export const SETTINGS_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/settings': [{ status: 200, description: 'The settings.', schema: all, etag: true }],
  'PATCH /api/v1/settings': [{ status: 200, description: 'Recorded, and in force; on disk when this answer comes.', schema: ref('WrittenDto'), etag: true }],
};
