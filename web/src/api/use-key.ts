import { useState } from 'react';
import { newKey } from './client.js';

/** The Idempotency-Key of a form: made when it opens and kept over repeats. Call `renew` once the form has its answer. */
export function useKey(): { readonly headers: { readonly 'Idempotency-Key': string }; readonly renew: () => void } {
  const [key, setKey] = useState(newKey);
  return { headers: { 'Idempotency-Key': key }, renew: () => setKey(newKey()) };
}
