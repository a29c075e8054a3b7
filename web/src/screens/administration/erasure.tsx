import { Button, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { colleaguesAllOptions, erasuresAllInfiniteOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { Answer } from '../../parts/states.js';
import { EraseColleague, EraseCustomer, ErasePerson, EraseText } from './erase.js';
import style from './administration.module.css';
import { AdministrationPage } from './page.js';
import { ReceiptLine } from './receipt.js';
import { Silent } from './silent.js';

const WHAT = ['person', 'customer', 'text', 'colleague', 'silent'] as const;
type What = (typeof WHAT)[number];

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Export and erase: a person, a customer, one entry's text, a colleague who left, people of whom nothing is heard. Opened with `?customer=…&person=…` or `&entry=…` it is filled in. */
export default function Erasure() {
  const { t } = useTranslation('erasure');
  const search: { readonly customer?: unknown; readonly person?: unknown; readonly entry?: unknown } = useSearch({ strict: false });
  const given = { customer: text(search.customer), person: text(search.person), entry: text(search.entry) };
  const [what, setWhat] = useState<What>(given.entry !== null ? 'text' : given.person === null && given.customer !== null ? 'customer' : 'person');
  return (
    <AdministrationPage texts="erasure">
      <Stack gap="xl">
        <section aria-label={t('whatToErase')}>
          <SegmentedControl data={WHAT.map((value) => ({ value, label: t(`what.${value}`) }))} value={what} onChange={(value) => setWhat(value)} aria-label={t('whatToErase')} mb="md" className={style['ways']} />
          {what === 'person' && <ErasePerson customer={given.customer} person={given.person} />}
          {what === 'customer' && <EraseCustomer customer={given.customer} />}
          {what === 'text' && <EraseText customer={given.customer} entry={given.entry} />}
          {what === 'colleague' && <EraseColleague />}
          {what === 'silent' && <Silent />}
        </section>
        <Receipts />
      </Stack>
    </AdministrationPage>
  );
}

function Receipts() {
  const { t } = useTranslation('erasure');
  const { data: colleagues } = useQuery(colleaguesAllOptions());
  const query = useInfiniteQuery({
    ...erasuresAllInfiniteOptions({ query: { limit: 50 } }),
    initialPageParam: {},
    getNextPageParam: ({ next }) => (next === null ? undefined : { query: { cursor: next } }),
    placeholderData: keepPreviousData,
  });
  return (
    <section>
      <Title order={2} mb="xs">{t('receipts')}</Title>
      <Answer query={query} lines={3}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Text size="sm" c="dimmed">{t('noReceipts')}</Text>;
          return (
            <>
              <ul className={style['list']} aria-label={t('receipts')}>
                {items.map((receipt) => <li key={receipt.id}><ReceiptLine receipt={receipt} by={colleagues?.items.find(({ id }) => id === receipt.by)?.name ?? receipt.by} /></li>)}
              </ul>
              {query.hasNextPage && <Group mt="md"><Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('next')}</Button></Group>}
              <Text size="xs" c="dimmed" mt="xs">{t('receiptsMore')}</Text>
            </>
          );
        }}
      </Answer>
    </section>
  );
}
