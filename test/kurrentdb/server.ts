/**
 * An emulated KurrentDB node in this process, behind the real gRPC services that the client package ships. It keeps everything
 * in memory. The stores' KurrentDB adapter is tested against it where no real server can run.
 *
 * Written from the server's public sources (v24.10) as facts. Where it differs, or where we were not sure:
 * - `log.ts` names what its log leaves out; links are never resolved, ACLs are not looked at, and every user is an administrator.
 * - A batch that never becomes final never times out; the commit timeout is there only as a planned fault.
 * - A node without a leader is in one state: it refuses writes and reads that require the leader as "not ready", and serves other
 *   reads. The real one also passes through states in which it refuses every read. A follower passes a write on without loss.
 * - A moved leader closes no connection and ends no subscription. How the real one treats subscriptions then was not looked up.
 * - Checkpoints of a filtered subscription count the events looked at; the real node counts pages while it catches up.
 * - A stream name that is not ASCII is percent-encoded in error trailers.
 * - Persistent subscriptions, projections, users, operations and the v2 services are not there (UNIMPLEMENTED).
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { Server, ServerCredentials, type sendUnaryData } from '@grpc/grpc-js';
import featuresGrpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_grpc_pb.js';
import featuresPb from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js';
import gossipGrpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_grpc_pb.js';
import gossipPb from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_pb.js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import streamsGrpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import type { IServerFeaturesServer } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_grpc_pb.js';
import type { IGossipServer } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_grpc_pb.js';
import type { IStreamsServer } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import type { ClusterInfo } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_pb.js';
import type { SupportedMethods } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js';
import { Calls, type Fault, type Kind } from './calls.js';
import { KurrentLog, type Stored } from './log.js';
import { identify, type Member, type Membership, type Node } from './node.js';
import { handleRead } from './reading.js';
import { handleAppend, handleBatchAppend, handleDelete, handleTombstone } from './writing.js';

export interface ServerOptions {
  /** Any free one if not named. */
  readonly port?: number;
  readonly version?: string;
  /** PEM texts. Without them the node is insecure, and credentials are not looked at. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly users?: Readonly<Record<string, string>>;
  readonly maxAppendSize?: number;
  readonly batchAppend?: boolean;
  /** `unimplemented`: a server so old that it does not know the question. */
  readonly features?: 'listed' | 'unimplemented';
  readonly now?: () => number;
  /** A log to go on with: that of a cluster, or of a server that was stopped. */
  readonly log?: KurrentLog;
  readonly membership?: Membership;
}

export class KurrentServer implements Node {
  readonly id = randomUUID();
  readonly calls = new Calls();
  readonly log: KurrentLog;
  readonly version: string;
  readonly maxAppendSize: number;
  readonly batchAppend: boolean;
  readonly users: Readonly<Record<string, string>> | undefined;
  readonly membership: Membership;
  readonly now: () => number;
  isStopped = false;
  port = 0;
  private behind = 0;
  private silent = false;
  private readonly grpc = new Server({ 'grpc.max_receive_message_length': 16 * 1024 * 1024, 'grpc.max_send_message_length': -1 });
  private readonly listeners = new Set<() => void>();
  private readonly sockets = new Map<string, Socket>();
  private readonly tcp: TcpServer;
  private readonly stopLog: () => void;

  static async start(options: ServerOptions = {}): Promise<KurrentServer> {
    const server = new KurrentServer(options);
    server.tcp.listen(options.port ?? 0, '127.0.0.1');
    await once(server.tcp, 'listening');
    server.port = (server.tcp.address() as AddressInfo).port;
    return server;
  }

