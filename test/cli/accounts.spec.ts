/** Accounts and keys by the operator, on a folder of their own, and the links that `serve` and `demo` print. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Built, type Run, type Running } from './five-ring.js';

let built: Built;
let data: string;
beforeAll(() => {
  built = build();
  data = mkdtempSync(join(tmpdir(), 'five-ring-accounts-'));
});
afterAll(() => {
  built.remove();
  rmSync(data, { recursive: true, force: true });
});

const cli = (...args: string[]): Promise<Run> => built.run(args, { FIVE_RING_DATA: data, FIVE_RING_AS: 'ada' });

/** What a link does when it is used. */
async function use(link: string, body: object = {}): Promise<{ status: number; cookie: string; body: Record<string, unknown> }> {
  const [page, token] = link.split('#') as [string, string];
  const answer = await fetch(new URL('/api/v1/links/use', page), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token, ...body }) });
  return { status: answer.status, cookie: answer.headers.get('set-cookie') ?? '', body: (await answer.json()) as Record<string, unknown> };
}

describe('on a folder with a server', () => {
  let server: Running;
  beforeAll(async () => {
    server = built.start(['serve'], { FIVE_RING_DATA: data, PORT: '0', LOG_LEVEL: 'silent' });
  });
  afterAll(() => server.end('SIGTERM'));

  it('begins with the printed link for the first administrator, which works once', async () => {
    const [, link] = await server.says(/first administrator, within 24 hours: (http:\S+\/welcome#[\w-]{43})$/m);
    const who = { password: 'eleven blue bicycles', id: 'ada', name: 'Ada Berg', department: 'sales' };
    expect(await use(link!, who)).toMatchObject({ status: 200, cookie: expect.stringMatching(/^__Host-five-ring=/), body: { colleague: { id: 'ada' }, role: 'administrator' } });
    expect((await use(link!, who)).status).toBe(404);
  });

  it('invites, changes, resets, disables and enables', async () => {
    const [address] = await server.says(/http:\/\/127\.0\.0\.1:\d+/);
    await cli('colleague', 'add', 'ben', 'Ben Okafor', '--department', 'service');
    expect(await cli('account', 'invite', 'zoe', '--role', 'service')).toMatchObject({ code: 1, err: expect.stringContaining('is no active colleague') });
    expect(await cli('account', 'invite', 'ben', '--role', 'owner')).toMatchObject({ code: 2 });
    const invitation = await cli('account', 'invite', 'ben', '--role', 'service');
    expect(invitation).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^ben has an account now, as service\.\nOne-time link, shown once/) });
    const path = (run: Run): string => `${address}/welcome#${/welcome#([\w-]{43})$/m.exec(run.out)![1]}`;
    expect(await use(path(invitation), { password: 'eleven blue bicycles' })).toMatchObject({ status: 200, body: { role: 'service' } });
    expect((await cli('account', 'role', 'ben', 'leader', '--contacts')).out).toBe('ben is leader now.\n');
    expect((await cli('account', 'list')).out).toMatch(/^ada +Ada Berg +administrator +signed in .*\nben +Ben Okafor +leader, with contacts +signed in/m);
    const reset = await cli('account', 'link', 'ben', '--end-sessions');
    expect((await cli('account', 'disable', 'ben')).out).toBe('ben is shut out; all their sessions have ended.\n');
    expect((await use(path(reset), { password: 'twelve green lanterns' })).status).toBe(404);
    expect((await cli('account', 'list')).out).toMatch(/^ben .* disabled$/m);
    expect((await cli('account', 'enable', 'ben')).out).toBe('ben may sign in again.\n');
    expect(await cli('account', 'disable', 'ada')).toMatchObject({ code: 1, err: 'This is the last enabled administrator; make another one first.\n' });
    expect(JSON.parse((await cli('--json', 'account', 'list')).out)).toMatchObject({ items: [{ id: 'ada', enabled: true }, { id: 'ben', enabled: true, password: false }] });
  }, 60_000);

  it('makes, lists and revokes keys of the colleague named', async () => {
    const [address] = await server.says(/http:\/\/127\.0\.0\.1:\d+/);
    const made = await cli('key', 'make', '--label', 'nightly', '--scopes', 'read,figures');
    const [, id, token] = /^Key (\S+), shown once[^]*\n {2}(fr_[\w-]{43})$/m.exec(made.out)!;
    const status = async (): Promise<number> => (await fetch(new URL('/api/v1/figures', address), { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await status()).toBe(200);
    expect((await cli('key', 'list')).out).toMatch(new RegExp(`^${id} +nightly +read, figures`, 'm'));
    expect((await cli('key', 'revoke', id!)).out).toBe('Revoked; it opens nothing from now on.\n');
    expect([await status(), (await cli('key', 'list')).out]).toEqual([401, 'No keys.\n']);
    expect(await cli('key', 'make', '--label', 'x', '--scopes', 'all')).toMatchObject({ code: 1, err: expect.stringContaining('--scopes') });
  }, 60_000);

  it('prints no such link once an administrator has signed in', async () => {
    await server.end('SIGTERM');
    const again = built.start(['serve'], { FIVE_RING_DATA: data, PORT: '0', LOG_LEVEL: 'silent' });
    await again.says(/listens on/);
    const { out } = await again.end('SIGTERM');
    expect(out).not.toContain('welcome');
  }, 60_000);
});

it('the demo prints a link that signs its visitor in, as often as it is opened', async () => {
  const demo = built.start(['demo'], { PORT: '0' });
  try {
    const [, link] = await demo.says(/^ {2}account-manager +(http:\S+\/welcome#[\w-]{43}) +# Ada Berg$/m);
    for (let n = 0; n < 2; n += 1) expect(await use(link!)).toMatchObject({ status: 200, cookie: expect.stringMatching(/^__Host-five-ring=/), body: { colleague: { id: 'ada', name: 'Ada Berg' }, role: 'account-manager' } });
  } finally {
    await demo.end('SIGINT');
  }
}, 60_000);
