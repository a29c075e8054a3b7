/** How every request is sent: cookies of this origin, refusals as `Failure`, writes safe to repeat, and reads that see what was written before. */
import { client } from './generated/client.gen.js';
import type { Problem } from './generated/types.gen.js';
import { WAITING } from './generated/waiting.gen.js';

/** A request that did not do what was asked. `status` 0: no answer came. */
export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem | undefined,
    message: string,
  ) {
    super(message);
    this.name = 'Failure';
  }

  /** What is wrong with each field, by the path it was sent under: the shape that Mantine's `form.setErrors` takes. */
  get fields(): Record<string, string> {
    return Object.fromEntries((this.problem?.errors ?? []).map(({ field, detail }) => [field, detail]));
  }
}

/** A read waits for what was written in this time; later the views have it long since. */
const REMEMBERED_MS = 30_000;
let written: { readonly position: string; readonly at: number } | undefined;

/** A position up to which reads must see from now on: of a write here, or of what a live update told. */
export const sawWrite = (position: string): void => void (written = { position, at: Date.now() });

const listeners = new Set<() => void>();
/** Calls `then` whenever an answer says that nobody is signed in. @returns what ends it. */
export function onSignedOut(then: () => void): () => void {
  listeners.add(then);
  return () => listeners.delete(then);
}

export const newKey = (): string => crypto.randomUUID();

client.setConfig({ throwOnError: true, credentials: 'same-origin' });

client.interceptors.request.use((request, { url }) => {
  if (request.method === 'GET') {
    if (written === undefined || Date.now() - written.at > REMEMBERED_MS || !WAITING.has(url)) return request;
    const waiting = new URL(request.url);
    waiting.searchParams.set('after', written.position);
    return new Request(waiting, request);
  }
  // A form gives its own, which it keeps until it has an answer; a single click needs none to be kept.
  if (!request.headers.has('idempotency-key')) request.headers.set('idempotency-key', newKey());
  return request;
});

const watching = new Set<(answer: Response) => void>();
/** Calls `then` with every answer that comes, whatever it says. */
export const onAnswer = (then: (answer: Response) => void): void => void watching.add(then);

client.interceptors.response.use(async (response, request) => {
  for (const then of watching) then(response);
  if (request.method !== 'GET' && response.ok && (response.headers.get('content-type') ?? '').startsWith('application/json')) {
    const { position } = (await response.clone().json()) as { readonly position?: unknown };
    if (typeof position === 'string') sawWrite(position);
  }
  return response;
});

const isProblem = (body: unknown): body is Problem => typeof (body as Problem | null)?.detail === 'string';

client.interceptors.error.use((error, response, request) => {
  if (error instanceof Failure) return error;
  if (response === undefined) return (error as Error | null)?.name === 'AbortError' ? error : new Failure(0, undefined, 'no answer');
  const body = typeof error === 'string' ? parsed(error) : error;
  // Who signs in with a wrong password is told so by the form.
  if (response.status === 401 && !new URL(request?.url ?? response.url).pathname.endsWith('/session')) for (const then of listeners) then();
  return new Failure(response.status, isProblem(body) ? body : undefined, isProblem(body) ? body.detail : response.statusText);
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The data of a call of the generated client. @throws Failure */
export async function answered<T>(call: Promise<{ data: T } | { data?: T | undefined; error?: unknown }>): Promise<T> {
  return (await call).data as T;
}

export { client };
