/** What of the page stands in its address, so that it is a link: the day, the offering, what is open, and the filters of the timeline. */
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';

export const FILTERS = ['text', 'side', 'group', 'kind', 'department', 'person', 'channel', 'about', 'from', 'to', 'all'] as const;
export const RING_WORDS = ['contact', 'purchase', 'adoption', 'renewal', 'advocacy'] as const;
export type FilterName = (typeof FILTERS)[number];
export type Filters = Readonly<Partial<Record<FilterName, string>>>;

export interface Address extends Filters {
  /** The past day that the page shows, `2026-03-04`; today without it. */
  readonly on?: string;
  /** `yes`: by what was known that day, and not by what is known now. */
  readonly known?: string;
  readonly offering?: string;
  /** Ring whose evidence is open: its name in small letters. */
  readonly ring?: string;
  /** Entry that is open. */
  readonly entry?: string;
}

/** A value of the address as text; what is neither text nor number was not put there by this page. */
const said = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function useAddress(): { readonly id: string; readonly address: Address; readonly go: (change: Partial<Record<keyof Address, string | undefined>>) => void } {
  const { id = '' }: { readonly id?: string } = useParams({ strict: false });
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const navigate = useNavigate();
  const address = useMemo(() => {
    const texts: { on?: string } & Record<string, string> = Object.fromEntries(['on', 'known', 'offering', 'ring', 'entry', ...FILTERS].flatMap((name) => (said(search[name]) === '' ? [] : [[name, said(search[name])]])));
    if (texts.on !== undefined && !DAY.test(texts.on)) delete texts.on;
    return texts satisfies Address;
  }, [search]);
  const go = useCallback((change: Partial<Record<keyof Address, string | undefined>>) => void navigate({ to: '.', search: ((before: object) => ({ ...before, ...change })), replace: true, resetScroll: false }), [navigate]);
  return { id, address, go };
}
