/** Whose customers are, for lists whose rows can be acted on: what the route table calls `own`. */
import type { Kysely } from 'kysely';
import type { PortfolioTables } from './portfolio.view.js';

const TOGETHER = 500;

/** Of these customers, those that are the colleague's: they own it, are in its team, or nobody owns it. */
export async function theirsIn(db: Kysely<PortfolioTables>, customers: readonly string[], colleague: string | null): Promise<ReadonlySet<string>> {
  const theirs = new Set<string>();
  const asked = [...new Set(customers)];
  for (let at = 0; at < asked.length; at += TOGETHER) {
    const rows = await db.selectFrom('portfolio').select(['customer', 'owner', 'team']).where('stream', 'in', asked.slice(at, at + TOGETHER).map((id) => `customer-${id}`)).execute();
    for (const { customer, owner, team } of rows) if (owner === null || owner === colleague || (colleague !== null && (JSON.parse(team) as string[]).includes(colleague))) theirs.add(customer);
  }
  return theirs;
}
