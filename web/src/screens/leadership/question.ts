/** What is asked of figures, as it stands in the address: a link asks the same again. */
import { useLocation, useRouter, type RouterHistory } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { FiguresSeriesData, FiguresValueData } from '../../api/generated/types.gen.js';

export const PERIODS = ['day', 'week', 'month', 'quarter'] as const;
export type Period = (typeof PERIODS)[number];
export const SPLITS = ['segment', 'origin', 'department', 'offering'] as const;
export type Split = (typeof SPLITS)[number];

const FILTERS = ['segment', 'origin', 'department', 'offering'] as const;
const FIELDS = ['asOf', 'asKnown', 'from', 'by', 'window', 'split', ...FILTERS, 'group', 'side'] as const;
type Field = (typeof FIELDS)[number];

/** Texts as the address has them; what is not asked is left out. */
export type Question = Readonly<Partial<Record<Field, string>>>;

const allowed: Readonly<Partial<Record<Field, readonly string[]>>> = { by: PERIODS, split: SPLITS, side: ['above', 'below'] };

export function questionIn(search: string): Question {
  const given = new URLSearchParams(search);
  const pairs = FIELDS.flatMap((field) => {
    const value = given.get(field);
    if (value === null || value === '' || allowed[field]?.includes(value) === false) return [];
    return field === 'window' && !/^\d{1,5}$/.test(value) ? [] : [[field, value] as const];
  });
  return Object.fromEntries(pairs);
}

export function hrefOf(path: string, question: Question): string {
  const given = new URLSearchParams(FIELDS.flatMap((field) => (question[field] === undefined ? [] : [[field, question[field]]])));
  return given.size === 0 ? path : `${path}?${given.toString()}`;
}

export const figurePath = (name: string): string => `/leadership/figure/${encodeURIComponent(name)}`;

/** The address may say anything; the API refuses what it does not know, and the screen shows that. */
type Asked = NonNullable<FiguresValueData['query']>;
type AskedOver = NonNullable<FiguresSeriesData['query']>;

const pick = (question: Question, fields: readonly Field[]): Record<string, string> => Object.fromEntries(fields.flatMap((field) => (question[field] === undefined ? [] : [[field, question[field]]])));
const windowOf = ({ window }: Question): { window?: number } => (window === undefined ? {} : { window: Number(window) });

/** Of whom and when, as every question about figures takes it. */
export const askedOf = (question: Question): Asked => ({ ...pick(question, ['asOf', 'asKnown', ...FILTERS]), ...windowOf(question) });
export const valueAskedOf = (question: Question): Asked => ({ ...askedOf(question), ...pick(question, ['split']) });
export const seriesAskedOf = (question: Question): AskedOver => ({ ...askedOf(question), ...pick(question, ['from', 'by']) });

/** Whether it asks for all customers, as known now: the totals by day know that. */
export const isPlain = (question: Question): boolean => Object.keys(pick(question, ['asKnown', 'from', ...FILTERS, 'window'])).length === 0 && (question.asOf === undefined || /^\d{4}-\d{2}-\d{2}$/.test(question.asOf));

/** Takes addresses as they are written. */
export const useHistory = (): RouterHistory => (useRouter() as { readonly history: RouterHistory }).history;

/** The name or id at the end of this address. */
export const useLastOfPath = (): string => decodeURIComponent(useLocation().pathname.split('/').at(-1) ?? '');

/** The question of this address, and how to ask another one in its place. */
export function useQuestion(): { readonly question: Question; readonly ask: (change: Partial<Record<Field, string | null>>) => void } {
  const { searchStr, pathname } = useLocation();
  const history = useHistory();
  const question = useMemo(() => questionIn(searchStr), [searchStr]);
  const ask = useCallback(
    (change: Partial<Record<Field, string | null>>) => {
      const next = Object.fromEntries(Object.entries({ ...question, ...change }).filter(([, value]) => value !== null && value !== ''));
      history.replace(hrefOf(pathname, next));
    },
    [question, pathname, history],
  );
  return { question, ask };
}
