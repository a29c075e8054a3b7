/** The emulated node against the real client: appends go through grpc-js, reads through the native bridge. */
import { ANY, BACKWARDS, END, eventTypeFilter, FORWARDS, NO_STREAM, START, STREAM_EXISTS, type AppendStreamState, type KurrentDBClient, type ResolvedEvent } from '@kurrent/kurrentdb-client';
import { clientOf, event, readAll, readStream, soon, within } from './client.js';
import { KurrentServer, type ServerOptions } from './server.js';

let server: KurrentServer;
let client: KurrentDBClient;

async function open(options: ServerOptions = {}): Promise<void> {
  server = await KurrentServer.start(options);
  client = clientOf(server.url);
}

afterEach(async () => {
  await client.dispose();
  await server.stop();
});

const at = (position: bigint): { commit: bigint; prepare: bigint } => ({ commit: position, prepare: position });
const ids = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);
/** What of an answer a repeat must give again. */
const answered = ({ nextExpectedRevision, position }: { nextExpectedRevision: bigint; position?: unknown }): unknown => ({ nextExpectedRevision, position });

describe.each([
  ['batchAppend', true],
  ['append', false],
])('appends by %s', (_, batchAppend) => {
  beforeEach(() => open({ batchAppend }));

  it('gives revisions from 0, positions that grow with gaps, and the time in ticks', async () => {
    const events = [event(), event(), event()];
    const first = await client.appendToStream('x', events, { streamState: NO_STREAM });
    expect(first).toMatchObject({ success: true, nextExpectedRevision: 2n });
    const second = await client.appendToStream('x', event(), { streamState: 2n });
    expect(second.nextExpectedRevision).toBe(3n);
    const read = await readStream(client, 'x');
    expect(read.map(({ revision }) => revision)).toEqual([0n, 1n, 2n, 3n]);
    expect(ids(read.slice(0, 3))).toEqual(ids(events));
    expect(read[0]).toMatchObject({ type: 'Happened', data: events[0]?.data, metadata: { by: 'spec' }, isJson: true });
    const positions = read.map(({ position }) => position?.commit ?? 0n);
    expect(first.position).toEqual(at(positions[2] ?? 0n));
    expect(second.position).toEqual(at(positions[3] ?? 0n));
    for (const [i, position] of positions.entries()) if (i > 0) expect(position - (positions[i - 1] ?? 0n)).toBeGreaterThan(50n);
  });

  it('checks what the writer expects', async () => {
    const refused = (streamState: bigint | 'no_stream' | 'stream_exists' | 'any', stream = 'x'): Promise<unknown> => client.appendToStream(stream, event(), { streamState }).catch((error: unknown) => error);
    await client.appendToStream('x', [event(), event()], { streamState: ANY });
    for (const state of [NO_STREAM, 0n, 5n] as const) expect(await refused(state)).toMatchObject({ type: 'wrong-expected-version', expectedState: state, actualState: 1n });
    expect(await refused(STREAM_EXISTS, 'y')).toMatchObject({ type: 'wrong-expected-version', actualState: 'no_stream' });
    expect(await refused(0n, 'y')).toMatchObject({ type: 'wrong-expected-version', actualState: 'no_stream' });
    for (const state of [1n, STREAM_EXISTS, ANY] as const) expect(await refused(state)).toMatchObject({ success: true });
    expect(server.log.last('x')).toBe(4n);
    expect(server.log.last('y')).toBe(-1n);
  });

  it.each<AppendStreamState>([NO_STREAM, ANY, STREAM_EXISTS, 1n])('answers a repeat that expects %s as the first time, and writes nothing', async (streamState) => {
    if (streamState !== NO_STREAM) await client.appendToStream('x', [event(), event()]);
    const events = [event(), event(), event()];
    const first = await client.appendToStream('x', events, { streamState });
    await client.appendToStream('x', event());
    const head = server.log.head;
    expect(answered(await client.appendToStream('x', events, { streamState }))).toEqual(answered(first));
    expect(answered(await client.appendToStream('x', events.slice(0, 2), { streamState }))).toMatchObject({ nextExpectedRevision: first.nextExpectedRevision - 1n });
    await expect(client.appendToStream('x', [...events.slice(0, 2), event()], { streamState })).rejects.toMatchObject({ type: 'wrong-expected-version' });
    expect(server.log.head).toBe(head);
  });

  it('forgets ids for any, but looks for them where a revision is expected', async () => {
    const [a, b] = [event(), event()];
    await client.appendToStream('x', a, { streamState: NO_STREAM });
    await client.appendToStream('y', b, { streamState: ANY });
    server.log.forgetIds();
    expect(await client.appendToStream('x', a, { streamState: NO_STREAM })).toMatchObject({ nextExpectedRevision: 0n });
    expect(await client.appendToStream('y', b, { streamState: ANY })).toMatchObject({ nextExpectedRevision: 1n });
    expect(await client.appendToStream('z', b, { streamState: ANY })).toMatchObject({ nextExpectedRevision: 0n });
  });

  it('refuses an append that is too large, and writes nothing of it', async () => {
    const text = 'x'.repeat(300_000);
    await client.appendToStream('x', [event({ text }), event({ text }), event({ text })], { streamState: NO_STREAM });
    const head = server.log.head;
    const events = Array.from({ length: 4 }, () => event({ text }));
    await expect(client.appendToStream('x', events)).rejects.toMatchObject({ type: 'maximum-append-size-exceeded', maxAppendSize: 1_048_576 });
    expect(server.log.head).toBe(head);
  });

  it('takes events that come in several pieces as one append', async () => {
    const events = Array.from({ length: 20 }, () => event({ text: 'y'.repeat(1_000) }));
    expect(await client.appendToStream('x', events, { streamState: NO_STREAM, batchAppendSize: 3_000 })).toMatchObject({ nextExpectedRevision: 19n });
    expect(ids(await readStream(client, 'x'))).toEqual(ids(events));
    expect(server.calls.counts.append).toBe(1);
  });

  it('refuses writes to a tombstoned stream', async () => {
    await client.appendToStream('x', event());
    await client.tombstoneStream('x');
    await expect(client.appendToStream('x', event())).rejects.toMatchObject({ type: 'stream-deleted' });
    await expect(client.tombstoneStream('x')).rejects.toMatchObject({ type: 'stream-deleted' });
    await expect(readStream(client, 'x')).rejects.toMatchObject({ type: 'stream-deleted' });
    expect((await readAll(client)).at(-1)).toMatchObject({ type: '$streamDeleted', streamId: 'x', revision: 9_223_372_036_854_775_807n });
  });
});

