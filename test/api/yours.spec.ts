/** Lists say of each row whether its customer is the reader's: exactly where the server lets an account manager act on it. */
import { PromisesReader } from '../../src/promises/promises.reader.js';
import { TestApp, written, type Json } from './app.js';
import { from } from './sign-in.js';

const later = new Date(Date.now() + 86_400_000 * 9).toISOString();

let app: TestApp;
beforeEach(async () => {
  app = await TestApp.withAda();
  for (const id of ['ben', 'cleo']) await app.colleague(id);
});
afterEach(() => app.remove());

/** What the list says of each customer, and whether the server lets its row be acted on. */
async function saidAndDone(list: 'promises' | 'asks', act: (row: Json) => [path: string, body: object]): Promise<Record<string, [said: boolean, done: boolean]>> {
  await app.parts.projector.caughtUp();
  const ben = await app.signedIn('ben', 'account-manager');
  const { items } = (await app.get(list, { headers: ben })).json as { items: Json[] };
  const found: Record<string, [boolean, boolean]> = {};
  for (const row of items) {
    const [path, body] = act(row);
    const { status } = await app.raw('POST', `/api/v1/${path}`, { ...ben, 'content-type': 'application/json' }, JSON.stringify(body));
    expect([201, 403]).toContain(status);
    found[row.customer.name] = [row.yours, status === 201];
  }
  return found;
}

/** Customers of all sorts, each with a promise and an ask. */
async function laidOut(): Promise<void> {
  const customers = { own: { owner: 'ben' }, team: { owner: 'cleo', team: ['ben'] }, nobody: {}, foreign: { owner: 'cleo' } };
  for (const [name, details] of Object.entries(customers)) {
    const id = await app.customer({ name, ...details });
    const person = await app.person(id);
    await app.log(id, { kind: 'consent-given', person, purpose: 'reference-calls' });
    await written(app.post(`customers/${id}/promises`, { what: 'A quote', due: later }));
    await written(app.post(`customers/${id}/asks`, { person, act: 'referral', wording: 'Would you?', channel: 'email' }));
  }
}

const EXPECTED = { own: [true, true], team: [true, true], nobody: [true, true], foreign: [false, false] };
const promises = () => saidAndDone('promises', ({ id, customer }) => [`customers/${customer.id}/promises/${id}/delivered`, {}]);
const asks = () => saidAndDone('asks', ({ id, customer }) => [`customers/${customer.id}/asks/${id}/accepted`, {}]);

it('a promise or an ask is “yours” where its next step is not refused', async () => {
  await laidOut();
  expect(await promises()).toEqual(EXPECTED);
  expect(await asks()).toEqual(EXPECTED);
});

it('planted bug: a list that forgets who reads it is found', async () => {
  await laidOut();
  const reader = from(app, PromisesReader);
  const list = reader.list.bind(reader);
  reader.list = (filter, place, limit, sight) => list(filter, place, limit, { ...sight, self: null });
  expect(await promises()).not.toEqual(EXPECTED);
});
