/** One page on paper: the main numbers, their course, the rings, what was lost and what is ahead. */
import { Button, Group } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { IconLink, IconPrinter } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { figuresSeriesOptions } from '../../../api/generated/@tanstack/react-query.gen.js';
import type { FiguresValueResponse } from '../../../api/generated/types.gen.js';
import { sayDate, sayNumber, sayPercent, sayUpTo } from '../../../parts/locale.js';
import { Dots } from '../dots.js';
import { copyLink } from '../export.js';
import { KEPT_MS, summedLines, valueOptions } from '../figure-card.js';
import { Go } from '../go.js';
import { useGroupLabel } from '../labels.js';
import { hrefOf, seriesAskedOf, useQuestion, type Question } from '../question.js';
import { dueOf, inTwo, linesOf, roundMoney, say, type Line } from '../said.js';
import { Waited } from '../waiting.js';
import style from './report.module.css';

const MAIN = ['advocacy-rate', 'net-revenue-retention', 'gross-revenue-retention', 'repeat-rate', 'value-at-risk', 'nps', 'ring-distribution', 'ring-losses', 'ring-loss-causes', 'response-yield', 'referral-rate', 'renewal-rate'] as const;
type Name = (typeof MAIN)[number];

export default function Report() {
  const { t } = useTranslation('leadership');
  const { question } = useQuestion();
  // The first answer sets the clocks; all others are of the same instant.
  const head = valueOptions('advocacy-rate', question);
  const query = useQuery(head);
  return (
    <>
      <div className={style['actions']}>
        <Go href="/leadership" fz="sm">{t('back')}</Go>
        <Group gap="xs">
          {query.data !== undefined && <Button size="xs" variant="default" leftSection={<IconLink size={15} aria-hidden />} onClick={() => void copyLink(hrefOf('/leadership/report', clocksOf(query.data)))}>{t('copy')}</Button>}
          <Button size="xs" leftSection={<IconPrinter size={15} aria-hidden />} onClick={() => window.print()} disabled={query.data === undefined}>{t('print')}</Button>
        </Group>
      </div>
      <Waited query={query} queryKey={head.queryKey} lines={12}>{(first) => <Sheet first={first} question={{ ...question, split: undefined!, ...clocksOf(first) }} />}</Waited>
    </>
  );
}

const clocksOf = ({ asOf, asKnown }: { readonly asOf: string; readonly asKnown: string | null }): Question => ({ asOf, ...(asKnown !== null && { asKnown }) });

function Sheet({ first, question }: { readonly first: FiguresValueResponse; readonly question: Question }) {
  const { t } = useTranslation('leadership');
  const all = MAIN.map((name) => valueOptions(name, question));
  const read = useQueries({ queries: all });
  const series = useQuery({ ...figuresSeriesOptions({ path: { name: 'advocacy-rate' }, query: seriesAskedOf(question) }), staleTime: KEPT_MS });
  const late = read.findIndex(({ data }) => data === undefined);
  if (late >= 0) return <Waited query={read[late]!} queryKey={all[late]!.queryKey} lines={12}>{() => null}</Waited>;
  const of = Object.fromEntries(read.map(({ data }) => [data!.name, data!])) as Readonly<Record<Name, FiguresValueResponse>>;
  const usable = (figure: FiguresValueResponse): boolean => figure.shown && (figure.parts[0]?.values.length ?? 0) > 0;
  const retained = [of['net-revenue-retention'], of['gross-revenue-retention']].filter(usable);
  const cards = [of['advocacy-rate'], ...(retained.length > 0 ? retained : [of['repeat-rate']]), of['value-at-risk'], of['nps']].filter(usable);
  const points = (series.data?.points ?? []).map((at, index) => ({ at: Date.parse(at), value: series.data!.parts[0]?.series[index]?.[0]?.value ?? null }));
  return (
    <article className={style['sheet']} aria-label={t('reportTitle')}>
      <h1>{t('reportTitle')}</h1>
      <div className={style['soft']}>{t('reportOn', { at: sayUpTo(first.asOf) })}</div>
      <div className={style['numbers']}>
        {cards.map((figure) => <Card key={figure.name} figure={figure} lines={figure.name === 'value-at-risk' ? summedLines(figure) : linesOf(figure)} />)}
      </div>
      <div className={style['columns']}>
        <div className={style['column']}>
          {points.some(({ value }) => value !== null) && <section><h2>{t('sections.trend')}</h2><Plot points={points} /></section>}
          {usable(of['ring-losses']) && <Lost losses={of['ring-losses']} causes={of['ring-loss-causes']} />}
          <Others figures={[of['response-yield'], of['renewal-rate'], of['referral-rate']].filter(usable)} />
        </div>
        <div className={style['column']}>
          {usable(of['ring-distribution']) && <Sets figure={of['ring-distribution']} />}
          {usable(of['value-at-risk']) && <Due figure={of['value-at-risk']} />}
        </div>
      </div>
      <div className={`${style['footer']} ${style['small']}`}>
        {t('reportFooter', { asOf: first.asOf, asKnown: first.asKnown ?? '–', rules: first.rulesVersion })}
        {first.parked > 0 && ` ${t('parked', { count: first.parked })}`}
      </div>
    </article>
  );
}

