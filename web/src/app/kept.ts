/** Drafts and the customers one was at last, in this browser: of each colleague apart, and gone when they sign out. */
import { onLeave } from './session.js';

const DRAFT = 'five-ring:draft:';
const RECENT = 'five-ring:recent:';
const CURRENCY = 'five-ring:currency:';
const MOST_RECENT = 30;

export interface KeptDraft<D> {
  readonly draft: D;
  /** The Idempotency-Key it will be sent with. */
  readonly key: string;
  /** ISO 8601. */
  readonly at: string;
}

function read<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(key);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}
/** A browser that keeps no more still lets one write and send. */
function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    localStorage.removeItem(key);
  }
}

/** `of`: what it is about, so that two drafts do not meet: a customer, an entry, or nothing. */
export const draftKey = (colleague: string, of: string): string => `${DRAFT}${colleague}:${of}`;
export const keptDraft = <D>(key: string): KeptDraft<D> | undefined => read(key);
export const keepDraft = <D>(key: string, kept: KeptDraft<D>): void => write(key, kept);
export const dropDraft = (key: string): void => localStorage.removeItem(key);

export interface Recent {
  readonly id: string;
  readonly name: string;
}
export const recentCustomers = (colleague: string): readonly Recent[] => read<Recent[]>(RECENT + colleague) ?? [];
/** `isAside`: nobody was at it yet; it comes after the others. */
export function rememberCustomer(colleague: string, { id, name }: Recent, isAside = false): void {
  const others = recentCustomers(colleague).filter((one) => one.id !== id);
  write(RECENT + colleague, (isAside ? [...others.slice(0, MOST_RECENT - 1), { id, name }] : [{ id, name }, ...others]).slice(0, MOST_RECENT));
}

export const lastCurrency = (colleague: string): string => read<string>(CURRENCY + colleague) ?? 'EUR';
export const rememberCurrency = (colleague: string, currency: string): void => write(CURRENCY + colleague, currency);

onLeave(() => {
  for (const key of Object.keys(localStorage)) if ([DRAFT, RECENT, CURRENCY, 'five-ring:at-hand:'].some((prefix) => key.startsWith(prefix))) localStorage.removeItem(key);
});
