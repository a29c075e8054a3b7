/** Reads JSON bodies strictly: UTF-8 that is UTF-8, no bombs, no keys that reach into prototypes, nothing a database cannot keep. */
import { Refusal } from '../kernel/refusal.js';

const MAX_DEPTH = 24;
/** Whoever checks fields or items one by one takes seconds for tens of thousands. */
const MAX_KEYS = 1000;
const MAX_ITEMS = 10_000;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
const utf8 = new TextDecoder('utf-8', { fatal: true });

const malformed = (code: string, message: string): Refusal => new Refusal('malformed', code, message);

/** @throws Refusal `malformed`. */
export function parseJsonBody(bytes: Buffer): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw malformed('bad-encoding', 'The body is not valid UTF-8.');
  }
  if (text.trim() === '') throw malformed('empty-body', 'The body is empty; send JSON.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed('malformed-json', `The body is not valid JSON: ${(error as Error).message.slice(0, 120)}`);
  }
  checkJson(value, '', 0);
  return value;
}

function checkJson(value: unknown, path: string, depth: number): void {
  if (depth > MAX_DEPTH) throw malformed('too-deep', `The body is nested more than ${MAX_DEPTH} levels deep.`);
  if (typeof value === 'string') checkText(value, path);
  else if (typeof value === 'number' && !Number.isFinite(value)) throw malformed('number-too-large', `${path || 'The body'}: the number is too large.`);
  else if (Array.isArray(value)) {
    if (value.length > MAX_ITEMS) throw malformed('too-many-items', `${path || 'The body'}: more than ${MAX_ITEMS} items.`);
    value.forEach((item, index) => checkJson(item, `${path}[${index}]`, depth + 1));
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length > MAX_KEYS) throw malformed('too-many-keys', `${path || 'The body'}: more than ${MAX_KEYS} fields.`);
    for (const [key, item] of entries) {
      if (FORBIDDEN.has(key)) throw malformed('forbidden-key', `The key ${key} is not allowed.`);
      checkText(key, path);
      checkJson(item, path === '' ? key : `${path}.${key}`, depth + 1);
    }
  }
}

function checkText(text: string, path: string): void {
  if (text.includes('\0')) throw malformed('nul-character', `${path || 'The body'}: a NUL character is not allowed.`);
  if (!text.isWellFormed()) throw malformed('lone-surrogate', `${path || 'The body'}: half a character (a lone surrogate) is not allowed.`);
}
