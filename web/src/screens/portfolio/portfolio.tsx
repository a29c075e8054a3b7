import { Button, Group, SegmentedControl, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconAdjustmentsHorizontal, IconSearch, IconUserShare, IconZzz } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { portfolioPortfolioInfiniteOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { useKeys, type Key } from '../../app/keys.js';
import { may, useSession } from '../../app/session.js';
import { sayMoney, sayNumber } from '../../parts/locale.js';
import { SnoozeDialog } from '../../parts/snooze.js';
import { Answer, Empty, ScreenHead } from '../../parts/states.js';
import { FilterPanel, FiltersInForce } from './filters.js';
import { HandOver } from './hand-over.js';
import style from './portfolio.module.css';
import { Rows, type Customer } from './rows.js';
import { useSavedViews } from './saved.js';
import { ViewsMenu } from './views-menu.js';
import { allOf, filtersIn, searchOf, viewIn, WHOSE, type SortOrder, type View, type Whose } from './view.js';

const PAGE = 200;

export default function Portfolio() {
  const { t } = useTranslation('portfolio');
  const session = useSession();
  const navigate = useNavigate();
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const usual: Whose = session.role === 'account-manager' ? 'mine' : 'all';
  const view = useMemo(() => viewIn(search, usual), [search, usual]);
  const show = useCallback((next: View): void => void navigate({ to: '/portfolio', search: searchOf(next, usual), replace: true, resetScroll: false }), [navigate, usual]);
  const change = (some: Partial<View>): void => show({ ...view, ...some });

  const [areFiltersOpen, setFiltersOpen] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [snoozing, setSnoozing] = useState<readonly Customer[]>();
  const [isGiving, setGiving] = useState(false);
  const saved = useSavedViews(session.colleague);
  const field = useRef<HTMLInputElement>(null);

  const { owner, segment, rings, atRisk, gap, snoozed, text, sort, reverse, whose } = view;
  const query = useInfiniteQuery({
    ...portfolioPortfolioInfiniteOptions({ query: { sort, limit: PAGE, ...(reverse && { reverse }), ...(whose === 'mine' && { team: session.colleague }), ...(owner !== null && { owner }), ...(segment !== null && { segment }), ...(rings.length > 0 && { rings: rings.join(',') }), ...(atRisk && { atRisk }), ...(gap !== null && { gap }), ...(snoozed && { snoozed }), ...(text.trim() !== '' && { text: text.trim() }) } }),
    initialPageParam: {},
    getNextPageParam: ({ next }) => (next === null ? undefined : { query: { cursor: next } }),
    placeholderData: keepPreviousData,
    // Comparing ten thousand rows with those before at each page would stop the scrolling.
    structuralSharing: false,
  });
  const { hasNextPage, isFetching, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const pages = query.data?.pages;
  const items = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  const first = pages?.[0];

  // Others than are shown now are chosen by nobody.
  const shownAs = JSON.stringify({ ...view, sort: '', reverse: false });
  useEffect(() => setChosen(new Set()), [shownAs]);

  const canSnooze = may(session, 'POST /api/v1/customers/:id/snooze');
  const canGive = may(session, 'POST /api/v1/handovers');
  const order = (by: SortOrder): void => change(by === sort ? { reverse: !reverse } : { sort: by, reverse: false });
  const clear = (): void => show({ ...allOf(whose), sort, reverse });

  useKeys(useMemo<Key[]>(() => [
    { keys: 'f', says: t('keys.find'), run: () => field.current?.focus() },
    { keys: 'F', says: t('keys.filters'), run: () => setFiltersOpen((isOpen) => !isOpen) },
  ], [t]));

  const filters = filtersIn(view);
  return (
    <>
      <ScreenHead title={t('title')}>
        <Find value={text} change={(typed) => change({ text: typed })} field={field} />
        <Button variant="default" leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />} onClick={() => setFiltersOpen(!areFiltersOpen)} aria-expanded={areFiltersOpen} aria-controls="portfolio-filters">{t('filters.button', { count: filters })}</Button>
        <ViewsMenu saved={saved} now={searchOf(view, usual)} open={(asked) => show(viewIn(asked, usual))} />
      </ScreenHead>
      <Group mb="sm" gap="sm" justify="space-between">
        <SegmentedControl size="xs" aria-label={t('whose.title')} data={WHOSE.map((value) => ({ value, label: t(`whose.${value}`) }))} value={whose} onChange={(value) => change({ whose: value })} />
        {first !== undefined && (
          <Text size="sm" c="dimmed" role="status">
            {t('count', { count: first.total, shown: sayNumber(first.total) })}
            {first.worth.length > 0 && ` · ${t('worth', { worth: first.worth.map(({ amount, currency }) => sayMoney(amount, currency, true)).join(' + ') })}`}
          </Text>
        )}
      </Group>
      {areFiltersOpen && <FilterPanel view={view} change={change} segments={first?.segments ?? []} />}
      <FiltersInForce view={view} change={change} clear={clear} />
      <Answer query={query} lines={10}>
        {() => items.length === 0
          ? <Nothing view={view} filters={filters} clear={() => show(allOf(whose))} all={() => change({ whose: 'all' })} />
          : <Rows key={shownAs} items={items} total={first!.total} sort={sort} reverse={reverse} order={order} more={more} chosen={chosen} choose={setChosen} snooze={canSnooze ? setSnoozing : undefined} canChoose={canSnooze || canGive} />}
      </Answer>
      {chosen.size > 0 && (
        <Group className={style['bar']} justify="space-between" gap="sm" role="region" aria-label={t('bar.title')}>
          <Text size="sm" fw={600} role="status">{t('bar.chosen', { count: chosen.size })}</Text>
          <Group gap="xs">
            {canGive && <Button size="xs" leftSection={<IconUserShare size={16} aria-hidden />} onClick={() => setGiving(true)}>{t('bar.handOver')}</Button>}
            {canSnooze && <Button size="xs" variant="default" leftSection={<IconZzz size={16} aria-hidden />} onClick={() => setSnoozing(items.filter(({ id }) => chosen.has(id)))}>{t('bar.snooze')}</Button>}
            <Button size="xs" variant="subtle" onClick={() => setChosen(new Set())}>{t('bar.clear')}</Button>
          </Group>
        </Group>
      )}
      {snoozing !== undefined && <SnoozeDialog customers={snoozing} close={() => setSnoozing(undefined)} done={() => setChosen(new Set())} />}
      {isGiving && <HandOver customers={[...chosen]} close={() => setGiving(false)} done={() => setChosen(new Set())} />}
    </>
  );
}

/** Asks when nobody has typed for a moment. */
function Find({ value, change, field }: { readonly value: string; readonly change: (text: string) => void; readonly field: React.RefObject<HTMLInputElement | null> }) {
  const { t } = useTranslation('portfolio');
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  // Another view was opened.
  if (told.current !== value) {
    told.current = value;
    setTyped(value);
  }
  const tell = useDebouncedCallback((text: string) => {
    told.current = text;
    change(text);
  }, 200);
  return <TextInput ref={field} aria-label={t('find')} placeholder={t('find')} leftSection={<IconSearch size={16} aria-hidden />} value={typed} onChange={(event) => { setTyped(event.currentTarget.value); tell(event.currentTarget.value); }} />;
}

/** Why there is nobody, and the way on. */
function Nothing({ view, filters, clear, all }: { readonly view: View; readonly filters: number; readonly clear: () => void; readonly all: () => void }) {
  const { t } = useTranslation('portfolio');
  if (filters > 0 || view.text.trim() !== '') return <Empty title={t('nothing')} action={<Button variant="default" onClick={clear}>{t('nothingClear')}</Button>}>{t('nothingMore')}</Empty>;
  if (view.whose === 'mine') return <Empty title={t('noneMine')} action={<Button variant="default" onClick={all}>{t('showAll')}</Button>}>{t('noneMineMore')}</Empty>;
  return <Empty title={t('empty')}>{t('emptyMore')}</Empty>;
}
