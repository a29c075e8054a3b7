/** Ways to reach a person: which fields hold them says the catalogue, and here they are taken out for whoever may not see them. */
import type { Sight } from '../shell/caller.js';
import { fieldsOf } from './catalogue.js';

/**
 * What this reader sees of an entry as it goes over the wire: without the ways to reach a person, and with their names in
 * `hidden`, where those may not be seen. Free text is not searched for them.
 */
export function seenBy<Wire extends Readonly<Record<string, unknown>>>(sight: Sight, wire: Wire): Wire {
  if (sight.contacts) return wire;
  const specs = fieldsOf(String(wire['kind']));
  const hidden = Object.keys(wire).filter((field) => isContact(specs, field) && wire[field] !== null);
  return hidden.length === 0 ? wire : ({ ...Object.fromEntries(Object.entries(wire).filter(([field]) => !hidden.includes(field))), hidden } as unknown as Wire);
}

const isContact = (specs: ReturnType<typeof fieldsOf>, field: string): boolean => Object.hasOwn(specs, field) && specs[field]!.contact === true;
