/** NPS, CSAT and CES of small customers. */
import { voiceFigures } from '../../src/figures/voice-figures.js';
import { asking, becauseOf, days, hearing, marking, named, proves, said, same, theirs, type Bugs, type Checks, type Named } from './told.js';

const real = named(voiceFigures);
const nps = (n: number, id: string, score: number, person?: string) => theirs(n, id, 'survey-answered', { nps: score, ...(person !== undefined && { person }) });

const CHECKS: Checks<Named> = {
  'NPS: two promoters, one passive and one detractor among four answers are 25 points': (figures) => {
    same(said(figures['nps']!, [[nps(1, 'a', 9), nps(2, 'b', 8)], [nps(3, 'c', 10), nps(4, 'd', 6)]], days(0, 10)), { all: '25 of 4' }, 'NPS');
  },
  'every answer counts, also two by one person, and names itself': (figures) => {
    const entries = [nps(1, 'a', 3, 'ines'), nps(2, 'b', 10, 'ines')];
    same(said(figures['nps']!, [entries], days(0, 10)), { all: '0 of 2' }, 'NPS');
    same(becauseOf(figures['nps']!, entries, days(0, 10)), [['a'], ['b']], 'because');
  },
  'the window is half-open': (figures) => {
    for (const name of ['nps', 'csat', 'ces']) {
      const entries = [1, 2, 3].map((n) => theirs(n, `e${n}`, 'survey-answered', { nps: 9, csat: 5, ces: 7 }));
      same(becauseOf(figures[name]!, entries, days(1, 3)), [['e1'], ['e2']], name);
    }
  },
  'CSAT: 4 and 5 are good, 3 is not': (figures) => {
    same(said(figures['csat']!, [[1, 2, 3, 4, 5].map((csat) => theirs(csat, `e${csat}`, 'survey-answered', { csat }))], days(0, 10)), { all: '2 of 5' }, 'CSAT');
  },
  'CES: the mean, high is easy': (figures) => {
    same(said(figures['ces']!, [[theirs(1, 'a', 'survey-answered', { ces: 7 }), theirs(2, 'b', 'survey-answered', { ces: 2 })]], days(0, 10)), { all: '4.5 of 2' }, 'CES');
  },
  'without answers to the question there is no value, never 0': (figures) => {
    const others = { nps: { csat: 5 }, csat: { ces: 7 }, ces: { nps: 0 } };
    for (const [name, fields] of Object.entries(others)) same(said(figures[name]!, [[theirs(1, 'a', 'survey-answered', fields)]], days(0, 10)), { all: 'no value' }, name);
  },
};

const BUGS: Bugs<Named> = [
  ['passives are left out', 'NPS: two promoters, one passive and one detractor among four answers are 25 points', /"33.3333 of 3"/, { nps: marking(real['nps']!, (mark) => (mark.above === 0 ? undefined : mark)) }],
  ['the last answer of a person only', 'every answer counts, also two by one person, and names itself', /"100 of 1"/, { nps: hearing(real['nps']!, (one, { entries }) => (entries.some(({ fields, occurredAt }) => fields['person'] === one.fields['person'] && occurredAt > one.occurredAt) ? undefined : one)) }],
  ['the end belongs to the window', 'the window is half-open', /\["e3"\]/, { csat: asking(real['csat']!, (facts, { from, to }, context) => [facts, { from, to: to + 1 }, context]) }],
  ['the start does not', 'the window is half-open', /nps: \[\["e2"\]\]/, { nps: asking(real['nps']!, (facts, { from, to }, context) => [facts, { from: from + 1, to }, context]) }],
  ['3 is good', 'CSAT: 4 and 5 are good, 3 is not', /"3 of 5"/, { csat: hearing(real['csat']!, (one) => ({ ...one, fields: { csat: Math.min(5, Number(one.fields['csat']) + 1) } })) }],
  ['low is easy', 'CES: the mean, high is easy', /"3.5 of 2"/, { ces: hearing(real['ces']!, (one) => ({ ...one, fields: { ces: 8 - Number(one.fields['ces']) } })) }],
  ['no answer is a 0', 'without answers to the question there is no value, never 0', /nps: {"all":"-100 of 1"}/, { nps: hearing(real['nps']!, (one) => ({ ...one, fields: { nps: one.fields['nps'] ?? 0 } })) }],
];

proves('the voice of the customer', real, CHECKS, BUGS);
