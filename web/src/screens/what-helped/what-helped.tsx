/** What came before decisions in our favour: what to do more of, what to stop, how long it takes, and decision by decision. */
import { Button, Group, SegmentedControl, Select, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery, type InfiniteData } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconArrowDownRight, IconArrowUpRight, IconHelpCircle, IconMinus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { helpedDecisionsInfiniteOptions, helpedHelpedOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { HelpedDecisionsResponse, HelpedHelpedResponse } from '../../api/generated/types.gen.js';
import { useKindLabel } from '../../api/kinds.js';
import { CustomerLink } from '../../parts/customer-link.js';
import { Behind } from '../../parts/entries-behind.js';
import { sayDate, sayLastDay, sayNumber, sayPercent } from '../../parts/locale.js';
import { Answer, Empty, ScreenHead } from '../../parts/states.js';
import style from './what-helped.module.css';

type By = HelpedHelpedResponse['by'][number];
type Outcome = By['groups'][number];
type Decided = HelpedDecisionsResponse['items'][number];

const KEPT_MS = 5 * 60_000;
const WINDOWS = ['90', '180', '730', '1095'] as const;
const BYS = ['kind', 'channel', 'department', 'campaign'] as const;
const SIGNS = { 'do more': IconArrowUpRight, 'stop or change': IconArrowDownRight, 'as the others': IconMinus, 'too few to say': IconHelpCircle } as const;
const PAGE = 20;
/** Below so many the counts come first. */
const FEW = 30;

export default function WhatHelped() {
  const { t } = useTranslation('what-helped');
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const navigate = useNavigate();
  const ask = (change: Readonly<Record<string, string | undefined>>): void => void navigate({ to: '.', search: ((before: object) => ({ ...before, ...change })), replace: true, resetScroll: false });
  const days = Number(search['window']);
  const window = Number.isInteger(days) && days >= 1 && days <= 36_500 ? days : undefined;
  const by = BYS.find((one) => one === search['by']) ?? 'kind';
  const query = useQuery({ ...helpedHelpedOptions({ query: window === undefined ? {} : { window } }), staleTime: KEPT_MS, placeholderData: keepPreviousData });
  return (
    <>
      <ScreenHead title={t('title')}>
        <Select size="xs" w={190} aria-label={t('back.label')} placeholder={t('back.usual')} clearable clearButtonProps={{ 'aria-label': t('back.usual') }} data={[...new Set([...WINDOWS, ...(window === undefined ? [] : [String(window)])])].map((value) => ({ value, label: t('back.days', { days: sayNumber(Number(value)) }) }))} value={window === undefined ? null : String(window)} onChange={(value) => ask({ window: value ?? undefined })} />
      </ScreenHead>
      <Answer query={query} lines={12}>
        {(helped) => (
          <Stack gap="xl" aria-busy={query.isPlaceholderData}>
            <Text c="dimmed" maw={760} size="sm">{t('about', { days: helped.beforeDays, from: sayDate(helped.period.from), to: sayLastDay(helped.period.to) })} <b>{helped.caution}</b></Text>
            {helped.overall.n === 0 ? <Empty title={t('empty')}>{t('emptyMore')}</Empty> : (
              <>
                <Advised helped={helped} />
                <Yields helped={helped} by={by} pick={(value) => ask({ by: value === 'kind' ? undefined : value })} />
                <LeadTimes helped={helped} />
              </>
            )}
            <Decisions window={window} />
          </Stack>
        )}
      </Answer>
    </>
  );
}

function useGroupName(): (by: By['by'], group: string | null) => string {
  const { t } = useTranslation(['what-helped', 'app', 'customer']);
  const kindLabel = useKindLabel();
  return (by, group) => {
    if (group === null || group === 'none' || group === '') return t('unsaid');
    if (by === 'kind') return kindLabel(group);
    if (by === 'channel') return t(`customer:channels.${group}`, { defaultValue: group });
    return by === 'department' ? t(`app:departments.${group}`, { defaultValue: group }) : group;
  };
}

/** "4 of 25" first below 30, else the share. */
function Share({ outcome: { n, followed, value, low, high } }: { readonly outcome: Pick<Outcome, 'n' | 'followed' | 'value' | 'low' | 'high'> }) {
  const { t } = useTranslation('what-helped');
  if (value === null) return <Text span size="sm" c="dimmed">{t('none')}</Text>;
  const count = t('count', { part: sayNumber(followed), of: sayNumber(n) });
  const [first, second] = n < FEW ? [count, sayPercent(value)] : [sayPercent(value), count];
  return <span className={style['share']}><b>{first}</b> <Text span size="xs" c="dimmed">{second}{low !== null && high !== null && `, ${t('interval', { low: sayPercent(low), high: sayPercent(high) })}`}</Text></span>;
}

function Advised({ helped }: { readonly helped: HelpedHelpedResponse }) {
  const { t } = useTranslation('what-helped');
  const name = useGroupName();
  const all = helped.by.flatMap(({ by, groups }) => groups.map((group) => ({ by, group })));
  const list = (advice: 'do more' | 'stop or change') => {
    const Sign = SIGNS[advice];
    const found = all.filter(({ group }) => group.advice === advice);
    return (
      <section className={style['advice']} data-advice={advice} aria-label={t(`advice.${advice}`)}>
        <Title order={2}><Sign size={20} aria-hidden className={style['inline']} />{t(`advice.${advice}`)}</Title>
        {found.length === 0 ? <Text size="sm" c="dimmed">{t(`nothing.${advice}`)}</Text> : (
          <ul className={style['list']}>
            {found.map(({ by, group }) => <li key={`${by} ${group.group}`}><Text size="sm" fw={600}>{name(by, group.group)} <Text span size="xs" c="dimmed">{t(`by.${by}`)}</Text></Text><Share outcome={group} /></li>)}
          </ul>
        )}
      </section>
    );
  };
  return (
    <div>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>{list('do more')}{list('stop or change')}</SimpleGrid>
      <Text size="sm" c="dimmed" mt="sm">{t('overall')} <Share outcome={helped.overall} /></Text>
    </div>
  );
}

function Yields({ helped, by, pick }: { readonly helped: HelpedHelpedResponse; readonly by: By['by']; readonly pick: (by: By['by']) => void }) {
  const { t } = useTranslation('what-helped');
  const name = useGroupName();
  const groups = helped.by.find((one) => one.by === by)?.groups ?? [];
  return (
    <section aria-labelledby="yields">
      <Group justify="space-between" mb="xs" gap="xs">
        <Title order={2} id="yields">{t('yields')}</Title>
        <SegmentedControl size="xs" aria-label={t('byWhat')} value={by} onChange={(value) => pick(value)} data={BYS.map((value) => ({ value, label: t(`by.${value}`) }))} />
      </Group>
      {groups.length === 0 ? <Text size="sm" c="dimmed">{t('noGroups')}</Text> : (
        <div className={style['scroll']} tabIndex={0} role="region" aria-label={t('yields')}>
          <Table className={style['table']} verticalSpacing={6}>
            <Table.Thead><Table.Tr><Table.Th>{t(`by.${by}`)}</Table.Th><Table.Th>{t('followed')}</Table.Th><Table.Th className={style['plotHead']}>{t('plot')}</Table.Th><Table.Th>{t('says')}</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {groups.map((group) => {
                const Sign = SIGNS[group.advice];
                return (
                  <Table.Tr key={group.group}>
                    <Table.Th scope="row">{name(by, group.group)}</Table.Th>
                    <Table.Td><Share outcome={group} /></Table.Td>
                    <Table.Td><Plot outcome={group} line={helped.overall.value} /></Table.Td>
                    <Table.Td><span className={style['verdict']} data-advice={group.advice}><Sign size={14} aria-hidden />{t(`advice.${group.advice}`)}</span></Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </section>
  );
}

/** The share as a point, its interval as a bar, and the share of all as a line; said in words beside it. */
function Plot({ outcome: { value, low, high }, line }: { readonly outcome: Outcome; readonly line: number | null }) {
  if (value === null || low === null || high === null) return null;
  const at = (share: number): number => 2 + share * 136;
  return (
    <svg width="140" height="16" viewBox="0 0 140 16" aria-hidden className={style['plot']}>
      <line x1="2" x2="138" y1="8" y2="8" className={style['axis']} />
      {line !== null && <line x1={at(line)} x2={at(line)} y1="0" y2="16" className={style['all']} />}
      <rect x={at(low)} y="5.5" width={Math.max(1, at(high) - at(low))} height="5" rx="2.5" className={style['interval']} />
      <circle cx={at(value)} cy="8" r="4" className={style['point']} />
    </svg>
  );
}

function LeadTimes({ helped }: { readonly helped: HelpedHelpedResponse }) {
  const { t } = useTranslation('what-helped');
  const kindLabel = useKindLabel();
  if (helped.leadTimes.length === 0) return null;
  return (
    <section aria-labelledby="lead-times">
      <Title order={2} id="lead-times" mb="xs">{t('lead.title')}</Title>
      <ul className={style['times']}>
        {helped.leadTimes.map(({ kind, n, medianDays }) => <li key={kind}><b>{kindLabel(kind)}</b><span>{medianDays === null ? t('none') : t('lead.half', { days: sayNumber(medianDays, 1), count: n, shown: sayNumber(n) })}</span></li>)}
      </ul>
    </section>
  );
}

function Decisions({ window }: { readonly window: number | undefined }) {
  const { t } = useTranslation('what-helped');
  const query = useInfiniteQuery({ ...helpedDecisionsInfiniteOptions({ query: { limit: PAGE, ...(window !== undefined && { window }) } }), staleTime: KEPT_MS, initialPageParam: {}, getNextPageParam: ({ next, asOf, asKnown }) => (next === null ? undefined : ({ query: { cursor: next, asOf, ...(asKnown !== null && { asKnown }) } })) });
  return (
    <section aria-labelledby="decided">
      <Title order={2} id="decided" mb={4}>{t('decided.title')}</Title>
      <Answer query={query} lines={6}>
        {({ pages }: InfiniteData<HelpedDecisionsResponse>) => pages[0]!.total === 0 ? <Text size="sm" c="dimmed">{t('decided.none')}</Text> : (
          <>
            <Text size="sm" c="dimmed" role="status" mb="xs">{t('decided.sum', { count: pages[0]!.total, shown: sayNumber(pages[0]!.total), moves: sayNumber(pages[0]!.withMove), links: sayNumber(pages[0]!.withLink) })}</Text>
            <ul className={style['list']}>{pages.flatMap(({ items }) => items).map((one) => <li key={one.decision.entry}><OneDecision decided={one} /></li>)}</ul>
            {query.hasNextPage && <Group><Button variant="default" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('list.more', { ns: 'parts' })}</Button></Group>}
          </>
        )}
      </Answer>
    </section>
  );
}

function OneDecision({ decided: { customer, decision, moves, links } }: { readonly decided: Decided }) {
  const { t } = useTranslation(['what-helped', 'customer', 'parts']);
  const kindLabel = useKindLabel();
  const outcome = decision.outcome === null ? '' : `, ${t(`decided.outcomes.${decision.outcome}`, { defaultValue: decision.outcome })}`;
  const entries = [decision.entry, ...moves.map(({ entry }) => entry), ...links.flatMap(({ entry, helped }) => [entry, ...(helped === null ? [] : [helped.entry])])];
  // The same kind of move again and again is one line.
  const kinds = [...Map.groupBy(moves, ({ kind }) => kind)].map(([kind, of]) => t('decided.move', { kind: kindLabel(kind), count: of.length, days: [...new Set(of.map(({ daysBefore }) => Math.round(daysBefore)))].join(', ') }));
  return (
    <Behind customer={customer.id} entries={[...new Set(entries)]} name={customer.name ?? t('parts:pickers.unnamed')}>
      <Group gap={8}><CustomerLink customer={customer} entry={decision.entry} /><Text size="sm">{kindLabel(decision.kind)}{outcome}</Text><Text size="xs" c="dimmed">{sayDate(decision.at)}{!decision.favourable && decision.outcome !== 'us' && ` · ${t('decided.against')}`}</Text></Group>
      <Text size="xs" c="dimmed">{kinds.length === 0 ? t('decided.noMove') : kinds.join(' · ')}</Text>
      {links.map(({ entry, level, side, helped, daysBefore }) => <Text key={entry} size="xs">{t(side === 'customer' || level === 'confirmed' ? 'decided.theySay' : 'decided.weSay', { what: helped === null ? t('decided.gone') : kindLabel(helped.kind) })}{daysBefore !== null && `, ${t('decided.before', { count: Math.round(daysBefore) })}`}</Text>)}
    </Behind>
  );
}