  private constructor(private readonly options: ServerOptions) {
    this.now = options.now ?? Date.now;
    this.log = options.log ?? new KurrentLog(this.now);
    this.version = options.version ?? '24.10.6';
    this.maxAppendSize = options.maxAppendSize ?? 1_048_576;
    this.batchAppend = options.batchAppend ?? true;
    this.users = options.tls === undefined ? undefined : options.users;
    const self = (): Member => ({ id: this.id, host: '127.0.0.1', port: this.port, isAlive: !this.isStopped });
    this.membership = options.membership ?? { members: () => [self()], leader: self };
    this.stopLog = this.log.onCommit(() => this.changed());
    this.register();
    const { tls } = options;
    const credentials = tls === undefined ? ServerCredentials.createInsecure() : ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) }]);
    // Our own listener, so that a single connection can be cut.
    const injector = this.grpc.createConnectionInjector(credentials);
    this.tcp = createServer({ noDelay: true }, (socket) => {
      const peer = `${socket.remoteAddress}:${socket.remotePort}`;
      this.sockets.set(peer, socket);
      socket.on('close', () => this.sockets.delete(peer)).on('error', () => undefined);
      injector.injectConnection(socket);
    });
  }

  get url(): string {
    return `kurrentdb://127.0.0.1:${this.port}?tls=${this.options.tls !== undefined}`;
  }

  /** Connections open at this moment. */
  get connections(): number {
    return this.sockets.size;
  }

  fail(kind: Kind, fault: Fault): void {
    this.calls.fail(kind, fault);
  }

  delay(kind: Kind, ms: number): void {
    this.calls.delay(kind, ms);
  }

  inject(stream: string, type: string, data: unknown, metadata?: unknown): Stored {
    return this.log.inject(stream, type, data, metadata);
  }

  get isSilent(): boolean {
    return this.silent;
  }

  /** Subscriptions stay open but deliver nothing, until `silence(false)`; then they go on where they were. */
  silence(isSilent = true): void {
    this.silent = isSilent;
    this.changed();
  }

  get lag(): number {
    return this.behind;
  }

  /** This many of the newest events have not arrived at this node yet. */
  set lag(events: number) {
    this.behind = events;
    this.changed();
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Closes one connection, or all of them; new ones are taken. */
  cut(peer?: string): void {
    for (const [name, socket] of this.sockets) if (peer === undefined || name === peer) socket.destroy();
  }

  async stop(): Promise<void> {
    if (this.isStopped) return;
    this.isStopped = true;
    this.stopLog();
    this.calls.stop();
    this.changed();
    const closed = new Promise<void>((resolve) => this.tcp.close(() => resolve()));
    this.cut();
    this.grpc.forceShutdown();
    await closed;
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }

  private register(): void {
    const streams: IStreamsServer = {
      read: (call) => void handleRead(this, call),
      append: (call, answer) => void handleAppend(this, call, answer),
      batchAppend: (call) => handleBatchAppend(this, call),
      delete: (call, answer) => void handleDelete(this, call, answer),
      tombstone: (call, answer) => void handleTombstone(this, call, answer),
    };
    const gossip: IGossipServer = { read: (call, answer) => void this.answer('gossip', call, answer, () => this.gossip()) };
    const features: IServerFeaturesServer = { getSupportedMethods: (call, answer) => void this.answer('features', call, answer, () => this.features()) };
    this.grpc.addService(streamsGrpc.StreamsService, streams);
    this.grpc.addService(gossipGrpc.GossipService, gossip);
    if (this.options.features !== 'unimplemented') this.grpc.addService(featuresGrpc.ServerFeaturesService, features);
  }

  /** Gossip and features are told to everybody, but not to somebody with a wrong password. */
  private async answer<T>(kind: Kind, call: { metadata: Parameters<typeof identify>[1]; getPeer(): string }, answer: sendUnaryData<T>, value: () => T): Promise<void> {
    const fault = await this.calls.begin(kind);
    const who = identify(this, call.metadata);
    if (typeof who === 'object') return answer(who);
    if (fault?.how === 'never-answer') return;
    if (fault?.how === 'cut') return this.cut(call.getPeer());
    if (fault !== undefined) return answer({ code: fault.code ?? 14, details: 'Server Is Not Ready' });
    answer(null, value());
  }

  private gossip(): ClusterInfo {
    const { VNodeState } = gossipPb.MemberInfo;
    const leader = this.membership.leader();
    const state = (member: Member): number => (leader === undefined ? VNodeState.UNKNOWN : member.id === leader.id ? VNodeState.LEADER : VNodeState.FOLLOWER);
    const members = this.membership.members().map((member) =>
      new gossipPb.MemberInfo()
        .setInstanceId(new shared.UUID().setString(member.id))
        .setTimeStamp(String(BigInt(Math.trunc(this.now())) * 10_000n))
        .setState(state(member))
        .setIsAlive(member.isAlive)
        .setHttpEndPoint(new gossipPb.EndPoint().setAddress(member.host).setPort(member.port)),
    );
    return new gossipPb.ClusterInfo().setMembersList(members);
  }

  private features(): SupportedMethods {
    const methods: [string, readonly string[]][] = [['read', ['position', 'events']], ['append', []], ['delete', []], ['tombstone', []]];
    if (this.batchAppend) methods.push(['batchappend', ['deadline_duration']]);
    const listed = methods.map(([name, features]) => new featuresPb.SupportedMethod().setMethodName(name).setServiceName('event_store.client.streams.streams').setFeaturesList([...features]));
    return new featuresPb.SupportedMethods().setEventStoreServerVersion(this.version).setMethodsList(listed);
  }
}