describe('reads', () => {
  beforeEach(() => open());

  it('a stream both ways, in pieces', async () => {
    await client.appendToStream('x', Array.from({ length: 10 }, () => event()));
    const revisions = async (options: Parameters<KurrentDBClient['readStream']>[1]): Promise<number[]> => (await readStream(client, 'x', options)).map(({ revision }) => Number(revision));
    expect(await revisions({ fromRevision: 3n, maxCount: 4 })).toEqual([3, 4, 5, 6]);
    expect(await revisions({ direction: BACKWARDS, fromRevision: 3n })).toEqual([3, 2, 1, 0]);
    expect(await revisions({ direction: BACKWARDS, fromRevision: END, maxCount: 2 })).toEqual([9, 8]);
    expect(await revisions({ direction: FORWARDS, fromRevision: 10n })).toEqual([]);
    await expect(readStream(client, 'nobody')).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  it('everything both ways: forwards from a position with it, backwards without it', async () => {
    await client.appendToStream('x', [event(), event()]);
    server.inject('foreign', 'SomethingElse', { not: 'ours' }, { of: 'them' });
    const all = await readAll(client);
    expect(all.slice(0, 2).map(({ streamId }) => streamId)).toEqual(['$epoch-information', '$$$stats-127.0.0.1:2113']);
    expect(all.slice(-3).map(({ type }) => type)).toEqual(['Happened', 'Happened', 'SomethingElse']);
    const from = all.at(-2)?.position ?? START;
    expect(ids(await readAll(client, { fromPosition: from }))).toEqual(ids(all.slice(-2)));
    expect(ids(await readAll(client, { fromPosition: from, direction: BACKWARDS, maxCount: 3 }))).toEqual(ids(all.slice(-5, -2)).reverse());
    expect(ids(await readAll(client, { fromPosition: END, direction: BACKWARDS, maxCount: 2 }))).toEqual(ids(all.slice(-2)).reverse());
    // The bridge reads backwards from the end, whatever direction it is given.
    expect(ids(await readAll(client, { fromPosition: END, direction: FORWARDS, maxCount: 1 }))).toEqual(ids(all.slice(-1)));
    expect(await readAll(client, { fromPosition: at(server.log.head + 1_000n) })).toEqual([]);
    await expect(readAll(client, { fromPosition: at((all.at(-2)?.position?.commit ?? 0n) + 1n) })).rejects.toThrow('invalid position');
  });

  it('everything through a filter', async () => {
    await client.appendToStream('customer-1', event());
    await client.appendToStream('colleague-1', event({}, 'Joined'));
    expect((await readAll(client, { filter: { filterOn: 'streamName', prefixes: ['customer-'] } as never })).map(({ streamId }) => streamId)).toEqual(['customer-1']);
    expect((await readAll(client, { filter: { filterOn: 'eventType', regex: '^Jo' } as never })).map(({ streamId }) => streamId)).toEqual(['colleague-1']);
    expect(await readAll(client, { filter: { filterOn: 'streamName', regex: '^[^$]' } as never, maxCount: 1 })).toHaveLength(1);
  });

  it('the bridge drops the milliseconds of the time, a subscription keeps them', async () => {
    await server.stop();
    await open({ now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678) });
    await client.appendToStream('x', event());
    const subscription = client.subscribeToStream('x');
    const live = await new Promise<ResolvedEvent>((resolve, reject) => subscription.on('data', resolve).on('error', reject));
    await subscription.unsubscribe();
    expect(live.event?.created.getUTCMilliseconds()).toBe(678);
    expect((await readStream(client, 'x'))[0]?.created.toISOString()).toBe('2026-01-02T03:04:05.000Z');
  });

  it('5,000 events', async () => {
    for (let i = 0; i < 5_000; i += 1) server.inject(`s${i % 7}`, 'Filler', { i });
    expect((await readAll(client)).length).toBe(server.log.all.length);
  });
});

describe('deletion and truncation', () => {
  beforeEach(() => open());

  it('a deleted stream is not found, and goes on where it was', async () => {
    await client.appendToStream('x', [event(), event()]);
    await client.deleteStream('x', { expectedRevision: 1n });
    await expect(readStream(client, 'x')).rejects.toMatchObject({ type: 'stream-not-found' });
    expect((await readAll(client)).slice(-3).map(({ streamId }) => streamId)).toEqual(['x', 'x', '$$x']);
    await expect(client.appendToStream('x', event(), { streamState: STREAM_EXISTS })).rejects.toMatchObject({ type: 'stream-deleted' });
    expect(await client.appendToStream('x', event(), { streamState: NO_STREAM })).toMatchObject({ nextExpectedRevision: 2n });
    expect((await readStream(client, 'x')).map(({ revision }) => revision)).toEqual([2n]);
    expect((await client.getStreamMetadata('x')).metadata).toMatchObject({ truncateBefore: 2 });
    await expect(client.deleteStream('x', { expectedRevision: 0n })).rejects.toMatchObject({ type: 'wrong-expected-version' });
  });

  it('metadata truncates what is read of the stream, but not the log until it is scavenged', async () => {
    await client.appendToStream('x', Array.from({ length: 6 }, () => event()));
    await client.setStreamMetadata('x', { truncateBefore: 2 });
    expect((await readStream(client, 'x')).map(({ revision }) => revision)).toEqual([2n, 3n, 4n, 5n]);
    await client.setStreamMetadata('x', { maxCount: 1 });
    expect((await readStream(client, 'x')).map(({ revision }) => revision)).toEqual([5n]);
    expect((await client.getStreamMetadata('x')).metadata).toEqual({ maxCount: 1 });
    const of = async (stream: string): Promise<number> => (await readAll(client)).filter(({ streamId }) => streamId === stream).length;
    expect([await of('x'), await of('$$x')]).toEqual([6, 2]);
    server.log.scavenge();
    expect([await of('x'), await of('$$x')]).toEqual([1, 1]);
  });
});

describe('subscriptions', () => {
  it('catch up after a position, then go live', async () => {
    await open();
    const { position } = await client.appendToStream('x', event());
    const old = event();
    await client.appendToStream('x', old);
    const seen: string[] = [];
    const subscription = client.subscribeToAll({ fromPosition: position ?? START });
    subscription.on('data', ({ event }) => seen.push(event?.id ?? '')).on('caughtUp', () => seen.push('caught up'));
    expect(await soon(() => seen.includes('caught up'))).toBe(true);
    const live = event();
    await client.appendToStream('y', live);
    expect(await soon(() => seen.length === 3)).toBe(true);
    expect(seen).toEqual([old.id, 'caught up', live.id]);
    await subscription.unsubscribe();
  });

  it('filtered, tell how far they have looked', async () => {
    await open();
    for (let i = 0; i < 100; i += 1) server.inject('foreign', 'Filler', { i });
    const seen: string[] = [];
    const checkpoints: bigint[] = [];
    const filter = eventTypeFilter({ prefixes: ['Happened'], maxSearchWindow: 10, checkpointInterval: 2, checkpointReached: (_, { commit }) => void checkpoints.push(commit) });
    const subscription = client.subscribeToAll({ fromPosition: START, filter });
    subscription.on('data', ({ event }) => seen.push(event?.type ?? ''));
    expect(await soon(() => checkpoints.at(-1) === server.log.all.at(-1)?.position)).toBe(true);
    expect(checkpoints.length).toBe(Math.ceil(server.log.all.length / 20));
    await client.appendToStream('x', event());
    expect(await soon(() => seen.length === 1)).toBe(true);
    expect(seen).toEqual(['Happened']);
    await subscription.unsubscribe();
  });

  it('can fall silent without closing', async () => {
    await open({ version: '25.0.0' });
    const seen: unknown[] = [];
    const subscription = client.subscribeToAll({ fromPosition: END });
    subscription.on('data', () => seen.push('event')).on('caughtUp', (info: unknown) => seen.push(info)).on('error', (error) => seen.push(error));
    expect(await soon(() => seen.length === 1)).toBe(true);
    expect(seen[0]).toMatchObject({ position: { commit: expect.any(BigInt) as bigint } });
    server.silence();
    await client.appendToStream('x', event());
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(seen).toHaveLength(1);
    server.silence(false);
    expect(await soon(() => seen.length === 2)).toBe(true);
    await subscription.unsubscribe();
  });
});

it('says nothing of features if it does not know the question', async () => {
  await open({ features: 'unimplemented' });
  expect(await client.appendToStream('x', event())).toMatchObject({ success: true });
  expect(await readStream(client, 'x')).toHaveLength(1);
});

it('goes on with its log after a restart', async () => {
  await open();
  await client.appendToStream('x', event());
  await readStream(client, 'x');
  const { log, port } = server;
  await server.stop();
  expect(await within(1_000, readStream(client, 'x').catch(({ type }: { type: string }) => type))).toBe('unavailable');
  server = await KurrentServer.start({ log, port });
  expect(await readStream(client, 'x')).toHaveLength(1);
});
