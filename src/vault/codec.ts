/** Seals and opens personal fields: AES-256-GCM under the key of their subject, bound to the event and the field. */
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { isSealed, type PersonalField, type Sealed } from '../kernel/aggregate.js';
import { Refusal } from '../kernel/refusal.js';
import { KeyedHash } from './keyed-hash.js';
import type { SubjectKey } from './subject-key.js';
import { isTextKey } from './text-key-name.js';

/** 256-bit key of a subject; undefined once it was destroyed, or never was. `madeAt`: when it was made, epoch ms, where that is known. */
export type KeyOf = ((subject: string) => SubjectKey | undefined) & { readonly madeAt?: (subject: string) => number | undefined };

const NONCE = 12;
const TAG = 16;

const OWN = new KeyedHash(Buffer.from('five-ring field v1 own'));

/** Of several: a key derived from all, so that destroying any one makes the field unreadable. */
function keyFor(subjects: readonly string[], name: string, keyOf: KeyOf): KeyObject | undefined {
  const keys: Buffer[] = [];
  for (const subject of subjects) {
    const key = keyOf(subject);
    if (key === undefined) return undefined;
    keys.push(key.export());
  }
  // With a key of its own, each text is sealed once: what is worked out cannot be kept, and so must be cheap. One HMAC does.
  if (subjects.some(isTextKey)) return createSecretKey(OWN.digest(name, ...keys));
  return createSecretKey(Buffer.from(hkdfSync('sha256', Buffer.concat(keys), Buffer.alloc(0), `five-ring field v1 ${name}`, 32)));
}

/** Within one event the fields mostly have the same subjects: their key is worked out once. */
function onceEach(keyOf: KeyOf): (subjects: readonly string[]) => KeyObject | undefined {
  let last: { readonly name: string; readonly key: KeyObject | undefined } | undefined;
  return (subjects) => {
    if (subjects.length === 1) return keyOf(subjects[0]!)?.object;
    const name = subjects.join(' ');
    if (last?.name !== name) last = { name, key: keyFor(subjects, name, keyOf) };
    return last.key;
  };
}

/** Random bytes are drawn in bulk: one call to the system for many nonces. */
let drawn = Buffer.alloc(0);

function nextNonce(): Buffer {
  if (drawn.length < NONCE) drawn = randomBytes(NONCE * 512);
  const nonce = drawn.subarray(0, NONCE);
  drawn = drawn.subarray(NONCE);
  return nonce;
}

const bound = (eventId: string, path: readonly string[]): Buffer => Buffer.from(`${eventId}\n${path.join('.')}`);

/** @throws Refusal when a subject has no key any more. */
export function seal(value: unknown, subjects: readonly string[], eventId: string, path: readonly string[], keyOf: KeyOf): Sealed {
  return sealed(value, sorted(subjects), eventId, path, onceEach(keyOf));
}

function sorted(subjects: readonly string[]): string[] {
  const [a, b] = subjects;
  if (subjects.length === 2 && a !== b) return a! < b! ? [a!, b!] : [b!, a!];
  return [...new Set(subjects)].sort();
}

function sealed(value: unknown, s: readonly string[], eventId: string, path: readonly string[], keyOf: ReturnType<typeof onceEach>): Sealed {
  const key = keyOf(s);
  if (key === undefined) throw new Refusal('conflict', 'erased', `Somebody named was erased in this moment: ${s.join(', ')}.`);
  const nonce = nextNonce();
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(bound(eventId, path));
  return { s, v: 1, c: Buffer.concat([nonce, cipher.update(JSON.stringify(value), 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64') };
}

/** The value; undefined when a key is gone. @throws FieldDamaged when the bytes were tampered with or belong elsewhere. */
export function unseal(field: Sealed, eventId: string, path: readonly string[], keyOf: KeyOf): unknown {
  return unsealed(field, eventId, path, onceEach(keyOf), keyOf);
}

/** An event's id is drawn a moment before the first key for it is made. */
const BEFORE_KEY_MS = 60_000;
const TIMED_ID = /^([0-9a-f]{8})-([0-9a-f]{4})-7/;

/**
 * Whether the field was sealed before a key that stands there now was made: under one that was lost, with keys.db or because an
 * older copy of it was restored. Asked only of what its key does not open.
 */
function isOlderThanKey({ s }: Sealed, eventId: string, { madeAt }: KeyOf): boolean {
  const [, high, low] = TIMED_ID.exec(eventId) ?? [];
  if (madeAt === undefined || high === undefined || low === undefined) return false;
  const sealedAt = parseInt(high + low, 16);
  return s.some((subject) => (madeAt(subject) ?? -Infinity) > sealedAt + BEFORE_KEY_MS);
}

function unsealed(field: Sealed, eventId: string, path: readonly string[], keyFrom: ReturnType<typeof onceEach>, keyOf: KeyOf): unknown {
  const key = keyFrom(field.s);
  if (key === undefined) return undefined;
  try {
    const bytes = Buffer.from(field.c, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE));
    decipher.setAAD(bound(eventId, path));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
    return JSON.parse(decipher.update(bytes.subarray(NONCE, bytes.length - TAG), undefined, 'utf8') + decipher.final('utf8'));
  } catch (error) {
    if (isOlderThanKey(field, eventId, keyOf)) return undefined;
    throw new FieldDamaged(eventId, path, { cause: error });
  }
}

/** A sealed field that its key does not open: the log or the keys were damaged or edited. */
export class FieldDamaged extends Error {
  constructor(eventId: string, path: readonly string[], options?: ErrorOptions) {
    super(`The field ${path.join('.')} of the event ${eventId} cannot be opened: it was changed, or belongs elsewhere.`, options);
    this.name = 'FieldDamaged';
  }
}

type Json = Record<string, unknown>;

/** A copy of the event's data with its personal fields sealed. */
export function sealFields(data: unknown, fields: readonly PersonalField[], eventId: string, keyOf: KeyOf): unknown {
  const once = onceEach(keyOf);
  // Mostly they all have the same subjects.
  let last: { readonly subjects: readonly string[]; readonly list: string[] } | undefined;
  const listOf = (subjects: readonly string[]): string[] => (last?.subjects === subjects ? last : (last = { subjects, list: sorted(subjects) })).list;
  let copy = data as Json;
  for (const { path, subjects } of fields) copy = sealAt(copy, path, 0, (value) => sealed(value, listOf(subjects), eventId, path, once)) as Json;
  return copy;
}

function sealAt(node: unknown, path: readonly string[], depth: number, sealOne: (value: unknown) => Sealed): unknown {
  if (depth === path.length) return sealOne(node);
  if (typeof node !== 'object' || node === null) return node;
  const key = path[depth]!;
  const child = (node as Json)[key];
  return child === undefined || child === null ? node : { ...node, [key]: sealAt(child, path, depth + 1, sealOne) };
}

export interface Opened {
  readonly data: Json;
  /** Paths of the fields whose key is gone; they are null in the data. */
  readonly erased: readonly string[];
}

/** The event's data with every sealed field opened; those that cannot be are null and named. */
export function openFields(data: unknown, eventId: string, keyOf: KeyOf): Opened {
  const erased: string[] = [];
  const once = onceEach(keyOf);
  const visit = (node: unknown, path: readonly string[]): unknown => {
    if (isSealed(node)) {
      const value = unsealed(node, eventId, path, once, keyOf);
      if (value === undefined) erased.push(path.join('.'));
      return value ?? null;
    }
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return node;
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, visit(child, [...path, key])]));
  };
  return { data: visit(data, []) as Json, erased };
}
