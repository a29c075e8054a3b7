/** Everybody who was asked or stood up for us: what they carry, when they were last asked, what they did and how far it reached. */
import { Badge, Button, Collapse, Group, Switch, Text } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconBan, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { advocacyBoardInfiniteOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { AdvocacyBoardResponse } from '../../api/generated/types.gen.js';
import { useKindLabel } from '../../api/kinds.js';
import { openOverlay } from '../../app/overlays.js';
import { may, useSession } from '../../app/session.js';
import { CustomerLink } from '../../parts/customer-link.js';
import { EntriesBehind } from '../../parts/entries-behind.js';
import { sayDate, sayNumber } from '../../parts/locale.js';
import { Page } from '../../parts/pages.js';
import { Answer, Empty } from '../../parts/states.js';
import { When } from '../../parts/when.js';
import style from './advocates.module.css';
import { screens } from './screen.js';

type Advocate = AdvocacyBoardResponse['items'][number];
const PAGE = 50;

export default function Board() {
  const { t } = useTranslation('advocates');
  const session = useSession();
  const navigate = useNavigate();
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const isMine = search['whose'] === 'mine';
  const query = useInfiniteQuery({ ...advocacyBoardInfiniteOptions({ query: { limit: PAGE, ...(isMine && { owner: session.colleague }) } }), initialPageParam: {}, getNextPageParam: ({ next }) => (next === null ? undefined : { query: { cursor: next } }), placeholderData: keepPreviousData });
  const first = query.data?.pages[0];
  const mayAsk = may(session, 'POST /api/v1/customers/:id/asks');
  return (
    <Page of={screens} label={t('pages')} title={t('title')} actions={mayAsk && <Button onClick={() => openOverlay('ask')}>{t('ask')}</Button>}>
      <Group justify="space-between" mb="sm" gap="sm">
        <Switch label={t('mine')} checked={isMine} onChange={(event) => void navigate({ to: '/advocates', search: (event.currentTarget.checked ? { whose: 'mine' } : {}), replace: true })} />
        {first !== undefined && <Text size="sm" c="dimmed" role="status">{[t('people', { count: first.total, shown: sayNumber(first.total) }), t('acts', { count: first.totals.acts, shown: sayNumber(first.totals.acts) }), t('asks', { count: first.totals.asks, shown: sayNumber(first.totals.asks) }), t('reached', { shown: sayNumber(first.totals.reach) })].join(' · ')}</Text>}
      </Group>
      <Answer query={query} lines={10}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Empty title={t('empty')}>{t('emptyMore')}</Empty>;
          return (
            <div aria-busy={query.isPlaceholderData}>
              <ul className={style['board']} aria-label={t('title')}>{items.map((advocate) => <li key={`${advocate.customer.id} ${advocate.person.id}`}><One advocate={advocate} budget={first!.budget} mayAsk={mayAsk} /></li>)}</ul>
              {query.hasNextPage && <Button variant="default" size="xs" mt="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('list.more', { ns: 'parts' })}</Button>}
            </div>
          );
        }}
      </Answer>
    </Page>
  );
}

