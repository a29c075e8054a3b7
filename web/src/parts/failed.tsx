import { Failure } from '../api/client.js';
import { Problem } from './states.js';

/** A refusal of a form whose fields do not say it already. `named`: fields that the form shows errors at. */
export function Failed({ error, named = [] }: { readonly error: unknown; readonly named?: readonly string[] }) {
  if (error == null) return null;
  const fields = error instanceof Failure ? Object.keys(error.fields) : [];
  return fields.length > 0 && fields.every((field) => named.includes(field)) ? null : <Problem error={error} />;
}

/** What is wrong with each field of a form; nothing of other failures. */
export const fieldsOf = (error: unknown): Record<string, string> => (error instanceof Failure ? error.fields : {});
