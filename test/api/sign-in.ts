/** Colleagues who sign in to an app under test, and what their browsers send. */
import { Organisation } from '../../src/customers/customers.writer.js';
import { written, type TestApp, type Answer, type Json } from './app.js';

export const PASSWORD = 'eleven blue bicycles';
export const OTHER = 'twelve green lanterns';
export const ORIGIN = { origin: 'http://localhost' };
/** From nobody: neither operator nor colleague. */
export const NOBODY = { as: null, headers: { authorization: '' } };

export type Headers = Readonly<Record<string, string>>;

export const from = <T>(app: TestApp, of: abstract new (...args: never[]) => T): T => app.nest.get(of as never);
export const signIn = (app: TestApp, colleague: unknown, password: unknown, headers: Headers = {}): Promise<Answer> => app.post('session', { colleague, password }, { as: null, headers: { authorization: '', ...headers } });
export const use = (app: TestApp, body: object, headers: Headers = {}): Promise<Answer> => app.post('links/use', body, { as: null, headers: { authorization: '', ...headers } });
export const look = (app: TestApp, token: unknown): Promise<Answer> => app.post('links', { token }, NOBODY);
/** What the browser sends from then on. */
export const browserOf = ({ headers }: Answer): { cookie: string; origin: string } => ({ cookie: String(headers['set-cookie']).split(';')[0]!, ...ORIGIN });
export const tokenOf = (link: { path: string }): string => link.path.split('#')[1]!;
export const who = async (app: TestApp, headers: Headers): Promise<Json> => (await app.get('session', { headers: { authorization: '', ...headers } })).json;
export const isIn = async (app: TestApp, headers: Headers): Promise<boolean> => (await app.get('colleagues', { headers })).status === 200;

/** Opens an account by the operator, as ada. @returns the token of the invitation. */
export async function opened(app: TestApp, id: string, role: string): Promise<string> {
  const { link } = await written(app.post('accounts', { id, role }));
  await app.parts.projector.caughtUp();
  return tokenOf(link);
}

/** Opens an account for a colleague, who sets a password by the link. @returns their browser. */
export async function invited(app: TestApp, id: string, role = 'administrator', password = PASSWORD): Promise<{ cookie: string; origin: string }> {
  const answer = await use(app, { token: await opened(app, id, role), password });
  if (answer.status !== 200) throw new Error(answer.text);
  return browserOf(answer);
}

/** Stops the clock of the app's access, so many milliseconds from where it stands. */
export function later(app: TestApp, ms: number): void {
  const at = from(app, Organisation).now() + ms;
  Object.assign(from(app, Organisation), { now: () => at });
}
