/** `--import` this before the app: plants the bug that FIVE_RING_PLANTED names. */
/* eslint-disable @typescript-eslint/unbound-method -- called with the `this` of the method it stands in for */
import { openSync } from 'node:fs';
import { Server } from 'node:http';

/** What each request leaves behind. */
const bugs: Readonly<Record<string, () => unknown>> = {
  'keeps-requests': () => Buffer.alloc(200_000, 1),
  'leaves-open': () => openSync(process.execPath, 'r'),
};

const left = bugs[process.env['FIVE_RING_PLANTED'] ?? ''];
if (left === undefined) throw new Error(`FIVE_RING_PLANTED names none of ${Object.keys(bugs).join(', ')}.`);
const kept: unknown[] = [];
const { emit } = Server.prototype;
Server.prototype.emit = function (this: Server, ...args: Parameters<typeof emit>) {
  if ((args[0] as string) === 'request' && kept.length < 4_000) kept.push(left());
  return emit.apply(this, args);
} as typeof emit;
