/**
 * Who may ask what: one row a route. A route without a row is refused to everybody, and fails the tests.
 *
 * yes: may · no: may not · own: may where the customer named is theirs (they own it, are in its team, or nobody owns it) ·
 * author: may where they themselves logged the entry named.
 * What more a row asks for stands beside it: docs/roles.md says all of it in words.
 */
import type { EntriesIn } from './named.js';
import { ACCOUNT_ROLES, SCOPES, type AccountRole, type Scope } from './roles.js';

export type Cell = 'yes' | 'no' | 'own' | 'author';

/** What is noted in the audit when the request is answered; denied attempts always are. */
export type Noted = 'sign-in' | 'rights' | 'read' | 'export' | 'erase' | 'settings';

export interface Row {
  /** What an API key needs to be for. */
  readonly scope: Scope;
  /** Opens doors that outlive a key, or is about oneself: for whoever signs in, and for no API key whatever it is for. */
  readonly noKey?: true;
  readonly cells: Readonly<Record<AccountRole, Cell>>;
  /** Field of the body with ids of further customers that must be theirs, where the cell says `own`. */
  readonly alsoIn?: string;
  /** Field of the body with a colleague of whom all customers are meant: must be themselves, where the cell says `own`. */
  readonly ownerIn?: string;
  /** Where the body has entries: one that says who owns the customer is for those alone who may change the customer. */
  readonly entriesIn?: EntriesIn;
  /** What falls with the entry named must be their own as well, where the cell says `author`. */
  readonly takesOut?: true;
  /** It may bring a customer up to date that is there already: then it is allowed as `CHANGE_CUSTOMER` is. */
  readonly mayUpdate?: true;
  readonly noted?: Noted;
}

type Cells = readonly [service: Cell, accountManager: Cell, leader: Cell, administrator: Cell];

const row = (scope: Scope, cells: Cells, more: Omit<Row, 'scope' | 'cells'> = {}): Row => ({ scope, cells: Object.fromEntries(ACCOUNT_ROLES.map((role, index) => [role, cells[index]])) as Row['cells'], ...more });

const EVERYBODY: Cells = ['yes', 'yes', 'yes', 'yes'];
const ADMINISTRATOR: Cells = ['no', 'no', 'no', 'yes'];
const LEADERS: Cells = ['no', 'no', 'yes', 'yes'];
const FIGURES: Cells = ['no', 'yes', 'yes', 'yes'];

/** Other rows follow from these two. */
export const CHANGE_CUSTOMER = 'PATCH /api/v1/customers/:id';
export const CORRECT_ENTRY = 'PUT /api/v1/customers/:id/interactions/:interaction';

/** Open to whoever reaches the server, with what is noted of them. */
export const OPEN_ROUTES: ReadonlyMap<string, Pick<Row, 'noted'>> = new Map([
  ['GET /health/live', {}],
  ['GET /health/ready', {}],
  // Where nobody is signed in yet.
  ['GET /api/v1/session', {}],
  ['POST /api/v1/session', { noted: 'sign-in' }],
  ['DELETE /api/v1/session', { noted: 'sign-in' }],
  ['GET /api/v1/oidc/start', {}],
  ['GET /api/v1/oidc/callback', { noted: 'sign-in' }],
  ['POST /api/v1/links', {}],
  ['POST /api/v1/links/use', { noted: 'sign-in' }],
]);

