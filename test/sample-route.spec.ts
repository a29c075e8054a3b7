/** The sample through the API: where there is no customer yet, with colleagues who are there, and nowhere else. On a log in memory: it is the same on any. */
import { TestApp } from './api/app.js';

const linesOf = (text: string): { progress?: object; result?: object }[] => text.trim().split('\n').map((line) => JSON.parse(line) as object);
const open = async (): Promise<TestApp> => {
  const app = await TestApp.open(undefined, { FIVE_RING_STORE: 'memory:' });
  await app.colleague('ada', { name: 'Ada of ours' });
  return app;
};

it('the sample goes where there is no customer, whoever is there already; not twice, and not beside others', async () => {
  const app = await open();
  const [one, other] = await Promise.all([app.post('sample', {}), app.post('sample', {})]);
  const refused = [one, other].filter(({ status }) => status !== 200);
  expect(refused.map(({ status, json }) => [status, json.code])).toEqual([[409, 'already-running']]);
  const lines = linesOf([one, other].find(({ status }) => status === 200)!.text);
  expect(lines.at(0)).toHaveProperty('progress');
  expect(lines.at(-1)).toEqual({ result: { colleagues: expect.any(Number) as number, customers: expect.any(Number) as number, entries: expect.any(Number) as number } });
  const { total } = (await app.get('portfolio?limit=1')).json as { total: number };
  expect(total).toBe((lines.at(-1)!.result as { customers: number }).customers);
  // Whose id the sample has as well is who they were.
  expect((await app.get('colleagues')).json.items.find(({ id }: { id: string }) => id === 'ada').name).toBe('Ada of ours');
  const again = await app.post('sample', {});
  expect([again.status, again.json.code]).toEqual([409, 'customers-there']);
  await app.remove();

  const used = await open();
  await used.customer({ name: 'Morel & Fils' });
  const head = await used.parts.store.head();
  expect((await used.post('sample', {})).status).toBe(409);
  expect((await used.post('sample', { seed: 'many' })).json).toMatchObject({ status: 400, code: 'invalid-fields' });
  expect(await used.parts.store.head()).toBe(head);
  await used.remove();
}, 120_000);
