/** The verbs about people's data, on a folder of their own. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Built, type Run } from './five-ring.js';

let built: Built;
let data: string;
beforeAll(() => {
  built = build();
  data = mkdtempSync(join(tmpdir(), 'five-ring-privacy-'));
});
afterAll(() => {
  built.remove();
  rmSync(data, { recursive: true, force: true });
});

const cli = (...args: string[]): Promise<Run> => built.run(args, { FIVE_RING_DATA: data, FIVE_RING_AS: 'ada' });

it('exports a person into a file that only its owner reads, and keeps the register of requests', async () => {
  const file = join(data, 'ines.json');
  // One server, so that each verb does not start its own.
  const server = built.start(['serve'], { FIVE_RING_DATA: data, PORT: '0', LOG_LEVEL: 'silent' });
  try {
    await server.says(/http:/);
    await cli('colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales');
    await cli('customer', 'add', 'Morel & Fils');
    await cli('log', 'morel', 'person-added', '--name', 'Ines Morel');
    expect(await cli('log', 'morel', 'contact-objected', '--person', 'ines', '--against', 'phone')).toMatchObject({ code: 0 });
    expect(await cli('log', 'morel', 'outreach', '--people', 'ines', '--channel', 'phone')).toMatchObject({ code: 1, err: expect.stringContaining('--people names') });
    expect((await cli('person', 'consents', 'morel', 'ines')).out).toMatch(/^Objects to being contacted by phone since/);

    expect(await cli('person', 'export', 'morel', 'ines', '--out', file)).toMatchObject({ code: 0, out: expect.stringContaining('Written: ') });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ details: { now: { name: 'Ines Morel' } }, entries: [{ kind: 'person-added' }, { kind: 'contact-objected' }] });
    expect(JSON.parse((await cli('--json', 'person', 'export', 'morel', 'ines', '--out', `${file}.csv`, '--format', 'csv')).out)).toMatchObject({ format: 'csv', bytes: expect.any(Number) });
    expect(await cli('person', 'export', 'morel', 'kim', '--out', `${file}.2`)).toMatchObject({ code: 1, err: expect.stringContaining('nobody with the id or name kim') });
    expect(await cli('person', 'export', 'morel', 'ines', '--out', join(data, 'nowhere', 'x'))).toMatchObject({ code: 1, err: expect.stringContaining('cannot be written') });
    expect(existsSync(`${file}.2`)).toBe(false);

    const { id } = JSON.parse((await cli('--json', 'request', 'add', 'access', '--customer', 'morel', '--person', 'ines', '--received', '2026-03-02')).out) as { id: string };
    expect((await cli('request', 'list')).out).toMatch(/access +Ines Morel +2026-03-02 +2026-04-01 +OVERDUE[^]*1 request open, 1 of them overdue\./);
    expect(await cli('request', 'close', id, '--outcome', 'done', '--done', 'Sent')).toMatchObject({ code: 0 });
    expect(JSON.parse((await cli('--json', 'request', 'list')).out)).toMatchObject({ open: 0, overdue: 0, items: [{ id, closed: { outcome: 'done' } }] });
    expect(await cli('request', 'add', 'revenge', '--who', 'x')).toMatchObject({ code: 2 });
    expect((await cli('person', 'silent')).out).toMatch(/^Nobody is erased unasked/);
  } finally {
    await server.end('SIGTERM');
  }
}, 120_000);