function One({ advocate, budget, mayAsk: mayLog }: { readonly advocate: Advocate; readonly budget: AdvocacyBoardResponse['budget']; readonly mayAsk: boolean }) {
  const { t } = useTranslation(['advocates', 'customer', 'parts']);
  const [isOpen, setOpen] = useState(false);
  const kindLabel = useKindLabel();
  const { person, customer, roles, segment, owner, mayAsk, against, asks, acts, list } = advocate;
  const name = person.name ?? t('parts:pickers.unnamed');
  const sayAgainst = useGround();
  const kinds = [...Map.groupBy(list, ({ kind }) => kind)].map(([kind, of]) => `${kindLabel(kind)} ${sayNumber(of.length)}`);
  const states = (['waiting', 'accepted', 'declined', 'done'] as const).flatMap((state) => (asks[state] === 0 ? [] : [t(`counts.${state}`, { count: asks[state] })]));
  return (
    <>
      <div className={style['advocate']}>
        <div className={style['who']}>
          <Group gap={6}><Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>{name}</Text>{roles.map((role) => <Badge key={role} variant="default" size="sm" tt="none" fw={500}>{t(`customer:roles.${role}`)}</Badge>)}</Group>
          <CustomerLink customer={customer} />
          <Text size="xs" c="dimmed">{[segment, owner?.name ?? owner?.id].filter((part) => part != null).join(' · ')}</Text>
        </div>
        <div>
          <Text size="xs" c="dimmed">{t('columns.load')}</Text>
          <Load recent={asks.recent} budget={budget} />
          <Text size="xs" c="dimmed">{asks.last === null ? t('neverAsked') : <>{t('lastAsk')} <When at={asks.last} /></>}</Text>
          {states.length > 0 && <Text size="xs" c="dimmed">{states.join(', ')}</Text>}
        </div>
        <div>
          <Text size="xs" c="dimmed">{t('columns.acts')}</Text>
          <Text size="sm" fw={600}>{acts.total === 0 ? t('noActs') : kinds.join(', ')}</Text>
          {acts.total > 0 && <Text size="xs" c="dimmed">{[t('evidenced', { count: acts.evidenced, of: sayNumber(acts.total) }), ...(acts.incentivised > 0 ? [t('incentivised', { count: acts.incentivised })] : []), ...(acts.reach > 0 ? [t('reached', { shown: sayNumber(acts.reach) })] : [])].join(' · ')}</Text>}
          {acts.last !== null && <Text size="xs" c="dimmed">{t('lastAct', { date: sayDate(acts.last) })}</Text>}
        </div>
        <div className={style['do']}>
          <Text size="xs" className={style['may']} data-may={mayAsk}>{mayAsk ? <IconCheck size={14} aria-hidden /> : <IconBan size={14} aria-hidden />}{t(mayAsk ? 'mayAsk' : 'mayNot')}</Text>
          <Group gap={6}>
            {mayLog && mayAsk && <Button size="compact-sm" variant="default" aria-label={t('askOf', { name })} onClick={() => openOverlay('ask', { customer: customer.id, person: person.id })}>{t('askButton')}</Button>}
            {list.length > 0 && <Button size="compact-sm" variant="default" aria-expanded={isOpen} aria-label={t('showOf', { name, count: list.length })} onClick={() => setOpen(!isOpen)}>{t('show', { count: list.length })}</Button>}
          </Group>
        </div>
      </div>
      {!mayAsk && against.length > 0 && <Text size="xs" className={style['against']}>{against.map((one) => sayAgainst(one, asks.nextFree)).join(' ')}</Text>}
      <Collapse expanded={isOpen} transitionDuration={0}>
        {isOpen && (
          <div className={style['acts']}>
            <EntriesBehind customer={customer.id} entries={list.map(({ entry }) => entry)} />
            {list.some(({ also }) => also.length > 0) && <Text size="xs" c="dimmed" pl="md" pt={4}>{t('also', { count: list.reduce((sum, { also }) => sum + also.length, 0) })}</Text>}
          </div>
        )}
      </Collapse>
    </>
  );
}

/** A ground in the server's words; dates as this reader writes them. */
export function useGround(): (ground: Advocate['against'][number], nextFree: string | null) => string {
  const { t } = useTranslation('advocates');
  return ({ ground, says }, nextFree) => (ground === 'budget spent' ? (nextFree === null ? t('neverFree') : t('spent', { date: sayDate(nextFree) })) : says);
}

/** Asks of the stretch, a box each: filled for one that was made, empty for one that is left. */
export function Load({ recent, budget }: { readonly recent: number; readonly budget: { readonly asks: number; readonly days: number } }) {
  const { t } = useTranslation('advocates');
  return (
    <Text size="sm" component="div" className={style['load']}>
      <span aria-hidden className={style['boxes']}>{Array.from({ length: Math.max(budget.asks, recent) }, (_, index) => <i key={index} data-full={index < recent} />)}</span>
      {t('load', { count: recent, of: sayNumber(budget.asks), days: sayNumber(budget.days) })}
    </Text>
  );
}
