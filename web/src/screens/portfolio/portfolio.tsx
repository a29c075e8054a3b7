import { Anchor, Box, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { portfolioPortfolioInfiniteOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { PortfolioPortfolioResponse } from '../../api/generated/types.gen.js';
import { sayNumber } from '../../parts/locale.js';
import { RingsSmall } from '../../parts/rings.js';
import { Answer, Empty, ScreenHead } from '../../parts/states.js';
import { When } from '../../parts/when.js';
import style from './portfolio.module.css';

type Customer = PortfolioPortfolioResponse['items'][number];

const SORTS = ['attention', 'name', 'last-contact', 'depth'] as const;
type Sort = (typeof SORTS)[number];
const ROW = 64;
const PAGE = 200;
/** So many rows from the end the next page is asked for. */
const AHEAD = 40;

export default function Portfolio() {
  const { t } = useTranslation('portfolio');
  const [sort, setSort] = useState<Sort>('attention');
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), 200);
  const query = useInfiniteQuery({
    ...portfolioPortfolioInfiniteOptions({ query: { sort, limit: PAGE, ...(text !== '' && { text }) } }),
    initialPageParam: {},
    getNextPageParam: ({ next }) => (next === null ? undefined : { query: { cursor: next } }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <ScreenHead title={t('title')}>
        <TextInput aria-label={t('find')} placeholder={t('find')} leftSection={<IconSearch size={16} aria-hidden />} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Select aria-label={t('sort')} data={SORTS.map((value) => ({ value, label: t(`sorts.${value}`) }))} value={sort} onChange={(value) => setSort((value ?? 'attention'))} allowDeselect={false} w={190} />
      </ScreenHead>
      <Answer query={query} lines={10}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          const total = pages[0]?.total ?? 0;
          if (items.length === 0) return text === '' ? <Empty title={t('empty')}>{t('emptyMore')}</Empty> : <Empty title={t('nothing', { text })} />;
          return (
            <>
              <Text size="sm" c="dimmed" mb="xs" role="status">{t('count', { count: total, shown: sayNumber(total) })}</Text>
              <Rows items={items} total={total} more={() => void (query.hasNextPage && !query.isFetchingNextPage && query.fetchNextPage())} />
            </>
          );
        }}
      </Answer>
    </>
  );
}

/** Only the rows in sight are in the page; to a screen reader the table has them all. */
function Rows({ items, total, more }: { readonly items: readonly Customer[]; readonly total: number; readonly more: () => void }) {
  const { t } = useTranslation('portfolio');
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  const rows = useWindowVirtualizer({ count: items.length, estimateSize: () => ROW, overscan: 12, scrollMargin: top });
  const seen = rows.getVirtualItems();
  const last = seen.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last > items.length - AHEAD) more();
  }, [last, items.length, more]);
  const heads = useMemo(() => ['customer', 'rings', 'contact', 'next', 'attention'] as const, []);
  return (
    <div role="table" aria-label={t('title')} aria-rowcount={total + 1} className={style['table']}>
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className={`${style['row']} ${style['head']}`}>
          {heads.map((head) => <span key={head} role="columnheader" className={style[head]}>{t(`heads.${head}`)}</span>)}
        </div>
      </div>
      <div role="rowgroup" ref={list} style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {seen.map(({ index, start, key }) => {
          const { id, name, segment, owner, rings, says, lastContact, nextStep, nextDecision, attention } = items[index]!;
          const next = [nextStep, nextDecision].filter((at) => at !== null).sort()[0];
          const [reason, ...others] = attention;
          return (
            <div key={key} role="row" aria-rowindex={index + 2} className={style['row']} style={{ transform: `translateY(${start - top}px)`, position: 'absolute', insetInline: 0, height: ROW }}>
              <span role="cell" className={style['customer']}>
                <Anchor component={Link} to={`/customers/${id}`} fw={600} fz="sm" className={style['cut']}>{name ?? t('unnamed')}</Anchor>
                <Text size="xs" c="dimmed" className={style['cut']}>{[segment, owner?.name ?? owner?.id].filter((part) => part != null).join(' · ')}</Text>
              </span>
              <span role="cell" className={style['rings']}>
                <RingsSmall rings={rings} />
                <Text size="xs" c="dimmed" className={style['cut']}>{says}</Text>
              </span>
              <Box component="span" role="cell" className={style['contact']}><When at={lastContact} none={t('never')} /></Box>
              <Box component="span" role="cell" className={style['next']}><When at={next} none={t('none')} /></Box>
              <span role="cell" className={style['attention']}>
                {reason === undefined ? <Text size="sm" c="dimmed">{t('calm')}</Text> : <Text size="sm" lineClamp={2}>{reason.says}{others.length > 0 && ` ${t('others', { count: others.length })}`}</Text>}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
