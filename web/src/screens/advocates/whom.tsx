/** Whom to ask, the best fit first: with the reasons, what stands against it, and the entries behind. */
import { Autocomplete, Badge, Button, Group, Paper, Select, SimpleGrid, Switch, Text } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconBan, IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ACTS, ROLES } from '../../../../src/customers/catalogue.js';
import { advocacyWhomToAskInfiniteOptions, campaignsTagsOptions, portfolioPortfolioOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { AdvocacyWhomToAskResponse } from '../../api/generated/types.gen.js';
import { useKindLabel } from '../../api/kinds.js';
import { openOverlay } from '../../app/overlays.js';
import { may, useSession } from '../../app/session.js';
import { CustomerLink } from '../../parts/customer-link.js';
import { Behind } from '../../parts/entries-behind.js';
import { sayNumber } from '../../parts/locale.js';
import { Page } from '../../parts/pages.js';
import { Answer, Empty } from '../../parts/states.js';
import { When } from '../../parts/when.js';
import style from './advocates.module.css';
import { Load, useGround } from './board.js';
import { screens } from './screen.js';

type Candidate = AdvocacyWhomToAskResponse['items'][number];
const PAGE = 30;

export default function Whom() {
  const { t } = useTranslation(['advocates-whom', 'advocates', 'customer', 'parts']);
  const session = useSession();
  const navigate = useNavigate();
  const kindLabel = useKindLabel();
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const said = (name: string): string | null => (typeof search[name] === 'string' && search[name] !== '' ? search[name].slice(0, 100) : null);
  const act = ACTS.find((one) => one === said('act')) ?? null;
  const role = ROLES.find((one) => one === said('role')) ?? null;
  const [offering, segment, all, mine] = [said('offering'), said('segment'), said('all') === 'yes', said('whose') === 'mine'];
  const ask = (change: Readonly<Record<string, string | undefined>>): void => void navigate({ to: '.', search: ((before: object) => ({ ...before, ...change })), replace: true, resetScroll: false });
  const wanted = { ...(act !== null && { act }), ...(role !== null && { role }), ...(offering !== null && { offering }), ...(segment !== null && { segment }) };
  const query = useInfiniteQuery({ ...advocacyWhomToAskInfiniteOptions({ query: { limit: PAGE, ...wanted, ...(all && { all }), ...(mine && { owner: session.colleague }) } }), initialPageParam: {}, getNextPageParam: ({ next }) => (next === null ? undefined : { query: { cursor: next } }), placeholderData: keepPreviousData });
  const tags = useQuery({ ...campaignsTagsOptions(), staleTime: 5 * 60_000 });
  const segments = useQuery({ ...portfolioPortfolioOptions({ query: { limit: 1 } }), staleTime: 5 * 60_000 });
  const first = query.data?.pages[0];
  const mayAsk = may(session, 'POST /api/v1/customers/:id/asks');
  return (
    <Page of={screens} label={t('advocates:pages')} title={t('title')}>
      <Paper withBorder p="md" mb="md" role="group" aria-label={t('wanted')}>
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="md">
          <Select label={t('act')} placeholder={t('any')} data={ACTS.map((value) => ({ value, label: kindLabel(value) }))} value={act} onChange={(value) => ask({ act: value ?? undefined })} clearable clearButtonProps={{ 'aria-label': t('clear', { what: t('act') }) }} />
          <Autocomplete label={t('offering')} placeholder={t('any')} data={(tags.data?.offerings ?? []).map(({ tag }) => tag)} value={offering ?? ''} onChange={(value) => ask({ offering: value === '' ? undefined : value })} />
          <Select label={t('segment')} placeholder={t('any')} data={[...new Set([...(segments.data?.segments ?? []), ...(segment === null ? [] : [segment])])]} value={segment} onChange={(value) => ask({ segment: value ?? undefined })} searchable clearable clearButtonProps={{ 'aria-label': t('clear', { what: t('segment') }) }} />
          <Select label={t('role')} placeholder={t('any')} data={ROLES.map((value) => ({ value, label: t(`customer:roles.${value}`) }))} value={role} onChange={(value) => ask({ role: value ?? undefined })} clearable clearButtonProps={{ 'aria-label': t('clear', { what: t('role') }) }} />
        </SimpleGrid>
        <Group gap="lg" mt="sm">
          <Switch label={t('mine')} checked={mine} onChange={(event) => ask({ whose: event.currentTarget.checked ? 'mine' : undefined })} />
          <Switch label={t('all')} checked={all} onChange={(event) => ask({ all: event.currentTarget.checked ? 'yes' : undefined })} />
        </Group>
      </Paper>
      {first !== undefined && <Text size="sm" c="dimmed" role="status" mb="xs">{t('count', { count: first.total, shown: sayNumber(first.total) })}{first.blocked > 0 && ` · ${t('blocked', { count: first.blocked, shown: sayNumber(first.blocked) })}`}</Text>}
      <Answer query={query} lines={8}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Empty title={t('nobody')} action={(first?.blocked ?? 0) > 0 && !all ? <Button variant="default" onClick={() => ask({ all: 'yes' })}>{t('showBlocked')}</Button> : undefined}>{t('nobodyMore')}</Empty>;
          return (
            <div aria-busy={query.isPlaceholderData}>
              <ol className={style['board']} aria-label={t('title')}>{items.map((one) => <li key={`${one.customer.id} ${one.person.id}`}><One candidate={one} wanted={wanted} budget={first!.budget} mayAsk={mayAsk} /></li>)}</ol>
              {query.hasNextPage && <Button variant="default" size="xs" mt="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('parts:list.more')}</Button>}
            </div>
          );
        }}
      </Answer>
    </Page>
  );
}

