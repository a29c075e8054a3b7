/** Two nodes are one service: whatever is done at one holds at the other, at once or, where it says so, soon. Each check finds a node that does not know of the other. */
import { FREE } from '../../src/access/guessing.js';
import { csv, mapping, type Answer, type Json } from '../api/app.js';
import { PASSWORD } from '../api/sign-in.js';
import { Cluster, eventually, type ClusterNode } from './nodes.js';

let cluster: Cluster;
let a: ClusterNode;
let b: ClusterNode;
beforeAll(async () => {
  cluster = await Cluster.start();
  [a, b] = cluster.nodes as [ClusterNode, ClusterNode];
});
afterAll(() => cluster?.stop());

const ROUNDS = 8;
const NOBODY = { authorization: '' };
const DAY = 86_400_000;
const ago = (days: number): string => new Date(Date.now() - days * DAY).toISOString();
/** How long what is to happen soon may take: a machine that does much else takes long. Planted bugs are not waited for so long. */
let patienceMs = 60_000;
let made = 0;
const unique = (word: string): string => `${word}${String.fromCharCode(97 + (made += 1) % 26)}${made}x`;

type Browser = Readonly<Record<string, string>>;

/** What a page sends that is signed in, to a node. */
const shown = async (cookie: string, node: ClusterNode): Promise<Browser> => ({ cookie, origin: await node.url });
const cookieOf = ({ headers }: Answer): string => headers['set-cookie']!.split(';')[0]!;
const signIn = async (node: ClusterNode, colleague: string, password = PASSWORD): Promise<Answer> => node.ask('POST', 'session', { colleague, password }, { headers: { ...NOBODY, origin: await node.url } });
/** What a door says to who shows this. */
const statusOf = async (node: ClusterNode, headers: Browser): Promise<number> => (await node.ask('GET', 'colleagues', undefined, { headers })).status;

/** A colleague who has set a password, by a link that one node made, at the other. @returns their cookie. */
async function invited(id: string, here: ClusterNode, there: ClusterNode): Promise<string> {
  await here.post('colleagues', { id, name: `Colleague ${id}`, department: 'service' });
  const { link } = await here.post('accounts', { id, role: 'service' });
  const used = await there.ask('POST', 'links/use', { token: link.path.split('#')[1], password: PASSWORD }, { headers: { ...NOBODY, origin: await there.url } });
  expect([used.status, used.text]).toEqual([200, expect.any(String)]);
  return cookieOf(used);
}

/** Asks again while the first is still on its way. */
async function insisting(send: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await send();
    if (answer.json?.code !== 'still-running') return answer;
  }
}

