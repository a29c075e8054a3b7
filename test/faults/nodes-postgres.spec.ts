/** PostgreSQL ends, and comes back, while clients ask two nodes: they are told so, nothing acknowledged is lost, and no node needs a restart. */
import { faultsOf, type Answer, type Json } from '../api/app.js';
import { eventually, type ClusterNode } from '../cluster/nodes.js';
import { NodesUnderLoad, WARM } from './nodes.js';

let nodes: NodesUnderLoad | undefined;
afterEach(async () => {
  await nodes?.stop();
  nodes = undefined;
});

const note = { entries: [{ kind: 'note', summary: 'Meanwhile' }] };

/** What nodes answer that cannot reach their database. */
async function faultsMeanwhile(node: ClusterNode, customer: string): Promise<string[]> {
  const asked: readonly [what: string, send: () => Promise<Answer>][] = [
    ['GET portfolio', () => node.ask('GET', 'portfolio')],
    ['GET customers', () => node.ask('GET', `customers/${customer}`)],
    ['GET search', () => node.ask('GET', 'search?q=mark')],
    ['GET accounts', () => node.ask('GET', 'accounts')],
    ['POST customers', () => node.ask('POST', 'customers', { name: 'Meanwhile' })],
    ['POST session', async () => node.ask('POST', 'session', { colleague: 'ada', password: 'eleven blue bicycles' }, { headers: { authorization: '', origin: await node.url } })],
    ['GET with a session', async () => node.ask('GET', 'colleagues', undefined, { headers: { cookie: `__Host-five-ring=${'A'.repeat(43)}`, origin: await node.url } })],
    ['GET with a key', () => node.ask('GET', 'colleagues', undefined, { headers: { authorization: `Bearer fr_${'A'.repeat(43)}` } })],
  ];
  const faults = await Promise.all(asked.map(async ([what, send]) => faultsOf(await send(), 503).map((fault) => `${what} at ${node.name}: ${fault}`)));
  const { status: live } = await node.ask('GET', '/health/live');
  const { status: ready } = await node.ask('GET', '/health/ready');
  return [...faults.flat(), ...(live === 200 ? [] : [`live: ${live}`]), ...(ready === 503 ? [] : [`ready: ${ready}`])];
}

/** Ends the database, asks meanwhile, and starts it again. @returns what was written meanwhile. */
async function without({ cluster, load }: NodesUnderLoad, end: 'kill' | 'halt'): Promise<{ readonly customer: string; readonly written: readonly string[] }> {
  await load.grows(WARM);
  const own = await cluster.nodes[0]!.customer('Written meanwhile');
  await cluster.postgres[end]();
  for (const node of cluster.nodes) expect(await faultsMeanwhile(node, own.id)).toEqual([]);
  // A write that needs nothing of the database may go through: then it stands.
  const written: string[] = [];
  for (const node of cluster.nodes) {
    const answer = await node.ask('POST', `customers/${own.id}/interactions`, note);
    if (answer.status === 201) written.push(answer.json.entries[0]);
    else expect(faultsOf(answer, 503)).toEqual([]);
  }
  await cluster.postgres.start();
  const begun = performance.now();
  await load.grows(WARM);
  const served = performance.now() - begun;
  for (const node of cluster.nodes) await eventually(() => node.ask('GET', '/health/ready'), ({ status }) => status === 200);
  const ready = performance.now() - begun;
  process.stdout.write(`PostgreSQL ended (${end}) under load and came back: ${WARM} commands answered after ${(served / 1000).toFixed(1)} s, both nodes ready after ${(ready / 1000).toFixed(1)} s\n`);
  return { customer: own.id, written };
}

it('PostgreSQL is killed, and stopped, under load: 503 meanwhile, and everything afterwards', async () => {
  nodes = await NodesUnderLoad.start();
  const { cluster, load } = nodes;
  const meanwhile = [await without(nodes, 'kill'), await without(nodes, 'halt')];
  const { problems } = await nodes.end();
  expect(problems).toEqual([]);
  const last = load.acknowledged.at(-1)!.position;
  for (const node of cluster.nodes) for (const { customer, written } of meanwhile) expect((await node.after(`customers/${customer}/timeline`, last)).items.map(({ id }: Json) => id)).toEqual(expect.arrayContaining(written as string[]));
  process.stdout.write(`PostgreSQL away twice: ${load.acknowledged.length} commands acknowledged, ${load.refused} told to wait, 0 lost, 0 doubled, 0 stale\n`);
}, 240_000);

it('planted bug: nodes that do not come back by themselves are found', async () => {
  nodes = await NodesUnderLoad.start({ preloads: ['../faults/nodes.preload.ts'], env: { PLANT: 'stays-away' } });
  const { cluster, load } = nodes;
  await load.grows(WARM);
  await cluster.postgres.kill();
  await cluster.postgres.start();
  const { position } = await eventually(() => cluster.nodes[0]!.ask('POST', 'customers', { name: 'Afterwards' }).then(({ json }) => json), (json) => json.position !== undefined);
  await expect(eventually(() => cluster.nodes[0]!.ask('GET', `portfolio?after=${encodeURIComponent(position)}`), ({ status }) => status === 200, 8_000)).rejects.toThrow('not within');
}, 120_000);
