/** A TCP proxy that can do to connections what networks do. What it is told holds for live and for new connections. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

type Mode = 'pass' | 'refuse' | 'black-hole' | 'half-open';

export class FaultProxy {
  port = 0;
  /** How many connections were taken, refused ones too. */
  accepted = 0;
  private mode: Mode = 'pass';
  private latency = 0;
  private requestBytesLeft = Infinity;
  private isAnswerCut = false;
  private readonly pairs = new Set<Pair>();
  private readonly timers = new Set<NodeJS.Timeout>();

  static async start(targetPort: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort);
    await proxy.listen(0);
    return proxy;
  }

  private readonly server: Server;

  private constructor(private readonly targetPort: number) {
    this.server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.take(client));
  }

  /** Live connections. */
  get connections(): number {
    return this.pairs.size;
  }

  /** Nobody listens any more, and live connections are closed: what a stopped server looks like. */
  async refuse(): Promise<void> {
    this.mode = 'refuse';
    const closed = this.server.listening ? new Promise((resolve) => this.server.close(resolve)) : undefined;
    for (const { client, server } of this.pairs) {
      client.destroy();
      server.destroy();
    }
    this.pairs.clear();
    await closed;
  }

  /** Live connections get a RST; new ones are taken. */
  reset(): void {
    for (const { client, server } of this.pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
  }

  /** Everything is swallowed both ways, nothing is closed. */
  blackHole(): void {
    this.mode = 'black-hole';
  }

  /** What the client says arrives, what the server says is swallowed. */
  halfOpen(): void {
    this.mode = 'half-open';
  }

  /** So much later each way. */
  delay(ms: number): void {
    this.latency = ms;
  }

  /** Lets this many bytes of requests through, from now on and over all connections, then resets the connection. */
  cutAfterRequestBytes(bytes: number): void {
    this.requestBytesLeft = bytes;
  }

  /** Lets the next request through, and resets its connection instead of passing the answer on. Wait until the connection is quiet. */
  cutBeforeResponse(): void {
    this.isAnswerCut = true;
  }

  /** Everything passes again. What was swallowed is lost, so connections that lived through it are of no use and are closed. */
  async heal(): Promise<void> {
    const isBroken = this.mode === 'black-hole' || this.mode === 'half-open';
    this.mode = 'pass';
    this.latency = 0;
    this.requestBytesLeft = Infinity;
    this.isAnswerCut = false;
    if (isBroken) this.reset();
    if (!this.server.listening) await this.listen(this.port);
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    await this.refuse();
  }

  private async listen(port: number): Promise<void> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  private take(client: Socket): void {
    this.accepted += 1;
    const server = connect({ port: this.targetPort, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    const pair = { client, server };
    this.pairs.add(pair);
    const gone = (): void => void this.pairs.delete(pair);
    client.on('error', () => undefined).on('close', () => (gone(), server.destroy()));
    server.on('error', () => undefined).on('close', () => (this.mode === 'black-hole' || this.mode === 'half-open' ? undefined : client.destroy()));
    client.on('data', (chunk: Buffer) => this.request(pair, chunk)).on('end', () => this.later(() => server.end()));
    server.on('data', (chunk: Buffer) => this.response(pair, chunk)).on('end', () => this.later(() => (this.mode === 'pass' ? client.end() : undefined)));
  }

  private request({ client, server }: Pair, chunk: Buffer): void {
    if (this.mode === 'black-hole') return;
    const passed = chunk.subarray(0, Math.min(chunk.length, this.requestBytesLeft));
    this.requestBytesLeft -= passed.length;
    this.later(() => void (server.writable && server.write(passed)));
    if (passed.length === chunk.length) return;
    this.requestBytesLeft = Infinity;
    server.end();
    client.resetAndDestroy();
  }

  private response({ client, server }: Pair, chunk: Buffer): void {
    if (this.mode !== 'pass') return;
    // Acknowledgements of settings, pings and windows are no answers; headers and data are.
    if (this.isAnswerCut && isAnswer(chunk)) {
      this.isAnswerCut = false;
      client.resetAndDestroy();
      server.destroy();
      return;
    }
    this.later(() => void (client.writable && client.write(chunk)));
  }

  private later(action: () => void): void {
    if (this.latency === 0) return action();
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, this.latency);
    this.timers.add(timer);
  }
}

/** Whether a piece of HTTP/2 from a server holds a frame of headers (1) or data (0). Frames begin where pieces begin, for small answers. */
function isAnswer(chunk: Buffer): boolean {
  for (let at = 0; at + 9 <= chunk.length; at += 9 + chunk.readUIntBE(at, 3)) if ((chunk[at + 3] ?? 9) <= 1) return true;
  return false;
}