export const ROUTES: Readonly<Record<string, Row>> = {
  // ---- customers, people, entries ----
  'POST /api/v1/customers': row('log', ['yes', 'yes', 'no', 'yes'], { mayUpdate: true }),
  'GET /api/v1/customers': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/customers/:id': row('read', EVERYBODY, { noted: 'read' }),
  [CHANGE_CUSTOMER]: row('log', ['no', 'own', 'no', 'yes']),
  'GET /api/v1/customers/:id/people': row('read', EVERYBODY, { noted: 'read' }),
  'POST /api/v1/customers/:id/people': row('log', ['yes', 'own', 'no', 'yes']),
  'POST /api/v1/customers/:id/interactions': row('log', ['yes', 'own', 'no', 'yes'], { entriesIn: 'entries' }),
  'GET /api/v1/customers/:id/interactions': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/customers/:id/interactions/:interaction': row('read', EVERYBODY, { noted: 'read' }),
  [CORRECT_ENTRY]: row('log', ['author', 'own', 'no', 'yes'], { entriesIn: 'itself' }),
  'POST /api/v1/customers/:id/interactions/:interaction/retract': row('log', ['author', 'own', 'no', 'yes'], { takesOut: true }),
  'POST /api/v1/customers/:id/interactions/:interaction/move': row('log', ['author', 'own', 'no', 'yes'], { alsoIn: 'to', entriesIn: 'entry', takesOut: true }),
  'POST /api/v1/customers/:id/snooze': row('log', ['no', 'own', 'no', 'yes']),
  'DELETE /api/v1/customers/:id/snooze': row('log', ['no', 'own', 'no', 'yes']),
  'GET /api/v1/customers/:id/journey': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/customers/:id/overview': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/customers/:id/timeline': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/portfolio': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/contracts-ahead': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/calendar.ics': row('calendar', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/attention': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/issues': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/steps': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/interactions': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/search': row('read', EVERYBODY, { noted: 'read' }),

  // ---- promises ----
  'GET /api/v1/promises': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/customers/:id/promises': row('read', EVERYBODY, { noted: 'read' }),
  'POST /api/v1/customers/:id/promises': row('log', ['yes', 'own', 'no', 'yes'], { entriesIn: 'entry' }),
  'POST /api/v1/customers/:id/promises/:interaction/produced': row('log', ['yes', 'own', 'no', 'yes']),
  'POST /api/v1/customers/:id/promises/:interaction/delivered': row('log', ['yes', 'own', 'no', 'yes']),
  'POST /api/v1/customers/:id/promises/:interaction/confirmed': row('log', ['yes', 'own', 'no', 'yes']),
  'POST /api/v1/customers/:id/promises/:interaction/withdraw': row('log', ['author', 'own', 'no', 'yes'], { takesOut: true }),

  // ---- advocacy ----
  'GET /api/v1/asks': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/customers/:id/asks': row('read', EVERYBODY, { noted: 'read' }),
  'POST /api/v1/customers/:id/asks': row('log', ['yes', 'own', 'no', 'yes']),
  'POST /api/v1/customers/:id/asks/:interaction/accepted': row('log', ['yes', 'own', 'no', 'yes']),
  'POST /api/v1/customers/:id/asks/:interaction/declined': row('log', ['yes', 'own', 'no', 'yes']),
  'POST /api/v1/customers/:id/asks/:interaction/act': row('log', ['yes', 'own', 'no', 'yes'], { entriesIn: 'entry' }),
  'POST /api/v1/customers/:id/asks/:interaction/withdraw': row('log', ['author', 'own', 'no', 'yes'], { takesOut: true }),
  'GET /api/v1/whom-to-ask': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/advocates': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/referrals': row('read', EVERYBODY, { noted: 'read' }),

  // ---- handing over ----
  'GET /api/v1/handovers': row('read', EVERYBODY, { noted: 'read' }),
  'POST /api/v1/handovers': row('log', ['no', 'own', 'no', 'yes'], { alsoIn: 'customers', ownerIn: 'owner' }),
  // That they are the new owner, whatever their role, is asked by the writer.
  'POST /api/v1/handovers/acknowledge': row('log', EVERYBODY),

  // ---- ourselves ----
  'GET /api/v1/kinds': row('read', EVERYBODY),
  'GET /api/v1/colleagues': row('read', EVERYBODY),
  'POST /api/v1/colleagues': row('administer', ADMINISTRATOR, { noted: 'rights' }),
  'PATCH /api/v1/colleagues/:id': row('administer', ADMINISTRATOR, { noted: 'rights' }),
  'POST /api/v1/log': row('log', EVERYBODY),

  // ---- accounts ----
  'PUT /api/v1/session/password': row('administer', EVERYBODY, { noKey: true, noted: 'rights' }),
  'GET /api/v1/sessions': row('administer', EVERYBODY, { noKey: true }),
  'DELETE /api/v1/sessions': row('administer', EVERYBODY, { noKey: true, noted: 'rights' }),
  'DELETE /api/v1/sessions/:session': row('administer', EVERYBODY, { noKey: true, noted: 'rights' }),
  'GET /api/v1/accounts': row('administer', ADMINISTRATOR),
  'POST /api/v1/accounts': row('administer', ADMINISTRATOR, { noKey: true, noted: 'rights' }),
  'PATCH /api/v1/accounts/:id': row('administer', ADMINISTRATOR, { noKey: true, noted: 'rights' }),
  'PUT /api/v1/accounts/:id/identity': row('administer', ADMINISTRATOR, { noKey: true, noted: 'rights' }),
  'DELETE /api/v1/accounts/:id/identity': row('administer', ADMINISTRATOR, { noted: 'rights' }),
  'POST /api/v1/accounts/:id/link': row('administer', ADMINISTRATOR, { noKey: true, noted: 'rights' }),
  'GET /api/v1/accounts/:id/keys': row('administer', ADMINISTRATOR, { noKey: true }),
  'DELETE /api/v1/accounts/:id/keys/:key': row('administer', ADMINISTRATOR, { noKey: true, noted: 'rights' }),
  'GET /api/v1/keys': row('administer', EVERYBODY, { noKey: true }),
  'POST /api/v1/keys': row('administer', EVERYBODY, { noKey: true, noted: 'rights' }),
  'DELETE /api/v1/keys/:key': row('administer', EVERYBODY, { noKey: true, noted: 'rights' }),

  // ---- rules and figures ----
  'GET /api/v1/rules': row('read', EVERYBODY),
  'GET /api/v1/rules/history': row('read', EVERYBODY),
  'GET /api/v1/rules/compare': row('read', EVERYBODY),
  'POST /api/v1/rules/check': row('figures', ['no', 'no', 'yes', 'yes']),
  'POST /api/v1/rules': row('administer', ADMINISTRATOR, { noted: 'settings' }),
  'POST /api/v1/rules/rehearsals': row('figures', ['no', 'no', 'yes', 'yes']),
  'GET /api/v1/rules/back-test': row('figures', FIGURES),
  'GET /api/v1/dashboard': row('figures', FIGURES),
  'GET /api/v1/changes-made': row('figures', FIGURES),
  'GET /api/v1/figures': row('figures', FIGURES),
  'GET /api/v1/figures/:name': row('figures', FIGURES),
  'GET /api/v1/figures/:name/series': row('figures', FIGURES),
  'GET /api/v1/figures/:name/evidence': row('figures', FIGURES, { noted: 'read' }),
  'GET /api/v1/kept-figures': row('figures', FIGURES),
  'POST /api/v1/kept-figures': row('figures', FIGURES),
  'GET /api/v1/kept-figures/:id': row('figures', FIGURES),

  // ---- alignment ----
  'GET /api/v1/alignment': row('figures', FIGURES),
  'GET /api/v1/alignment/:detector/evidence': row('figures', FIGURES, { noted: 'read' }),
  'GET /api/v1/checks': row('figures', FIGURES),
  'GET /api/v1/checks/:check/evidence': row('figures', FIGURES, { noted: 'read' }),
  'GET /api/v1/helped': row('figures', FIGURES),
  'GET /api/v1/helped/decisions': row('figures', FIGURES, { noted: 'read' }),
  'GET /api/v1/customers/:id/checks': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/campaigns': row('read', EVERYBODY),
  'GET /api/v1/enablements': row('figures', ['no', 'no', 'yes', 'yes']),
  'GET /api/v1/tags': row('read', EVERYBODY),

  // ---- people's data ----
  'GET /api/v1/customers/:id/people/:person/consents': row('read', EVERYBODY, { noted: 'read' }),
  'GET /api/v1/customers/:id/people/:person/export': row('privacy', ADMINISTRATOR, { noted: 'export' }),
  'GET /api/v1/requests': row('privacy', ADMINISTRATOR, { noted: 'read' }),
  'POST /api/v1/requests': row('privacy', ADMINISTRATOR),
  'PATCH /api/v1/requests/:id': row('privacy', ADMINISTRATOR),
  'POST /api/v1/customers/:id/erase': row('privacy', ADMINISTRATOR, { noted: 'erase' }),
  'POST /api/v1/customers/:id/people/:person/erase': row('privacy', ADMINISTRATOR, { noted: 'erase' }),
  'POST /api/v1/customers/:id/interactions/:interaction/erase-text': row('privacy', ADMINISTRATOR, { noted: 'erase' }),
  'POST /api/v1/colleagues/:id/erase': row('privacy', ADMINISTRATOR, { noted: 'erase' }),
  'GET /api/v1/erasures': row('privacy', ADMINISTRATOR, { noted: 'read' }),
  'GET /api/v1/erasures/due': row('privacy', ADMINISTRATOR, { noted: 'read' }),
  'POST /api/v1/erasures/sweep': row('privacy', ADMINISTRATOR, { noted: 'erase' }),

  // ---- settings ----
  'GET /api/v1/settings': row('administer', ADMINISTRATOR),
  'PATCH /api/v1/settings': row('administer', ADMINISTRATOR, { noted: 'settings' }),
  'GET /api/v1/audit': row('administer', ADMINISTRATOR, { noted: 'read' }),

  // ---- the whole of it ----
  'GET /api/v1/log': row('privacy', ADMINISTRATOR, { noted: 'export' }),
  'GET /api/v1/export/log': row('privacy', ADMINISTRATOR, { noted: 'export' }),
  'GET /api/v1/export/interactions': row('read', LEADERS, { noted: 'export' }),
  'GET /api/v1/export/journeys': row('read', LEADERS, { noted: 'export' }),
  'GET /api/v1/export/xes': row('read', LEADERS, { noted: 'export' }),
  'GET /api/v1/customers/:id/export': row('read', ['no', 'own', 'yes', 'yes'], { noted: 'export' }),
  'POST /api/v1/imports': row('import', ADMINISTRATOR),
  'GET /api/v1/imports': row('import', ADMINISTRATOR),
  'GET /api/v1/imports/layouts': row('import', ADMINISTRATOR),
  'POST /api/v1/imports/recognise': row('import', ADMINISTRATOR),
  'POST /api/v1/imports/:id/undo': row('import', ADMINISTRATOR),
  'GET /api/v1/verify': row('operate', ADMINISTRATOR),
  'GET /api/v1/proof': row('operate', ADMINISTRATOR),
  'GET /api/v1/status': row('operate', ADMINISTRATOR),
  'POST /api/v1/parked/retry': row('operate', ADMINISTRATOR),
  'POST /api/v1/rebuild': row('operate', ADMINISTRATOR),
  'POST /api/v1/sample': row('import', ADMINISTRATOR, { noted: 'settings' }),
  'GET /api/v1/live': row('read', EVERYBODY),
  'GET /metrics': row('operate', ADMINISTRATOR),
};

/** What a role can use at all: an API key for more would open nothing. */
export const scopesOf = (role: AccountRole): Scope[] => SCOPES.filter((scope) => Object.values(ROUTES).some((row) => row.scope === scope && row.cells[role] !== 'no' && row.noKey !== true));
