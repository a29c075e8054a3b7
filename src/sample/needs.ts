/** What bakeries need: said, agreed, measured and confirmed in the same terms. */
import type { Facts } from './profile.js';

export interface Need {
  readonly tag: string;
  readonly said: (f: Facts, p: string) => string;
  readonly benefit: string;
  readonly measure: string;
  readonly range: readonly [number, number];
  /** A first success, and the outcome confirmed. */
  readonly reached: (n: number, p: string, f: Facts) => string;
  readonly confirmed: (n: number, p: string, f: Facts) => string;
}

export const NEEDS: readonly Need[] = [
  {
    tag: 'lower-energy-cost',
    said: (f, p) => `${p} showed the power bill: baking takes more than half of it. Wants a fifth less a year, or the ${f.product} no longer pay.`,
    benefit: 'A fifth less energy for the same baking',
    measure: 'energy-saved-percent', range: [12, 27],
    reached: (n, p) => `First full month on the new deck: meter reads ${n} % less than the same month last year, says ${p}.`,
    confirmed: (n, p, f) => `${p} put two yearly bills side by side: ${n} % less energy at the same output. “That pays the rent of the ${f.model}.”`,
  },
  {
    tag: 'less-downtime',
    said: (f, p) => `Lost three nights last winter because of ${f.old}. ${p} wants an oven that stands still once a year at most.`,
    benefit: 'No lost nights in the season',
    measure: 'nights-without-stop', range: [90, 240],
    reached: (n, p) => `${n} nights in a row without a stop, ${p} keeps the count on the door of the proofer.`,
    confirmed: (n, p) => `${p} confirms ${n} nights without an unplanned stop. Before, it was one every three weeks.`,
  },
  {
    tag: 'even-bake',
    said: (f, p) => `The ${f.product} come out dark at the back and pale in front. ${p} throws away a tray of them every night.`,
    benefit: 'Even colour on every deck, hardly any rejects',
    measure: 'rejects-avoided-a-night', range: [15, 80],
    reached: (n, _p, f) => `Since the steam was set anew about ${n} pieces fewer in the bin each night, mostly ${f.product}.`,
    confirmed: (n, p, f) => `${p} counted for four weeks: ${n} rejects a night avoided. The ${f.product} are even from front to back.`,
  },
  {
    tag: 'shorter-night-shift',
    said: (_f, p) => `Nobody wants to start at half past midnight any more. ${p} needs the first batch done in an hour less.`,
    benefit: 'The night shift begins an hour later',
    measure: 'minutes-saved-a-night', range: [35, 85],
    reached: (n, p) => `Shift now starts ${n} minutes later, ${p} tried it for two weeks and keeps it.`,
    confirmed: (n, p) => `${p}: “We gained ${n} minutes a night, and one baker who had given notice stayed.”`,
  },
  {
    tag: 'more-capacity',
    said: (f, p) => `A canteen wants bread from them, on top of the ${f.batch}. ${p} cannot take it on with the deck area there is.`,
    benefit: 'Room for one large customer more',
    measure: 'pieces-more-a-night', range: [300, 1400],
    reached: (n, p) => `First night with the canteen’s order: ${n} pieces more, out by half past four. ${p} was relieved.`,
    confirmed: (n, p, f) => `${n} pieces more a night for three months now, with the same people on the ${f.model}. ${p} signed the canteen for another year.`,
  },
  {
    tag: 'hygiene-records',
    said: (_f, p) => `The inspector asked for core temperatures of six months. ${p} had a folder with holes in it.`,
    benefit: 'Complete bake records without writing them by hand',
    measure: 'hours-of-paperwork-saved', range: [4, 14],
    reached: (n, p) => `Records run by themselves since the first of the month; ${p} reckons ${n} hours of writing saved.`,
    confirmed: (n, p) => `Inspection passed without a remark. ${p} confirms ${n} hours a month less paperwork.`,
  },
  {
    tag: 'easy-for-new-staff',
    said: (f, p) => `Three bakers left within a year. ${p} needs an oven that somebody new can run after a week, at ${f.sites > 1 ? 'every one of the shops' : 'night, alone'}.`,
    benefit: 'New people bake alone after a week',
    measure: 'days-to-bake-alone', range: [4, 9],
    reached: (n) => `The new apprentice ran the early batch alone after ${n} days, with the stored programs.`,
    confirmed: (n, p) => `${p} confirms: two new people, both baking alone after ${n} days. It used to take a month.`,
  },
];
