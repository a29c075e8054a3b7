/** Accounts: who gets in, by what, and what ends it. */
import { faultsOf, TestApp } from './app.js';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.withAda();
});

describe('a session', () => {
  it('lets its colleague in, and nobody who shows another token', async () => {
    const browser = await app.signedIn('ada');
    expect((await app.get('colleagues', { headers: browser })).status).toBe(200);
    for (const cookie of ['__Host-five-ring=', 'five-ring=x', `__Host-five-ring=${'A'.repeat(43)}`, `${browser['cookie']}; __Host-five-ring=${'A'.repeat(43)}`]) expect(faultsOf(await app.get('colleagues', { headers: { cookie } }), 401, 'sign-in-first')).toEqual([]);
  });

  it('writes from pages of our own only, and for its own colleague only', async () => {
    const { cookie, origin } = (await app.signedIn('ada')) as { cookie: string; origin: string };
    const write = (headers: Record<string, string>) => app.post('customers', { name: 'Nordlicht' }, { as: null, headers: { cookie, ...headers } });
    expect((await write({ origin })).status).toBe(201);
    expect((await write({ 'sec-fetch-site': 'same-origin', origin })).status).toBe(201);
    const before = await app.eventsInLog();
    const foreign: Record<string, string>[] = [{}, { origin: 'null' }, { origin: 'https://evil.example' }, { origin: 'http://localhost:81' }, { origin: 'https://localhost' }, { 'sec-fetch-site': 'cross-site', origin }, { 'sec-fetch-site': 'same-site', origin }, { 'sec-fetch-site': 'none' }];
    for (const headers of foreign) expect([headers, faultsOf(await write(headers), 403, 'foreign-origin')]).toEqual([headers, []]);
    expect(faultsOf(await write({ origin, 'x-colleague': 'ben' }), 403, 'not-you')).toEqual([]);
    expect(await app.eventsInLog()).toBe(before);
  });
});
