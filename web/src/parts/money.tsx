import { sayMoney } from './locale.js';

/** `amount` in integer minor units. `whole`: rounded to the unit. */
export function Money({ amount, currency, whole = false }: { readonly amount: number; readonly currency: string; readonly whole?: boolean }) {
  return <span style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>{sayMoney(amount, currency, whole)}</span>;
}
