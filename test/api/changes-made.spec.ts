/** What we changed, for whoever reads figures: in order, with what and why, and with the name of who logged it. */
import { TestApp, written, type Json } from './app.js';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.withAda();
});
afterAll(() => app.remove());

const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString();

it('lists changes by when they happened, whenever they were logged; other entries of ours are not in it', async () => {
  expect((await app.read('changes-made')).items).toEqual([]);
  for (const [what, ago] of [['A hotline at night', 10], ['Onboarding in three steps', 40]] as const) await written(app.post('log', { kind: 'change-made', what, why: 'Half never got there', occurredAt: day(ago) }));
  await written(app.post('log', { kind: 'campaign-launched', campaign: 'spring', occurredAt: day(20) }));
  const { items } = await app.read('changes-made');
  expect(items.map(({ what }: Json) => what)).toEqual(['Onboarding in three steps', 'A hotline at night']);
  expect(items[0]).toEqual({ entry: expect.any(String), occurredAt: expect.stringMatching(/Z$/), what: 'Onboarding in three steps', why: 'Half never got there', by: { id: 'ada', name: 'Colleague ada' } });
});
