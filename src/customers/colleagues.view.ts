/** Colleagues: one row each, without the name, which the search view keeps. */
import type { Kysely } from 'kysely';
import { patch, put, type EventView } from '../kernel/view.js';
import type { SearchTables } from './search.view.js';

export interface ColleagueTables {
  colleagues: { id: string; department: string; active: number };
}

const idOf = (stream: string): string => stream.slice('colleague-'.length);

export const colleaguesView: EventView = {
  from: 'events',
  name: 'colleagues',
  version: 1,
  tables: { colleagues: { columns: { id: 'text', department: 'text', active: 'flag' }, key: ['id'] } },
  handlers: {
    ColleagueAdded: ({ stream, data }) => [put('colleagues', { id: idOf(stream), department: (data as { department: string }).department, active: 1 })],
    ColleagueChanged: ({ stream, data }) => {
      const { department, active } = data as { department?: string; active?: boolean };
      const set = { ...(department !== undefined && { department }), ...(active !== undefined && { active: active ? 1 : 0 }) };
      return Object.keys(set).length === 0 ? [] : [patch('colleagues', { id: idOf(stream) }, set)];
    },
  },
};

/** All colleagues in name order. */
export async function colleaguesIn(db: Kysely<ColleagueTables & SearchTables>): Promise<{ id: string; name: string | null; department: string; active: boolean }[]> {
  const rows = await db.selectFrom('colleagues').leftJoin('names', (join) => join.onRef('names.id', '=', 'colleagues.id').on('names.kind', '=', 'colleague')).select(['colleagues.id', 'colleagues.department', 'colleagues.active', 'names.name']).orderBy('names.sort_key').orderBy('colleagues.id').execute();
  return rows.map(({ id, name, department, active }) => ({ id, name, department, active: active === 1 }));
}
