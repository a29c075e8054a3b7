/** Loaded before the server: kills it (SIGKILL) as its views' rows are written for the KILL_AT-th time, or plants the bug that PLANT names. */
/* eslint-disable @typescript-eslint/unbound-method -- called with the `this` of the method it stands in for */
import { Projector } from '../../src/shell/projector.js';
import { SqliteViews } from '../../src/views/sqlite.views.js';

const at = Number(process.env['KILL_AT'] ?? Infinity);
const plant = process.env['PLANT'] ?? '';
const { apply } = SqliteViews.prototype;
let times = 0;

SqliteViews.prototype.apply = async function (this: SqliteViews, batch) {
  times += 1;
  // Half filled, and it stays so.
  if (plant === 'reads do not wait' && times > 2) throw new Error('planted');
  // The checkpoint is a commit of its own, before the rows.
  if (plant === 'checkpoint first' && times === at) await apply.call(this, { ...batch, ops: [] });
  if (times === at) process.kill(process.pid, 'SIGKILL');
  return apply.call(this, batch);
};
if (plant === 'reads do not wait') Projector.prototype.filledOnce = () => Promise.resolve();