/** On paper the share or the count says enough: sums behind a ratio stay on the screen. */
const brief = (second: string): string => /; (\d+ customers?)$/.exec(second)?.[1] ?? (/ of .*\(([^()]*%)\)$/.exec(second)?.[1] ?? second);

function Card({ figure, lines }: { readonly figure: FiguresValueResponse; readonly lines: readonly Line[] }) {
  const { t } = useTranslation('leadership');
  return (
    <section>
      <div className={style['name']}>{figure.title}</div>
      {lines.map(({ group, now, before: then }) => (
        <div key={group} className={style['value']}>
          <div className={style['first']}>{now.first}</div>
          <div className={style['small']}>{[lines.length > 1 && group !== null && !now.first.includes(group) ? group : '', brief(now.second)].filter((one) => one !== '').join(': ')}</div>
          {then !== null && !then.startsWith('no value') && <div className={style['small']}>{t('reportBefore', { value: inTwo(then).first })}</div>}
        </div>
      ))}
    </section>
  );
}

/** A line over time, without a library: it prints as it stands. */
function Plot({ points }: { readonly points: readonly { readonly at: number; readonly value: number | null }[] }) {
  const { t } = useTranslation('leadership');
  const known = points.flatMap(({ at, value }) => (value === null ? [] : [{ at, value }]));
  const [from, to] = [points[0]!.at, points.at(-1)!.at];
  const [low, high] = [Math.min(...known.map(({ value }) => value)), Math.max(...known.map(({ value }) => value))];
  const [width, height, left, top, bottom] = [340, 130, 44, 10, 22];
  const x = (at: number): number => left + ((at - from) / Math.max(1, to - from)) * (width - left - 8);
  const y = (value: number): number => top + (1 - (value - low) / Math.max(1e-9, high - low)) * (height - top - bottom);
  const day = (at: number): string => sayDate(new Date(at).toISOString());
  const text = { fontSize: 10, fill: 'var(--soft)' } as const;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} className={style['plot']} preserveAspectRatio="xMidYMid meet" role="img" aria-label={t('course', { title: t('sections.trend'), first: sayPercent(known[0]!.value, 1), from: day(known[0]!.at), last: sayPercent(known.at(-1)!.value, 1), to: day(known.at(-1)!.at), low: sayPercent(low, 1), high: sayPercent(high, 1) })}>
      {[low, high].map((value, index) => (
        <g key={index}>
          <line x1={left} x2={width - 8} y1={y(value)} y2={y(value)} stroke="var(--rule)" strokeDasharray="3 3" />
          <text x={left - 5} y={y(value) + 3} textAnchor="end" {...text}>{sayPercent(value, 1)}</text>
        </g>
      ))}
      <polyline points={known.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ')} fill="none" stroke="var(--lit)" strokeWidth="2" />
      {known.map(({ at, value }) => <circle key={at} cx={x(at)} cy={y(value)} r="2.4" fill="var(--lit)" />)}
      <text x={left} y={height - 5} {...text}>{day(from)}</text>
      <text x={width - 8} y={height - 5} textAnchor="end" {...text}>{day(to)}</text>
    </svg>
  );
}

const MOST_SETS = 7;

