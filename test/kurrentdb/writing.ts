/** The emulated node's calls that write: Append, BatchAppend, Delete, Tombstone. */
import { status, type sendUnaryData, type ServerDuplexStream, type ServerReadableStream, type ServerUnaryCall } from '@grpc/grpc-js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { AppendReq, AppendResp, BatchAppendReq, BatchAppendResp, DeleteReq, DeleteResp, TombstoneReq, TombstoneResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import type { Fault } from './calls.js';
import type { ExpectedRevision, Proposed, Verdict } from './log.js';
import { batchErrors, identifier, nameOf, proposed, refusal, refusals, sizeOf, uuid, type Refusal } from './messages.js';
import { identify, misplaced, type Node } from './node.js';

interface Outcome {
  verdict(verdict: Verdict): void;
  refuse(refusal: Refusal): void;
  timeout(): void;
}

/** Does the write, or what a planned fault makes of it. */
async function write(node: Node, fault: Fault | undefined, peer: string, commit: () => Verdict, outcome: Outcome): Promise<void> {
  const verdict = fault?.after === 'before' ? undefined : commit();
  if (fault === undefined) return verdict === undefined ? undefined : outcome.verdict(verdict);
  switch (fault.how) {
    case 'cut':
      return node.cut(peer);
    case 'error':
      return outcome.refuse(refusal(fault.code ?? status.UNAVAILABLE, 'Server Is Too Busy'));
    case 'timeout':
      return outcome.timeout();
    case 'never-answer':
      return undefined;
  }
}

/** Refuses for reasons that have nothing to do with the stream. */
function refused(node: Node, call: { metadata: Parameters<typeof identify>[1] }): Refusal | undefined {
  const who = identify(node, call.metadata);
  if (typeof who === 'object') return who;
  return who === 'anonymous' ? refusals.accessDenied() : misplaced(node, call.metadata, true);
}

interface Expecting {
  hasAny(): boolean;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
}

function expectedIn(options: Expecting, revision: () => string): ExpectedRevision {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : BigInt(revision());
}

export async function handleAppend(node: Node, call: ServerReadableStream<AppendReq, AppendResp>, answer: sendUnaryData<AppendResp>): Promise<void> {
  const events: Proposed[] = [];
  let options = new streams.AppendReq.Options();
  try {
    for await (const request of call as AsyncIterable<AppendReq>) {
      options = request.getOptions() ?? options;
      const message = request.getProposedMessage();
      if (message !== undefined) events.push(proposed(message));
    }
  } catch {
    return; // The client is gone.
  }
  const fault = await node.calls.begin('append');
  const no = refused(node, call);
  if (no !== undefined) return answer(no);
  if (events.reduce((size, event) => size + sizeOf(event), 0) > node.maxAppendSize) return answer(refusals.tooLarge(node.maxAppendSize));
  const name = nameOf(options.getStreamIdentifier());
  const expected = expectedIn(options, () => options.getRevision());
  await write(node, fault, call.getPeer(), () => node.log.append(name, events, expected), {
    refuse: (refusal) => answer(refusal),
    timeout: () => answer(refusals.timeout()),
    verdict: (verdict) => (verdict.kind === 'deleted' ? answer(refusals.streamDeleted(name)) : answer(null, appendResponse(verdict, expected))),
  });
}

function appendResponse(verdict: Exclude<Verdict, { kind: 'deleted' }>, expected: ExpectedRevision): AppendResp {
  const empty = new shared.Empty();
  if (verdict.kind === 'success') {
    const success = new streams.AppendResp.Success();
    if (verdict.revision < 0n) success.setNoStream(empty);
    else success.setCurrentRevision(String(verdict.revision));
    if (verdict.position === null) success.setNoPosition(empty);
    else success.setPosition(new streams.AppendResp.Position().setCommitPosition(String(verdict.position)).setPreparePosition(String(verdict.position)));
    return new streams.AppendResp().setSuccess(success);
  }
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (expected === 'any') wrong.setExpectedAny(empty);
  else if (expected === 'no_stream') wrong.setExpectedNoStream(empty);
  else if (expected === 'stream_exists') wrong.setExpectedStreamExists(empty);
  else wrong.setExpectedRevision(String(expected));
  if (verdict.current < 0n) wrong.setCurrentNoStream(empty);
  else wrong.setCurrentRevision(String(verdict.current));
  return new streams.AppendResp().setWrongExpectedVersion(wrong);
}

interface Pending {
  readonly options: BatchAppendReq.Options;
  readonly events: Proposed[];
}

