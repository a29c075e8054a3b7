/** The table of docs/roles.md, as the routes say it. */
import { ACCOUNT_ROLES } from './roles.js';
import type { Cell, Row } from './route-table.js';

const SAYS: Readonly<Record<Cell, string>> = { yes: 'yes', no: '–', own: 'theirs', author: 'own entries' };

/** Each route with what each role may. */
export function tableOf(rows: Readonly<Record<string, Row>>, open: Iterable<string>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const lines = [...Object.entries(rows)].map(([route, { scope, cells, noKey }]) => line([`\`${route}\``, noKey === true ? 'no key' : scope, ...ACCOUNT_ROLES.map((role) => SAYS[cells[role]])]));
  return [
    line(['route', 'key for', ...ACCOUNT_ROLES]),
    line(['---', '---', ...ACCOUNT_ROLES.map(() => '---')]),
    ...lines,
    '',
    `Open to whoever reaches the server: ${[...open].map((route) => `\`${route}\``).join(', ')}, the pages, and the description of the API.`,
  ].join('\n');
}
