/** What the emulated node says: events, refusals with the trailers clients look at, and the answers of a batch. */
import { Metadata, status } from '@grpc/grpc-js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import statusPb from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { ReadResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { UUID } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import type { Status } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import type { Message } from 'google-protobuf';
import type { ExpectedRevision, Proposed, Stored } from './log.js';

export interface Refusal {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

export function refusal(code: status, details: string, trailers: Readonly<Record<string, string>> = {}): Refusal {
  const metadata = new Metadata();
  // Header values are ASCII; what the real server does with other stream names is not known to us.
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value.replace(/[^\x20-\x7e]/gu, encodeURIComponent));
  return { code, details, metadata };
}

export const refusals = {
  notLeader: (host: string, port: number) => refusal(status.NOT_FOUND, 'Leader info available', { exception: 'not-leader', 'leader-endpoint-host': host, 'leader-endpoint-port': String(port) }),
  notReady: () => refusal(status.UNAVAILABLE, 'Server Is Not Ready'),
  streamDeleted: (stream: string) => refusal(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, { exception: 'stream-deleted', 'stream-name': stream }),
  wrongVersion: (stream: string, expected: string, actual: bigint) =>
    refusal(status.FAILED_PRECONDITION, `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`, {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': expected,
      'actual-version': String(actual),
    }),
  tooLarge: (max: number) => refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${max} Exceeded.`, { exception: 'maximum-append-size-exceeded', 'maximum-append-size': String(max) }),
  accessDenied: () => refusal(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' }),
  unauthenticated: () => refusal(status.UNAUTHENTICATED, 'Unauthenticated'),
  timeout: () => refusal(status.ABORTED, 'Operation timed out: Commit phase timeout.'),
  invalidPosition: () => refusal(status.INVALID_ARGUMENT, 'Trying to read from an invalid position.'),
};

const identifier = (stream: string): InstanceType<typeof shared.StreamIdentifier> => new shared.StreamIdentifier().setStreamName(Buffer.from(stream).toString('base64'));

/** google.rpc codes are gRPC's. */
function failed(code: number, message: string, type: string, details: Message): Status {
  const any = new anyPb.Any();
  any.pack(details.serializeBinary(), type);
  return new statusPb.Status().setCode(code).setMessage(message).setDetails(any);
}

/** The refusals that a batch gets inside its stream. */
export const batchErrors = {
  accessDenied: () => failed(status.PERMISSION_DENIED, 'AccessDenied', 'event_store.client.AccessDenied', new shared.AccessDenied()),
  timeout: () => failed(status.DEADLINE_EXCEEDED, 'Timeout', 'event_store.client.Timeout', new shared.Timeout()),
  tooLarge: (max: number) => failed(status.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', 'event_store.client.MaximumAppendSizeExceeded', new shared.MaximumAppendSizeExceeded().setMaxappendsize(max)),
  streamDeleted: (stream: string) => failed(status.NOT_FOUND, 'StreamDeleted', 'event_store.client.StreamDeleted', new shared.StreamDeleted().setStreamIdentifier(identifier(stream))),
  notReady: () => failed(status.OK, 'Server Is Not Ready', 'google.protobuf.Empty', new emptyPb.Empty()),
  wrongVersion: (expected: ExpectedRevision, current: bigint) => {
    const details = new shared.WrongExpectedVersion();
    if (current < 0n) details.setCurrentNoStream(new emptyPb.Empty());
    else details.setCurrentStreamRevision(String(current));
    if (expected === 'any') details.setExpectedAny(new emptyPb.Empty());
    else if (expected === 'no_stream') details.setExpectedNoStream(new emptyPb.Empty());
    else if (expected === 'stream_exists') details.setExpectedStreamExists(new emptyPb.Empty());
    else details.setExpectedStreamPosition(String(expected));
    return failed(status.ALREADY_EXISTS, 'WrongExpectedVersion', 'event_store.client.WrongExpectedVersion', details);
  },
};

export function uuid(id: UUID | undefined): string {
  if (id?.hasString() === true) return id.getString().toLowerCase();
  const bits = (value: string | undefined): string => BigInt.asUintN(64, BigInt(value ?? 0)).toString(16).padStart(16, '0');
  const hex = bits(id?.getStructured()?.getMostSignificantBits()) + bits(id?.getStructured()?.getLeastSignificantBits());
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const nameOf = (id: { getStreamName_asU8(): Uint8Array } | undefined): string => Buffer.from(id?.getStreamName_asU8() ?? []).toString('utf8');

interface ProposedMessage {
  getId(): UUID | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getData_asU8(): Uint8Array;
  getCustomMetadata_asU8(): Uint8Array;
}

export function proposed(message: ProposedMessage): Proposed {
  const map = message.getMetadataMap();
  return { id: uuid(message.getId()), type: map.get('type') ?? '', isJson: map.get('content-type') === 'application/json', data: message.getData_asU8(), metadata: message.getCustomMetadata_asU8() };
}

/** As the server counts it towards the largest append. */
export const sizeOf = ({ type, data, metadata }: Proposed): number => data.length + metadata.length + type.length * 2;

export function read(event: Stored): ReadResp {
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(new shared.UUID().setString(event.id))
    .setStreamIdentifier(identifier(event.stream))
    .setStreamRevision(String(event.revision))
    .setCommitPosition(String(event.position))
    .setPreparePosition(String(event.position))
    .setData(event.data)
    .setCustomMetadata(event.metadata);
  recorded.getMetadataMap().set('type', event.type).set('created', String(event.created)).set('content-type', event.isJson ? 'application/json' : 'application/octet-stream');
  return new streams.ReadResp().setEvent(new streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(String(event.position)));
}

export { identifier };
