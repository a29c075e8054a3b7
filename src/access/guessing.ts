/** Slows down whoever guesses. A start forgets what was counted, and nobody but the operator starts. Instants are epoch ms. */
import { Refusal } from '../kernel/refusal.js';

const SECOND = 1000;
export const MINUTE = 60 * SECOND;
/** Failures in a row before one has to wait: at one account; from one address, behind which there may be a whole office. */
export const FREE = { account: 5, address: 20 } as const;
export const FIRST_WAIT = 30 * SECOND;
export const LONGEST_WAIT = 15 * MINUTE;
/** After this time without a failure, those before are forgotten. */
export const FORGOTTEN = 60 * MINUTE;
/** Requests a minute from one address to what is open to everybody. */
export const PACE = 240;
/** So many are remembered at most. */
export const MOST = 20_000;

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

/** What is counted about one account or one address: after so many failures one has to wait. */
export interface Counted {
  readonly key: string;
  readonly free: number;
}

/** Who tries may name any text; as JSON it is one that every database takes. */
const accountKey = (account: string): string => `account ${JSON.stringify(account)}`;
const addressKey = (address: string): string => `address ${networkOf(address)}`;

/** Every method throws what stands in the way of counting: who cannot be counted is not let in. */
export abstract class Guessing {
  /** Counts an attempt as failed until `succeeded` says otherwise, so that many at once do not get through. @throws Refusal `too-many-attempts` with the seconds to wait. */
  async begin({ address, account }: Guess, now: number): Promise<void> {
    const until = await this.fail([...(account === undefined ? [] : [{ key: accountKey(account), free: FREE.account }]), { key: addressKey(address), free: FREE.address }], now);
    if (until > now) throw tooMany(wait(until, now));
  }

  /** It was no guess: the account's failures are forgotten, the address's stay as they were before. */
  async succeeded({ address, account }: Guess): Promise<void> {
    if (account !== undefined) await this.forget(accountKey(account));
    await this.takeBack({ key: addressKey(address), free: FREE.address });
  }

  /** A request to what is open to everybody. @throws Refusal `too-many-attempts` when its address sends too many. */
  async pass(address: string, now: number): Promise<void> {
    const until = await this.pace(networkOf(address), now);
    if (until > now) throw tooMany(wait(until, now));
  }

  /** Whether nobody has named this before, as long as it is good. */
  abstract isFirst(name: string, until: number): Promise<boolean>;

  /** Where somebody has to wait: until when, and nothing is counted. Else one failure more of each, at once for all who ask; 0. */
  protected abstract fail(counted: readonly Counted[], now: number): Promise<number>;
  protected abstract forget(key: string): Promise<void>;
  /** One failure less. */
  protected abstract takeBack(counted: Counted): Promise<void>;
  /** Counts a request. @returns the end of its minute when there were too many in it, else 0. */
  protected abstract pace(key: string, now: number): Promise<number>;
}

/** Of one process. */
export class MemoryGuessing extends Guessing {
  private readonly tried = new Map<string, Tried>();
  private readonly paced = new Map<string, { readonly since: number; count: number }>();

  protected async fail(counted: readonly Counted[], now: number): Promise<number> {
    const until = Math.max(...counted.map(({ key }) => this.at(key, now).until));
    if (until > now) return until;
    for (const { key, free } of counted) {
      const failures = this.at(key, now).failures + 1;
      this.put(this.tried, key, { failures, until: failures < free ? 0 : now + Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(20, failures - free)), last: now });
    }
    return 0;
  }

  async isFirst(name: string, until: number): Promise<boolean> {
    if (this.paced.has(name)) return false;
    this.put(this.paced, name, { since: until, count: 0 });
    return true;
  }

  protected async forget(key: string): Promise<void> {
    this.tried.delete(key);
  }

  protected async takeBack({ key, free }: Counted): Promise<void> {
    const known = this.tried.get(key);
    if (known === undefined) return;
    const failures = known.failures - 1;
    if (failures <= 0) this.tried.delete(key);
    else this.tried.set(key, { ...known, failures, until: failures < free ? 0 : known.until });
  }

  protected async pace(key: string, now: number): Promise<number> {
    const known = this.paced.get(key);
    if (known === undefined || now >= known.since + MINUTE || now < known.since) {
      this.put(this.paced, key, { since: now, count: 1 });
      return 0;
    }
    known.count += 1;
    return known.count > PACE ? known.since + MINUTE : 0;
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
