/** The OpenID provider of the tests, and a browser that goes through it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Answer, TestApp } from './app.js';

export interface Told {
  /** Where the app has it come back to; left out: where the app of a test without a port is. */
  readonly redirect?: string;
  readonly who?: { readonly sub: string; readonly email?: string; readonly email_verified?: boolean };
  readonly mischief?: 'nonce' | 'signature' | 'unsigned' | 'short' | 'down' | 'hang' | 'bare' | 'refuse';
  /** Claims put in place of the signed ones. */
  readonly forged?: object;
}

/** Where the browser thinks the app is. */
const HERE = 'http://localhost:3000';
export const CALLBACK = '/api/v1/oidc/callback';
export const SECRET = 'the-secret-of-the-tests-the-secret';

export class Provider {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
    readonly issuer: string,
  ) {}

  static async start(): Promise<Provider> {
    const child = spawn(process.execPath, [join(__dirname, 'oidc-provider.mjs')], { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, NODE_ENV: 'test' } });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the OpenID provider did not start');
    return new Provider(child, lines, `http://127.0.0.1:${value}`);
  }

  async tell(told: Told): Promise<void> {
    this.child.stdin!.write(`${JSON.stringify({ redirect: HERE + CALLBACK, ...told })}\n`);
    await this.lines.next();
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  /** Settings of an app that knows it. */
  env(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return { FIVE_RING_OIDC_ISSUER: this.issuer, FIVE_RING_OIDC_CLIENT_ID: 'five-ring', FIVE_RING_OIDC_CLIENT_SECRET: SECRET, FIVE_RING_OIDC_NAME: 'Sign in with Example', ...more };
  }
}

/** Keeps cookies by origin, and follows no redirect by itself. */
export class Browser {
  private readonly jars = new Map<string, Map<string, string>>();

  constructor(private readonly app: TestApp) {}

  /** The Cookie header for an origin. */
  cookies(origin = HERE): string {
    return [...(this.jars.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  keep(origin: string, lines: readonly string[]): void {
    const jar = this.jars.get(origin) ?? new Map<string, string>();
    this.jars.set(origin, jar);
    for (const line of lines) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value === '' || /max-age=0/i.test(line) || /expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name!);
      else jar.set(name!, value!);
    }
  }

  /** Opens a page of the app. */
  async here(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await this.app.raw('GET', path, { host: 'localhost:3000', authorization: '', cookie: this.cookies(), ...headers });
    const set: unknown = answer.headers['set-cookie'];
    this.keep(HERE, Array.isArray(set) ? set.map(String) : typeof set === 'string' ? [set] : []);
    return answer;
  }

  /** From the button to where the provider sends it back: the address of the callback, not yet opened. */
  async toTheProvider(): Promise<string> {
    const start = await this.here('/api/v1/oidc/start');
    if (start.status !== 303) throw new Error(`start: ${start.status} ${start.text}`);
    let url = start.headers['location']!;
    for (let hops = 0; hops < 10 && !url.startsWith(HERE); hops += 1) {
      const { origin } = new URL(url);
      const answer = await fetch(url, { redirect: 'manual', headers: { cookie: this.cookies(origin) } });
      this.keep(origin, answer.headers.getSetCookie());
      const to = answer.headers.get('location');
      if (to === null) throw new Error(`the provider: ${answer.status} ${await answer.text()}`);
      url = new URL(to, url).href;
    }
    return url.slice(HERE.length);
  }

  /** All of it. */
  async signIn(): Promise<Answer> {
    return this.here(await this.toTheProvider());
  }
}
