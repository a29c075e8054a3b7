/**
 * Loaded before a node. It holds the rows of the customer whom the file HOLD names after this node's name, until the file GO is
 * there, and then brings them. PLANT=ignores-fence: it does not mind that its connection, and with it the lead, is gone.
 * PLANT=stays-away: once the connection of its views is lost, it never makes another.
 */
/* eslint-disable @typescript-eslint/unbound-method -- called with the `this` of the method it stands in for */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Postgres } from '../../src/database/postgres.js';
import { PostgresViews } from '../../src/views/postgres.views.js';

const { HOLD: hold = '', GO: go = '', PLANT: plant = '', FIVE_RING_DB: database = '' } = process.env;
const own = decodeURIComponent(new URL(database).searchParams.get('application_name') ?? '').replace(/^five-ring /, '');
const { apply } = PostgresViews.prototype;

/** Whose rows this node holds; undefined when those of nobody. */
function held(): string | undefined {
  const [node, customer] = existsSync(hold) ? readFileSync(hold, 'utf8').split(' ') : [];
  return node === own && !existsSync(go) ? customer : undefined;
}

PostgresViews.prototype.apply = async function (this: PostgresViews, batch) {
  const customer = held();
  if (customer === undefined || !JSON.stringify(batch.ops).includes(customer)) return apply.call(this, batch);
  console.log('holds a batch');
  while (!existsSync(go)) await sleep(20);
  try {
    if (plant === 'ignores-fence') {
      const views = this as unknown as { postgres: Postgres; session: unknown; leads: boolean };
      [views.session, views.leads] = [await views.postgres.session('views'), true];
    }
    await apply.call(this, batch);
    console.log('brought its batch: written');
  } catch (error) {
    console.log('brought its batch: refused');
    throw error;
  }
};

if (plant === 'stays-away') {
  const views = PostgresViews.prototype as unknown as { sessionOf(): Promise<unknown> };
  const { sessionOf } = views;
  let first: Promise<unknown> | undefined;
  views.sessionOf = function () {
    return (first ??= sessionOf.call(this));
  };
}
