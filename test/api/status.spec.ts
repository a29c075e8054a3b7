/** What those who run it can ask for: the status, parked streams tried again. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Parked, Views } from '../../src/views/views.js';
import { VERSION } from '../../src/version.js';
import { TestApp } from './app.js';
import { NOBODY } from './parties.js';
import { inFiles } from './database.js';

const ROOT = join(__dirname, '../..');

it('the version is that of the package', () => expect(VERSION).toBe((JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version));

it('says version, files, disk, and the newest backup that is whole', async () => {
  const app = await TestApp.withAda();
  const { json } = await app.get('status');
  expect(json).toMatchObject({ version: VERSION, node: process.versions.node, zone: 'UTC', lastBackup: null });
  expect(json.files.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(inFiles() ? ['views.db', 'keys.db', 'audit.db'] : []));
  expect(json.disk.free).toBeGreaterThan(0);
  expect(json.disk.free).toBeLessThanOrEqual(json.disk.total);
  const backup = (name: string, manifest: string): void => {
    mkdirSync(join(app.folder, 'backups', name), { recursive: true });
    writeFileSync(join(app.folder, 'backups', name, 'backup.json'), manifest);
  };
  backup('2026-01-01-000000-0.1.0', JSON.stringify({ at: '2026-01-01T00:00:00.000Z', version: '0.1.0', problems: [] }));
  backup('2026-02-01-000000-0.1.0', '{"at":');
  mkdirSync(join(app.folder, 'backups', '2026-03-01-000000-0.1.0.partial'));
  expect((await app.get('status')).json.lastBackup).toEqual({ at: '2026-01-01T00:00:00.000Z', version: '0.1.0', problems: 0 });
  await app.remove();
});

it('a stream that can be read again is shown again once it is tried, with all that came meanwhile; what still fails stays', async () => {
  const app = await TestApp.withAda();
  const customer = await app.customer({ name: 'Morel & Fils' });
  const entries = async (): Promise<number> => (await app.get(`customers/${customer}/timeline`)).json.items.filter(({ type }: { type: string }) => type === 'entry').length;
  const log = (): Promise<unknown> => app.post(`customers/${customer}/interactions`, { entries: [{ kind: 'note', summary: 'Written' }] });
  await log();
  await app.parts.projector.caughtUp();
  expect(await entries()).toBe(1);
  // What a handler that throws does: the stream is parked from the next revision on.
  const rows = (app.parts.projector as unknown as { rows: Views }).rows;
  const next = (await app.parts.store.read(`customer-${customer}`, 0)).length;
  const parked: Parked[] = [{ view: 'timeline', stream: `customer-${customer}`, revision: next, reason: 'cannot be read' }];
  await rows.apply({ ops: [], checkpoint: app.parts.projector.at, parked });
  (app.parts.projector as unknown as { maker: { remember: (parked: readonly Parked[]) => void } }).maker.remember(parked);
  await log();
  await log();
  await app.parts.projector.caughtUp();
  expect(await entries()).toBe(1);
  // Anybody may ask for the health: it names no customer, and says no reason.
  const ready = await app.raw('GET', '/health/ready', NOBODY);
  expect(ready.json).toMatchObject({ status: 'ok', parked: 1 });
  for (const named of [customer, 'cannot be read', 'timeline']) expect(ready.text).not.toContain(named);
  expect((await app.get('status')).json.parked).toEqual(parked);
  expect((await app.post('parked/retry', { stream: 'customer-none' })).json).toMatchObject({ freed: 0, parked });
  // While others write.
  const [answer] = await Promise.all([app.post('parked/retry', {}), log(), log()]);
  expect(answer).toMatchObject({ status: 200, json: { freed: 1, parked: [] } });
  await app.parts.projector.caughtUp();
  expect(await entries()).toBe(5);
  expect((await app.raw('GET', '/health/ready')).json.parked).toBe(0);
  expect((await app.get('status')).json.parked).toEqual([]);
  expect((await app.post('parked/retry', { stream: 'customer-none' })).json).toEqual({ freed: 0, parked: [] });
  expect((await app.post('parked/retry', { stream: 7 })).json).toMatchObject({ status: 400, code: 'invalid-fields' });
  expect((await app.parts.operations.verify()).problems).toEqual([]);
  await app.remove();
});
