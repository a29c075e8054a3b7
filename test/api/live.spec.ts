/** Pages hear what changed once reads show it, and go on from where they were. */
import { get as httpGet, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Live } from '../../src/shell/live.js';
import { MOST_EACH } from '../../src/shell/live.controller.js';
import { API, AS_OPERATOR, faultsOf, TestApp, type Json } from './app.js';

let app: TestApp;
beforeEach(async () => {
  app = await TestApp.withAda();
  await app.parts.projector.caughtUp();
});
afterEach(() => app.remove());

interface Heard {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Json;
}

const heardIn = (text: string): Heard[] =>
  text.split('\n\n').filter((block) => /^event: /m.test(block)).map((block) => {
    const line = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    return { id: line('id'), event: line('event')!, data: JSON.parse(line('data')!) };
  });

/** Listens over a real connection; `until` resolves with all that was heard once it says so. */
async function listen(query = '', headers: Readonly<Record<string, string>> = {}): Promise<{ until(enough: (heard: readonly Heard[]) => boolean): Promise<Heard[]>; ended: Promise<void>; close(): void }> {
  const server = app.nest.getHttpServer();
  if (!server.listening) await app.nest.listen(0, '127.0.0.1');
  const { port } = server.address() as AddressInfo;
  const request = httpGet(`http://127.0.0.1:${port}${API}/live${query}`, { headers: { ...AS_OPERATOR, ...headers } });
  const response = await new Promise<IncomingMessage>((resolve, reject) => request.once('response', resolve).once('error', reject));
  let text = '';
  const hear = new Set<() => void>();
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (const one of hear) one();
  });
  return {
    until: (enough) => new Promise((resolve) => {
      const look = (): void => {
        const heard = heardIn(text);
        if (!enough(heard)) return;
        hear.delete(look);
        resolve(heard);
      };
      hear.add(look);
      look();
    }),
    ended: new Promise((resolve) => response.once('close', resolve)),
    close: () => request.destroy(),
  };
}

it('says which customer changed, when reads show it', async () => {
  const page = await listen();
  const id = await app.customer({ name: 'New' });
  const [change] = await page.until((heard) => heard.length > 0);
  expect(change).toMatchObject({ event: 'change', data: { streams: [`customer-${id}`] } });
  // Without waiting for anything.
  expect((await app.get(`customers/${id}`)).json).toMatchObject({ name: 'New' });
  expect((await app.get('portfolio')).json.total).toBe(1);
  page.close();
});

it('goes on from the position last seen', async () => {
  const first = await app.customer({ name: 'One' });
  const before = await listen();
  const second = await app.customer({ name: 'Two' });
  const [{ id: seen }] = await before.until((heard) => heard.length > 0) as [Heard];
  before.close();
  const third = await app.customer({ name: 'Three' });
  await app.parts.projector.caughtUp();
  const again = await listen('', { 'last-event-id': seen! });
  expect((await again.until((heard) => heard.length > 0)).flatMap(({ data }) => data.streams)).toEqual([`customer-${third}`]);
  again.close();
  expect([first, second]).not.toContain(third);
});

it('says that all may have changed when it was away for too long, and refuses what is no position', async () => {
  await app.customer({ name: 'Later' });
  const [oldest] = await app.events();
  await app.parts.projector.caughtUp();
  app = await app.restarted();
  await app.parts.projector.caughtUp();
  const page = await listen(`?since=${encodeURIComponent(oldest!.position)}`);
  expect(await page.until((heard) => heard.length > 0)).toEqual([{ id: undefined, event: 'reset', data: {} }]);
  page.close();
  expect(faultsOf(await app.get('live?since=nonsense'), 400, 'not-a-position', 'since')).toEqual([]);
  expect(faultsOf(await app.get('live?seconds=0'), 400, undefined, 'seconds')).toEqual([]);
});

/** What is not as it should be once somebody has opened all pages that one may have, and one more. */
async function faultsOfMany(): Promise<string[]> {
  await app.colleague('ben');
  const pages: Awaited<ReturnType<typeof listen>>[] = [];
  try {
    for (let n = 0; n < MOST_EACH; n += 1) pages.push(await listen('', { 'x-colleague': 'ada' }));
    const refused = faultsOf(await app.get('live?seconds=1', { headers: { 'x-colleague': 'ada' } }), 429, 'too-many-listeners');
    const other = (await app.get('live?seconds=1', { headers: { 'x-colleague': 'ben' } })).status === 200 ? [] : ['another is kept out'];
    pages.pop()!.close();
    for (let left = 100; left > 0 && app.nest.get(Live).listening('ada') === MOST_EACH; left -= 1) await new Promise((resolve) => setTimeout(resolve, 20));
    const again = (await app.get('live?seconds=1', { headers: { 'x-colleague': 'ada' } })).status === 200 ? [] : ['who closed a page may open no other'];
    return [...refused, ...other, ...again];
  } finally {
    for (const page of pages) page.close();
  }
}

it('one colleague does not listen with so many pages that others cannot', async () => expect(await faultsOfMany()).toEqual([]));

it('planted bug: that all count as nobody’s is found', async () => {
  const live = app.nest.get(Live);
  const own = jest.spyOn(live, 'listening').mockReturnValue(0);
  try {
    expect(await faultsOfMany()).not.toEqual([]);
  } finally {
    own.mockRestore();
  }
});

it('ends after the time asked for, and when the server stops', async () => {
  const { text } = await app.get('live?seconds=1');
  expect(text).toBe('retry: 1000\n\n');
  const page = await listen();
  await app.remove();
  await page.ended;
});

it('planted bug: a page that came back without what it missed would be noticed', () => {
  const order = { compare: (a: string, b: string) => Number(a) - Number(b) };
  const event = (position: string): never => ({ position, stream: `customer-${position}` }) as never;
  const streamsSince = (live: Live): (string[] | null)[] => (live.since('2') ?? []).map(({ streams }) => streams as string[] | null);
  const live = new Live(order, '1');
  for (const position of ['2', '3', '4']) live.heard([event(position)]);
  expect(streamsSince(live)).toEqual([['customer-3'], ['customer-4']]);
  class Forgetful extends Live {
    override since(): [] {
      return [];
    }
  }
  const forgetful = new Forgetful(order, '1');
  forgetful.heard([event('3')]);
  expect(streamsSince(forgetful)).not.toEqual([['customer-3']]);
});

it('names no streams one by one when there are very many', () => {
  const live = new Live({ compare: (a, b) => Number(a) - Number(b) }, null);
  live.heard(Array.from({ length: 500 }, (_, n) => ({ position: String(n), stream: `customer-${n}` }) as never));
  expect(live.since('0')).toEqual([{ position: '499', streams: null }]);
});
