/** What holds of guessing wherever it is counted: how many attempts are free, how long one waits then, and what ends it. */
import { FORGOTTEN, FREE, LONGEST_WAIT, MINUTE, PACE, type Guess, type Guessing } from '../../src/access/guessing.js';

export const NOW = Date.UTC(2026, 5, 30, 12);
const SECOND = 1000;

/** Seconds one has to wait; 0 for an attempt that may be made. */
export async function waitOf(attempt: Promise<void>): Promise<number> {
  try {
    await attempt;
    return 0;
  } catch (error) {
    const { code, details } = error as { code?: string; details?: { retryAfter: number } };
    if (code !== 'too-many-attempts') throw error;
    return details!.retryAfter;
  }
}

/** `nodes`: that count together; the first and the second may be the same. */
export function guessingContract(nodes: () => readonly [Guessing, Guessing]): void {
  const guess = (more: Partial<Guess> = {}): Guess => ({ address: '192.0.2.7', account: 'ada', ...more });
  /** One attempt after the other, at one node and the other in turns. */
  const tries = async (count: number, one: (n: number) => Guess = () => guess(), now = NOW): Promise<number[]> => {
    const waits: number[] = [];
    for (let n = 0; n < count; n += 1) waits.push(await waitOf(nodes()[n % 2]!.begin(one(n), now)));
    return waits;
  };

  it('so many attempts at an account are free; then one waits, longer each time, and never longer than the longest', async () => {
    expect(await tries(FREE.account + 2)).toEqual([...Array<number>(FREE.account).fill(0), 30, 30]);
    const waits: number[] = [];
    for (let n = 0, now = NOW; n < 8; n += 1) {
      const wait = await waitOf(nodes()[n % 2]!.begin(guess({ address: `192.0.2.${n}` }), now));
      waits.push(wait);
      now += wait * SECOND;
      expect(await waitOf(nodes()[n % 2]!.begin(guess({ address: `192.0.2.${n}` }), now))).toBe(0);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
  });

  it('from one address too, whichever accounts are tried, and nothing is counted while one waits', async () => {
    expect(await tries(FREE.address + 1, (n) => guess({ account: `account-${n}` }))).toEqual([...Array<number>(FREE.address).fill(0), 30]);
    expect(await tries(10)).toEqual(Array<number>(10).fill(30));
    expect(await tries(FREE.account, () => guess({ address: '198.51.100.1' }))).toEqual(Array<number>(FREE.account).fill(0));
  });

  it('many at once get through no more than one after the other', async () => {
    const waits = await Promise.all(Array.from({ length: 40 }, (_, n) => waitOf(nodes()[n % 2]!.begin(guess({ address: `2001:db8:${n}::1` }), NOW))));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(FREE.account);
  });

  it('who was no guesser begins anew; of their address one attempt less is counted', async () => {
    await tries(FREE.account - 1);
    await nodes()[1].succeeded(guess());
    expect(await tries(FREE.account + 1)).toEqual([...Array<number>(FREE.account).fill(0), 30]);
    await nodes()[0].succeeded(guess({ account: 'nobody' }));
    expect(await tries(FREE.address - 7 + 1, (n) => guess({ account: `other-${n}` }))).toEqual([...Array<number>(FREE.address - 7).fill(0), 30]);
    await nodes()[1].succeeded(guess({ account: 'other-0' }));
    expect(await tries(2, (n) => guess({ account: `more-${n}` }))).toEqual([0, 30]);
  });

  it('after a time without a failure those before are forgotten, and nobody waits longer for a clock that was set back', async () => {
    await tries(FREE.account + 1);
    expect(await waitOf(nodes()[0].begin(guess({ address: '198.51.100.1' }), NOW + FORGOTTEN))).toBe(0);
    expect(await tries(FREE.account, () => guess({ address: '198.51.100.2' }), NOW + FORGOTTEN)).toEqual([...Array<number>(FREE.account - 1).fill(0), 30]);
    expect(await waitOf(nodes()[1].begin(guess({ address: '198.51.100.3' }), NOW - 365 * 24 * FORGOTTEN))).toBe(LONGEST_WAIT / SECOND);
  });

  it('without an account the address alone is counted', async () => {
    expect(await tries(FREE.address + 1, () => ({ address: '2001:db8:0:1::7' }))).toEqual([...Array<number>(FREE.address).fill(0), 30]);
    // The same network, written otherwise.
    expect(await waitOf(nodes()[0].begin({ address: '2001:DB8:0:1:ffff::1' }, NOW))).toBe(30);
    expect(await waitOf(nodes()[0].begin({ address: '2001:db8:0:2::1' }, NOW))).toBe(0);
  });

  it('what is good once is good once, also of many who name it at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, (_, n) => nodes()[n % 2]!.isFirst('errand a', NOW + MINUTE)));
    expect(all.filter((first) => first)).toHaveLength(1);
    expect(await nodes()[1].isFirst('errand b', NOW + MINUTE)).toBe(true);
    expect(await nodes()[0].isFirst('errand b', NOW + MINUTE)).toBe(false);
  });

  it('any text may be tried as an account', async () => {
    for (const account of ['a\0b', '\ud800', "'; DROP TABLE five_ring.guesses; --", 'ä'.repeat(64)]) {
      expect(await tries(FREE.account + 1, (n) => ({ account, address: `10.${account.length}.${account.charCodeAt(1) % 256}.${n}` }))).toEqual([...Array<number>(FREE.account).fill(0), 30]);
      await nodes()[0].succeeded({ account, address: '' });
    }
  });

  it('what is open to everybody is open so often a minute from one address', async () => {
    const pass = (n: number, now: number, address = '192.0.2.7'): Promise<number> => waitOf(nodes()[n % 2]!.pass(address, now));
    const waits = await Promise.all(Array.from({ length: PACE + 20 }, (_, n) => pass(n, NOW)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(PACE);
    expect(await pass(0, NOW + 20 * SECOND)).toBe(40);
    expect(await pass(1, NOW, '192.0.2.8')).toBe(0);
    expect(await pass(0, NOW + MINUTE)).toBe(0);
    expect(await pass(1, NOW + MINUTE)).toBe(0);
    expect(await pass(1, NOW - 365 * 24 * FORGOTTEN)).toBe(0);
  });
}
