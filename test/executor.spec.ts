/** The write path: repeats, races between processes, all or nothing, and what happens when the store says no. */
import { customer, customerStream, type CustomerCommand } from '../src/customers/customer.js';
import { checkEntry } from '../src/customers/entry.js';
import { StoreUnavailable, type EventStore } from '../src/kernel/event-store.js';
import { Executor, type CommandRequest } from '../src/shell/executor.js';
import { commandIdOf, newId } from '../src/shell/ids.js';
import { MemoryStore } from '../src/stores/memory.store.js';
import { SqliteVault } from '../src/vault/sqlite.vault.js';
import { openFields } from '../src/vault/codec.js';

const stream = customerStream('c1');
const envelope = { actor: 'ada', correlationId: 'test' };

function request(command: CustomerCommand, key: string, body = 'body'): CommandRequest<CustomerCommand> {
  return { commandId: commandIdOf('ada', key), mac: body, command };
}

const register = (key = 'register'): CommandRequest<CustomerCommand> => request({ type: 'RegisterCustomer', details: { name: 'Morel', nameMac: 'n' }, mayExist: false }, key);

function note(key: string, summary = 'Rang back', body?: string): CommandRequest<CustomerCommand> {
  const checked = checkEntry({ kind: 'note', occurredAt: '2026-01-01', summary }, { now: Date.UTC(2026, 5, 1), zone: 'UTC' });
  return request({ type: 'LogInteractions', entries: [{ id: newId(), mac: `m ${key}`, entry: checked.entry! }] }, key, body);
}

const retractNothing = request({ type: 'RetractInteraction', original: 'nothing', including: [] }, 'bad');

function world(store: EventStore = new MemoryStore()) {
  const vault = SqliteVault.open(':memory:');
  return { store, vault, executor: new Executor(store, vault), other: new Executor(store, vault) };
}

/** The store with some of its answers changed. */
const changed = (store: EventStore, changes: Partial<EventStore>): EventStore => ({
  read: (...given) => store.read(...given),
  append: (...given) => store.append(...given),
  readAll: (...given) => store.readAll(...given),
  head: () => store.head(),
  compare: (a, b) => store.compare(a, b),
  onAppend: (listener) => store.onAppend(listener),
  close: () => store.close(),
  ...changes,
});

const countOf = async (store: EventStore): Promise<number> => (await store.read(stream)).length;

/** Eight writers of two processes, each with its own command, at once: all are written, each once. */
async function race({ store, executor, other }: ReturnType<typeof world>): Promise<void> {
  await executor.execute(customer, stream, [register()], envelope);
  await Promise.all(Array.from({ length: 8 }, (_, n) => (n % 2 === 0 ? executor : other).execute(customer, stream, [note(`n${n}`)], envelope)));
  const events = await store.read(stream);
  expect(events.map(({ revision }) => revision)).toEqual(events.map((_, index) => index));
  expect(new Set(events.map(({ metadata }) => metadata.commandId)).size).toBe(9);
  expect(events).toHaveLength(9);
}

describe('a repeat', () => {
  it('gives the first answer and writes nothing, also from another process', async () => {
    const { store, executor, other } = world();
    await executor.execute(customer, stream, [register()], envelope);
    const first = await executor.execute(customer, stream, [note('k')], envelope);
    const repeat = await executor.execute(customer, stream, [note('k')], envelope);
    const elsewhere = await other.execute(customer, stream, [note('k')], envelope);
    for (const again of [repeat, elsewhere]) {
      expect(again.repeated).toEqual([true]);
      expect(again.written[0]!.map(({ id }) => id)).toEqual(first.written[0]!.map(({ id }) => id));
    }
    expect(await countOf(store)).toBe(2);
  });

  it('with another body is refused, on another stream too', async () => {
    const { store, executor } = world();
    await executor.execute(customer, stream, [register()], envelope);
    await executor.execute(customer, stream, [note('k')], envelope);
    await expect(executor.execute(customer, stream, [note('k', 'x', 'other body')], envelope)).rejects.toMatchObject({ kind: 'reused-key' });
    await expect(executor.execute(customer, customerStream('c2'), [note('k', 'x', 'other body')], envelope)).rejects.toMatchObject({ kind: 'reused-key' });
    expect(await countOf(store)).toBe(2);
  });

  it('while the first is still running is refused', async () => {
    const { store, executor } = world();
    await executor.execute(customer, stream, [register()], envelope);
    const [one, two] = await Promise.allSettled([executor.execute(customer, stream, [note('k')], envelope), executor.execute(customer, stream, [note('k')], envelope)]);
    expect(one.status).toBe('fulfilled');
    expect(two).toMatchObject({ status: 'rejected', reason: { code: 'still-running' } });
    expect(await countOf(store)).toBe(2);
  });
});

