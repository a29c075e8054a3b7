/** What a refusal must be, whatever was refused: by name, as a problem, with nothing appended, and the process up. */
import { faultsOf, type Answer, type TestApp } from './app.js';

export type Refused = (send: () => Promise<Answer>, status: number, code?: string, field?: string) => Promise<Answer>;
export type Case = readonly [name: string, send: () => Promise<Answer>, status: number, code?: string | undefined, field?: string];

/** Status of the readiness check, once the views have what was written. */
export async function stillServes(app: TestApp): Promise<number> {
  await app.parts.projector.caughtUp();
  return (await app.raw('GET', '/health/ready')).status;
}

/** Sends what must be refused, and looks that it was, by this status, code and field, and that nothing came of it. */
export async function refusedBy(app: TestApp, ...[send, status, code, field]: Parameters<Refused>): Promise<Answer> {
  const before = await app.eventsInLog();
  const answer = await send();
  expect(faultsOf(answer, status, code, field)).toEqual([]);
  expect(await app.eventsInLog()).toBe(before);
  expect(await stillServes(app)).toBe(200);
  return answer;
}

/** One test for each. */
export function casesRefused(app: () => TestApp, cases: readonly Case[]): void {
  for (const [name, send, status, code, field] of cases) it(`${name}: refused`, async () => void (await refusedBy(app(), send, status, code, field)));
}
