/**
 * A fresh log in KurrentDB: on an emulated node of its own in this process, or a window of the real node that KURRENTDB_URL
 * names, where nothing can be emptied: the app under test sees only what it wrote itself.
 */
import { START } from '@kurrent/kurrentdb-client';
import { openStore } from '../../src/stores/index.js';
import { KurrentStore } from '../../src/stores/kurrentdb.store.js';
import type { TestLog } from '../api/log.js';
import { clientOf, readAll } from './client.js';
import { KurrentServer } from './server.js';
import { openWindows, Window } from './window.js';

export interface KurrentTestLog extends TestLog {
  /** The emulated node, where it is one. */
  readonly node?: KurrentServer;
}

export const realNode = process.env['KURRENTDB_URL'] || undefined;

let areWindowsOpen = false;

export async function inKurrentDB(): Promise<KurrentTestLog> {
  if (realNode === undefined) return emulated();
  if (!areWindowsOpen) openWindows();
  areWindowsOpen = true;
  return real(realNode);
}

async function emulated(): Promise<KurrentTestLog> {
  const node = await KurrentServer.start();
  // The client waits so long before its first connection: half a second, if nobody says otherwise.
  const url = `${node.url}&discoveryInterval=10`;
  return {
    url,
    node,
    open: () => openStore(url),
    bytes: () => Promise.resolve(node.log.all.flatMap(({ stream, type, data, metadata }) => [Buffer.from(stream), Buffer.from(type), Buffer.from(data), Buffer.from(metadata)])),
    stop: () => node.stop(),
  };
}

async function real(node: string): Promise<KurrentTestLog> {
  const store = await KurrentStore.open(node);
  const window = await Window.of(store);
  await store.close();
  const url = window.url(node);
  return { url, open: () => openStore(url), bytes: () => bytesOf(node, window.prefix), stop: () => Promise.resolve() };
}

/** What the server gives, without what our adapter makes of it. */
async function bytesOf(url: string, prefix: string): Promise<Buffer[]> {
  const client = clientOf(url);
  const events = await readAll(client, { fromPosition: START });
  await client.dispose();
  return events.filter(({ streamId }) => streamId.startsWith(prefix)).map(({ streamId, type, data, metadata }) => Buffer.from(JSON.stringify([streamId, type, data, metadata])));
}
