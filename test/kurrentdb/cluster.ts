/** Several emulated nodes over one log. Replication is at once, unless a node's `lag` says otherwise. */
import { setTimeout as sleep } from 'node:timers/promises';
import { KurrentLog } from './log.js';
import type { Member } from './node.js';
import { KurrentServer, type ServerOptions } from './server.js';

export class KurrentCluster {
  private readonly started: KurrentServer[] = [];
  private leads: number | undefined = 0;

  static async start(size = 3, options: Omit<ServerOptions, 'port' | 'log' | 'membership'> = {}): Promise<KurrentCluster> {
    const cluster = new KurrentCluster(new KurrentLog(options.now));
    const membership = { members: () => cluster.members(), leader: () => (cluster.leads === undefined ? undefined : cluster.members()[cluster.leads]) };
    for (let i = 0; i < size; i += 1) cluster.started.push(await KurrentServer.start({ ...options, log: cluster.log, membership }));
    return cluster;
  }

  private constructor(readonly log: KurrentLog) {}

  get nodes(): readonly KurrentServer[] {
    return this.started;
  }

  get leader(): KurrentServer | undefined {
    return this.leads === undefined ? undefined : this.started[this.leads];
  }

  /** The followers at this moment. */
  get followers(): readonly KurrentServer[] {
    return this.started.filter((node) => node !== this.leader);
  }

  get url(): string {
    const [first] = this.started;
    return `kurrentdb://${this.started.map(({ port }) => `127.0.0.1:${port}`).join(',')}?${first?.url.split('?')[1]}`;
  }

  /** Moves leadership; with `leaderlessMs` nobody leads for so long. Connections stay open, as they do in a resignation. */
  async elect(i: number, leaderlessMs = 0): Promise<void> {
    if (leaderlessMs > 0) {
      this.leads = undefined;
      await sleep(leaderlessMs);
    }
    this.leads = i;
  }

  async stop(): Promise<void> {
    await Promise.all(this.started.map((node) => node.stop()));
  }

  private members(): readonly Member[] {
    return this.started.map((node) => ({ id: node.id, host: '127.0.0.1', port: node.port, isAlive: !node.isStopped }));
  }
}
