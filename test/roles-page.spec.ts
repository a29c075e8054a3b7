/** The table in docs/roles.md is what the routes say; `npm run docs:roles` writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableOf } from '../src/access/roles-page.js';
import { ACCOUNT_ROLES, SCOPES } from '../src/access/roles.js';
import { OPEN_ROUTES, ROUTES } from '../src/access/route-table.js';

const FILE = join(__dirname, '..', 'docs', 'roles.md');
const TABLE = /(<!-- table -->\n)[^]*?(<!-- end of table -->)/;

/** With the line ends of the house, whatever the checkout made of them. */
const read = (): string => readFileSync(FILE, 'utf8').replaceAll('\r\n', '\n');
const withTable = (page: string, rows = ROUTES): string => page.replace(TABLE, (_all, begin: string, end: string) => `${begin}${tableOf(rows, OPEN_ROUTES.keys())}\n${end}`);

if ((globalThis as { renewDocs?: boolean }).renewDocs === true) writeFileSync(FILE, withTable(read()));

it('the table is what the routes say; renew it: npm run docs:roles', () => {
  expect(read()).toMatch(TABLE);
  expect(read()).toBe(withTable(read()));
});

it('every role and scope is spoken of', () => {
  for (const role of ACCOUNT_ROLES) expect(read()).toContain(`**${role.replace('-', ' ')}**`);
  for (const scope of SCOPES) expect(read()).toContain(`\`${scope}\``);
});

it('planted bug: a table that lacks a route is noticed', () => {
  const { 'GET /api/v1/log': _gone, ...rows } = ROUTES;
  expect(withTable(read(), rows)).not.toBe(read());
});
