/** What is asked of figures, as it stands in the address: a link asks the same again. */
import { useLocation, useRouter } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';

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

const pick = (question: Question, fields: readonly Field[]): Record<string, string> => Object.fromEntries(fields.flatMap((field) => (question[field] === undefined ? [] : [[field, question[field]]])));
const windowOf = ({ window }: Question): { window?: number } => (window === undefined ? {} : { window: Number(window) });

/** Of whom and when, as every question about figures takes it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the API checks what the address says
export const askedOf = (question: Question): any => ({ ...pick(question, ['asOf', 'asKnown', ...FILTERS]), ...windowOf(question) });
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
export const valueAskedOf = (question: Question): any => ({ ...askedOf(question), ...pick(question, ['split']) });
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
export const seriesAskedOf = (question: Question): any => ({ ...askedOf(question), ...pick(question, ['from', 'by']) });

/** Whether it asks for all customers, as known now: the totals by day know that. */
export const isPlain = (question: Question): boolean => Object.keys(pick(question, ['asKnown', 'from', ...FILTERS, 'window'])).length === 0 && (question.asOf === undefined || /^\d{4}-\d{2}-\d{2}$/.test(question.asOf));

/** The question of this address, and how to ask another one in its place. */
export function useQuestion(): { readonly question: Question; readonly ask: (change: Partial<Record<Field, string | null>>) => void } {
  const { searchStr, pathname } = useLocation();
  const router = useRouter();
  const question = useMemo(() => questionIn(searchStr), [searchStr]);
  const ask = useCallback(
    (change: Partial<Record<Field, string | null>>) => {
      const next = Object.fromEntries(Object.entries({ ...question, ...change }).filter(([, value]) => value !== null && value !== ''));
      router.history.replace(hrefOf(pathname, next as Question));
    },
    [question, pathname, router],
  );
  return { question, ask };
}
