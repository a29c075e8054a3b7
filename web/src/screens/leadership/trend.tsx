/** The course of a figure, with what we changed and which kept values have changed since. */
import { Text } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { changesMadeAllOptions, dashboardDashboardOptions, figuresSeriesOptions, keptFiguresAllOptions, keptFiguresOpenOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { sayDate, sayLastDay, sayPercent } from '../../parts/locale.js';
import type { Mark } from './charts.js';
import { ChartBox, TrendChart } from './chart-box.js';
import { KEPT_MS } from './figure-card.js';
import { Go } from './go.js';
import style from './leadership.module.css';
import { isPlain, seriesAskedOf, type Question } from './question.js';
import { inTwo, type say, sayAlone } from './said.js';
import { Waited } from './waiting.js';

export interface CoursePoint {
  readonly at: number;
  readonly value: number | null;
  readonly n: number;
}

export interface Course {
  readonly group: string | null;
  readonly points: readonly CoursePoint[];
}

const POINTS = 13;
const END_OF_DAY_MS = 86_400_000 - 1;

/** Courses by group: of the totals by day where they know the question, else computed from the log. */
export function useCourses(name: string, question: Question, inTotals: boolean) {
  const fromTotals = inTotals && isPlain(question);
  const totals = dashboardDashboardOptions({ query: { by: (question.by ?? 'month') as 'month', points: POINTS, ...(question.asOf !== undefined && { asOf: question.asOf }) } });
  const computed = figuresSeriesOptions({ path: { name }, query: seriesAskedOf(question) });
  const [a, b] = [
    useQuery({
      ...totals,
      staleTime: KEPT_MS,
      enabled: fromTotals,
      select: ({ parts }): readonly Course[] =>
        (parts[0]?.panels.find((panel) => panel.name === name)?.courses ?? []).map(({ group, series }) => ({ group, points: series.map(({ day, value, n }) => ({ at: Math.min(Date.parse(day) + END_OF_DAY_MS, Date.now()), value, n })) })),
    }),
    useQuery({
      ...computed,
      staleTime: KEPT_MS,
      enabled: !fromTotals,
      select: ({ points, parts }): readonly Course[] => {
        const series = parts[0]?.series ?? [];
        const groups = [...new Set(series.flatMap((values) => values.map(({ group }) => group)))];
        return groups.map((group) => ({ group, points: points.map((at, index) => {
          const found = series[index]?.find((outcome) => outcome.group === group);
          return { at: Date.parse(at), value: found?.value ?? null, n: found?.n ?? 0 };
        }) }));
      },
    }),
  ];
  return fromTotals ? { query: a, queryKey: totals.queryKey as readonly unknown[] } : { query: b, queryKey: computed.queryKey as readonly unknown[] };
}

const PERCENT = (value: number): string => sayPercent(value, 1);
/** More would be a crowd on the chart, and each is computed anew. */
const MOST_KEPT = 8;

interface Told {
  readonly mark: Mark;
  readonly says: string;
  readonly href?: string;
}

/** What we changed, as 1, 2, …; kept values that are others now, as A, B, … */
function useTold(name: string, from: number, to: number, isOn: boolean): readonly Told[] {
  const { t } = useTranslation('leadership');
  const changes = useQuery({ ...changesMadeAllOptions(), staleTime: KEPT_MS, enabled: isOn });
  const list = useQuery({ ...keptFiguresAllOptions({ query: { limit: 100 } }), staleTime: KEPT_MS, enabled: isOn });
  const mine = (list.data?.items ?? []).filter(({ figure, asOf }) => figure === name && Date.parse(asOf) >= from && Date.parse(asOf) <= to).slice(0, MOST_KEPT);
  const opened = useQueries({ queries: mine.map(({ id }) => ({ ...keptFiguresOpenOptions({ path: { id } }), staleTime: KEPT_MS })) });
  const made = (changes.data?.items ?? []).filter(({ occurredAt }) => Date.parse(occurredAt) >= from && Date.parse(occurredAt) <= to);
  return [
    ...made.map(({ occurredAt, what, why }, index): Told => ({ mark: { at: Date.parse(occurredAt), sign: String(index + 1), color: 'var(--mantine-color-text)' }, says: t('marks.change', { day: sayDate(occurredAt), what: what ?? t('marks.erased'), why: why ?? '' }) })),
    ...opened.flatMap(({ data }) => (data === undefined || data.unchanged ? [] : [data])).map(({ id, label, asOf, kept, now, differences }, index): Told => ({
      mark: { at: Date.parse(asOf), sign: String.fromCharCode(65 + index), color: 'var(--five-at-risk)', ...(kept[0]?.value != null && { value: kept[0].value }) },
      says: t('marks.kept', { day: sayLastDay(asOf), label, kept: inTwo(kept[0]?.says ?? '').first, now: inTwo(now[0]?.says ?? '').first, causes: [...new Set(differences.map(({ cause }) => cause))].join(', ') }),
      href: `/leadership/kept/${id}`,
    })),
  ];
}

export function Trend({ name, title, question, sayable, group, inTotals = false, withMarks = false }: {
  readonly name: string;
  readonly title: string;
  readonly question: Question;
  readonly sayable: Parameters<typeof say>[0];
  readonly group?: string | undefined;
  readonly inTotals?: boolean;
  readonly withMarks?: boolean;
}) {
  const { t } = useTranslation('leadership');
  const { query, queryKey } = useCourses(name, question, inTotals);
  return (
    <Waited query={query} queryKey={queryKey} lines={6}>
      {(courses: readonly Course[]) => {
        const course = courses.find((one) => one.group === (group ?? courses[0]?.group));
        return course === undefined || course.points.every(({ value }) => value === null) ? <Text size="sm" c="dimmed">{t('noCourse')}</Text> : <Drawn course={course} {...{ name, title, sayable, withMarks }} />;
      }}
    </Waited>
  );
}

function Drawn({ course: { group, points }, name, title, sayable, withMarks }: { readonly course: Course; readonly name: string; readonly title: string; readonly sayable: Parameters<typeof say>[0]; readonly withMarks: boolean }) {
  const { t } = useTranslation('leadership');
  const [from, to] = [points[0]!.at, points.at(-1)!.at];
  const told = useTold(name, from, to, withMarks);
  const format = (value: number): string => (sayable.unit === 'share' ? PERCENT(value) : sayAlone(sayable, { group, value }));
  const known = points.filter(({ value }) => value !== null);
  const [first, last] = [known[0]!, known.at(-1)!];
  const day = (at: number): string => sayDate(new Date(at).toISOString());
  const says = t('course', { title: group === null ? title : `${title}, ${group}`, first: format(first.value!), from: day(first.at), last: format(last.value!), to: day(last.at), low: format(Math.min(...known.map(({ value }) => value!))), high: format(Math.max(...known.map(({ value }) => value!))) });
  const table = useMemo(() => ({ heads: [t('heads.day'), title, t('heads.n')], rows: points.map(({ at, value, n }) => [new Date(at).toISOString().slice(0, 10), value === null ? null : format(value), n] as const) }), [points, title]); // eslint-disable-line react-hooks/exhaustive-deps -- points decide
  return (
    <>
      <ChartBox says={says} table={table} file={`${name}-over-time`}>
        <TrendChart points={points} label={title} format={format} marks={told.map(({ mark }) => mark)} />
      </ChartBox>
      {told.length > 0 && (
        <ol className={style['marks']} aria-label={t('marks.list')}>
          {told.map(({ mark, says: one, href }) => <li key={mark.sign}><span className={style['sign']}>{mark.sign}</span>{href === undefined ? one : <Go href={href} fz="sm">{one}</Go>}</li>)}
        </ol>
      )}
    </>
  );
}
