/** Erasures that are asked for again, and the words of a snooze, which are erased as those of an entry. */
import { Erasures } from '../../src/privacy/erasures.writer.js';
import { customer as customers } from '../../src/customers/customer.js';
import type { Caller } from '../../src/shell/caller.js';
import { API, faultsOf, TestApp, type Answer, type Json } from './app.js';

let app: TestApp;
beforeAll(async () => void (app = await TestApp.withAda()));
afterAll(() => app.remove());

const LATER = new Date(Date.now() + 30 * 86_400_000).toISOString();

/** What is wrong where an erasure is asked for again by the same key: with the same words it is the same receipt, with others it is refused. */
async function faultsAgain(path: string, body: object = {}): Promise<string[]> {
  const ask = (reason: string, key: string): Promise<Answer> => app.post(path, { reason, ...body }, { key });
  const first = await ask('Asked for it by letter', `${path} a`);
  expect(first.status).toBe(200);
  const events = await app.eventsInLog();
  const same = await ask('Asked for it by letter', `${path} a`);
  const other = await ask('Another reason', `${path} b`);
  const faults = [
    ...(same.status === 200 && same.json.id === first.json.id ? [] : [`asked again: ${same.status} ${same.text}`]),
    ...(other.status === 200 && other.json.reason === 'Asked for it by letter' ? [] : [`by another key: ${other.status} ${other.text}`]),
    ...faultsOf(await ask('Another reason', `${path} a`), 422, 'reused-key'),
  ];
  expect(await app.eventsInLog()).toBe(events);
  return faults;
}

async function asks(): Promise<readonly (readonly [string, object?])[]> {
  const id = await app.customer({ name: 'Morel' });
  const person = await app.person(id);
  const [entry] = await app.log(id, { kind: 'note', summary: 'A password' });
  const leaver = `leaver${(await app.eventsInLog())}`;
  await app.colleague(leaver);
  await app.patch(`colleagues/${leaver}`, { active: false });
  return [[`customers/${id}/interactions/${entry}/erase-text`], [`customers/${id}/people/${person}/erase`], [`customers/${id}/erase`, { confirm: id }], [`colleagues/${leaver}/erase`]];
}

it('the same key with another reason is refused, whatever was erased', async () => {
  for (const [path, body] of await asks()) expect([path, await faultsAgain(path, body)]).toEqual([path, []]);
});

it('planted bug: what stands is answered with, whatever the key was for', async () => {
  const proto = Erasures.prototype as unknown as { again(intent: { readonly command: object }, caller: Caller): Promise<unknown> };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this`
  const real = proto.again;
  const planted = jest.spyOn(proto, 'again').mockImplementation(function (this: never, intent, caller) {
    return real.call(this, intent, { ...caller, commandId: `${caller.commandId}x` });
  });
  try {
    for (const [path, body] of await asks()) expect([path, await faultsAgain(path, body)]).not.toEqual([path, []]);
  } finally {
    planted.mockRestore();
  }
});

describe('why a customer was snoozed', () => {
  const WHY = 'Ines is away until her mother is well';
  async function snoozed(): Promise<{ readonly id: string; readonly snooze: Json; readonly read: () => Promise<Json> }> {
    const id = await app.customer({ name: 'Morel', owner: 'ada' });
    await app.post(`customers/${id}/snooze`, { until: LATER, reason: WHY });
    const read = async (): Promise<Json> => {
      await app.parts.projector.caughtUp();
      return (await app.read(`${API}/customers/${id}/overview`)).snoozes[0];
    };
    return { id, snooze: await read(), read };
  }
  const inLog = async (): Promise<string> => (await app.get('log?limit=1000')).text;

  it('is erased by the id of the snooze; the snooze stays, and so does all else of the customer', async () => {
    const { id, snooze, read } = await snoozed();
    const [entry] = await app.log(id, { kind: 'note', summary: 'A word that stays' });
    expect(snooze).toMatchObject({ why: WHY, id: expect.any(String) });
    const receipt = await app.post(`customers/${id}/interactions/${snooze.id}/erase-text`, { reason: 'About her family' });
    expect(receipt).toMatchObject({ status: 200, json: { kind: 'text', target: snooze.id, fields: 1 } });
    expect(await read()).toEqual({ ...snooze, why: null });
    expect(await inLog()).not.toContain(WHY);
    expect((await app.read(`${API}/customers/${id}`)).name).toBe('Morel');
    expect((await app.read(`${API}/customers/${id}/interactions/${entry}`)).summary).toBe('A word that stays');
    expect((await app.post(`customers/${id}/interactions/${snooze.id}/erase-text`, { reason: 'About her family' })).json.id).toBe(receipt.json.id);
    expect(faultsOf(await app.post(`customers/${await app.customer({ name: 'Other' })}/interactions/${snooze.id}/erase-text`, { reason: 'x' }), 404, 'unknown-entry')).toEqual([]);
  });

  it('stays until the customer goes where it was sealed under the customer alone, as before, and that is said', async () => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it needs no `this`
    const { personal } = customers;
    const planted = jest.spyOn(customers, 'personal').mockImplementation((event, state) => personal(event, state).map(({ alone: _alone, ...field }) => field));
    let made: Awaited<ReturnType<typeof snoozed>>;
    try {
      made = await snoozed();
    } finally {
      planted.mockRestore();
    }
    expect(made.snooze.why).toBe(WHY);
    expect(faultsOf(await app.post(`customers/${made.id}/interactions/${made.snooze.id}/erase-text`, { reason: 'x' }), 409, 'sealed-with-others')).toEqual([]);
    expect((await made.read()).why).toBe(WHY);
    await app.post(`customers/${made.id}/erase`, { reason: 'x', confirm: made.id });
    expect(await inLog()).not.toContain(WHY);
  });
});
