/**
 * Eight clients append to KurrentDB and one reads along while the network fails in seven ways, on an emulated cluster behind a
 * TCP proxy. FAULT_EPISODES sets how often, FAULT_SEED what happens in each.
 */
import { randomOf } from './appends.js';
import { episode, KINDS, type Findings, type Kind } from './episodes.js';
import { everywhere, inOneStore, type Planted } from './network.bugs.js';

const EPISODES = Number(process.env['FAULT_EPISODES'] ?? 15);
const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
/** They wait more than they work. */
const AT_ONCE = 5;
/** How often a planted bug is run again that has not shown. */
const TRIES = 5;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe('a network that fails', () => {
  it(`loses, doubles and delays nothing in ${EPISODES} episodes (FAULT_SEED=${SEED})`, async () => {
    // The slowest first.
    const kinds = Array.from({ length: EPISODES }, (_, i) => KINDS[i % KINDS.length]!).sort((a, b) => Number(b === 'latency') - Number(a === 'latency'));
    const found: { kind: Kind; findings: Findings }[] = [];
    const problems: string[] = [];
    const queue = kinds.entries();
    const work = async (): Promise<void> => {
      for (const [i, kind] of queue) {
        const findings = await episode(kind, randomOf(SEED + i));
        found.push({ kind, findings });
        problems.push(...findings.problems.map((problem) => `episode ${i}, ${kind}: ${problem}`));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect(problems).toEqual([]);
    for (const kind of KINDS) {
      const own = found.filter((one) => one.kind === kind).map(({ findings }) => findings);
      if (own.length === 0) continue;
      const past = Math.max(...own.map(({ pastDeadlineMs }) => pastDeadlineMs));
      process.stdout.write(
        `network: ${kind}: ${own.length} episodes, ${sum(own.map(({ acknowledged }) => acknowledged))} acknowledged, ${sum(own.map(({ unanswered }) => unanswered))} calls without an answer, ${sum(own.map(({ reconnects }) => reconnects))} connections given up; slowest call ${past > 0 ? `${Math.round(past)} ms past` : 'within'} its deadline\n`,
      );
    }
    // How many there are depends on the machine; that there are some does not.
    expect(sum(found.map(({ findings }) => findings.acknowledged))).toBeGreaterThan(EPISODES * 5);
    process.stdout.write(`network: ${EPISODES} episodes: 0 lost, 0 duplicated, 0 gaps, 0 unseen, 0 calls past deadline + 1 s; FAULT_SEED=${SEED}\n`);
  }, 60_000 + EPISODES * 10_000);
});

describe('a planted bug is found', () => {
  const run = ({ kind, chance, open }: Planted): Promise<readonly string[]> => episode(kind, () => chance, open).then(({ problems }) => problems.map((problem) => problem.split(':')[0]!), (error: unknown) => [String(error)]);
  let running: Map<Planted, Promise<readonly string[]>> | undefined;
  const atOnce = (planted: Planted): Promise<readonly string[]> | undefined => (running ??= new Map(inOneStore.map((one) => [one, run(one)]))).get(planted);

  /** Whether a cut falls where the bug shows is a matter of chance: one that does not show is run again. */
  async function findings(planted: Planted, first: Promise<readonly string[]> | undefined): Promise<readonly string[]> {
    let last = (await first) ?? [];
    for (let tries = 0; tries < TRIES && !last.includes(planted.check); tries += 1) last = await run(planted);
    return last;
  }

  it.each(everywhere)('$bug, by: $check', async (planted) => expect(await findings(planted, run(planted))).toContain(planted.check));
  it.each(inOneStore)('$bug, by: $check', async (planted) => expect(await findings(planted, atOnce(planted))).toContain(planted.check));
});