const checks = {
  'what is written at one is read at the other by its position, never stale': async (here: ClusterNode, there: ClusterNode) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const [one, other] = round % 2 === 0 ? [here, there] : [there, here];
      const name = unique('fresh');
      const { id, position } = await one.customer(name);
      expect(await other.after(`customers/${id}`, position)).toMatchObject({ name });
      const logged = await one.post(`customers/${id}/interactions`, { entries: [{ kind: 'note', summary: `about ${name}` }] });
      const [timeline, found, row] = await Promise.all([other.after(`customers/${id}/timeline`, logged.position), other.after(`search?q=${name}`, logged.position), other.after(`customers/${id}`, logged.position)]);
      expect([timeline.items.map(({ id: entry }: Json) => entry), found.entries.length, row.entries]).toEqual([expect.arrayContaining(logged.entries), 1, 1]);
    }
  },

  'a session begun at one is good at the other, and ends at both when signed out or disabled': async (here: ClusterNode, there: ClusterNode) => {
    const id = unique('ben');
    const first = await invited(id, here, there);
    const second = cookieOf(await signIn(here, id));
    for (const node of [here, there]) for (const cookie of [first, second]) expect(await statusOf(node, await shown(cookie, node))).toBe(200);
    expect((await there.ask('DELETE', 'session', undefined, { headers: await shown(second, there) })).status).toBeLessThan(300);
    for (const node of [here, there]) expect([await statusOf(node, await shown(first, node)), await statusOf(node, await shown(second, node))]).toEqual([200, 401]);
    const { position } = await here.done('PATCH', `accounts/${id}`, { enabled: false });
    for (const node of [here, there]) expect(await statusOf(node, await shown(first, node))).toBe(401);
    // Who signs in elsewhere before that node has heard of it is out again as soon as it has.
    const late = await signIn(there, id);
    await there.after('accounts', position);
    if (late.status === 200) await eventually(async () => statusOf(there, await shown(cookieOf(late), there)), (status) => status === 401);
    expect((await signIn(there, id)).status).toBe(401);
  },

  'a key made at one opens the other, and nothing once it is revoked': async (here: ClusterNode, there: ClusterNode) => {
    const cookie = await invited(unique('kim'), here, here);
    const { id, token } = await here.post('keys', { label: 'nightly', scopes: ['read'] }, { headers: await shown(cookie, here) });
    const bearer = { authorization: `Bearer ${token}` };
    expect([await statusOf(here, bearer), await statusOf(there, bearer)]).toEqual([200, 200]);
    await here.done('DELETE', `keys/${id}`, undefined, { headers: await shown(cookie, here) });
    expect([await statusOf(there, bearer), await statusOf(here, bearer)]).toEqual([401, 401]);
  },

  'who guesses gets no more tries by asking both, one after the other or at once': async (here: ClusterNode, there: ClusterNode) => {
    const one = unique('gus');
    for (let n = 0; n < FREE.account; n += 1) expect((await signIn(n % 2 === 0 ? here : there, one)).status).toBe(401);
    expect([(await signIn(there, one)).status, (await signIn(here, one)).status]).toEqual([429, 429]);
    const other = unique('gil');
    const at = await Promise.all(Array.from({ length: 10 }, (_, n) => signIn(n % 2 === 0 ? here : there, other)));
    expect(at.map(({ status }) => status).sort()).toEqual([...Array<number>(FREE.account).fill(401), ...Array<number>(10 - FREE.account).fill(429)]);
  },

  'the same Idempotency-Key sent to both at once is recorded once': async (here: ClusterNode, there: ClusterNode) => {
    const { id } = await here.customer(unique('once'));
    let position = '';
    for (let round = 0; round < ROUNDS; round += 1) {
      const body = { entries: [{ kind: 'note', summary: `round ${round}` }] };
      const key = unique('key');
      const answers = await Promise.all([here, there, here, there].map((node) => insisting(() => node.ask('POST', `customers/${id}/interactions`, body, { key }))));
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
      expect([new Set(answers.map(({ json }) => json.entries[0])).size, answers.filter(({ json }) => json.repeated === false).length]).toEqual([1, 1]);
      // Another text under the same key is refused by whichever is asked.
      expect((await there.ask('POST', `customers/${id}/interactions`, { entries: [{ kind: 'note', summary: 'another' }] }, { key })).status).toBe(422);
      position = answers[0]!.json.position;
    }
    expect(await there.after(`customers/${id}`, position)).toMatchObject({ entries: ROUNDS });
    const registering = { name: unique('twin') };
    const key = unique('key');
    const twins = await Promise.all([here, there].map((node) => insisting(() => node.ask('POST', 'customers', registering, { key }))));
    expect(twins[0]!.json.id).toBe(twins[1]!.json.id);
  },

  'asks that race for the last slot of a budget give exactly one': async (here: ClusterNode, there: ClusterNode) => {
    for (let round = 0; round < 4; round += 1) {
      const { id } = await here.customer(unique('race'));
      const { person } = await here.post(`customers/${id}/people`, { name: 'Fan', roles: ['decider'] });
      await there.post(`customers/${id}/interactions`, { entries: [{ kind: 'consent-given', person, purpose: 'reference-calls', occurredAt: ago(300) }, { kind: 'survey-answered', person, nps: 9, occurredAt: ago(290) }] });
      const ask = (node: ClusterNode, more: object): Promise<Answer> => node.ask('POST', `customers/${id}/asks`, { person, act: 'reference', wording: 'Would you take one call?', ...more });
      expect((await ask(there, { occurredAt: ago(5) })).status).toBe(201);
      const answers = await Promise.all([here, there, here, there].map((node, n) => ask(node, { wording: `Asker ${n}` })));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
      for (const { json } of answers.filter(({ status }) => status === 409)) expect(json.code).toBe('budget-spent');
    }
  },

  'who listens hears at both what was written at either, and goes on at the other': async (here: ClusterNode, there: ClusterNode) => {
    const pages = await Promise.all([here.live(undefined, patienceMs), there.live(undefined, patienceMs)]);
    const first = await here.customer(unique('heard'));
    const names = (id: string) => (heard: readonly { data: Json }[]): boolean => heard.some(({ data }) => data.streams?.includes(`customer-${id}`));
    const [at] = await Promise.all(pages.map((page) => page.until(names(first.id))));
    // Reads there show what the page has heard of, without waiting.
    for (const node of [here, there]) expect(await node.get(`customers/${first.id}`)).toMatchObject({ id: first.id });
    for (const page of pages) page.close();
    const missed = await there.customer(unique('missed'));
    await there.after(`customers/${missed.id}`, missed.position);
    const again = await there.live(at!.at(-1)!.id);
    const heard = await again.until(names(missed.id));
    expect(heard.filter(({ event }) => event !== 'change')).toEqual([]);
    expect(names(first.id)(heard)).toBe(false);
    again.close();
  },

  'settings and rules that are changed at one are those of the other, soon': async (here: ClusterNode, there: ClusterNode) => {
    const days = 10 + (made += 1);
    const valueOf = (answer: Json): unknown => answer.items.find(({ name }: Json) => name === 'requestDueDays').value;
    const { position } = await here.done('PATCH', 'settings', { values: { requestDueDays: days }, reason: 'Agreed' });
    expect(valueOf(await there.after('settings', position))).toBe(days);
    const { rules } = await here.get('rules');
    const window = 40 + made;
    const published = await there.post('rules', { rules: { ...rules, preset: 'ours', contact: { ...rules.contact, window } }, reason: 'They answer sooner' });
    for (const node of [there, here]) {
      const seen = await eventually(() => node.get('rules'), (now) => now.version === published.id && now.takingEffect === null);
      expect(seen.rules.contact.window).toBe(window);
    }
    // And what is shown by them, at both.
    const { id, position: at } = await here.customer(unique('judged'));
    const entered = await there.post(`customers/${id}/interactions`, { entries: [{ kind: 'reply', occurredAt: ago(window - 2) }] });
    expect(at).not.toBe(entered.position);
    for (const node of [here, there]) expect((await node.after(`customers/${id}/journey`, entered.position)).rulesVersion).toBe(published.id);
  },

  'who is erased at one cannot be read at the other any more, at once': async (here: ClusterNode, there: ClusterNode) => {
    const name = unique('erasmus');
    const { id } = await here.customer(unique('keeper'));
    const { person, position } = await here.post(`customers/${id}/people`, { name: `Ines ${name}`, email: `${name}@example.org` });
    const { position: logged } = await there.post(`customers/${id}/interactions`, { entries: [{ kind: 'note', people: [person], summary: `met ${name}` }] });
    const everywhere = async (node: ClusterNode, after: string): Promise<string[]> => {
      const paths = [`customers/${id}/people`, `customers/${id}/timeline?originals=true`, `customers/${id}/interactions`, `search?q=${name}`, `customers/${id}/export`];
      const answers = await Promise.all(paths.map((path) => node.ask('GET', `${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(after)}`)));
      const log: string[] = [];
      for (let since = ''; ; ) {
        const { text, json } = await node.ask('GET', `log?limit=1000${since}`);
        if (json.items.length === 0) break;
        log.push(text);
        since = `&since=${encodeURIComponent(json.next)}`;
      }
      return [...answers.map(({ text }, n) => [paths[n]!, text.replace(`"q":"${name}"`, '')] as const), ['log', log.join()] as const].filter(([, text]) => text.includes(name)).map(([path]) => path.replace(/\?.*/, '').replace(id, ''));
    };
    expect(position).not.toBe(logged);
    // Both have it at hand.
    for (const node of [here, there]) expect(await everywhere(node, logged)).toEqual(expect.arrayContaining(['customers//people', 'customers//timeline', 'search', 'log']));
    const receipt = await here.post(`customers/${id}/people/${person}/erase`, { reason: 'Asked for' });
    expect(await everywhere(there, receipt.position)).toEqual([]);
    expect(await everywhere(here, receipt.position)).toEqual([]);
    expect((await there.ask('POST', `customers/${id}/interactions`, { entries: [{ kind: 'note', people: [person], summary: 'again' }] })).status).toBeGreaterThanOrEqual(400);
    expect((await there.after('erasures?limit=5', receipt.position)).items.map((one: Json) => one.id)).toContain(receipt.id);
  },

  'what one imports the other shows, and undoes': async (here: ClusterNode, there: ClusterNode) => {
    const word = unique('imported');
    const rows = Array.from({ length: 30 }, (_, n) => `${word}-${n},note,${word} text ${n}`);
    const map = { customer: { source: word, sourceId: '{Account}', name: '{Account}' }, entry: { kind: '{Kind}', occurredAt: '2026-01-01', source: word, sourceId: '{Text}', summary: '{Text}' } };
    const { status, text } = await here.import([mapping(map), csv(['Account,Kind,Text', ...rows].join('\n'))]);
    expect(status).toBe(200);
    const { result } = JSON.parse(text.trim().split('\n').at(-1)!);
    expect(result).toMatchObject({ customersCreated: 30, entriesAdded: 30, failed: 0 });
    const shows = await there.after(`customers?source=${word}&sourceId=${word}-7`, result.position);
    expect((await there.after(`customers/${shows.id}/timeline`, result.position)).items).toMatchObject([{ summary: `${word} text 7` }]);
    expect((await there.after('imports', result.position)).items.map(({ id }: Json) => id)).toContain(result.run);
  },

  'what is noted at one is found at the other': async (here: ClusterNode, there: ClusterNode) => {
    const { id, position } = await here.customer(unique('noted'));
    await here.after(`customers/${id}`, position);
    await eventually(() => there.ask('GET', 'audit?limit=200'), ({ text }) => text.includes(id));
  },
};

