/** Slows down whoever guesses. Kept in memory only: a start forgets it, and nobody but the operator starts. Instants are epoch ms. */
import { Refusal } from '../kernel/refusal.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Failures in a row before one has to wait: at one account; from one address, behind which there may be a whole office. */
export const FREE = { account: 5, address: 20 } as const;
const FIRST_WAIT = 30 * SECOND;
const LONGEST_WAIT = 15 * MINUTE;
/** After this time without a failure, those before are forgotten. */
const FORGOTTEN = 60 * MINUTE;
/** Requests a minute from one address to what is open to everybody. */
export const PACE = 240;
const MOST = 20_000;

interface Tried {
  readonly failures: number;
  /** Nobody tries before. */
  readonly until: number;
  readonly last: number;
}

/** One who guesses: at an account, from an address. */
export interface Guess {
  readonly address: string;
  /** Left out where no account is named. */
  readonly account?: string;
}

const wait = (until: number, now: number): number => Math.max(1, Math.ceil((until - now) / SECOND));

const tooMany = (seconds: number): Refusal => new Refusal('too-many', 'too-many-attempts', `Too many attempts; try again in ${seconds} seconds.`, [], { retryAfter: seconds });

/**
 * Addresses that belong to one place: an IPv6 network of 64 bits is one subscriber's, an IPv4 address stands for itself.
 */
export function networkOf(address: string): string {
  const v4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1];
  if (v4 !== undefined) return v4;
  if (!address.includes(':')) return address.slice(0, 64);
  const [head = '', tail] = address.split('%')[0]!.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const filled = tail === undefined ? groups : [...groups, ...Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0'), ...rest];
  return `${filled.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`.slice(0, 64);
}

export class Guessing {
  private readonly tried = new Map<string, Tried>();
  private readonly paced = new Map<string, { readonly since: number; count: number }>();

  /** Counts an attempt as failed until `succeeded` says otherwise, so that many at once do not get through. @throws Refusal `too-many-attempts` with the seconds to wait. */
  begin(guess: Guess, now: number): void {
    const keys = this.keysOf(guess);
    const until = Math.max(...keys.map(([key]) => this.at(key, now).until));
    if (until > now) throw tooMany(wait(until, now));
    for (const [key, free] of keys) {
      const failures = this.at(key, now).failures + 1;
      this.put(this.tried, key, { failures, until: failures < free ? 0 : now + Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(20, failures - free)), last: now });
    }
  }

  /** It was no guess: the account's failures are forgotten, the address's stay as they were before. */
  succeeded({ address, account }: Guess): void {
    if (account !== undefined) this.tried.delete(`account ${account}`);
    const key = `address ${networkOf(address)}`;
    const known = this.tried.get(key);
    if (known === undefined) return;
    const failures = known.failures - 1;
    if (failures <= 0) this.tried.delete(key);
    else this.tried.set(key, { ...known, failures, until: failures < FREE.address ? 0 : known.until });
  }

  /** A request to what is open to everybody. @throws Refusal `too-many-attempts` when its address sends too many. */
  pass(address: string, now: number): void {
    const key = networkOf(address);
    const known = this.paced.get(key);
    if (known === undefined || now >= known.since + MINUTE || now < known.since) {
      this.put(this.paced, key, { since: now, count: 1 });
      return;
    }
    known.count += 1;
    if (known.count > PACE) throw tooMany(wait(known.since + MINUTE, now));
  }

  private keysOf({ address, account }: Guess): [string, number][] {
    return [[`address ${networkOf(address)}`, FREE.address], ...(account === undefined ? [] : [[`account ${account}`, FREE.account] as [string, number]])];
  }

  private at(key: string, now: number): Tried {
    const known = this.tried.get(key);
    if (known === undefined || now >= Math.max(known.until, known.last + FORGOTTEN)) return { failures: 0, until: 0, last: now };
    // Nobody waits longer for a clock that was set back.
    return { ...known, until: Math.min(known.until, now + LONGEST_WAIT) };
  }

  /** What was touched longest ago goes first. */
  private put<T>(map: Map<string, T>, key: string, value: T): void {
    map.delete(key);
    if (map.size >= MOST) map.delete(map.keys().next().value!);
    map.set(key, value);
  }
}
