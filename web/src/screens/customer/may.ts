/** What the reader may do with this customer. */
import { cellOf, useSession } from '../../app/session.js';

interface Owned {
  readonly owner: { readonly id: string } | null;
  readonly team: readonly { readonly id: string }[];
}

/** Of a route: whether this customer, or this entry by whoever logged it, is open to the reader by it. The server has the last word. */
export function useMay(customer: Owned): (route: string, loggedBy?: string) => boolean {
  const session = useSession();
  const isTheirs = customer.owner === null || customer.owner.id === session.colleague || customer.team.some(({ id }) => id === session.colleague);
  return (route, loggedBy) => {
    const cell = cellOf(session, route);
    return cell === 'yes' || (cell === 'own' && isTheirs) || (cell === 'author' && loggedBy === session.colleague);
  };
}

export const useIsOwner = (customer: Owned): boolean => useSession().colleague === customer.owner?.id;
