/** What people were asked, and what they said: answered by a click, with words in the form. */
import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { advocacyAsksInfiniteOptions, customerAsksAcceptedMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import { openOverlay } from '../../app/overlays.js';
import { may, useSession } from '../../app/session.js';
import { Ask } from '../../parts/ask.js';
import { useListKeys, type LineKey } from '../../parts/list-keys.js';
import { sayNumber } from '../../parts/locale.js';
import { Page } from '../../parts/pages.js';
import { Answer, Empty, Problem } from '../../parts/states.js';
import style from './advocates.module.css';
import { screens } from './screen.js';

const PAGE = 50;
const STATES = { open: ['waiting', 'accepted'], waiting: ['waiting'], accepted: ['accepted'], done: ['done'], declined: ['declined'] } as const;
type Which = keyof typeof STATES | 'all';
const WHICH = ['open', 'waiting', 'accepted', 'done', 'declined', 'all'] as const;

export default function Asks() {
  const { t } = useTranslation(['advocates-asks', 'advocates', 'parts']);
  const session = useSession();
  const navigate = useNavigate();
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const which: Which = WHICH.find((one) => one === search['which']) ?? 'open';
  const mine = search['whose'] === 'mine';
  const ask = (change: Readonly<Record<string, string | undefined>>): void => void navigate({ to: '.', search: ((before: object) => ({ ...before, ...change })), replace: true, resetScroll: false });
  const query = useInfiniteQuery({ ...advocacyAsksInfiniteOptions({ query: { limit: PAGE, ...(which !== 'all' && { state: STATES[which].join(',') }), ...(mine && { by: session.colleague }) } }), initialPageParam: {}, getNextPageParam: ({ next }) => (next === null ? undefined : { query: { cursor: next } }), placeholderData: keepPreviousData });
  const totals = query.data?.pages[0]?.totals;
  const mayAsk = may(session, 'POST /api/v1/customers/:id/asks');
  const keys = useMemo<LineKey[]>(() => [{ key: 'y', says: t('keys.yes'), does: 'accepted' }, { key: 'd', says: t('keys.done'), does: 'done' }], [t]);
  const list = useListKeys(keys);
  const accept = useMutation(customerAsksAcceptedMutation());
  return (
    <Page of={screens} label={t('advocates:pages')} title={t('title')} actions={mayAsk && <Button onClick={() => openOverlay('ask')}>{t('advocates:ask')}</Button>}>
      <Group gap="sm" mb="sm">
        <SegmentedControl size="xs" aria-label={t('whose')} value={mine ? 'mine' : 'all'} onChange={(value) => ask({ whose: value === 'mine' ? 'mine' : undefined })} data={[{ value: 'all', label: t('everybody') }, { value: 'mine', label: t('mine') }]} />
        <div className={style['wide']}><SegmentedControl size="xs" aria-label={t('which')} value={which} onChange={(value) => ask({ which: value === 'open' ? undefined : value })} data={WHICH.map((value) => ({ value, label: t(`states.${value}`) }))} /></div>
      </Group>
      {totals !== undefined && <Text size="sm" c="dimmed" role="status" mb="xs">{(['waiting', 'accepted', 'done', 'declined'] as const).map((state) => t(`counts.${state}`, { ns: 'advocates', count: totals[state], shown: sayNumber(totals[state]) })).join(' · ')}</Text>}
      {accept.error !== null && <Problem error={accept.error} />}
      <Answer query={query} lines={8}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Empty title={t('nothing')}>{t('nothingMore')}</Empty>;
          return (
            <div aria-busy={query.isPlaceholderData}>
              <ul className={style['board']} aria-label={t('title')} ref={list}>{items.map((one) => <Ask key={one.id} asked={one} names isBusy={accept.isPending} accept={() => accept.mutate({ path: { id: one.customer.id, interaction: one.id }, body: {} }, { onSuccess: () => void notifications.show({ message: t('acceptedNow') }) })} />)}</ul>
              {query.hasNextPage && <Button variant="default" size="xs" mt="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('parts:list.more')}</Button>}
            </div>
          );
        }}
      </Answer>
    </Page>
  );
}
