/** Kept figures: one row each, for the list. */
import type { Kysely } from 'kysely';
import { put, type EventView } from '../kernel/view.js';
import type { Kept } from './kept-figure.js';

export interface KeptTables {
  kept_figures: { id: string; figure: string; label: string; as_of: number; actor: string; kept_at: number };
}

export const keptView: EventView = {
  from: 'events',
  name: 'kept',
  version: 1,
  tables: { kept_figures: { columns: { id: 'text', figure: 'text', label: 'text', as_of: 'integer', actor: 'text', kept_at: 'integer' }, key: ['id'], indexes: [['kept_at']] } },
  handlers: {
    FigureKept: ({ stream, data, metadata, recordedAt }) => {
      const { asked, label } = data as Kept;
      return [put('kept_figures', { id: stream.slice('kept-'.length), figure: asked.figure, label, as_of: asked.asOf, actor: metadata.actor, kept_at: recordedAt })];
    },
  },
};

/** The newest first. */
export function keptIn(db: Kysely<KeptTables>, limit: number): Promise<KeptTables['kept_figures'][]> {
  return db.selectFrom('kept_figures').selectAll().orderBy('kept_at', 'desc').orderBy('id').limit(limit).execute();
}
