/** The charts, in a file of their own: nothing of them is loaded before one is drawn. Each stands in a ChartBox, which has its table. */
import '@mantine/charts/styles.css';
import { BarChart, LineChart } from '@mantine/charts';
import { sayDate, sayNumber, sayPercent } from '../../parts/locale.js';

export interface Mark {
  /** Epoch ms. */
  readonly at: number;
  /** Its sign in the chart, the same as in the list below. */
  readonly sign: string;
  readonly color: string;
  /** Where it is a value of its own. */
  readonly value?: number;
}

export interface Point {
  readonly at: number;
  readonly value: number | null;
}

const AXIS = { fontSize: 12, fill: 'var(--mantine-color-dimmed)' } as const;
/** Asked also when nothing is pointed at. */
const day = (at: unknown): string => (Number.isFinite(Number(at ?? NaN)) ? sayDate(new Date(Number(at)).toISOString()) : '');

/** A value over time, with what was done and what changed afterwards. */
export function TrendChart({ points, label, format, marks = [] }: { readonly points: readonly Point[]; readonly label: string; readonly format: (value: number) => string; readonly marks?: readonly Mark[] }) {
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 1];
  return (
    <LineChart
      h={260}
      data={points.map(({ at, value }) => ({ at, value }))}
      dataKey="at"
      series={[{ name: 'value', label, color: 'var(--five-lit)' }]}
      curveType="linear"
      connectNulls={false}
      accessibilityLayer={false}
      valueFormatter={format}
      xAxisProps={{ type: 'number', domain: [first, last], scale: 'time', tickFormatter: day, minTickGap: 40, tick: AXIS }}
      yAxisProps={{ width: 64, tick: AXIS, domain: ['auto', 'auto'] }}
      tooltipProps={{ labelFormatter: day }}
      referenceLines={marks.filter(({ value }) => value === undefined).map(({ at, sign, color }) => ({ x: at, label: sign, color, labelPosition: 'insideTopLeft' as const, strokeDasharray: '4 3' }))}
      referenceDots={marks.flatMap(({ at, sign, color, value }) => (value === undefined ? [] : [{ x: at, y: value, label: sign, color }]))}
    />
  );
}

/** From few rings lit to all five: an order of shades, the most is the darkest on paper and the brightest on dark. */
const SHADES = ['var(--five-unlit)', ...([[1, 9], [3, 8], [5, 6], [7, 4], [9, 1]] as const).map(([onPaper, onDark]) => `light-dark(var(--mantine-color-water-${onPaper}), var(--mantine-color-water-${onDark}))`)];

export function DepthChart({ points, labels }: { readonly points: readonly { readonly at: number; readonly depths: readonly number[] }[]; readonly labels: readonly string[] }) {
  return (
    <BarChart
      h={280}
      type="stacked"
      data={points.map(({ at, depths }) => ({ at: day(at), ...Object.fromEntries(depths.map((count, depth) => [`d${depth}`, count])) }))}
      dataKey="at"
      series={labels.map((label, depth) => ({ name: `d${depth}`, label, color: SHADES[depth]! }))}
      accessibilityLayer={false}
      valueFormatter={(value) => sayNumber(value)}
      xAxisProps={{ tick: AXIS, minTickGap: 20 }}
      yAxisProps={{ width: 48, tick: AXIS }}
      barProps={{ stroke: 'var(--mantine-color-body)', strokeWidth: 1 }}
      withLegend
      legendProps={{ verticalAlign: 'bottom' }}
    />
  );
}

export interface Steps {
  readonly name: string;
  readonly label: string;
  readonly steps: readonly { readonly days: number; readonly survival: number }[];
  /** A limit of another curve, drawn thin. */
  readonly isLimit?: boolean;
}

/** The sign stands in the legend: lines are told by their form, too. */
const LINES = [
  { color: 'var(--five-lit)', sign: '——' },
  { color: 'var(--five-at-risk)', strokeDasharray: '7 4', sign: '– –' },
  { color: 'var(--mantine-color-text)', strokeDasharray: '2 3', sign: '····' },
  { color: 'var(--five-out)', strokeDasharray: '10 3 2 3', sign: '– ·' },
] as const;

const LIMIT = { color: 'var(--mantine-color-dimmed)', strokeDasharray: '3 3', sign: '- -' } as const;

/** Kaplan-Meier: the share that got there by each day. A step holds until the next. */
export function StepsChart({ curves, axis }: { readonly curves: readonly Steps[]; readonly axis: string }) {
  const days = [...new Set([0, ...curves.flatMap(({ steps }) => steps.map((step) => step.days))])].sort((a, b) => a - b);
  const at = new Map<number, Record<string, number>>(days.map((one) => [one, { days: one }]));
  for (const { name, steps } of curves) {
    let next = 0;
    let share = 0;
    const last = steps.at(-1)?.days ?? -1;
    for (const one of days) {
      while (next < steps.length && steps[next]!.days <= one) share = 1 - steps[next++]!.survival;
      // After the last who is known nothing is known.
      if (one <= last) at.get(one)![name] = share;
    }
  }
  return (
    <LineChart
      h={280}
      data={[...at.values()]}
      dataKey="days"
      series={curves.map(({ name, label, isLimit }, index) => {
        const { sign, ...line } = isLimit === true ? LIMIT : LINES[index % LINES.length]!;
        return { name, label: `${sign} ${label}`, ...line };
      })}
      lineProps={({ name }) => (curves.find((one) => one.name === name)?.isLimit === true ? { strokeWidth: 1 } : {})}
      curveType="stepAfter"
      connectNulls={false}
      withDots={false}
      accessibilityLayer={false}
      valueFormatter={(value) => sayPercent(value)}
      xAxisLabel={axis}
      xAxisProps={{ type: 'number', domain: [0, 'dataMax'], tick: AXIS, tickFormatter: (value: number) => sayNumber(value) }}
      yAxisProps={{ width: 52, tick: AXIS, domain: [0, 1] }}
      withLegend
      legendProps={{ verticalAlign: 'top' }}
    />
  );
}

/** Amounts by quarter, side by side. */
export function QuartersChart({ rows, series, format, brief }: { readonly rows: readonly ({ readonly due: string } & Readonly<Record<string, number | string>>)[]; readonly series: readonly { readonly name: string; readonly label: string }[]; readonly format: (value: number) => string; readonly brief: (value: number) => string }) {
  return (
    <BarChart
      h={240}
      data={rows.map((row) => ({ ...row }))}
      dataKey="due"
      series={series.map(({ name, label }, index) => ({ name, label, color: ['var(--five-lit)', 'var(--five-at-risk)'][index % 2]! }))}
      accessibilityLayer={false}
      valueFormatter={format}
      xAxisProps={{ tick: AXIS }}
      yAxisProps={{ width: 56, tick: AXIS, tickFormatter: brief }}
      withLegend
      legendProps={{ verticalAlign: 'top' }}
    />
  );
}
