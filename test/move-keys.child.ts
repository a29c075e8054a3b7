/** Moves keys, and stands still in the middle of it until it is killed. */
import { moveIntoDatabase, moveOutOfDatabase } from '../src/move-keys.js';

const [way, data, store, db] = process.argv.slice(2) as [string, string, string, string];
await (way === 'in' ? moveIntoDatabase : moveOutOfDatabase)({
  data, store, db,
  onProgress() {
    process.stdout.write('in the middle\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
