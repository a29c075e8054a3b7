/** What we said we would do, the earliest due first: by who sees to it, department, state and day. What is asked stands in the address. */
import { Button, Group, SegmentedControl, Select, Text } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconPlus } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { DEPARTMENTS } from '../../../../src/customers/catalogue.js';
import { promisesListInfiniteOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { PromisesListResponse } from '../../api/generated/types.gen.js';
import { useKeys, type Key } from '../../app/keys.js';
import { openOverlay } from '../../app/overlays.js';
import { may, useSession } from '../../app/session.js';
import { dayIn } from '../../parts/day-in.js';
import { sayNumber } from '../../parts/locale.js';
import { ColleaguePicker } from '../../parts/pickers.js';
import { Promises } from '../../parts/promise.js';
import { Answer, Empty, ScreenHead } from '../../parts/states.js';
import style from './promises.module.css';

const PAGE = 50;
const STATES = { open: ['open', 'missed'], missed: ['missed'], delivered: ['kept', 'repaired'], all: ['open', 'missed', 'kept', 'repaired'] } as const;
type Which = keyof typeof STATES;
const DUE_BY = ['0', '7', '30'] as const;

interface View {
  readonly whose: 'mine' | 'all';
  readonly which: Which;
  readonly owner: string | null;
  readonly department: (typeof DEPARTMENTS)[number] | null;
  readonly dueBy: (typeof DUE_BY)[number] | null;
}

function viewIn(search: Readonly<Record<string, unknown>>, usual: View['whose']): View {
  const said = (name: string): string => (typeof search[name] === 'string' || typeof search[name] === 'number' ? String(search[name]) : '');
  return {
    whose: said('whose') === 'mine' ? 'mine' : said('whose') === 'all' ? 'all' : usual,
    which: (Object.keys(STATES) as Which[]).find((one) => one === said('which')) ?? 'open',
    owner: /^[\w.-]{1,64}$/.test(said('owner')) ? said('owner') : null,
    department: DEPARTMENTS.find((one) => one === said('department')) ?? null,
    dueBy: DUE_BY.find((one) => one === said('dueBy')) ?? null,
  };
}

export default function PromisesScreen() {
  const { t } = useTranslation(['promises', 'parts', 'app']);
  const session = useSession();
  const navigate = useNavigate();
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const usual = session.role === 'account-manager' ? 'mine' : 'all';
  const view = useMemo(() => viewIn(search, usual), [search, usual]);
  const change = (some: Partial<View>): void => {
    const next = { ...view, ...some };
    void navigate({ to: '/promises', search: Object.fromEntries(Object.entries({ ...next, whose: next.whose === usual ? null : next.whose, which: next.which === 'open' ? null : next.which }).filter(([, value]) => value !== null)), replace: true, resetScroll: false });
  };
  const { whose, which, owner, department, dueBy } = view;
  const who = whose === 'mine' ? session.colleague : owner;
  const query = useInfiniteQuery({
    ...promisesListInfiniteOptions({ query: { limit: PAGE, state: STATES[which].join(','), ...(who !== null && { owner: who }), ...(department !== null && { department }), ...(dueBy !== null && { dueBefore: dayIn(Number(dueBy) + 1) }) } }),
    initialPageParam: {},
    getNextPageParam: ({ next }) => (next === null ? undefined : { query: { cursor: next } }),
    placeholderData: keepPreviousData,
  });
  const mayMake = may(session, 'POST /api/v1/customers/:id/promises');
  useKeys(useMemo<Key[]>(() => (mayMake ? [{ keys: 'n', says: t('keys.make'), run: () => openOverlay('promise') }] : []), [t, mayMake]));
  const first = query.data?.pages[0];
  const isNarrowed = department !== null || dueBy !== null || (whose === 'all' && owner !== null);
  return (
    <>
      <ScreenHead title={t('title')}>{mayMake && <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => openOverlay('promise')} aria-keyshortcuts="n">{t('make.action')}</Button>}</ScreenHead>
      <Group gap="sm" mb="sm" align="center">
        <SegmentedControl size="xs" aria-label={t('list.whose')} value={whose} onChange={(value) => change({ whose: value, owner: null })} data={[{ value: 'mine', label: t('list.mine') }, { value: 'all', label: t('list.everybody') }]} />
        <SegmentedControl size="xs" aria-label={t('list.which')} value={which} onChange={(value) => change({ which: value })} data={[{ value: 'open', label: t('list.open') }, { value: 'missed', label: t('list.missed') }, { value: 'delivered', label: t('list.unconfirmed') }, { value: 'all', label: t('list.all') }]} />
        {whose === 'all' && <div className={style['owner']}><ColleaguePicker label="" size="xs" aria-label={t('list.owner')} placeholder={t('list.owner')} value={owner} onChange={(value) => change({ owner: value })} /></div>}
        <Select size="xs" w={160} aria-label={t('list.department')} placeholder={t('list.department')} clearable clearButtonProps={{ 'aria-label': t('list.clear') }} data={DEPARTMENTS.map((value) => ({ value, label: t(`departments.${value}`, { ns: 'app' }) }))} value={department} onChange={(value) => change({ department: value })} />
        <Select size="xs" w={150} aria-label={t('list.dueBy')} placeholder={t('list.anyTime')} clearable clearButtonProps={{ 'aria-label': t('list.clear') }} data={DUE_BY.map((value) => ({ value, label: t(`list.days.${value}`) }))} value={dueBy} onChange={(value) => change({ dueBy: value })} />
      </Group>
      {first !== undefined && <Totals totals={first.totals} />}
      <Answer query={query} lines={8}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          const all = Object.values(first!.totals).reduce((sum, one) => sum + one, 0);
          if (items.length === 0) return all === 0 && !isNarrowed ? <Empty title={t('list.empty')}>{t('list.emptyMore')}</Empty> : <Empty title={t('list.nothing')} action={<Button variant="default" onClick={() => change({ whose: 'all', which: 'all', owner: null, department: null, dueBy: null })}>{t('list.clear')}</Button>}>{t('list.nothingMore')}</Empty>;
          return (
            <>
              <Promises items={items} label={t('list.label')} names owners keys />
              {query.hasNextPage && <Button variant="default" size="xs" mt="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('list.more', { ns: 'parts' })}</Button>}
            </>
          );
        }}
      </Answer>
    </>
  );
}

function Totals({ totals }: { readonly totals: PromisesListResponse['totals'] }) {
  const { t } = useTranslation('promises');
  const of = (name: keyof typeof totals): string => `${sayNumber(totals[name])} ${t(`list.totals.${name}`)}`;
  return <Text size="sm" c="dimmed" role="status" mb="xs">{[`${of('open')}${totals.dueToday > 0 ? `, ${of('dueToday')}` : ''}`, of('missed'), of('kept'), of('repaired'), of('confirmed')].join(' · ')}</Text>;
}