function One({ candidate, wanted, budget, mayAsk: mayLog }: { readonly candidate: Candidate; readonly wanted: Readonly<Record<string, string>>; readonly budget: AdvocacyWhomToAskResponse['budget']; readonly mayAsk: boolean }) {
  const { t } = useTranslation(['advocates-whom', 'advocates', 'customer', 'parts']);
  const { person, customer, roles, segment, owner, mayAsk, fit, for: reasons, against, closed, left, lastAsk, nextFree } = candidate;
  const sayGround = useGround();
  const name = person.name ?? t('parts:pickers.unnamed');
  const asked = Object.keys(wanted).length;
  const behind = [...new Set([...reasons, ...against].flatMap(({ because }) => because))];
  return (
    <div className={style['candidate']}>
      <div className={style['reasons']}>
        <Behind customer={customer.id} entries={behind} name={name}>
          <Group gap={6}><Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>{name}</Text>{roles.map((role) => <Badge key={role} variant="default" size="sm" tt="none" fw={500}>{t(`customer:roles.${role}`)}</Badge>)}{asked > 0 && <Badge variant="outline" size="sm" tt="none">{t('fit', { fit, of: asked })}</Badge>}</Group>
          <Group gap={8}><CustomerLink customer={customer} /><Text size="xs" c="dimmed">{[segment, owner?.name ?? owner?.id].filter((part) => part != null).join(' · ')}</Text></Group>
          <ul className={style['grounds']}>
            {reasons.map(({ ground, says }) => <li key={ground}><IconCheck size={14} aria-label={t('for')} className={style['yes']} /><span>{says}</span></li>)}
            {against.map((one) => <li key={one.ground} className={style['no']}><IconBan size={14} aria-label={t('against')} /><span>{sayGround(one, nextFree)}</span></li>)}
            {mayAsk && closed.map(({ channel }) => channel !== null && <li key={channel} className={style['no']}><IconBan size={14} aria-label={t('against')} /><span>{t('notBy', { channel: t(`customer:channels.${channel}`) })}</span></li>)}
          </ul>
          <Group gap="md"><Load recent={budget.asks - left} budget={budget} /><Text size="xs" c="dimmed">{lastAsk === null ? t('advocates:neverAsked') : <>{t('advocates:lastAsk')} <When at={lastAsk} /></>}</Text></Group>
        </Behind>
      </div>
      {mayLog && mayAsk && <Button size="xs" aria-label={t('advocates:askOf', { name })} onClick={() => openOverlay('ask', { ...wanted, customer: customer.id, person: person.id })}>{t('advocates:askButton')}</Button>}
    </div>
  );
}
