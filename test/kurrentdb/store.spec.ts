/**
 * The contract of every event store, on KurrentDB: on an emulated node in this process, and on the real one that KURRENTDB_URL
 * names (`npm run test:kurrentdb`), where each check sees only the streams it wrote.
 */
import { KurrentStore } from '../../src/stores/kurrentdb.store.js';
import { eventStoreContract, type Opened } from '../event-store.contract.js';
import { KurrentServer } from './server.js';
import { Window } from './window.js';

/** What a node takes unless its MaxAppendSize says otherwise. */
const LIMIT = 1_048_576;

const emulated = async (): Promise<Opened> => {
  const server = await KurrentServer.start({ maxAppendSize: LIMIT });
  let store = await KurrentStore.open(server.url);
  return {
    store,
    limit: LIMIT,
    reopen: async () => {
      await store.close();
      return (store = await KurrentStore.open(server.url));
    },
    close: async () => {
      await store.close();
      await server.stop();
    },
  };
};

const real = (url: string) => async (): Promise<Opened> => {
  let store = await KurrentStore.open(url);
  const window = await Window.of(store);
  return {
    store: window,
    limit: LIMIT,
    reopen: async () => {
      await store.close();
      return window.over((store = await KurrentStore.open(url)));
    },
    close: () => store.close(),
  };
};

const url = process.env['KURRENTDB_URL'];
if (url === undefined) eventStoreContract('kurrentdb, emulated', emulated);
else eventStoreContract('kurrentdb, the real node of KURRENTDB_URL', real(url));
