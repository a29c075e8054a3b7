/** The verbs about settings and the audit, on a folder of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Built, type Run } from './five-ring.js';

let built: Built;
let data: string;
beforeAll(() => {
  built = build();
  data = mkdtempSync(join(tmpdir(), 'five-ring-settings-'));
});
afterAll(() => {
  built.remove();
  rmSync(data, { recursive: true, force: true });
});

const cli = (...args: string[]): Promise<Run> => built.run(args, { FIVE_RING_DATA: data, FIVE_RING_AS: 'ada' });

it('a setting is changed, listed with who did and why, and the audit says who changed it and who asked about whom', async () => {
  await cli('colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales');
  expect(await cli('settings', 'set', 'auditDays', 'off', '--reason', 'x')).toMatchObject({ code: 2, out: '', err: 'auditDays is a whole number of days, not "off".\n' });
  expect(await cli('settings', 'set', 'auditDays', '1', '--reason', 'x')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('must be a whole number of days from 30 to 3650') });
  expect(await cli('figures', 'advocacy-rate', '--owner', 'ben')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('colleagueFigures') });
  expect(await cli('figures', 'advocacy-rate', '--owner', 'ada')).toMatchObject({ code: 0 });
  expect(await cli('settings', 'set', 'auditDays', '500', '--reason', 'Auditors ask')).toMatchObject({ code: 0, out: 'auditDays is 500 days.\n' });
  expect((await cli('settings', 'list')).out).toMatch(/colleagueFigures +off [^\n]*as delivered\nauditDays +500 days [^\n]*Ada Berg: Auditors ask\n/);
  const csv = (await cli('audit', '--csv')).out.trim().split('\n');
  expect(csv[0]).toMatch(/^at,action,outcome,colleague,via,route,/);
  expect(csv.slice(1).map((line) => line.split(',').slice(1, 6).join())).toEqual(expect.arrayContaining([
    'settings,done,ada,operator,PATCH /api/v1/settings',
    'settings,refused,ada,operator,PATCH /api/v1/settings',
    'denied,refused,ada,operator,GET /api/v1/figures/:name',
    'rights,done,ada,operator,POST /api/v1/colleagues',
  ]));
  expect((await cli('audit', '--action', 'denied', '--limit', '1')).out).toMatch(/denied, refused +ada +GET \/api\/v1\/figures\/:name/);
}, 120_000);
