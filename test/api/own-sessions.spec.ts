/** One's own sessions: seen with their places, ended one by one or all but this one, and nobody else's. Planted bugs beside. */
import { OwnSessions } from '../../src/access/own-sessions.writer.js';
import { IDLE } from '../../src/access/sessions.writer.js';
import { API, faultsOf, TestApp, written, type Json } from './app.js';
import { browserOf, from, invited, isIn, later, PASSWORD, signIn, type Headers } from './sign-in.js';

interface Listed {
  readonly session: string;
  readonly agent: string;
  readonly here: boolean;
}

const listed = async (app: TestApp, browser: Headers): Promise<Listed[]> => (await written(app.get('sessions', { headers: browser }))).items as Listed[];
const from2 = async (app: TestApp, agent: string, id = 'ada'): Promise<Headers> => browserOf(await signIn(app, id, PASSWORD, { 'user-agent': agent }));

const checks: Readonly<Record<string, (app: TestApp) => Promise<void>>> = {
  'each is told by place and time, the one asked with is marked, and what opens or names it inside is not said': async (app) => {
    const first = await invited(app, 'ada');
    const second = await from2(app, 'Second/2.0');
    const answer = await app.get('sessions', { headers: second });
    expect(answer.status).toBe(200);
    const items = answer.json.items as Json[];
    expect(items).toHaveLength(2);
    expect(items.filter(({ here }) => here === true)).toEqual([{ session: expect.stringMatching(/^[0-9a-f]{32}$/), begun: expect.any(String), seen: expect.any(String), expires: expect.any(String), address: '127.0.0.1', agent: 'Second/2.0', here: true }]);
    expect((await listed(app, first)).find(({ here }) => here)?.agent).not.toBe('Second/2.0');
    const rows = await app.parts.vault.secrets.sessionsOf('ada');
    for (const { token } of rows) expect(answer.text).not.toContain(token);
  },

  'one is ended, and its browser is out at once; the other goes on': async (app) => {
    const first = await invited(app, 'ada');
    const second = await from2(app, 'Second/2.0');
    const { session } = (await listed(app, first)).find(({ agent }) => agent === 'Second/2.0')!;
    const left = await app.raw('DELETE', `${API}/sessions/${session}`, first);
    expect([left.status, (left.json.items as Listed[]).map(({ here }) => here)]).toEqual([200, [true]]);
    expect([await isIn(app, first), await isIn(app, second)]).toEqual([true, false]);
    expect(faultsOf(await app.raw('DELETE', `${API}/sessions/${session}`, first), 404, 'unknown-session')).toEqual([]);
  },

  'all others are ended, and no colleague’s': async (app) => {
    await app.colleague('ben');
    const first = await invited(app, 'ada');
    const ben = await invited(app, 'ben', 'service');
    const others = [await from2(app, 'Second/2.0'), await from2(app, 'Third/3.0')];
    const left = await app.raw('DELETE', `${API}/sessions`, first);
    expect([left.status, (left.json.items as Listed[]).map(({ here }) => here)]).toEqual([200, [true]]);
    expect(await Promise.all([first, ...others, ben].map((browser) => isIn(app, browser)))).toEqual([true, false, false, true]);
  },

  'somebody else’s are neither seen nor ended': async (app) => {
    await app.colleague('ben');
    const ada = await invited(app, 'ada');
    const ben = await invited(app, 'ben', 'service');
    const [{ session }] = (await listed(app, ada)) as [Listed];
    expect((await listed(app, ben)).map((one) => one.session)).not.toContain(session);
    expect(faultsOf(await app.raw('DELETE', `${API}/sessions/${session}`, ben), 404, 'unknown-session')).toEqual([]);
    expect(await isIn(app, ada)).toBe(true);
  },

  'one that ran out is not shown': async (app) => {
    await invited(app, 'ada');
    later(app, IDLE + 1000);
    expect(await listed(app, await from2(app, 'Second/2.0'))).toHaveLength(1);
  },
};

/** Each with the checks that find it. */
const planted: readonly (readonly [string, (app: TestApp) => void, readonly string[]])[] = [
  ['sessions are named by their hash', (app) => void Object.assign(from(app, OwnSessions), { idOf: (token: string) => token }), ['each is told by place and time, the one asked with is marked, and what opens or names it inside is not said']],
  ['everybody’s are one’s own', (app) => {
    const { secrets } = app.parts.vault;
    const of = secrets.sessionsOf.bind(secrets);
    secrets.sessionsOf = async () => [...(await of('ada')), ...(await of('ben'))];
  }, ['somebody else’s are neither seen nor ended']],
  ['signing out elsewhere takes this one too', (app) => void (app.parts.vault.secrets.endOtherSessionsOf = (colleague) => app.parts.vault.secrets.endSessionsOf(colleague)), ['all others are ended, and no colleague’s']],
  ['what ran out is still listed', (app) => void Object.assign(from(app, OwnSessions), { good: (colleague: string) => app.parts.vault.secrets.sessionsOf(colleague) }), ['one that ran out is not shown']],
  ['ending one ends nothing', (app) => void (app.parts.vault.secrets.endSession = async () => undefined), ['one is ended, and its browser is out at once; the other goes on']],
];

let app: TestApp;
beforeEach(async () => {
  app = await TestApp.open();
  await app.colleague('ada');
});
afterEach(() => app.remove());

it.each(Object.entries(checks))('%s', (_name, check) => check(app));

it.each(planted)('planted bug: %s', async (_name, plant, found) => {
  plant(app);
  for (const name of found) await expect(checks[name]!(app)).rejects.toThrow();
});
