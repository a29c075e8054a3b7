/** Nodes under load: clients that ask any of them, what happens to the nodes meanwhile, and what is wrong afterwards. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from '../../src/kernel/event-store.js';
import { Cluster, type ClusterNode, type Planted } from '../cluster/nodes.js';
import { Load, problemsOf, type Address, type Opened } from './app-load.js';

/** Answers after each start, before anything else happens to it. */
export const WARM = 10;

export class NodesUnderLoad {
  /** Whom clients ask; as a balancer leaves out who does not answer. */
  private readonly up: Set<ClusterNode>;
  private turn = 0;
  readonly load: Load;

  private constructor(
    readonly cluster: Cluster,
    private readonly compare: (a: Position, b: Position) => number,
    private readonly closeStore: () => Promise<void>,
  ) {
    this.up = new Set(cluster.nodes);
    this.load = new Load(() => this.address(), compare);
  }

  /** Two nodes, and clients that write to both. */
  static async start(planted: Planted = {}): Promise<NodesUnderLoad> {
    const cluster = await Cluster.start(['A', 'B'], planted);
    try {
      const store = await cluster.log.open();
      const nodes = new NodesUnderLoad(cluster, store.compare.bind(store), () => store.close());
      await nodes.load.start();
      return nodes;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Each request goes to the next one. */
  private async address(): Promise<Address> {
    for (;;) {
      const nodes = [...this.up];
      const node = nodes[(this.turn += 1) % nodes.length];
      if (node !== undefined) return { url: await node.url, authorization: await node.authorization };
      await sleep(5);
    }
  }

  /** Ends the node with the signal, and has it listen again after `meanwhile`. @returns its exit code. */
  async restart(node: ClusterNode, signal: 'SIGKILL' | 'SIGTERM', meanwhile: () => Promise<unknown> = async () => undefined): Promise<number | null> {
    if (signal === 'SIGTERM') this.up.delete(node);
    const code = await node.end(signal);
    this.up.delete(node);
    await meanwhile();
    await node.start();
    this.up.add(node);
    return code;
  }

  /** The node that writes the rows, and another one. */
  async leading(): Promise<{ readonly leader: ClusterNode; readonly other: ClusterNode }> {
    for (;;) {
      const leader = await this.cluster.leader();
      const other = this.cluster.nodes.find((node) => node !== leader);
      if (leader !== undefined && other !== undefined) return { leader, other };
      await sleep(10);
    }
  }

  /** Until another node than this one writes the rows. @returns how long that took, in ms. @throws after a minute. */
  async takenOver(from: ClusterNode): Promise<number> {
    const begun = performance.now();
    for (;;) {
      const leader = await this.cluster.leader();
      if (leader !== undefined && leader !== from) return performance.now() - begun;
      if (performance.now() - begun > 60_000) throw new Error('nobody took the views over within a minute');
      await sleep(10);
    }
  }

  /** Waits for the clients, and looks at everything. @returns what is wrong. */
  async end(): Promise<{ readonly problems: string[]; readonly events: readonly Opened[] }> {
    await this.load.grows(WARM);
    await this.load.stop();
    const events = await this.events();
    const verdicts: string[] = [];
    for (const node of this.cluster.nodes) verdicts.push(...(await node.problems()).map((problem) => `node ${node.name}: ${problem}`));
    return { events, problems: [...this.load.problems, ...problemsOf(events, this.load.acknowledged, this.compare), ...verdicts] };
  }

  async stop(): Promise<void> {
    this.load.abandon();
    await this.closeStore();
    await this.cluster.stop();
  }

  /** The whole log as a node opens it. */
  private async events(): Promise<Opened[]> {
    const events: Opened[] = [];
    for (let since = ''; ; ) {
      const { items, next } = await this.cluster.nodes[0]!.get(`log?limit=1000${since}`);
      if (items.length === 0) return events;
      events.push(...(items as Opened[]));
      since = `&since=${encodeURIComponent(next)}`;
    }
  }
}
