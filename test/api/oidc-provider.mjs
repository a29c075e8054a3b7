// A real OpenID provider, in a process of its own. Prints its port; does what its parent says, a line of JSON each, and says when it is done.
//   { redirect, who: {sub, email?, email_verified?}, mischief? }
// Mischief: nonce (signs another), signature (another subject under the same signature), audience, short (codes last a second),
// down (server error at the token endpoint), hang (never answers), bare (says nothing in the token but the subject), refuse (the person says no).
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

let handle = (_request, response) => response.writeHead(503).end();
const server = createServer((request, response) => handle(request, response));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address();
const issuer = `http://127.0.0.1:${port}`;

let told = {};
let provider;
function build() {
  provider = new Provider(issuer, {
    clients: [{ client_id: 'five-ring', client_secret: 'the-secret-of-the-tests-the-secret', redirect_uris: [told.redirect], grant_types: ['authorization_code'], response_types: ['code'] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['a key of the tests'] },
    ttl: { AuthorizationCode: () => (told.mischief === 'short' ? 1 : 60), AccessToken: 60, IdToken: 60, Interaction: 60, Session: 60, Grant: 60 },
    findAccount: (_context, sub) => ({ accountId: sub, claims: (use) => (told.mischief === 'bare' && use === 'id_token' ? { sub } : { ...told.who, sub }) }),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    async loadExistingGrant(context) {
      const grant = new provider.Grant({ clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId });
      grant.addOIDCScope('openid email');
      await grant.save();
      return grant;
    },
  });
  provider.use(async (context, next) => {
    if (told.mischief === 'hang' && context.path === '/token') return new Promise(() => undefined);
    if (told.mischief === 'down' && context.path === '/token') return void Object.assign(context, { status: 503, body: { error: 'temporarily_unavailable' } });
    if (told.mischief === 'nonce' && context.path === '/auth') context.query = { ...context.query, nonce: 'another' };
    await next();
    if (context.path !== '/token' || typeof context.body?.id_token !== 'string') return;
    const [head, payload, signature] = context.body.id_token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const forged = told.mischief === 'signature' ? { ...claims, ...told.forged } : told.mischief === 'unsigned' ? { ...claims, ...told.forged } : undefined;
    if (forged === undefined) return;
    const body = Buffer.from(JSON.stringify(forged)).toString('base64url');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    context.body = { ...context.body, id_token: told.mischief === 'unsigned' ? `${none}.${body}.` : `${head}.${body}.${signature}` };
  });
  const callback = provider.callback();
  handle = async (request, response) => {
    if (!request.url.startsWith('/interaction/')) return callback(request, response);
    await provider.interactionFinished(request, response, told.mischief === 'refuse' ? { error: 'access_denied' } : { login: { accountId: told.who.sub, remember: false } }, { mergeWithLastSubmission: false });
  };
}

process.stdout.write(`${port}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  told = JSON.parse(line);
  build();
  process.stdout.write('done\n');
}
process.exit(0);
