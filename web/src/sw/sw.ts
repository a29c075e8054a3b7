/**
 * Works without a connection: the app itself from the files of its version, and what was read before, always marked with when.
 * A file of its own (`/sw.js`): it imports nothing, and before it the build writes which files there are.
 */

interface Waits extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Waits {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Asked extends Waits {
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
}
interface Worker {
  /** Written by the build. `entry`: the script of the page. */
  readonly BUILD: { readonly version: string; readonly entry: string; readonly files: readonly string[] };
  readonly clients: { claim(): Promise<void> };
  readonly registration: { readonly active: unknown };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', then: (event: Waits) => void): void;
  addEventListener(type: 'fetch', then: (event: Fetching) => void): void;
  addEventListener(type: 'message', then: (event: Asked) => void): void;
}
const worker = self as unknown as Worker;

const { version, entry, files } = worker.BUILD;
const SHELL = 'five-ring-shell-';
const DATA = 'five-ring-data';
const AS_OF = 'five-ring-as-of';
const PAGE = '/';
/** Answers kept, the last read last. */
const MOST = 500;
const DAYS_KEPT = 14;
const SESSION = '/api/v1/session';
/** What may be read without a connection. Nothing of administration, privacy or figures about colleagues. */
const KEPT = /^\/api\/v1\/(?:session|kinds|colleagues|portfolio|contracts-ahead|attention|issues|steps|promises|handovers|rules|customers\/[^/]+(?:\/(?:overview|journey|timeline|people|promises|interactions\/[^/]+))?)$/;
/** They differ with each asking and not in what is asked. */
const PASSING = ['after', 'dueBefore'];

worker.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(SHELL + version);
    // One after the other fails as one: a version is here whole or not at all.
    await cache.addAll([...files.map((file) => new Request(file, { cache: 'no-cache' })), new Request(PAGE, { headers: { accept: 'text/html' }, cache: 'no-cache' })]);
    await worker.skipWaiting();
  })());
});

worker.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    const shells = (await caches.keys()).filter((name) => name.startsWith(SHELL));
    // Pages of the version before may be open still, and load parts of it later.
    const before = shells.filter((name) => name !== SHELL + version).at(-1);
    await Promise.all(shells.filter((name) => name !== SHELL + version && name !== before).map((name) => caches.delete(name)));
    await worker.clients.claim();
  })());
});

/** Who read what is kept; nothing of one colleague is there for the next. */
let generation = 0;
async function forget(): Promise<void> {
  generation += 1;
  await caches.delete(DATA);
}

worker.addEventListener('message', (event) => {
  if (event.data === 'forget') event.waitUntil(forget().then(() => event.ports[0]?.postMessage('forgotten')));
  if (event.data === 'entry') event.ports[0]?.postMessage(entry);
});

function nameOf(request: Request): string {
  const url = new URL(request.url);
  for (const name of PASSING) url.searchParams.delete(name);
  url.searchParams.sort();
  return url.href;
}

const colleagueIn = async (answer: Response | undefined): Promise<unknown> => {
  try {
    return ((await answer?.clone().json()) as { colleague?: { id?: unknown } | null } | undefined)?.colleague?.id;
  } catch {
    return undefined;
  }
};

async function keep(request: Request, answer: Response, asked: number): Promise<void> {
  const { pathname } = new URL(request.url);
  if (pathname === SESSION && answer.ok) {
    const now = await colleagueIn(answer);
    const before = await colleagueIn(await (await caches.open(DATA)).match(nameOf(request)));
    if (before !== undefined && before !== now) {
      await forget();
      asked = generation;
    }
    // Nobody is signed in: there is nothing to keep.
    if (now === undefined) return;
  }
  // Signed out meanwhile.
  if (asked !== generation) return;
  const cache = await caches.open(DATA);
  const name = nameOf(request);
  // Gone, or no longer for this reader.
  if ([401, 403, 404, 410].includes(answer.status)) {
    await cache.delete(name);
    return;
  }
  if (answer.status !== 200 || !(answer.headers.get('content-type') ?? '').startsWith('application/json')) return;
  const headers = new Headers(answer.headers);
  headers.set(AS_OF, new Date().toISOString());
  const body = await answer.blob();
  if (asked !== generation) return;
  await cache.delete(name);
  await cache.put(name, new Response(body, { headers }));
  const all = await cache.keys();
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST)).map((one) => cache.delete(one)));
  // It was forgotten while it was being written.
  if (asked !== generation) await caches.delete(DATA);
}

/** What stands between may be up when the server is not. A refusal in the server's own words is an answer: what is kept would hide it. */
const isDown = ({ status, headers }: Response): boolean => [502, 503, 504].includes(status) && !(headers.get('content-type') ?? '').startsWith('application/problem+json');

async function kept(request: Request): Promise<Response | undefined> {
  const found = await (await caches.open(DATA)).match(nameOf(request));
  const at = Date.parse(found?.headers.get(AS_OF) ?? '');
  return Date.now() - at < DAYS_KEPT * 86_400_000 ? found : undefined;
}

async function read(event: Fetching): Promise<Response> {
  const { request } = event;
  const asked = generation;
  try {
    const answer = await fetch(request);
    if (isDown(answer)) return (await kept(request)) ?? answer;
    event.waitUntil(keep(request, answer.clone(), asked).catch(() => undefined));
    return answer;
  } catch (error) {
    const found = request.signal.aborted ? undefined : await kept(request);
    if (found === undefined) throw error;
    return found;
  }
}

/** The page as it is kept, with a nonce of its own: one that is used twice protects nothing. */
async function keptPage(): Promise<Response | undefined> {
  const found = await (await caches.open(SHELL + version)).match(PAGE);
  if (found === undefined) return undefined;
  const policy = found.headers.get('content-security-policy') ?? '';
  const old = /'nonce-([\w-]+)'/.exec(policy)?.[1];
  const headers = new Headers(found.headers);
  let text = await found.text();
  if (old !== undefined) {
    const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18)))).replaceAll('+', '-').replaceAll('/', '_');
    headers.set('content-security-policy', policy.replaceAll(old, nonce));
    text = text.replaceAll(old, nonce);
  }
  headers.delete('content-encoding');
  headers.delete('content-length');
  return new Response(text, { headers });
}

async function page(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request);
    return isDown(answer) ? ((await keptPage()) ?? answer) : answer;
  } catch (error) {
    const found = await keptPage();
    if (found === undefined) throw error;
    return found;
  }
}

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === 'DELETE' && pathname === SESSION) {
    event.respondWith(fetch(request).then(async (answer) => {
      if (answer.ok) await forget();
      return answer;
    }));
    return;
  }
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') {
    // Pages of the server's own, such as the one about the API, are not the app's.
    if (!/^\/(?:api|health|metrics|assets)(?:\/|$)/.test(pathname)) event.respondWith(page(request));
    return;
  }
  if (KEPT.test(pathname)) event.respondWith(read(event));
  // Files that have their content in their name never change; those of the version before are here too.
  else if (pathname.startsWith('/assets/') || files.includes(pathname)) event.respondWith(caches.match(request, { ignoreVary: true }).then((found) => found ?? fetch(request)));
});
