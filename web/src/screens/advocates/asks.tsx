/** What people were asked, and what they said: answered by a click, with words in the form. */
import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconAlertTriangle, IconCheck, IconCircleDashed, IconThumbUp, IconX } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { advocacyAsksInfiniteOptions, customerAsksAcceptedMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import type { AdvocacyAsksResponse } from '../../api/generated/types.gen.js';
import { useKindLabel } from '../../api/kinds.js';
import { openOverlay } from '../../app/overlays.js';
import { may, useSession } from '../../app/session.js';
import { CustomerLink } from '../../parts/customer-link.js';
import { useListKeys, type LineKey } from '../../parts/list-keys.js';
import { sayDate, sayNumber } from '../../parts/locale.js';
import { Page } from '../../parts/pages.js';
import { Answer, Empty, Problem } from '../../parts/states.js';
import { Days } from '../../parts/when.js';
import style from './advocates.module.css';
import { screens } from './screen.js';

type Asked = AdvocacyAsksResponse['items'][number];
const PAGE = 50;
const STATES = { open: ['waiting', 'accepted'], waiting: ['waiting'], accepted: ['accepted'], done: ['done'], declined: ['declined'] } as const;
type Which = keyof typeof STATES | 'all';
const WHICH = ['open', 'waiting', 'accepted', 'done', 'declined', 'all'] as const;
const SIGNS = { waiting: IconCircleDashed, accepted: IconThumbUp, declined: IconX, done: IconCheck } as const;

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
              <ul className={style['board']} aria-label={t('title')} ref={list}>{items.map((one) => <One key={one.id} asked={one} mayLog={mayAsk} isBusy={accept.isPending} accept={() => accept.mutate({ path: { id: one.customer.id, interaction: one.id }, body: {} }, { onSuccess: () => void notifications.show({ message: t('acceptedNow') }) })} />)}</ul>
              {query.hasNextPage && <Button variant="default" size="xs" mt="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('parts:list.more')}</Button>}
            </div>
          );
        }}
      </Answer>
    </Page>
  );
}

function One({ asked, mayLog, isBusy, accept }: { readonly asked: Asked; readonly mayLog: boolean; readonly isBusy: boolean; readonly accept: () => void }) {
  const { t } = useTranslation(['advocates-asks', 'customer', 'parts']);
  const kindLabel = useKindLabel();
  const { id, customer, person, act, wording, asked: at, by, due, overdue, incentivised, offering, channel, state, answers } = asked;
  const name = person.name ?? t('parts:pickers.unnamed');
  const Sign = SIGNS[state];
  const last = answers.at(-1);
  const isOpen = state === 'waiting' || state === 'accepted';
  return (
    <li className={style['asked']} data-line={id}>
      <div className={style['who']}>
        <Group gap={8}><CustomerLink customer={customer} entry={id} /><Text size="sm"><b>{name}</b> · {kindLabel(act)}</Text></Group>
        {wording !== null && <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{wording}</Text>}
        <Text size="xs" component="div" className={style['state']}>
          <span data-state={state}><Sign size={14} aria-hidden />{t(`is.${state}`)}{last !== undefined && ` ${sayDate(last.at)}`}</span>
          {due !== null && isOpen && <span data-late={overdue}>{overdue && <IconAlertTriangle size={14} aria-hidden />}{t(overdue ? 'overdue' : 'due')} <Days at={due} /></span>}
        </Text>
        <Text size="xs" c="dimmed">{[t('askedBy', { by: by.name ?? by.id, date: sayDate(at) }), ...(channel === null ? [] : [t(`customer:channels.${channel}`)]), ...(offering === null ? [] : [offering]), ...(incentivised ? [t('incentivised')] : [])].join(' · ')}</Text>
      </div>
      {mayLog && isOpen && (
        <Group gap={6} className={style['do']}>
          {state === 'waiting' && <Button size="xs" variant="default" leftSection={<IconThumbUp size={14} aria-hidden />} disabled={isBusy} data-does="accepted" aria-label={t('acceptOf', { name })} onClick={accept}>{t('accept')}</Button>}
          <Button size="xs" variant="default" leftSection={<IconCheck size={14} aria-hidden />} data-does="done" aria-label={t('actOf', { name })} onClick={() => openOverlay('log', { customer: customer.id, kind: act, about: id, person: person.id })}>{t('act')}</Button>
          <Button size="xs" variant="default" leftSection={<IconX size={14} aria-hidden />} aria-label={t('declineOf', { name })} onClick={() => openOverlay('log', { customer: customer.id, kind: 'advocacy-declined', about: id })}>{t('decline')}</Button>
        </Group>
      )}
    </li>
  );
}
