import { Button, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { portfolioContractsAheadInfiniteOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { CustomerLink } from '../../parts/customer-link.js';
import { sayDate, sayMoney } from '../../parts/locale.js';
import { Money } from '../../parts/money.js';
import { Answer } from '../../parts/states.js';
import { Days } from '../../parts/when.js';
import { Calm, Panel } from './panel.js';
import style from './start.module.css';

const DAYS = 180;
const PAGE = 10;

/** Contracts with a date within half a year that nothing follows yet, and what they are worth; of all customers without `team`. */
export function Contracts({ team }: { readonly team?: string }) {
  const { t } = useTranslation('start');
  const query = useInfiniteQuery({
    ...portfolioContractsAheadInfiniteOptions({ query: { days: DAYS, limit: PAGE, ...(team !== undefined && { team }) } }),
    initialPageParam: {},
    getNextPageParam: ({ next }) => (next === null ? undefined : { query: { cursor: next } }),
  });
  const first = query.data?.pages[0];
  const sum = first === undefined || first.total === 0 ? t('contracts.within', { days: DAYS }) : [t('contracts.count', { count: first.total, days: DAYS }), ...(first.worth.length > 0 ? [t('contracts.worth', { worth: first.worth.map(({ amount, currency }) => sayMoney(amount, currency, true)).join(' + ') })] : [])].join(' · ');
  return (
    <Panel title={t('contracts.title')} sum={sum}>
      <Answer query={query} lines={4}>
        {({ pages }) => pages[0]!.total === 0 ? <Calm>{t('contracts.nothing')}</Calm> : (
          <>
            <ul className={style['list']} aria-label={t('contracts.title')}>
              {pages.flatMap(({ items }) => items).map(({ contract, customer, date, what, money, owner }) => (
                <li key={contract} className={style['line']}>
                  <div className={style['when']}>
                    <Text size="sm" fw={600}>{sayDate(date)}</Text>
                    <Text size="xs" c="dimmed"><Days at={date} /></Text>
                  </div>
                  <div className={style['what']}>
                    <CustomerLink customer={customer} />
                    <Text size="xs" c="dimmed">{[t(`contracts.what.${what}`), ...(team === undefined ? [owner?.name ?? owner?.id ?? t('nobody')] : [])].join(' · ')}</Text>
                  </div>
                  <div className={style['side']}>{money === null ? <Text size="xs" c="dimmed">{t('contracts.unknown')}</Text> : <Text size="sm"><Money amount={money.amount} currency={money.currency} whole /></Text>}</div>
                </li>
              ))}
            </ul>
            {query.hasNextPage && <Button variant="subtle" size="compact-sm" mt="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('more')}</Button>}
          </>
        )}
      </Answer>
    </Panel>
  );
}
