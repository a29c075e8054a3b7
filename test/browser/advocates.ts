/** Three customers, one of whom has its name behind us, and a change we made: enough for figures to say something. */
import type { Site } from './browser.js';

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
const NAMES = ['Morel & Fils', '=SUM(1)', 'Bakery Sun'];

/** The link on the dashboard, and on the figure's own screen, that says its value. */
export const RATE = /^Advocacy rate: .*Show the customers$/;

/** A person at the customer tells others, so many days ago. */
export async function advocates(site: Site, customer: string, days: number): Promise<void> {
  const { person } = await site.ask('POST', `customers/${customer}/people`, { name: 'Ines Morel' });
  await site.ask('POST', `customers/${customer}/interactions`, { entries: [{ kind: 'reference', person, verification: 'evidenced', occurredAt: daysAgo(days), summary: 'Told two others' }] });
}

/** @returns the ids of the three; the first advocates, the last is of another segment. */
export async function withAdvocates(site: Site): Promise<string[]> {
  const ids: string[] = [];
  for (const name of NAMES) ids.push(await site.customer(name, { segment: name === 'Bakery Sun' ? 'shops' : 'bakeries' }));
  await advocates(site, ids[0]!, 10);
  await site.ask('POST', 'log', { kind: 'change-made', what: 'A hotline at night', why: 'Bakers call at four', occurredAt: daysAgo(20) });
  return ids;
}
