/** While much is appended at once no rows are made, unless somebody waits for them; none is forgotten. */
import { setTimeout as sleep } from 'node:timers/promises';
import { viewsFor } from '../src/app.module.js';
import { PRESETS } from '../src/rings/rules.js';
import { Projector } from '../src/shell/projector.js';
import { MemoryStore } from '../src/stores/memory.store.js';
import type { Views } from '../src/views/views.js';
import { command } from './event-store.contract.js';
import { openRows } from './view-rows.js';

const views = viewsFor(PRESETS['annual-contracts']!, 'UTC');
/** Longer than what comes is gathered. */
const A_WHILE_MS = 300;

let rows: Views;
let store: MemoryStore;
let projector: Projector;
beforeEach(async () => {
  rows = await openRows(views);
  store = new MemoryStore();
  // Fewer a batch than an append below has.
  projector = new Projector(store, views, rows, () => undefined, { batch: 500 });
  await projector.start();
  await projector.caughtUp();
});
afterEach(async () => {
  await projector.stop();
  await rows.close();
});

let streams = 0;
const append = async (): Promise<string> => (await store.append(`note-${(streams += 1)}`, command(700), 'no-stream')).position;
async function untilAt(position: string): Promise<void> {
  while (projector.at !== position) await sleep(5);
}

it('no rows are made until it is over, and then all', async () => {
  const over = projector.holdBack();
  const position = await append();
  await sleep(A_WHILE_MS);
  // At most what was under way.
  expect(projector.at).not.toBe(position);
  over();
  await untilAt(position);
});

it('a planted bug, nobody holds back, is seen by that', async () => {
  const position = await append();
  await untilAt(position);
});

it('who waits gets the rows at once, and from then on they follow', async () => {
  const over = projector.holdBack();
  await projector.reached(await append(), 60_000);
  const next = await append();
  await untilAt(next);
  over();
});

it('of two that hold back the longer counts', async () => {
  const [first, second] = [projector.holdBack(), projector.holdBack()];
  const position = await append();
  first();
  await sleep(A_WHILE_MS);
  expect(projector.at).not.toBe(position);
  second();
  await untilAt(position);
});
