/** The real client, as the specs of the emulator use it. */
import { jsonEvent, KurrentDBClient, type AllStreamResolvedEvent, type JSONEventData, type ResolvedEvent } from '@kurrent/kurrentdb-client';

let made = 0;

/** An event with an id of its own. */
export function event(data: Record<string, unknown> = {}, type = 'Happened'): JSONEventData {
  made += 1;
  return jsonEvent({ id: `01900000-0000-7000-8000-${made.toString(16).padStart(12, '0')}`, type, data: { n: made, ...data }, metadata: { by: 'spec' } });
}

/** The bridge waits for the discovery interval before its first connection: half a second, if nobody says otherwise. */
export const clientOf = (url: string): KurrentDBClient => KurrentDBClient.connectionString(`${url}&discoveryInterval=10`);

export async function readStream(client: KurrentDBClient, stream: string, options: Parameters<KurrentDBClient['readStream']>[1] = {}): Promise<NonNullable<ResolvedEvent['event']>[]> {
  const events: NonNullable<ResolvedEvent['event']>[] = [];
  for await (const { event } of client.readStream(stream, options)) if (event !== undefined) events.push(event);
  return events;
}

export async function readAll(client: KurrentDBClient, options: Parameters<KurrentDBClient['readAll']>[0] = {}): Promise<NonNullable<AllStreamResolvedEvent['event']>[]> {
  const events: NonNullable<AllStreamResolvedEvent['event']>[] = [];
  for await (const { event } of client.readAll(options)) if (event !== undefined) events.push(event);
  return events;
}

/** What a promise does within a time. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | 'nothing'> {
  let timer: NodeJS.Timeout | undefined;
  const nothing = new Promise<'nothing'>((resolve) => (timer = setTimeout(resolve, ms, 'nothing')));
  return Promise.race([promise, nothing]).finally(() => clearTimeout(timer));
}

/** Waits until something holds, and gives up after two seconds. */
export async function soon(holds: () => boolean): Promise<boolean> {
  for (let i = 0; i < 400 && !holds(); i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  return holds();
}
