/** PostgreSQL ends, and comes back, while clients ask two nodes: they are told so, nothing acknowledged is lost, and no node needs a restart. */
import { faultsOf, type Answer } from '../api/app.js';
import { eventually, type ClusterNode } from '../cluster/nodes.js';
import { NodesUnderLoad, WARM } from './nodes.js';

let nodes: NodesUnderLoad | undefined;
afterEach(async () => {
  await nodes?.stop();
  nodes = undefined;
});

/** What nodes answer that cannot reach their database. */
async function faultsMeanwhile(node: ClusterNode, customer: string): Promise<string[]> {
  const asked: readonly [what: string, send: () => Promise<Answer>][] = [
    ['GET portfolio', () => node.ask('GET', 'portfolio')],
    ['GET customers', () => node.ask('GET', `customers/${customer}`)],
    ['GET search', () => node.ask('GET', 'search?q=mark')],
    ['GET accounts', () => node.ask('GET', 'accounts')],
    ['POST customers', () => node.ask('POST', 'customers', { name: 'Meanwhile' })],
    ['POST interactions', () => node.ask('POST', `customers/${customer}/interactions`, { entries: [{ kind: 'note', summary: 'Meanwhile' }] })],
    ['POST session', async () => node.ask('POST', 'session', { colleague: 'ada', password: 'eleven blue bicycles' }, { headers: { authorization: '', origin: await node.url } })],
    ['GET with a session', async () => node.ask('GET', 'colleagues', undefined, { headers: { cookie: `__Host-five-ring=${'A'.repeat(43)}`, origin: await node.url } })],
    ['GET with a key', () => node.ask('GET', 'colleagues', undefined, { headers: { authorization: `Bearer fr_${'A'.repeat(43)}` } })],
  ];
  const faults = await Promise.all(asked.map(async ([what, send]) => faultsOf(await send(), 503).map((fault) => `${what} at ${node.name}: ${fault}`)));
  const { status: live } = await node.ask('GET', '/health/live');
  const { status: ready } = await node.ask('GET', '/health/ready');
  return [...faults.flat(), ...(live === 200 ? [] : [`live: ${live}`]), ...(ready === 503 ? [] : [`ready: ${ready}`])];
}

it.each(['kill', 'halt'] as const)('a %s of PostgreSQL under load: 503 meanwhile, and everything afterwards', async (end) => {
  nodes = await NodesUnderLoad.start();
  const { cluster, load } = nodes;
  await load.grows(WARM);
  const customer = load.acknowledged.at(-1)!.customer;
  await cluster.postgres[end]();
  for (const node of cluster.nodes) expect(await faultsMeanwhile(node, customer)).toEqual([]);
  await cluster.postgres.start();
  const begun = performance.now();
  await load.grows(WARM);
  const served = performance.now() - begun;
  for (const node of cluster.nodes) await eventually(() => node.ask('GET', '/health/ready'), ({ status }) => status === 200);
  const ready = performance.now() - begun;
  const { problems } = await nodes.end();
  expect(problems).toEqual([]);
  process.stdout.write(`PostgreSQL ended (${end}) under load and came back: ${load.acknowledged.length} commands acknowledged, ${load.refused} told to wait, 0 lost, 0 doubled, 0 stale; ${WARM} commands answered after ${(served / 1000).toFixed(1)} s, both nodes ready after ${(ready / 1000).toFixed(1)} s\n`);
}, 240_000);
