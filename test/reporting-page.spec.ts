/** docs/reporting.md lists the views for analysts as they are made; `npm run docs:reporting` writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportViews } from '../src/report-views.js';
import { PRESETS } from '../src/rings/rules.js';

const FILE = join(__dirname, '..', 'docs', 'reporting.md');
const LIST = /(<!-- views -->\n)[^]*?(<!-- end of views -->)/;
const VIEWS = reportViews(PRESETS['annual-contracts']!, 'UTC');

/** With the line ends of the house, whatever the checkout made of them. */
const read = (): string => readFileSync(FILE, 'utf8').replaceAll('\r\n', '\n');
const listOf = (views: typeof VIEWS): string => views.map(({ name, comment, columns }) => `### ${name}\n${comment}\n\n| column | meaning |\n|---|---|\n${columns.map(([column, , says]) => `| \`${column}\` | ${says} |\n`).join('')}`).join('\n');
const withList = (page: string, views = VIEWS): string => page.replace(LIST, (_all, begin: string, end: string) => `${begin}${listOf(views)}${end}`);

if ((globalThis as { renewDocs?: boolean }).renewDocs === true) writeFileSync(FILE, withList(read()));

it('the list is what is made; renew it: npm run docs:reporting', () => {
  expect(read()).toMatch(LIST);
  expect(read()).toBe(withList(read()));
});

it('planted bug: a page that lacks a view is noticed', () => expect(withList(read(), VIEWS.slice(1))).not.toBe(read()));

it('every view and measure that the examples name is there', () => {
  const named = [...read().matchAll(/five_ring_report\.(\w+)/g)].map(([, name]) => name!);
  expect(named.filter((name) => !VIEWS.some((view) => view.name === name))).toEqual([]);
});

// What analysts build on: a line is added, never changed or taken away.
it('under names that stay', () => {
  expect(VIEWS.map(({ name, columns }) => `${name}: ${columns.map(([column]) => column).join(' ')}`)).toEqual([
    'customer_rings: customer_id ring ring_name state is_lit is_missing since until at_risk_from cause marked',
    'customer_values: customer_id currency amount',
    'customers: customer_id name label segment origin owner_id owner_name owner_department team contact purchase adoption renewal advocacy rings_lit depth missing_rings value currency next_step next_decision last_contact first_entry last_entry entries open_issues severe_issues is_snoozed referred_by',
    'ring_periods: customer_id ring ring_name lit_from lit_until has_begun has_ended cause marked opened_by closed_by days',
    'entries: entry_id customer_id happened recorded kind side department channel offering source source_id is_corrected',
    'promises: promise_id customer_id customer_name owner_id department offering made due state days_late produced delivered confirmed',
    'asks: ask_id customer_id customer_name person_id act offering asked due is_incentivised state is_overdue answered done',
    'referrals: referral_id customer_id customer_name person_id referred_id referred_name referred_at first_contact first_purchase first_act',
    'contracts: contract_id customer_id customer_name owner_id kind offering starts counts_from ends in_force_until state goes_on is_renewal next_date next_date_is amount currency',
    'handovers: handover_id customer_id customer_name given_by new_owner happened acknowledged is_current is_waiting',
    'colleagues: colleague_id name department is_active',
    'daily_totals: day divided_by part measure ring cause rings currency answer change level',
    'monthly_figures: month divided_by part customers advocates advocates_without_incentives ever_advocated contact_lit adoption_lit renewal_lit advocacy_lit advocacy_rate contact_gained purchase_gained adoption_gained renewal_gained advocacy_gained contact_lost purchase_lost adoption_lost renewal_lost advocacy_lost promoters passives detractors customer_entries our_entries nps',
    'parked: view_name customer_id history revision',
  ]);
});
