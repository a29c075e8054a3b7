/** What the operations about accounts, sessions and keys answer with. */
import { ACCOUNT_ROLES, SCOPES } from './access/roles.js';
import { DEPARTMENTS } from './customers/catalogue.js';
import type { Answered } from './docs.answers.js';
import { both, choice, flag, instant, list, nullable, object, ref, text } from './docs.schemas.js';

const PURPOSES = ['first-administrator', 'invitation', 'reset', 'sign-in'];
const TOKEN = 'qL0Zr7a1m3y5b2n8c4v6x9s1d3f5g7h9j0k2l4p6o8i';
const KEY = '0191e7a0-7c1e-7b3a-9d55-3f2a5e0c1b11';

const id = text('Id of the colleague, and of the account.', 'ada');
const name = nullable(text('Full name; null when it was erased.', 'Ada Berg'));
const department = nullable(choice('Department; null when nothing is known of the colleague.', DEPARTMENTS, 'service'));
const role = choice('What the account may.', ACCOUNT_ROLES, 'account-manager');
const scopes = list('What the key may.', { type: 'string', enum: SCOPES }, { example: ['read', 'log'] });
const person = (says: string) => object(says, { id, name, department });
const linkParts = { purpose: choice('What it is for.', PURPOSES, 'invitation'), path: text('Path of the link; put the address of Five-Ring before it. Shown once.', `/welcome#${TOKEN}`), expires: instant('Good until then.') };

const who = object('Who is asking.', {
  colleague: nullable(person('The colleague; null for nobody, and for an operator who names none.')),
  role: nullable({ ...role, enum: [...ACCOUNT_ROLES, null] }),
  contacts: flag('People’s e-mail addresses and phone numbers are shown.', true),
  via: choice('How it is known: the operator by the token of the data folder, a colleague by a session or an API key.', ['session', 'key', 'operator', 'nobody']),
  scopes: nullable(list('Of an API key: what it may; null for all that the role may.', { type: 'string', enum: SCOPES }, { example: ['read'] })),
  expires: nullable(instant('Of a session: when it ends, at the latest.')),
  openId: nullable(object('Signing in with OpenID Connect; null when it is not set up.', { label: text('What the button says.', 'Sign in with Example'), start: text('Path that begins it.', '/api/v1/oidc/start'), claim: choice('What an account is linked by: a verified e-mail address, or the provider’s own id of the person.', ['email', 'sub']) })),
  linked: flag('The account is linked to somebody of the OpenID provider.', false),
});

const accounts = object('The accounts.', {
  items: list('By id.', object('An account.', {
    id, name, department,
    active: flag('The colleague works here.', true),
    role,
    contacts: flag('A leader is granted people’s e-mail addresses and phone numbers.', false),
    enabled: flag('The colleague may sign in.', true),
    opened: instant('When it was opened.'),
    linked: flag('It is linked to somebody of the OpenID provider.', false),
    password: flag('A password was set.', true),
    lastSignIn: nullable(instant('The last sign-in; null when there was none.')),
  })),
});

const linkSays = object('The link.', {
  purpose: choice('What it is for.', PURPOSES, 'invitation'),
  colleague: nullable(person('Whom it is for; null for the first administrator, who says so.')),
  expires: instant('Good until then.'),
  needsPassword: flag('Using it sets a password.', true),
  colleagues: list('For the first administrator: colleagues who are there, one of whom they may be.', person('A colleague.')),
});

const sessions = object('The sessions that are good.', {
  items: list('The last seen first.', object('A session.', {
    session: text('Its id; opens nothing.', 'c3ab8ff13720e8ad9047dd39466b3c89'),
    begun: instant('When it was signed in.'),
    seen: instant('When something was last asked with it, to within 5 minutes.'),
    expires: instant('When it ends, at the latest.'),
    address: text('Address that it was signed in from.', '192.0.2.7'),
    agent: text('What the browser called itself.', 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'),
    here: flag('This request came with it.', true),
  })),
});

const keys = object('The keys.', { items: list('The oldest first.', object('A key.', { key: text('Its id.', KEY), label: text('What it is for.', 'nightly import'), scopes, made: instant('When it was made.'), lastUsed: nullable(instant('When it was last used, to within 5 minutes; null: never.')) })) });

const answer = (description: string, schema: Answered['schema'], more: Partial<Answered> = {}): Answered => ({ status: 200, description, schema, ...more });
const written = (status: number, description: string, ...more: readonly Answered['schema'][]): Answered => ({ status, description, schema: more.length === 0 ? ref('WrittenDto') : both(description, ref('WrittenDto'), ...more), etag: true });

export const ACCOUNT_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/session': [answer('Who is asking.', who)],
  'POST /api/v1/session': [answer('Signed in.', who)],
  'DELETE /api/v1/session': [answer('Signed out.', who)],
  'PUT /api/v1/session/password': [written(200, 'Changed.')],
  'GET /api/v1/sessions': [answer('Your sessions.', sessions)],
  'DELETE /api/v1/sessions': [answer('What is left.', sessions)],
  'DELETE /api/v1/sessions/{session}': [answer('What is left.', sessions)],
  'GET /api/v1/accounts': [answer('The accounts.', accounts)],
  'POST /api/v1/accounts': [written(201, 'Opened.', object('The invitation.', { link: object('The one-time link.', linkParts) }))],
  'PATCH /api/v1/accounts/{id}': [written(200, 'Changed.')],
  'POST /api/v1/accounts/{id}/link': [answer('The link.', object('The link.', linkParts))],
  'POST /api/v1/links': [answer('The link.', linkSays)],
  'POST /api/v1/links/use': [answer('Done, and signed in.', who)],
  'GET /api/v1/accounts/{id}/keys': [answer('Its keys.', keys)],
  'DELETE /api/v1/accounts/{id}/keys/{key}': [written(200, 'Revoked.')],
  'GET /api/v1/keys': [answer('The keys.', keys)],
  'POST /api/v1/keys': [written(201, 'Made. The id is the key’s.', object('The key.', { token: text('The key itself, shown once. Send it as Authorization: Bearer KEY.', `fr_${TOKEN}`) }))],
  'DELETE /api/v1/keys/{key}': [written(200, 'Revoked.')],
};
