/** Who brought whom, as a tree; and what came of it. */
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { advocacyTreesInfiniteOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { AdvocacyTreesResponse } from '../../api/generated/types.gen.js';
import { CustomerLink } from '../../parts/customer-link.js';
import { Figure } from '../../parts/figure.js';
import { sayDate, sayMoney, sayNumber } from '../../parts/locale.js';
import { Page } from '../../parts/pages.js';
import { Answer, Empty } from '../../parts/states.js';
import style from './advocates.module.css';
import { screens } from './screen.js';
import { Tree } from './tree.js';

const PAGE = 20;

export default function Referrals() {
  const { t } = useTranslation(['referrals', 'advocates', 'parts']);
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const customer = typeof search['customer'] === 'string' ? search['customer'] : undefined;
  const query = useInfiniteQuery({ ...advocacyTreesInfiniteOptions({ query: { limit: PAGE, ...(customer !== undefined && { customer }) } }), initialPageParam: {}, getNextPageParam: ({ next }) => (next === null ? undefined : { query: { cursor: next } }) });
  return (
    <Page of={screens} label={t('advocates:pages')} title={t('title')} actions={customer !== undefined && <Button component={Link} to="/advocates/referrals" variant="default">{t('all')}</Button>}>
      <Answer query={query} lines={10}>
        {({ pages }) => {
          const first = pages[0]!;
          if (first.total === 0) return <Empty title={t('empty')}>{t('emptyMore')}</Empty>;
          return (
            <Stack gap="lg">
              <Totals totals={first.totals} trees={first.total} />
              <Tree roots={pages.flatMap(({ items }) => items)} />
              {query.hasNextPage && <Group><Button variant="default" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('parts:list.more')}</Button></Group>}
              {first.leftOut.length > 0 && (
                <section>
                  <Title order={2} mb="xs">{t('leftOut.title')}</Title>
                  <Text size="sm" c="dimmed">{t('leftOut.about')}</Text>
                  <ul className={style['board']}>{first.leftOut.map(({ from, to, at }, index) => <li key={index}><Group gap={8}><CustomerLink customer={from} /><Text size="sm">{t('leftOut.named')}</Text><CustomerLink customer={to} /><Text size="xs" c="dimmed">{sayDate(at)}</Text></Group></li>)}</ul>
                </section>
              )}
            </Stack>
          );
        }}
      </Answer>
    </Page>
  );
}

function Totals({ totals: { referred, bought, advocates, depth, worth, daysToPurchase }, trees }: { readonly totals: AdvocacyTreesResponse['totals']; readonly trees: number }) {
  const { t } = useTranslation('referrals');
  return (
    <dl className={style['totals']}>
      <div><dt>{t('totals.bought')}</dt><dd><Figure part={bought} of={referred} /></dd></div>
      <div><dt>{t('totals.advocates')}</dt><dd><Figure part={advocates} of={referred} /></dd></div>
      <div><dt>{t('totals.worth')}</dt><dd>{worth.length === 0 ? '–' : worth.map(({ amount, currency }) => sayMoney(amount, currency, true)).join(' + ')}</dd></div>
      <div><dt>{t('totals.time')}</dt><dd>{daysToPurchase === null ? '–' : t('days', { count: Math.round(daysToPurchase), shown: sayNumber(Math.round(daysToPurchase)) })}</dd></div>
      <div><dt>{t('totals.depth')}</dt><dd>{t('steps', { count: depth, shown: sayNumber(depth) })} <Text span size="sm" c="dimmed">{t('totals.trees', { count: trees, shown: sayNumber(trees) })}</Text></dd></div>
    </dl>
  );
}
