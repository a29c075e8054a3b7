/** Moving a log to KurrentDB and back: the same checks as between the other stores. */
import { openStore } from '../../src/stores/index.js';
import type { Opened } from '../event-store.contract.js';
import { migrationChecks } from '../migration.contract.js';
import { inKurrentDB } from './fresh-log.js';

const inMemory = async (): Promise<Opened> => {
  const store = await openStore('memory:');
  return { store, close: () => store.close() };
};

const inKurrent = async (): Promise<Opened> => {
  const log = await inKurrentDB();
  const store = await log.open();
  return {
    store,
    close: async () => {
      await store.close();
      await log.stop();
    },
  };
};

migrationChecks('memory to kurrentdb', inMemory, inKurrent);
migrationChecks('kurrentdb to memory', inKurrent, inMemory);
