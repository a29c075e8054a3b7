/** The shape of the tables that are taken out: entries, and the stretches of time in which rings were lit. Pure. */
import { COMMON, kinds } from '../customers/catalogue.js';
import { peopleOf } from '../customers/entry.js';
import type { Interaction } from '../customers/customer.js';
import { toIso } from '../kernel/calendar.js';
import type { Journey, Spell } from '../rings/journey.js';
import { RING_NAMES } from '../rings/rules.js';
import type { History, Said } from './histories.reader.js';

export type Cell = string | number | null;

const DAY = 86_400_000;

const ABOUT = ['customer', 'customerName', 'customerSegment', 'customerOwner'] as const;
const FIRST = [...ABOUT, 'entry', 'kind', 'occurredAt', 'recordedAt', 'loggedBy', 'peopleNames'] as const;

/** Common fields first, then every field that some kind has, each once. */
export const ENTRY_COLUMNS: readonly string[] = [...new Set([...FIRST, ...Object.keys(COMMON), ...Object.values(kinds).flatMap(({ fields }) => Object.keys(fields)), 'erased'])];

const cellOf = (value: unknown): Cell => (value === undefined || value === null ? null : typeof value === 'number' || typeof value === 'string' ? value : typeof value === 'boolean' ? (value ? 'yes' : 'no') : Array.isArray(value) ? value.join('; ') : JSON.stringify(value));

const about = ({ id, name, state, owner }: History): Record<(typeof ABOUT)[number], Cell> => ({ customer: id, customerName: name, customerSegment: state.segment, customerOwner: owner });

/** `names`: of people, by id. */
export function entryRow(history: History, entry: Interaction, { wire, erased, recordedAt, loggedBy }: Said, names: ReadonlyMap<string, string>): Cell[] {
  const people = peopleOf(entry).map((person) => names.get(person) ?? '');
  const own: Readonly<Record<string, Cell>> = { ...about(history), entry: entry.id, recordedAt, loggedBy, peopleNames: people.length === 0 ? null : people.join('; '), erased: erased.length === 0 ? null : erased.map((path) => path.replace(/^fields\./, '')).join('; ') };
  return ENTRY_COLUMNS.map((column) => (Object.hasOwn(own, column) ? own[column]! : cellOf(wire[column])));
}

export const SPELL_COLUMNS = [...ABOUT, 'ring', 'ringName', 'from', 'to', 'isLit', 'days', 'cause', 'atRiskFrom', 'marked', 'openedBy', 'openedByKinds', 'closedBy', 'rulesVersion'] as const;

/** A row for every stretch in which a ring was lit, by ring, then from when on. `days`: until its end, or until now while it is lit. */
export function spellRows(history: History, journey: Journey, now: number, rulesVersion: string): Cell[][] {
  const isLit = ({ from, to }: Spell): boolean => from <= now && (to === null || now < to);
  const kindsOf = (ids: readonly string[]): string => [...new Set(ids.flatMap((id) => history.state.interactions.get(id)?.kind ?? []))].join('; ');
  const iso = (instant: number | null): string | null => (instant === null ? null : toIso(instant));
  return journey.spells.map((spell) => {
    const { ring, from, to, cause, atRiskFrom, marked, openedBy, closedBy } = spell;
    const days = Math.max(0, Math.round(((Math.min(to ?? now, now) - from) / DAY) * 10) / 10);
    const row: Record<(typeof SPELL_COLUMNS)[number], Cell> = {
      ...about(history), ring, ringName: RING_NAMES[ring], from: toIso(from), to: iso(to), isLit: isLit(spell) ? 'yes' : 'no', days, cause, atRiskFrom: iso(atRiskFrom), marked: marked ?? null,
      openedBy: openedBy.join('; '), openedByKinds: kindsOf(openedBy), closedBy: closedBy.join('; '), rulesVersion,
    };
    return SPELL_COLUMNS.map((column) => row[column]);
  });
}