export function handleBatchAppend(node: Node, call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>): void {
  const pending = new Map<string, Pending>();
  const who = identify(node, call.metadata);
  if (typeof who === 'object') return void call.emit('error', who);
  call.on('error', () => undefined);
  call.on('end', () => call.end());
  call.on('data', (request: BatchAppendReq) => {
    const id = uuid(request.getCorrelationId());
    const options = request.getOptions();
    const reply = (response: BatchAppendResp, stream: string): void => {
      pending.delete(id);
      if (!call.cancelled && !call.writableEnded) call.write(response.setCorrelationId(request.getCorrelationId()).setStreamIdentifier(identifier(stream)));
    };
    const fail = (error: ReturnType<typeof batchErrors.timeout>, stream: string): void => reply(new streams.BatchAppendResp().setError(error), stream);
    if (options !== undefined) {
      const name = nameOf(options.getStreamIdentifier());
      const deadline = options.getDeadline21100()?.toDate().getTime() ?? Infinity;
      if (who === 'anonymous') return fail(batchErrors.accessDenied(), name);
      if (deadline <= Date.now()) return fail(batchErrors.timeout(), name);
      pending.set(id, { options, events: [] });
    }
    const batch = pending.get(id);
    if (batch === undefined) return;
    const name = nameOf(batch.options.getStreamIdentifier());
    batch.events.push(...request.getProposedMessagesList().map(proposed));
    if (batch.events.reduce((size, event) => size + sizeOf(event), 0) > node.maxAppendSize) return fail(batchErrors.tooLarge(node.maxAppendSize), name);
    if (!request.getIsFinal()) return;
    pending.delete(id);
    void commitBatch(node, call, batch, name, reply, fail);
  });
}

async function commitBatch(
  node: Node,
  call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>,
  { options, events }: Pending,
  name: string,
  reply: (response: BatchAppendResp, stream: string) => void,
  fail: (error: ReturnType<typeof batchErrors.timeout>, stream: string) => void,
): Promise<void> {
  const fault = await node.calls.begin('append');
  const elsewhere = misplaced(node, call.metadata, true);
  // The server says "not ready" inside the stream, but ends the whole stream to say who leads.
  if (elsewhere?.code === status.UNAVAILABLE) return fail(batchErrors.notReady(), name);
  if (elsewhere !== undefined) return void call.emit('error', elsewhere);
  const expected = expectedIn(options, () => options.getStreamPosition());
  await write(node, fault, call.getPeer(), () => node.log.append(name, events, expected), {
    refuse: (refusal) => void call.emit('error', refusal),
    timeout: () => fail(batchErrors.timeout(), name),
    verdict: (verdict) => {
      if (verdict.kind === 'deleted') return fail(batchErrors.streamDeleted(name), name);
      if (verdict.kind === 'wrong-revision') return fail(batchErrors.wrongVersion(expected, verdict.current), name);
      const success = new streams.BatchAppendResp.Success();
      if (verdict.revision < 0n) success.setNoStream(new emptyPb.Empty());
      else success.setCurrentRevision(String(verdict.revision));
      if (verdict.position === null) success.setNoPosition(new emptyPb.Empty());
      else success.setPosition(new shared.AllStreamPosition().setCommitPosition(String(verdict.position)).setPreparePosition(String(verdict.position)));
      reply(new streams.BatchAppendResp().setSuccess(success), name);
    },
  });
}

export async function handleDelete(node: Node, call: ServerUnaryCall<DeleteReq, DeleteResp>, answer: sendUnaryData<DeleteResp>): Promise<void> {
  await remove(node, call, false, (refusal, position) => {
    const at = position === undefined ? undefined : new streams.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position);
    answer(refusal ?? null, new streams.DeleteResp().setPosition(at));
  });
}

export async function handleTombstone(node: Node, call: ServerUnaryCall<TombstoneReq, TombstoneResp>, answer: sendUnaryData<TombstoneResp>): Promise<void> {
  await remove(node, call, true, (refusal, position) => {
    const at = position === undefined ? undefined : new streams.TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position);
    answer(refusal ?? null, new streams.TombstoneResp().setPosition(at));
  });
}

async function remove(
  node: Node,
  call: ServerUnaryCall<DeleteReq, DeleteResp> | ServerUnaryCall<TombstoneReq, TombstoneResp>,
  isHard: boolean,
  answer: (refusal: Refusal | undefined, position?: string) => void,
): Promise<void> {
  const fault = await node.calls.begin(isHard ? 'tombstone' : 'delete');
  const no = refused(node, call);
  if (no !== undefined) return answer(no);
  const options = call.request.getOptions() ?? new streams.DeleteReq.Options();
  const name = nameOf(options.getStreamIdentifier());
  const expected = expectedIn(options, () => options.getRevision());
  const numbers = { any: '-2', no_stream: '-1', stream_exists: '-4' } as const;
  await write(node, fault, call.getPeer(), () => node.log.delete(name, expected, isHard), {
    refuse: (refusal) => answer(refusal),
    timeout: () => answer(refusals.timeout()),
    verdict: (verdict) => {
      if (verdict.kind === 'deleted') return answer(refusals.streamDeleted(name));
      if (verdict.kind === 'wrong-revision') return answer(refusals.wrongVersion(name, typeof expected === 'bigint' ? String(expected) : numbers[expected], verdict.current));
      answer(undefined, verdict.position === null ? undefined : String(verdict.position));
    },
  });
}
