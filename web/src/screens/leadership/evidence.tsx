/** Who stands above and below the line of a figure, and the entries that put them there. */
import { Anchor, Button, Group, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { figuresEvidenceInfiniteOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { figuresEvidence } from '../../api/generated/sdk.gen.js';
import type { FiguresEvidenceResponse, FiguresValueResponse } from '../../api/generated/types.gen.js';
import { Behind } from '../../parts/entries-behind.js';
import { sayNumber } from '../../parts/locale.js';
import { csvOf, download } from './export.js';
import { KEPT_MS, pinned } from './figure-card.js';
import { useGroupLabel } from './labels.js';
import style from './leadership.module.css';
import { askedOf, useQuestion } from './question.js';
import { money } from './said.js';
import { Waited } from './waiting.js';

type Marked = FiguresEvidenceResponse['items'][number];
const PAGE = 30;
const CSV_PAGE = 500;
const ALL = 'all';

export function Evidence({ figure }: { readonly figure: FiguresValueResponse }) {
  const { t } = useTranslation('leadership');
  const { question, ask } = useQuestion();
  const groupLabel = useGroupLabel();
  const asked = { ...askedOf(pinned(question, figure)), ...(question.side !== undefined && { side: question.side as 'above' | 'below' }), ...(question.group !== undefined && { group: question.group }) };
  const options = figuresEvidenceInfiniteOptions({ path: { name: figure.name }, query: { ...asked, limit: PAGE } });
  const query = useInfiniteQuery({ ...options, staleTime: KEPT_MS, initialPageParam: {} as never, getNextPageParam: ({ next }) => (next === null ? undefined : ({ query: { cursor: next } } as never)) });
  const groups = [...new Set(figure.parts.flatMap(({ values }) => values.map(({ group }) => group)).filter((group) => group !== null))];
  // A sum has nothing below its line.
  const hasLine = figure.shape !== 'sum' && figure.shape !== 'quantiles';
  const takeAlong = async (): Promise<void> => {
    const rows: (readonly (string | number | null)[])[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { data } = await figuresEvidence({ path: { name: figure.name }, query: { ...asked, limit: CSV_PAGE, ...(cursor !== undefined && { cursor }) }, throwOnError: true });
      rows.push(...data.items.map(({ customer, group, above, below, days, already, because }) => [customer.id, customer.name, group, above, below, days ?? null, already === true ? 'yes' : '', because.join(' ')]));
      cursor = data.next;
    }
    download(`${figure.name}-customers.csv`, csvOf(['customer', 'name', 'group', 'above', 'below', 'days', 'had it before', 'entries'], rows));
  };
  return (
    <Stack gap="sm">
      <Group gap="sm" justify="space-between">
        <Group gap="sm">
          {hasLine && <SegmentedControl size="xs" aria-label={t('evidence.side')} value={question.side ?? ALL} onChange={(side) => ask({ side: side === ALL ? null : side })} data={[{ value: ALL, label: t('evidence.all') }, { value: 'above', label: t(`evidence.above.${figure.shape === 'curve' ? 'curve' : 'other'}`) }, { value: 'below', label: t(`evidence.below.${figure.shape === 'curve' ? 'curve' : 'other'}`) }]} />}
          {groups.length > 0 && <Select size="xs" aria-label={t('evidence.group')} placeholder={t('evidence.anyGroup')} clearable searchable clearButtonProps={{ 'aria-label': t('evidence.anyGroup') }} value={question.group ?? null} onChange={(group) => ask({ group })} data={[...new Set([...groups, ...(question.group === undefined ? [] : [question.group])])].map((group) => ({ value: group, label: groupLabel(figure, group) }))} />}
        </Group>
        <Button size="compact-sm" variant="default" onClick={() => void takeAlong()}>{t('evidence.csv')}</Button>
      </Group>
      <Waited query={query} queryKey={options.queryKey} lines={6}>
        {(data: { readonly pages: readonly FiguresEvidenceResponse[] }) => {
          const items = data.pages.flatMap((page) => page.items);
          return (
            <>
              <Text size="sm" c="dimmed" role="status">{t('evidence.count', { count: data.pages[0]!.total, shown: sayNumber(data.pages[0]!.total) })}</Text>
              <div role="list" aria-label={t('evidence.title')}>
                {items.map((item, index) => <Row key={`${item.customer.id} ${item.group} ${index}`} item={item} figure={figure} hasLine={hasLine} />)}
              </div>
              {query.hasNextPage && <Group><Button variant="default" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('evidence.next')}</Button></Group>}
            </>
          );
        }}
      </Waited>
    </Stack>
  );
}

function Row({ item: { customer, group, above, below, days, already, because }, figure, hasLine }: { readonly item: Marked; readonly figure: FiguresValueResponse; readonly hasLine: boolean }) {
  const { t } = useTranslation('leadership');
  const groupLabel = useGroupLabel();
  const name = customer.name ?? t('unnamed');
  const currency = /^[A-Z]{3}/.exec(group ?? '')?.[0];
  const isMoney = figure.groups?.startsWith('currency') === true && currency !== undefined;
  const amount = (value: number): string => (isMoney ? money(value, currency) : sayNumber(value, 2));
  const counts = figure.shape === 'ratio' ? t('evidence.ofAmount', { above: amount(above), below: amount(below) }) : figure.shape === 'sum' ? (isMoney || above !== 1 ? amount(above) : '') : figure.shape === 'mean' || figure.shape === 'points' ? (below === 1 ? amount(above) : t('evidence.ofAmount', { above: amount(above), below: amount(below) })) : '';
  const where = already === true ? t('evidence.already') : !hasLine || figure.shape === 'mean' || figure.shape === 'points' ? '' : above !== 0 ? t(`evidence.isAbove.${figure.shape === 'curve' ? 'curve' : 'other'}`) : t(`evidence.isBelow.${figure.shape === 'curve' ? 'curve' : 'other'}`);
  const facts = [where, group === null ? '' : groupLabel(figure, group), days === undefined ? '' : t('evidence.days', { days: sayNumber(days, 1) }), counts].filter((one) => one !== '');
  return (
    <div role="listitem" className={style['row']}>
      <Behind customer={customer.id} entries={because} name={name}>
        <Anchor component={Link} to={`/customers/${customer.id}`} fw={600} fz="sm" style={{ overflowWrap: 'anywhere' }}>{name}</Anchor>
        <Text size="xs" c="dimmed">{facts.join(' · ')}</Text>
      </Behind>
    </div>
  );
}
