/**
 * Two nodes under the load of eight clients that ask both: one is killed (SIGKILL), again and again, most often the one that writes
 * the views' rows, and comes back; then each is restarted as an upgrade does. FAULT_KILLS sets how often, FAULT_SEED the moments.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Planted } from '../cluster/nodes.js';
import { CLIENTS } from './app-load.js';
import { randomOf } from './appends.js';
import { NodesUnderLoad, WARM } from './nodes.js';

const KILLS = Number(process.env['FAULT_KILLS'] ?? 5);
const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
/** A node is killed within this time of the other's answering. */
const LONGEST_RUN_MS = 500;
const TRIES = 4;

let nodes: NodesUnderLoad | undefined;
afterEach(async () => {
  await nodes?.stop();
  nodes = undefined;
});

/** Kills as many times; @returns how long it took, each time, until another node wrote the rows, in ms. */
async function kill(under: NodesUnderLoad, times: number, random: () => number): Promise<number[]> {
  const takeovers: number[] = [];
  for (let n = 0; n < times; n += 1) {
    await under.load.grows(WARM);
    await sleep(random() * LONGEST_RUN_MS);
    const { leader, other } = await under.leading();
    const victim = n % 3 === 2 ? other : leader;
    // Half of them as an append has just been written, before its answer is sent.
    if (random() < 0.5) await new Promise<void>((resolve) => {
      const stop = under.cluster.log.node!.log.onCommit(() => {
        stop();
        resolve();
      });
    });
    await under.restart(victim, 'SIGKILL', async () => {
      if (victim === leader) takeovers.push(await under.takenOver(leader));
      await under.load.grows(WARM);
    });
  }
  return takeovers;
}

describe(`kill -9 of either of two nodes while ${CLIENTS} clients ask both`, () => {
  it(`loses, doubles and shows nothing stale in ${KILLS} cycles and a rolling restart (FAULT_SEED=${SEED})`, async () => {
    nodes = await NodesUnderLoad.start();
    const { load, cluster } = nodes;
    const takeovers = await kill(nodes, KILLS, randomOf(SEED));
    const before = load.acknowledged.length;
    // As an upgrade does: one node after the other, each when the one before serves again.
    for (const node of cluster.nodes) {
      await load.grows(WARM);
      expect(await nodes.restart(node, 'SIGTERM', () => load.grows(WARM))).toBe(0);
    }
    const { problems, events } = await nodes.end();
    expect(problems).toEqual([]);
    expect(load.acknowledged.length).toBeGreaterThan(before);
    expect(load.unanswered).toBeGreaterThan(0);
    const shown = takeovers.map((ms) => (ms / 1000).toFixed(1));
    process.stdout.write(`kill -9 of either of two nodes: ${KILLS} cycles and a rolling restart, ${load.acknowledged.length} commands acknowledged in ${events.length} events, ${load.unanswered} requests unanswered, ${load.refused} told to wait, ${load.repeated} written but unanswered and retried, ${load.reads} reads after a position on either node: 0 lost, 0 doubled, 0 gaps, 0 stale, views as a replay; the other node wrote the views after ${shown.join(', ')} s; FAULT_SEED=${SEED}\n`);
  }, 120_000 + KILLS * 30_000);

  const bug = (name: string): Planted => ({ preloads: ['../faults/app.bugs.ts'], env: { FIVE_RING_PLANTED: name } });
  it.each([
    ['nodes that acknowledge before they append', 'acknowledges-early', 2, /^lost: /],
    ['nodes that do not know an Idempotency-Key again', 'forgets-keys', 2, /^doubled: /],
    ['nodes whose reads do not wait for `after`', 'does-not-wait', 0, /^stale: /],
  ])('planted bug: %s are found', async (_, planted, times, finding) => {
    const random = randomOf(SEED);
    let found: string[] = [];
    // A kill may fall where the bug does no harm: then it is tried anew.
    for (let tries = 0; tries < TRIES && found.length === 0; tries += 1) {
      nodes = await NodesUnderLoad.start(bug(planted));
      await kill(nodes, times, random);
      found = (await nodes.end()).problems.filter((problem) => finding.test(problem));
      await nodes.stop();
      nodes = undefined;
    }
    expect(found).not.toEqual([]);
  }, TRIES * 120_000);
});
