/** What must hold of the views, once more with their rows on PostgreSQL: the specs that run on SQLite, with fewer histories. */
import '../view-rows.js';

process.env['FIVE_RING_TEST_DB'] = 'postgres';
process.env['FUZZ_RUNS'] ??= '5';

describe('on PostgreSQL', () => {
  for (const name of ['replay', 'known', 'figures/dashboard', 'figures/days', 'figures/organisation', 'figures/two-clocks.property']) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- each describes its own tests here, in the environment above
    describe(name, () => void require(`../${name}.spec.ts`));
  }
});