function Sets({ figure }: { readonly figure: FiguresValueResponse }) {
  const { t } = useTranslation('leadership');
  const groupLabel = useGroupLabel();
  const all = (figure.parts[0]?.values ?? []).toSorted((a, b) => b.above - a.above);
  const then = new Map((figure.parts[0]?.before ?? []).map(({ group, above }) => [group, above]));
  const rest = all.slice(MOST_SETS);
  return (
    <section>
      <h2>{t('rings.now')}</h2>
      <table>
        <thead><tr><th scope="col">{t('rings.which')}</th><th scope="col">{t('rings.customers')}</th><th scope="col">{t('rings.before')}</th></tr></thead>
        <tbody>
          {all.slice(0, MOST_SETS).map(({ group, above }) => <tr key={group}><th scope="row"><Dots group={group ?? 'none'} /><span className={style['hidden']}>{groupLabel(figure, group ?? 'none')}</span></th><td>{sayNumber(above)}</td><td>{sayNumber(then.get(group) ?? 0)}</td></tr>)}
          {rest.length > 0 && <tr><th scope="row">{t('rings.otherSets', { count: rest.length })}</th><td>{sayNumber(rest.reduce((sum, { above }) => sum + above, 0))}</td><td>{sayNumber(rest.reduce((sum, { group }) => sum + (then.get(group) ?? 0), 0))}</td></tr>}
        </tbody>
      </table>
      <div className={style['small']}>{t('rings.keyShort')}</div>
    </section>
  );
}

function Lost({ losses, causes }: { readonly losses: FiguresValueResponse; readonly causes: FiguresValueResponse }) {
  const { t } = useTranslation('leadership');
  const top = (ring: string): string => {
    const found = (causes.parts[0]?.values ?? []).filter(({ group }) => group?.startsWith(`${ring}: `) === true).toSorted((a, b) => b.above - a.above)[0];
    return found === undefined ? '–' : `${t(`parts:causes.${found.group!.slice(ring.length + 2)}`)} (${sayNumber(found.above)})`;
  };
  return (
    <section>
      <h2>{t('sections.losses')}</h2>
      <table>
        <thead><tr><th scope="col">{t('losses.ring')}</th><th scope="col">{t('losses.lost')}</th><th scope="col" className={style['text']}>{t('losses.top')}</th></tr></thead>
        <tbody>{(losses.parts[0]?.values ?? []).map((outcome) => <tr key={outcome.group}><th scope="row">{outcome.group}</th><td>{inTwo(say(losses, outcome)).first}</td><td className={style['text']}>{top(outcome.group ?? '')}</td></tr>)}</tbody>
      </table>
    </section>
  );
}

const MOST_DUE = 8;

function Due({ figure }: { readonly figure: FiguresValueResponse }) {
  const { t } = useTranslation('leadership');
  const all = (figure.parts[0]?.values ?? []).toSorted((a, b) => (dueOf(a.group).due + a.group < dueOf(b.group).due + b.group ? -1 : 1));
  return (
    <section>
      <h2>{t('ahead.risk')}</h2>
      <table>
        <thead><tr><th scope="col">{t('ahead.due')}</th><th scope="col">{t('ahead.risk')}</th><th scope="col">{t('ahead.customers')}</th></tr></thead>
        <tbody>{all.slice(0, MOST_DUE).map(({ group, above, n }) => <tr key={group}><th scope="row">{dueOf(group).due}</th><td>{roundMoney(above, dueOf(group).currency)}</td><td>{sayNumber(n)}</td></tr>)}</tbody>
      </table>
      {all.length > MOST_DUE && <div className={style['small']}>{t('others', { count: all.length - MOST_DUE })}</div>}
    </section>
  );
}

function Others({ figures }: { readonly figures: readonly FiguresValueResponse[] }) {
  const { t } = useTranslation('leadership');
  if (figures.length === 0) return null;
  return (
    <section>
      <h2>{t('reportOthers')}</h2>
      <table>
        <tbody>{figures.map((figure) => linesOf(figure).map(({ group, now, before }) => <tr key={`${figure.name} ${group}`}><th scope="row">{figure.title}</th><td>{now.first}</td><td>{before === null ? '–' : inTwo(before).first}</td></tr>))}</tbody>
      </table>
      <div className={style['small']}>{t('reportOthersMore')}</div>
    </section>
  );
}
