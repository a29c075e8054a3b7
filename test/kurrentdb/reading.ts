/** The emulated node's Read call: pages of a stream or of everything, and subscriptions, which never end. */
import { randomUUID } from 'node:crypto';
import type { ServerWritableStream } from '@grpc/grpc-js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { ReadReq, ReadResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import timestamps from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { status } from '@grpc/grpc-js';
import type { Stored } from './log.js';
import { identifier, nameOf, read, refusal, refusals } from './messages.js';
import { horizon, identify, misplaced, type Node } from './node.js';

type Call = ServerWritableStream<ReadReq, ReadResp>;
type Options = ReadReq.Options;

const MAX = 2n ** 63n;

/** The first of some events. */
function anyOf(call: Call, names: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const name of names) call.off(name, done);
      resolve();
    };
    for (const name of names) call.on(name, done);
  });
}

/** Writes with back pressure; false when nobody listens any more. */
async function send(call: Call, response: ReadResp): Promise<boolean> {
  if (call.cancelled || call.destroyed || call.writableEnded) return false;
  if (!call.write(response)) await anyOf(call, ['drain', 'cancelled', 'close']);
  return !call.cancelled;
}

function positionIn(options: Options): bigint | 'start' | 'end' {
  const all = options.getAll();
  const stream = options.getStream();
  if (all?.hasPosition() === true) return BigInt(all.getPosition()?.getCommitPosition() ?? 0);
  if (stream?.hasRevision() === true) return BigInt(stream.getRevision());
  return all?.hasEnd() === true || stream?.hasEnd() === true ? 'end' : 'start';
}

function matcher(options: Options): (event: Stored) => boolean {
  const filter = options.getFilter();
  if (filter === undefined) return () => true;
  const expression = filter.getStreamIdentifier() ?? filter.getEventType();
  const prefixes = expression?.getPrefixList() ?? [];
  const pattern = expression?.getRegex() ?? '';
  const regex = pattern === '' ? undefined : new RegExp(pattern, 'u');
  const text = (event: Stored): string => (filter.hasStreamIdentifier() ? event.stream : event.type);
  return (event) => (regex === undefined ? prefixes.some((prefix) => text(event).startsWith(prefix)) : regex.test(text(event)));
}

export async function handleRead(node: Node, call: Call): Promise<void> {
  const options = call.request.getOptions() ?? new streams.ReadReq.Options();
  const isSubscription = options.hasSubscription();
  const fault = await node.calls.begin(isSubscription ? 'subscribe' : 'read');
  const who = identify(node, call.metadata);
  if (typeof who === 'object') return void call.emit('error', who);
  if (who === 'anonymous') return void call.emit('error', refusals.accessDenied());
  const elsewhere = misplaced(node, call.metadata, false);
  if (elsewhere !== undefined) return void call.emit('error', elsewhere);
  if (fault?.how === 'never-answer') return;
  if (fault?.how === 'cut') return node.cut(call.getPeer());
  if (fault?.how === 'timeout') return void call.emit('error', refusals.timeout());
  if (fault !== undefined) return void call.emit('error', refusal(fault.code ?? status.UNAVAILABLE, 'Server Is Too Busy'));
  if (isSubscription) await subscribe(node, call, options);
  else await page(node, call, options);
}

async function page(node: Node, call: Call, options: Options): Promise<void> {
  const isAll = options.hasAll();
  const forwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.FORWARDS;
  const count = BigInt(options.getCount());
  const range = { forwards, from: positionIn(options), count: isAll && options.hasFilter() ? MAX : count, before: horizon(node) };
  const name = nameOf(options.getStream()?.getStreamIdentifier());
  const found = isAll ? node.log.readAll(range) : node.log.read(name, range);
  if (found === 'invalid-position') return void call.emit('error', refusals.invalidPosition());
  if (found === 'deleted') return void call.emit('error', refusals.streamDeleted(name));
  if (found === 'no-stream') {
    await send(call, new streams.ReadResp().setStreamNotFound(new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifier(name))));
    return void call.end();
  }
  const fits = matcher(options);
  for (const event of found.filter(fits).slice(0, Number(count))) if (!(await send(call, read(event)))) return;
  if (!isAll && (options.getControlOption()?.getCompatibility() ?? 0) >= 1) await send(call, new streams.ReadResp().setLastStreamPosition(String(node.log.last(name))));
  call.end();
}

async function subscribe(node: Node, call: Call, options: Options): Promise<void> {
  const from = positionIn(options);
  const stream = options.hasStream() ? nameOf(options.getStream()?.getStreamIdentifier()) : undefined;
  const fits = matcher(options);
  const head = horizon(node);
  if (stream === undefined && typeof from === 'bigint' && !node.log.isStart(from)) return void call.emit('error', refusals.invalidPosition());
  // A subscription starts after what it names, a page at it.
  let after = from === 'end' ? head - 1n : stream === undefined && from !== 'start' ? from : -1n;
  const isWanted = (event: Stored): boolean => fits(event) && (stream === undefined || (event.stream === stream && (typeof from !== 'bigint' || event.revision > from)));
  let wake = (): void => undefined;
  const stopListening = node.onChange(() => wake());
  const ended = anyOf(call, ['cancelled', 'close']);
  let isLive = false;
  const filter = options.getFilter();
  const interval = filter === undefined ? Infinity : Math.max(1, filter.getMax() || 32) * Math.max(1, filter.getCheckpointintervalmultiplier());
  let looked = 0;
  const checkpoint = async (): Promise<void> => {
    looked = 0;
    await send(call, new streams.ReadResp().setCheckpoint(new streams.ReadResp.Checkpoint().setCommitPosition(String(after)).setPreparePosition(String(after))));
  };
  await send(call, new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID())));
  while (!call.cancelled && !node.isStopped) {
    const changed = new Promise<void>((resolve) => (wake = resolve));
    while (!node.isSilent && !call.cancelled) {
      const event = node.log.all[node.log.indexOf(after + 1n)];
      if (event === undefined || event.position >= horizon(node)) break;
      after = event.position;
      looked += 1;
      if (isWanted(event)) await send(call, read(event));
      if (looked >= interval) await checkpoint();
    }
    if (!isLive && !node.isSilent) {
      isLive = true;
      if (filter !== undefined && looked > 0) await checkpoint();
      await send(call, caughtUp(node, after));
    }
    await Promise.race([changed, ended]);
  }
  stopListening();
}

/** Servers before 25 say only that, later ones also when and where. */
function caughtUp(node: Node, after: bigint): ReadResp {
  const message = new streams.ReadResp.CaughtUp();
  if (Number.parseInt(node.version, 10) >= 25 && after >= 0n) {
    message.setTimestamp(timestamps.Timestamp.fromDate(new Date(node.now())));
    message.setPosition(new streams.ReadResp.Position().setCommitPosition(String(after)).setPreparePosition(String(after)));
  }
  return new streams.ReadResp().setCaughtUp(message);
}

