/** The proof of a log: what changes its head, what does not, and planted bugs that overlook a change. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metadata, RecordedEvent } from '../src/kernel/event-store.js';
import { chained, startOfLog } from '../src/shell/log-proof.js';
import { openStore } from '../src/stores/index.js';
import { command, wholeLog } from './event-store.contract.js';

type Chain = typeof chained;

const log: readonly RecordedEvent[] = command(3, (n) => ({ n, text: '\ud83d é\u0000' })).map((event, i) => ({ ...event, stream: i === 1 ? 'y' : 'x', revision: i >> 1, position: String(i + 1), recordedAt: 1_000 + i }));

const headOf = (events: readonly RecordedEvent[], chain: Chain = chained): string => events.reduce((head, event) => chain(head, event), startOfLog()).toString('hex');

const changed = (i: number, change: (event: RecordedEvent) => Partial<RecordedEvent>): RecordedEvent[] => log.map((event, k) => (k === i ? { ...event, ...change(event) } : event));
const metadata = (change: Partial<Metadata>) => (event: RecordedEvent): Partial<RecordedEvent> => ({ metadata: { ...event.metadata, ...change } });

/** Each must change the head. */
const changes: Readonly<Record<string, readonly RecordedEvent[]>> = {
  id: changed(1, () => ({ id: command()[0]!.id })),
  stream: changed(1, () => ({ stream: 'z' })),
  revision: changed(2, () => ({ revision: 2 })),
  type: changed(0, () => ({ type: 'Other' })),
  recordedAt: changed(1, ({ recordedAt }) => ({ recordedAt: recordedAt + 1 })),
  data: changed(2, ({ data }) => ({ data: { ...(data as object), n: 7 } })),
  'half a character in the data': changed(0, () => ({ data: { n: 0, text: '\ud83e é\u0000' } })),
  ...Object.fromEntries(Object.entries({ commandId: 'f'.repeat(32), n: 9, mac: 'cd', correlationId: 'c', causationId: 'c', actor: 'ada' }).map(([field, value]) => [`metadata ${field}`, changed(1, metadata({ [field]: value }))])),
  order: [log[1]!, log[0]!, log[2]!],
  'an event less': log.slice(0, 2),
  'an event twice': [...log, log[2]!],
};

const overlooked = (chain: Chain): string[] => Object.keys(changes).filter((what) => headOf(changes[what]!, chain) === headOf(log, chain));

it('every change of the log changes its head', () => {
  expect(overlooked(chained)).toEqual([]);
});

it('is what it is: a head that was noted once stays comparable for ever', () => {
  const event: RecordedEvent = {
    id: '01900000-0000-7000-8000-000000000001', stream: 'x', revision: 0, position: '1', type: 'T', recordedAt: 5, data: { b: 1, a: [null] },
    metadata: { actor: 'ada', n: 0, commandId: '0'.repeat(32), mac: 'm', causationId: null, correlationId: 'c' },
  };
  const text = `["01900000-0000-7000-8000-000000000001","x",0,"T",5,{"b":1,"a":[null]},["${'0'.repeat(32)}",0,"m","c",null,"ada"]]`;
  expect(headOf([event])).toBe(createHash('sha256').update(Buffer.alloc(32)).update(text).digest('hex'));
  expect(headOf([])).toBe('0'.repeat(64));
});

it('neither positions nor the order of the metadata change it', () => {
  const elsewhere = log.map((event, i) => ({ ...event, position: `${i}/77`, metadata: Object.fromEntries(Object.entries(event.metadata).reverse()) as unknown as Metadata }));
  expect(headOf(elsewhere)).toBe(headOf(log));
});

it('is the same in every store', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'five-ring-'));
  const heads = await Promise.all(['memory:', `sqlite:${join(folder, 'log.db')}`].map(async (url) => {
    const store = await openStore(url);
    for (const { stream, recordedAt, ...event } of log) await store.append(stream, [event], 'any', recordedAt);
    const head = headOf(await wholeLog(store));
    await store.close();
    return head;
  }));
  rmSync(folder, { recursive: true });
  expect(heads).toEqual([headOf(log), headOf(log)]);
});

const bugs: readonly [what: string, chain: Chain][] = [
  ['recordedAt', (head, event) => chained(head, { ...event, recordedAt: 0 })],
  ['data', (head, event) => chained(head, { ...event, data: null })],
  ['half a character in the data', (head, event) => chained(head, { ...event, data: JSON.parse(Buffer.from(JSON.stringify(event.data).replace(/\\ud83[de]/g, '\ufffd')).toString()) as unknown })],
  ['metadata actor', (head, event) => chained(head, { ...event, metadata: { ...event.metadata, actor: '' } })],
  ['order', (head, event) => Buffer.from(chained(startOfLog(), event).map((byte, i) => byte ^ head[i]!))],
];

it.each(bugs)('a planted bug is found: the head does not see %s', (what, chain) => {
  expect(overlooked(chain)).toContain(what);
});
