/* eslint-disable @typescript-eslint/unbound-method -- called with the `this` of the method it stands in for */
/** Loaded before the server: an undo that was broken off takes itself for done. */
import { ImportUndo } from '../../src/exchange/import-undo.writer.js';
import type { Run } from '../../src/exchange/import-run.js';

type Reach = { readonly customers: readonly string[]; readonly elsewhere: readonly never[] };
const proto = ImportUndo.prototype as unknown as { reachOf(run: Run): Promise<Reach> };
const { reachOf } = proto;
proto.reachOf = async function (this: ImportUndo, run) {
  return run.status === 'undoing' ? { customers: [], elsewhere: [] } : reachOf.call(this as never, run);
};
