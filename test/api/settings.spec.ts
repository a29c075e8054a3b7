/** Settings: what they may be, that they are in force at once and everywhere, and who changed them. */
import { SettingsInForce } from '../../src/access/settings-in-force.js';
import { DEFAULTS, settings, SETTINGS_STREAM } from '../../src/access/settings.js';
import { faultsOf, TestApp, written, type Json } from './app.js';

let app: TestApp;
beforeAll(async () => void (app = await TestApp.withAda()));
afterAll(() => app.remove());

const change = (values: unknown, reason: unknown = 'Agreed in March', options: object = {}) => app.patch('settings', { values, reason }, options);
const valueOf = (answer: Json, name: string): unknown => answer.items.find((item: Json) => item.name === name).value;

it('while nobody changed them they are as they are delivered: figures about colleagues and unasked erasure are off', async () => {
  const answer = await app.get('settings');
  expect(answer.headers['etag']).toBeUndefined();
  expect(answer.json).toMatchObject({ history: [], revision: null });
  expect(answer.json.items.map(({ name, value, default: standard, changed }: Json) => [name, value, standard, changed])).toEqual(Object.entries(DEFAULTS).map(([name, value]) => [name, value, value, null]));
  expect(DEFAULTS).toMatchObject({ colleagueFigures: false, auditDays: 400, keyBackupDays: 7, erasePeopleAfterMonths: null, requestDueDays: 30 });
});

it('a change is in force when it is answered, says who made it and why, and outlives the process', async () => {
  await written(change({ colleagueFigures: true, erasePeopleAfterMonths: 36 }));
  expect(app.parts.settings.settings).toEqual({ ...DEFAULTS, colleagueFigures: true, erasePeopleAfterMonths: 36 });
  await written(change({ erasePeopleAfterMonths: null, requestDueDays: 20 }, '  As before  '));
  const answer = await app.read('settings');
  expect(valueOf(answer, 'erasePeopleAfterMonths')).toBeNull();
  expect(answer.items.find((item: Json) => item.name === 'requestDueDays').changed).toEqual({ at: expect.any(String), by: { id: 'ada', name: 'Colleague ada' }, reason: 'As before' });
  expect(answer.history.map(({ name, value, reason }: Json) => [name, value, reason])).toEqual([['requestDueDays', 20, 'As before'], ['erasePeopleAfterMonths', null, 'As before'], ['erasePeopleAfterMonths', 36, 'Agreed in March'], ['colleagueFigures', true, 'Agreed in March']]);
  app = await app.restarted();
  expect(app.parts.settings.settings).toEqual({ ...DEFAULTS, colleagueFigures: true, requestDueDays: 20 });
});

it('what is so already is left alone, and a repeat writes nothing', async () => {
  await written(change({ auditDays: 500 }, 'Longer', { key: 'k-1' }));
  const before = await app.eventsInLog();
  expect(await written(change({ auditDays: 500 }, 'Again'))).toMatchObject({ id: 'settings', repeated: false });
  expect(await written(change({ auditDays: 500 }, 'Longer', { key: 'k-1' }))).toMatchObject({ repeated: true });
  expect(await app.eventsInLog()).toBe(before);
});

it.each([
  [{ values: { auditDays: 29 }, reason: 'x' }, 'values.auditDays', 'out-of-bounds'],
  [{ values: { auditDays: 3651 }, reason: 'x' }, 'values.auditDays', 'out-of-bounds'],
  [{ values: { auditDays: null }, reason: 'x' }, 'values.auditDays', 'out-of-bounds'],
  [{ values: { auditDays: 100.5 }, reason: 'x' }, 'values.auditDays', 'out-of-bounds'],
  [{ values: { colleagueFigures: 'true' }, reason: 'x' }, 'values.colleagueFigures', 'out-of-bounds'],
  [{ values: { colleagueFigures: null }, reason: 'x' }, 'values.colleagueFigures', 'out-of-bounds'],
  [{ values: { erasePeopleAfterMonths: 0 }, reason: 'x' }, 'values.erasePeopleAfterMonths', 'out-of-bounds'],
  [{ values: { requestDueDays: 1, toString: 1 }, reason: 'x' }, 'values.toString', 'unknown-setting'],
  [{ values: {}, reason: 'x' }, 'values', 'missing'],
  [{ values: [], reason: 'x' }, 'values', undefined],
  [{ values: 'auditDays', reason: 'x' }, 'values', undefined],
  [{ values: { auditDays: 100 } }, 'reason', undefined],
  [{ values: { auditDays: 100 }, reason: '   ' }, 'reason', undefined],
  [{ values: { auditDays: 100 }, reason: 'x'.repeat(501) }, 'reason', undefined],
  [{ values: { auditDays: 100 }, reason: 'x', more: 1 }, 'more', undefined],
])('%j is refused, names %s, and writes nothing', async (body, field, code) => {
  const before = await app.eventsInLog();
  expect(faultsOf(await app.patch('settings', body), 400, code, field)).toEqual([]);
  expect(await app.eventsInLog()).toBe(before);
});

it('a stale revision is refused', async () => {
  expect(faultsOf(await change({ auditDays: 600 }, 'x', { ifMatch: '"0"' }), 412, 'stale-revision')).toEqual([]);
});

it('what another process changed is in force here once it has arrived', async () => {
  const { store, executor, settings: here } = app.parts;
  const there = await SettingsInForce.open(store);
  const event = (name: string, value: unknown) => ({ id: crypto.randomUUID(), type: 'SettingChanged', data: { name, value, reason: 'From elsewhere' }, metadata: { commandId: crypto.randomUUID().replaceAll('-', ''), n: 0, mac: 'x', actor: 'ada', correlationId: 'x', causationId: null } });
  const { revision } = await executor.load(settings, SETTINGS_STREAM);
  await store.append(SETTINGS_STREAM, [event('keyBackupDays', 14), event('fromTheFuture', 'a text'), event('requestDueDays', 10_000)], revision);
  await app.parts.projector.caughtUp();
  await here.look();
  await there.look();
  expect(here.settings.keyBackupDays).toBe(14);
  expect(there.settings).toEqual(here.settings);
  // What this version does not know, or would not allow, changes nothing; the history says it all the same.
  expect(here.settings).not.toHaveProperty('fromTheFuture');
  expect(here.settings.requestDueDays).toBe(20);
  expect((await app.get('settings')).json.history[1]).toMatchObject({ name: 'fromTheFuture', value: 'a text' });
  there.stop();
});

it('planted bug: settings that hear of nothing stay as they were', async () => {
  const deaf = await SettingsInForce.open(app.parts.store);
  await written(change({ keyBackupDays: 30 }));
  expect(app.parts.settings.settings.keyBackupDays).toBe(30);
  expect(deaf.settings.keyBackupDays).toBe(14);
  await deaf.look();
  expect(deaf.settings.keyBackupDays).toBe(30);
  deaf.stop();
});
