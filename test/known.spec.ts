/** What is known now, and finding what was known when, while others want their turn and rows are still to be made. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { viewsFor } from '../src/app.module.js';
import { Walk } from '../src/figures/walk.reader.js';
import { PRESETS } from '../src/rings/rules.js';
import { Known } from '../src/shell/known.js';
import { Projector } from '../src/shell/projector.js';
import { MemoryStore } from '../src/stores/memory.store.js';
import { command } from './event-store.contract.js';
import { PassingStore } from './passing-store.js';
import { World } from './random-history.js';
import type { Views } from '../src/views/views.js';
import { openRows } from './view-rows.js';

const views = viewsFor(PRESETS['annual-contracts']!, 'UTC');

/** Whether others get a turn of the event loop before the work is done. */
async function leavesTurns(work: Promise<unknown>): Promise<boolean> {
  let isDone = false;
  const done = work.then(() => (isDone = true));
  await nextTurn();
  const others = !isDone;
  await done;
  return others;
}

describe('a long stretch of the log', () => {
  const store = new MemoryStore({ now: () => 1000 });
  let rows: Views;
  let known: Known;
  beforeAll(async () => {
    rows = await openRows(views);
    known = new Known(store, rows);
    for (let n = 0; n < 3; n += 1) await store.append(`note-${n}`, command(500), 'no-stream');
  });
  afterAll(() => rows.close());

  it('is searched for a date without keeping others waiting', async () => {
    expect(await leavesTurns(known.at(2000))).toBe(true);
    expect(await known.at(2000)).toBe(await store.head());
  });

  it('is read on from a place without keeping others waiting', async () => {
    const count = async (): Promise<number> => {
      let events = 0;
      for await (const event of known.after(null)) events += Number(event.recordedAt === 1000);
      expect(events).toBe(1500);
      return events;
    };
    expect(await leavesTurns(count())).toBe(true);
  });
});

describe('while rows are still to be made', () => {
  it('a walk reads every customer that stands in the log up to where the views have read', async () => {
    const world = new World();
    await world.begin();
    const rows = await openRows(views);
    const store = new (class extends PassingStore {
      pages = 0;
      override readAll(...given: Parameters<MemoryStore['readAll']>): ReturnType<MemoryStore['readAll']> {
        if ((this.pages += 1) === 3) void projector.stop();
        return super.readAll(...given);
      }
    })(world.store);
    const projector = new Projector(store, views, rows, world.vault.keyOf, { batch: 2 });
    await projector.start();
    while (store.pages < 3) await nextTurn();
    await projector.stop();
    expect((await rows.due()).length).toBeGreaterThan(0);

    const known = new Known(world.store, rows);
    const walk = new Walk(world.store, rows, known);
    const read = async (): Promise<string[]> => {
      const ids: string[] = [];
      for await (const { id } of walk.customers(upTo, { customers: 0, events: 0, ms: 0 })) ids.push(id);
      return ids;
    };
    const upTo = known.now();
    const before = await read();
    const rest = new Projector(world.store, views, rows, world.vault.keyOf);
    await rest.start();
    await rest.caughtUp();
    expect(await rows.due()).toEqual([]);
    expect(before.length).toBeGreaterThan(0);
    expect(await read()).toEqual(before);
    await rest.stop();
    await rows.close();
  });
});