describe('two processes on one log', () => {
  it('lose nothing, and neither overwrites the other', () => race(world()));

  it('planted bug: a store that takes an append for any revision, and writes over what stands there, turns it red', async () => {
    const store = new MemoryStore();
    const overwritten = new Map<number, unknown>();
    let standing = 0;
    const careless = changed(store, {
      async append(to, events, expected) {
        // Without waiting in between: of two who come at once, the second is careless.
        const isNext = typeof expected !== 'number' || expected + 1 === standing;
        if (isNext) {
          standing += events.length;
          return store.append(to, events, expected);
        }
        overwritten.set(expected + 1, events);
        return { id: events.at(-1)!.id, revision: expected + 1, position: (await store.head())!, recordedAt: 0 };
      },
    });
    await expect(race(world(careless))).rejects.toThrow('expect(received)');
    expect(overwritten.size).toBeGreaterThan(0);
  });

  it('tell the caller who asked (If-Match) instead of deciding again', async () => {
    const { executor, other } = world();
    await executor.execute(customer, stream, [register()], envelope);
    await other.execute(customer, stream, [note('theirs')], envelope);
    await expect(executor.execute(customer, stream, [note('mine')], { ...envelope, revision: 0 })).rejects.toMatchObject({ kind: 'stale', details: { revision: 1 } });
  });
});

describe('what another process wrote', () => {
  const rename = (key: string, name: string): CommandRequest<CustomerCommand> => request({ type: 'ChangeDetails', details: { name, nameMac: name } }, key);
  const summaries = async (executor: Executor): Promise<number> => (await executor.load(customer, stream)).state.interactions.size;

  it('is in the state once it was heard of, also while the stream is being read', async () => {
    let atRead: (() => Promise<void>) | undefined;
    const log = new MemoryStore();
    const store = changed(log, {
      async read(...given) {
        const events = await log.read(...given);
        await atRead?.();
        return events;
      },
    });
    const { executor, other } = world(store);
    await executor.execute(customer, stream, [register()], envelope);
    await executor.execute(customer, stream, [note('a')], envelope);
    expect(await summaries(other)).toBe(1);
    await executor.execute(customer, stream, [note('b')], envelope);
    expect(await summaries(other)).toBe(1);
    other.heard((await log.read(stream)).slice(-1));
    // Of the reading that begins now the next one is not part, and it is heard of before that ends.
    atRead = async () => {
      atRead = undefined;
      await executor.execute(customer, stream, [note('c')], envelope);
      other.heard((await log.read(stream)).slice(-1));
    };
    expect(await summaries(other)).toBe(3);
    expect(await summaries(other)).toBe(3);
  });

  it('refuses nothing here, and changes what is to be changed, before it was heard of', async () => {
    const { store, executor, other } = world();
    await executor.execute(customer, stream, [register()], envelope);
    await other.load(customer, stream);
    const entry = note('a');
    await executor.execute(customer, stream, [entry], envelope);
    const { revision } = await executor.load(customer, stream);
    // It would be stale, and there would be nothing to retract, in what was kept.
    await other.execute(customer, stream, [note('b')], { ...envelope, revision });
    await executor.load(customer, stream);
    const { id } = (entry.command as Extract<CustomerCommand, { type: 'LogInteractions' }>).entries[0]!;
    await executor.execute(customer, stream, [request({ type: 'RetractInteraction', original: id, including: [] }, 'r')], envelope);
    expect(await other.mayExecute(customer, stream, note('z'), revision + 2)).toBe(false);
    await expect(other.mayExecute(customer, stream, note('z'), revision + 1)).rejects.toMatchObject({ code: 'stale-revision' });
    expect(await countOf(store)).toBe(4);
  });

  it('is seen where there seems to be nothing to change', async () => {
    const { store, executor, other } = world();
    await executor.execute(customer, stream, [register()], envelope);
    await executor.execute(customer, stream, [rename('n1', 'Morel & Fils')], envelope);
    await other.load(customer, stream);
    await executor.execute(customer, stream, [rename('n2', 'Morel')], envelope);
    const before = await countOf(store);
    await other.execute(customer, stream, [rename('n3', 'Morel & Fils')], envelope);
    expect(await countOf(store)).toBe(before + 1);
  });

  it('planted bug: one that hears nothing is seen to be behind', async () => {
    const { executor, other } = world();
    await executor.execute(customer, stream, [register()], envelope);
    await other.load(customer, stream);
    await executor.execute(customer, stream, [note('a')], envelope);
    jest.spyOn(other, 'heard').mockReturnValue();
    other.heard([{ stream, revision: 1 }]);
    expect(await summaries(other)).toBe(0);
  });
});

