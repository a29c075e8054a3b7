import { sayMoney } from './locale.js';

/** `amount` in integer minor units. */
export function Money({ amount, currency }: { readonly amount: number; readonly currency: string }) {
  return <span style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>{sayMoney(amount, currency)}</span>;
}