describe('two nodes', () => {
  it.each(Object.keys(checks) as (keyof typeof checks)[])('%s', async (check) => {
    await checks[check](a, b);
  });
});

describe('a node that does not know of the other', () => {
  const planted = (name: string, bugs: readonly string[]): Promise<ClusterNode> => cluster.add(name, { preloads: ['../cluster/cluster.bugs.ts'], env: { FIVE_RING_PLANTED: bugs.join() } });
  let forgetful: ClusterNode;
  let deaf: ClusterNode;
  beforeAll(async () => {
    patienceMs = 3_000;
    [forgetful, deaf] = await Promise.all([planted('C', ['remembers-who-entered', 'counts-alone', 'forgets-keys', 'appends-anywhere', 'keeps-keys']), planted('D', ['does-not-wait', 'is-deaf'])]);
  });

  it.each<[bug: string, check: keyof typeof checks, node: () => ClusterNode, finding: RegExp]>([
    ['its reads do not wait', 'what is written at one is read at the other by its position, never stale', () => deaf, /expect|GET customers/],
    ['it remembers sessions', 'a session begun at one is good at the other, and ends at both when signed out or disabled', () => forgetful, /401/],
    ['it remembers keys', 'a key made at one opens the other, and nothing once it is revoked', () => forgetful, /401/],
    ['it counts guesses alone', 'who guesses gets no more tries by asking both, one after the other or at once', () => forgetful, /429/],
    ['it forgets Idempotency-Keys', 'the same Idempotency-Key sent to both at once is recorded once', () => forgetful, /expect/],
    ['it appends anywhere', 'asks that race for the last slot of a budget give exactly one', () => forgetful, /409/],
    ['it hears of nothing', 'who listens hears at both what was written at either, and goes on at the other', () => deaf, /not within/],
    ['it looks at settings no more', 'settings and rules that are changed at one are those of the other, soon', () => deaf, /expect/],
    ['it keeps the keys of people', 'who is erased at one cannot be read at the other any more, at once', () => forgetful, /log/],
  ])('planted bug: %s', async (_, check, node, finding) => {
    await expect(checks[check](a, node())).rejects.toThrow(finding);
  });
});