describe('an append whose answer was lost', () => {
  /** Another process wrote the same command after this one had loaded the stream. */
  const repeatedElsewhere = async (firstVerdict: boolean): Promise<void> => {
    const store = new MemoryStore();
    const { executor, other } = world(changed(store, { append: async (to, events, expected) => ({ ...(await store.append(to, events, expected)), ...(firstVerdict ? {} : { id: events.at(-1)!.id }) }) }));
    await executor.execute(customer, stream, [register()], envelope);
    await executor.load(customer, stream);
    await other.execute(customer, stream, [note('k')], envelope);
    const mine = await executor.execute(customer, stream, [note('k')], envelope);
    expect(mine.written[0]![0]!.id).toBe((await store.read(stream, 1, 1))[0]!.id);
    expect(mine.repeated).toEqual([true]);
  };

  it('is answered with what stands in the log', () => repeatedElsewhere(true));

  it('planted bug: a verdict that does not say which event stands turns it red', () => expect(repeatedElsewhere(false)).rejects.toThrow('expect(received)'));
});

describe('several commands in one append', () => {
  it('are all written or none', async () => {
    const { store, executor } = world();
    await executor.execute(customer, stream, [register(), note('a'), note('b')], envelope);
    expect(await countOf(store)).toBe(3);
    await expect(executor.execute(customer, stream, [note('c'), retractNothing], envelope)).rejects.toMatchObject({ kind: 'missing' });
    expect(await countOf(store)).toBe(3);
    // What the refused command had decided is not remembered either.
    const { state } = await executor.load(customer, stream);
    expect(state.interactions.size).toBe(2);
  });

  it('skip those that are already there', async () => {
    const { store, executor } = world();
    await executor.execute(customer, stream, [register(), note('a')], envelope);
    const again = await executor.execute(customer, stream, [note('a'), note('b')], envelope);
    expect(again.repeated).toEqual([true, false]);
    expect(await countOf(store)).toBe(3);
  });
});

describe('a store that refuses', () => {
  it('leaves no trace in what is remembered, and the same command works when it serves again', async () => {
    const store = new MemoryStore();
    let full = false;
    const flaky = changed(store, { append: (...given) => (full ? Promise.reject(new StoreUnavailable('full', 'full')) : store.append(...given)) });
    const { executor } = world(flaky);
    await executor.execute(customer, stream, [register()], envelope);
    full = true;
    await expect(executor.execute(customer, stream, [note('k')], envelope)).rejects.toBeInstanceOf(StoreUnavailable);
    expect((await executor.load(customer, stream)).state.interactions.size).toBe(0);
    full = false;
    await executor.execute(customer, stream, [note('k')], envelope);
    expect(await countOf(store)).toBe(2);
  });
});

describe('personal fields', () => {
  it('are sealed in the log and bound to their event and field', async () => {
    const { store, vault, executor } = world();
    await executor.execute(customer, stream, [register(), note('a', 'Her mother is ill')], envelope);
    const [registered, logged] = await store.read(stream);
    expect(JSON.stringify([registered, logged])).not.toMatch(/Morel|mother/);
    expect(openFields(logged!.data, logged!.id, vault.keyOf).data['summary']).toBe('Her mother is ill');
    // The same bytes under another event's id cannot be opened.
    expect(() => openFields(logged!.data, registered!.id, vault.keyOf)).toThrow();
    // Without the key the field is null, and named.
    expect(openFields(logged!.data, logged!.id, () => undefined)).toMatchObject({ data: { summary: null }, erased: ['summary'] });
  });
});
