/** What a leader sees first: five numbers, each with the period before. What the business has no entries for is left out. */
import { Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { dashboardDashboardOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { DashboardDashboardResponse } from '../../api/generated/types.gen.js';
import { sayDate, sayDay, sayLastDay, sayNumber } from '../../parts/locale.js';
import { Answer, Empty } from '../../parts/states.js';
import { NumberLine, valueOptions } from './figure-card.js';
import { Go } from './go.js';
import style from './leadership.module.css';
import { figurePath, hrefOf } from './question.js';
import { inTwo, linesOf, roundMoney, say, type Line } from './said.js';

type Panel = DashboardDashboardResponse['parts'][number]['panels'][number];

const SHAPES = { 'advocacy-rate': 'share', 'net-revenue-retention': 'ratio', 'gross-revenue-retention': 'ratio', 'value-at-risk': 'sum', 'ring-losses': 'share', nps: 'points' } as const;
const sayable = ({ name, unit }: Panel) => ({ shape: SHAPES[name as keyof typeof SHAPES], unit, groups: 'currency' });

function lines(panel: Panel): Line[] {
  return panel.courses.map(({ group, now, before }) => ({ group, now: inTwo(say(sayable(panel), { group, ...now })), before: inTwo(say(sayable(panel), { group, ...before })).first }));
}

/** All rings together: how many were lost of those lit, and what put most of them out. */
function useLost(): (panel: Panel) => Line {
  const { t } = useTranslation('leadership');
  return ({ courses }) => {
    const sum = (of: (course: Panel['courses'][number]) => number): number => courses.reduce((total, course) => total + of(course), 0);
    const causes = new Map<string, number>();
    for (const { causes: own = [] } of courses) for (const { cause, customers } of own) causes.set(cause, (causes.get(cause) ?? 0) + customers);
    const [top] = [...causes].sort((a, b) => b[1] - a[1]);
    const counts = t('start.ofRings', { lit: sayNumber(sum(({ now }) => now.below)) });
    return { group: null, now: { first: sayNumber(sum(({ now }) => now.above)), second: top === undefined ? counts : t('start.cause', { counts, cause: t(`parts:causes.${top[0]}`), count: top[1], shown: sayNumber(top[1]) }) }, before: sayNumber(sum(({ before }) => before.above)) };
  };
}

export function LeaderStart() {
  const { t } = useTranslation('leadership');
  const id = useId();
  const query = useQuery(dashboardDashboardOptions({ query: { points: 2 } }));
  return (
    <section aria-labelledby={id}>
      <Group justify="space-between" align="baseline" mb="xs" gap="xs">
        <Title order={2} id={id}>{t('start.title')}</Title>
        <Go href="/leadership" fz="sm">{t('start.more')}</Go>
      </Group>
      <Answer query={query} lines={4}>{(dashboard) => <Five dashboard={dashboard} />}</Answer>
    </section>
  );
}

function Five({ dashboard }: { readonly dashboard: DashboardDashboardResponse }) {
  const { t } = useTranslation('leadership');
  const lost = useLost();
  const panels = dashboard.parts[0]?.panels ?? [];
  const of = (name: string): Panel | undefined => panels.find((panel) => panel.name === name);
  const [rate, net, gross, risk, losses] = [of('advocacy-rate'), of('net-revenue-retention'), of('gross-revenue-retention'), of('value-at-risk'), of('ring-losses')];
  const day = rate?.courses[0]?.before.day;
  const before = day === undefined ? t('start.before') : t('before.on', { day: sayDay(day) });
  if ((rate?.courses[0]?.now.n ?? 0) === 0) return <Empty title={t('start.nobody')}>{t('start.nobodyMore')}</Empty>;
  const cards = [
    { panel: rate, said: lines },
    { panel: net, said: lines },
    { panel: risk, said: (panel: Panel): Line[] => panel.courses.map(({ group, now, before: then }) => ({ group, now: { first: roundMoney(now.above, group!), second: t('start.customers', { count: now.n, shown: sayNumber(now.n) }) }, before: roundMoney(then.above, group!) })) },
    { panel: losses, said: (panel: Panel): Line[] => [lost(panel)] },
  ];
  return (
    <div className={style['fiveIn']}>
      <div className={`${style['cards']} ${style['five']}`}>
        {cards.map(({ panel, said }) => panel !== undefined && <Card key={panel.name} panel={panel} lines={said(panel)} before={before} />)}
        {net === undefined && <Single name="repeat-rate" />}
        <Single name="promise-kept" otherwise={gross !== undefined && <Card panel={gross} lines={lines(gross)} before={before} />} />
      </div>
      {dashboard.parked > 0 && <Text size="sm" c="dimmed" mt="xs">{t('parked', { count: dashboard.parked })}</Text>}
    </div>
  );
}

function Card({ panel, lines: shown, before }: { readonly panel: Panel; readonly lines: readonly Line[]; readonly before: string }) {
  const { t } = useTranslation('leadership');
  // The rings lost here are of the last 90 days, and so are those behind the number.
  const href = hrefOf(figurePath(panel.name), panel.name === 'ring-losses' && panel.window !== null ? { window: String(panel.window) } : {});
  const title = panel.name === 'ring-losses' && panel.window !== null ? t('start.lost', { count: panel.window }) : panel.title;
  return (
    <div className={style['card']}>
      <Text size="sm" fw={600}>{title}</Text>
      {shown.map((line) => <NumberLine key={line.group} name={title} label={shown.length > 1 ? line.group : null} line={line} before={before} href={href} />)}
    </div>
  );
}

/** A figure that the dashboard does not hold: where nothing recurs, how many buy again; how many promises were kept. `otherwise`: while there is none to count. */
function Single({ name, otherwise = null }: { readonly name: string; readonly otherwise?: ReactNode }) {
  const { data } = useQuery(valueOptions(name, {}));
  const { t } = useTranslation('leadership');
  const own = data === undefined || !data.shown ? [] : linesOf(data);
  if (data === undefined || own.length === 0 || data.parts[0]!.values.every(({ n }) => n === 0)) return otherwise;
  const before = data.period === null ? t('before.on', { day: sayDay(data.before.to.slice(0, 10)) }) : t('before.in', { from: sayDate(data.before.from), to: sayLastDay(data.before.to) });
  return (
    <div className={style['card']}>
      <Text size="sm" fw={600}>{data.title}</Text>
      {own.map((line) => <NumberLine key={line.group} name={data.title} label={null} line={line} before={before} href={figurePath(data.name)} />)}
    </div>
  );
}
