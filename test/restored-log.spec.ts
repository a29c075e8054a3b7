/** The views belong to one log: beside another one, or an older copy of it, they are made anew. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openParts, type Parts } from '../src/app.module.js';
import { readConfig } from '../src/config.js';
import { customer, customerStream } from '../src/customers/customer.js';
import { commandIdOf } from '../src/shell/ids.js';

const register = (parts: Parts, id: string, name: string) =>
  parts.executor.execute(customer, customerStream(id), [{ commandId: commandIdOf(), mac: 'm', command: { type: 'RegisterCustomer', details: { name, nameMac: name }, mayExist: false } }], { actor: 'ada', correlationId: 'test' });

it('an older log.db under newer views is noticed at the start; nothing is missing afterwards, and verify ends', async () => {
  const data = mkdtempSync(join(tmpdir(), 'five-ring-restored-'));
  const config = readConfig({ FIVE_RING_DATA: data, FIVE_RING_TIME_ZONE: 'UTC', LOG_LEVEL: 'silent' });
  try {
    let parts = await openParts(config);
    await register(parts, 'c1', 'First');
    await parts.projector.caughtUp();
    await parts.close();
    copyFileSync(join(data, 'log.db'), join(data, 'backup.db'));

    parts = await openParts(config);
    for (const id of ['c2', 'c3', 'c4']) await register(parts, id, id);
    await parts.projector.caughtUp();
    await parts.close();

    for (const suffix of ['-wal', '-shm']) rmSync(join(data, `log.db${suffix}`), { force: true });
    copyFileSync(join(data, 'backup.db'), join(data, 'log.db'));
    parts = await openParts(config);
    await register(parts, 'c5', 'Fifth');
    await parts.projector.caughtUp();
    const rows = (await parts.rows.db.selectFrom('portfolio' as never).select('customer' as never).execute()) as { customer: string }[];
    expect(rows.map((row) => row.customer).sort()).toEqual(['c1', 'c5']);
    // The heads that were kept tell of the events that went; once they are put aside, all is well.
    expect((await parts.operations.verify()).problems).toEqual([expect.stringMatching(/^The log has 2 events, and a head of 4 was kept: .* if going back was meant, put the kept heads aside\.$/)]);
    rmSync(parts.heads.file);
    expect(await parts.operations.verify()).toMatchObject({ ok: true, events: 2 });
    await parts.close();
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});
