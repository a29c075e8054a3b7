/** All that happened, newest first. Only the rows in sight are in the page; pages come as the reader goes down. */
import { Button, Paper, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { customersEntryOptions, ringsTimelineInfiniteOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { OverviewOverviewResponse, RingsTimelineData } from '../../api/generated/types.gen.js';
import { kindsOptions } from '../../api/kinds.js';
import { sayNumber } from '../../parts/locale.js';
import { Answer, Empty, Loading } from '../../parts/states.js';
import { FILTERS, useAddress } from './address.js';
import style from './customer.module.css';
import { dayAfter, dayOf } from './days.js';
import { FilterBar } from './filters.js';
import { EntryRow, RingChangeRow } from './row.js';
import { rowsOf } from './rows.js';

type Query = NonNullable<RingsTimelineData['query']>;

const PAGE = 200;
/** So many rows from the end the next page is asked for: more than a quick scroll passes in a request's time. */
const AHEAD = 120;
const HEIGHT = 76;

export function Timeline({ customer, stands }: { readonly customer: string; readonly stands: OverviewOverviewResponse }) {
  const { t } = useTranslation('customer');
  const { address, go } = useAddress();
  const { data: catalogue } = useQuery(kindsOptions);
  const { on, known, entry, text, side, group, kind, department, person, channel, about, from, to, all } = address;
  const kinds = kind ?? (group === undefined ? undefined : (catalogue?.items ?? []).filter((one) => one.group === group).map((one) => one.kind).join(','));
  const isKnown = on !== undefined && known !== undefined;
  // A day is asked for up to the beginning of the next one.
  const last = [on, to].filter((day) => day !== undefined).sort()[0];
  const asked = useMemo((): Query => {
    const given = { kind: kinds, side, department, person, channel, offering: about, from, to: last === undefined ? undefined : dayAfter(last), asKnown: isKnown ? on : undefined, text: isKnown ? undefined : text, originals: isKnown || all === undefined ? undefined : true };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ''));
  }, [kinds, side, department, person, channel, about, from, last, isKnown, on, text, all]);
  const query = useInfiniteQuery({
    ...ringsTimelineInfiniteOptions({ path: { id: customer }, query: { limit: PAGE, ...asked } }),
    initialPageParam: { path: { id: customer } },
    getNextPageParam: ({ next }) => (next === null ? undefined : { path: { id: customer }, query: { cursor: next } }),
    placeholderData: keepPreviousData,
    // A group is a list of kinds, which the catalogue has.
    enabled: group === undefined || kind !== undefined || catalogue !== undefined,
  });
  const { fetchNextPage, hasNextPage, isFetchingNextPage, isPlaceholderData } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isPlaceholderData) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage, isPlaceholderData]);
  const isFiltered = FILTERS.some((name) => address[name] !== undefined);
  return (
    <Paper withBorder p="md" component="section" aria-label={t('timeline.title')} id="timeline">
      <Stack gap="sm">
        <Title order={2}>{t('timeline.title')} {!isFiltered && <Text component="span" size="sm" c="dimmed" fw={400}>{t('timeline.count', { count: stands.entries, shown: sayNumber(stands.entries) })}</Text>}</Title>
        <FilterBar stands={stands} />
        <Answer query={query} lines={8}>
          {({ pages }) => (
            <Rows
              key={JSON.stringify([customer, asked])}
              pages={pages}
              total={isFiltered ? undefined : stands.entries}
              isBusy={isFetchingNextPage}
              hasMore={hasNextPage}
              more={more}
              stands={stands}
              open={entry}
              toggle={(one) => go({ entry: one === entry ? undefined : one })}
              empty={isFiltered ? <Empty title={t('timeline.nothing')} action={<Button variant="default" size="sm" onClick={() => go(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}>{t('filters.clear')}</Button>} /> : <Empty title={t('timeline.empty')}>{t('timeline.emptyMore')}</Empty>}
              status={isFiltered && !hasNextPage ? t('timeline.found', { count: pages.reduce((sum, { items }) => sum + items.filter(({ type }) => type === 'entry').length, 0) }) : ''}
            />
          )}
        </Answer>
      </Stack>
    </Paper>
  );
}

interface Given {
  readonly pages: Parameters<typeof rowsOf>[0];
  readonly total: number | undefined;
  readonly isBusy: boolean;
  readonly hasMore: boolean;
  readonly more: () => void;
  readonly stands: OverviewOverviewResponse;
  readonly open: string | undefined;
  readonly toggle: (entry: string) => void;
  readonly empty: React.ReactNode;
  readonly status: string;
}

function Rows({ pages, total, isBusy, hasMore, more, stands, open, toggle, empty, status }: Given) {
  const { t } = useTranslation('customer');
  const rows = useMemo(() => rowsOf(pages), [pages]);
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  // Whatever opens above the list moves it.
  useLayoutEffect(() => {
    const measure = (): void => setTop(Math.round((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY));
    measure();
    const observer = new ResizeObserver(measure);
    for (let above = list.current?.parentElement; above != null; above = above.parentElement) for (const sibling of above.children) if (!sibling.contains(list.current)) observer.observe(sibling);
    return () => observer.disconnect();
  }, []);
  // The same functions as long as the rows are the same: new ones have every row of the list worked out anew.
  const estimateSize = useCallback((index: number) => HEIGHT + (rows[index]?.day == null ? 0 : 36), [rows]);
  const getItemKey = useCallback((index: number) => rows[index]?.key ?? index, [rows]);
  const virtual = useWindowVirtualizer({ count: rows.length, estimateSize, overscan: 8, scrollMargin: top, getItemKey });
  const seen = virtual.getVirtualItems();
  const last = seen.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last > rows.length - AHEAD) more();
  }, [last, rows.length, more]);

  const stable = useRef(toggle);
  stable.current = toggle;
  const toggleOne = useCallback((entry: string) => stable.current(entry), []);
  // An entry that the address names: shown where it stands when it is among those read, else above all.
  const place = open === undefined ? -1 : rows.findIndex(({ key }) => key === open);
  const went = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (open === undefined || went.current === open || place < 0) return;
    const isSeen = document.querySelector(`[data-key="${CSS.escape(open)}"]`)?.getBoundingClientRect();
    went.current = open;
    if (isSeen !== undefined && isSeen.top >= 56 && isSeen.bottom <= window.innerHeight) return;
    virtual.scrollToIndex(place, { align: 'center' });
  }, [open, place, virtual]);

  const keyed = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const from = (event.target as HTMLElement).dataset['row'];
    if (step === 0 || from === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(rows.length - 1, Number(from) + step));
    list.current?.querySelector<HTMLElement>(`[data-row="${to}"]`)?.focus();
  };

  return (
    <>
      <Text size="sm" c="dimmed" role="status" className={status === '' ? style['silent'] : undefined}>{status}</Text>
      {open !== undefined && place < 0 && <Pinned customer={stands.id} entry={open} stands={stands} close={() => toggle(open)} />}
      {rows.length === 0 && empty}
      <div ref={list} role="feed" aria-label={t('timeline.title')} aria-busy={isBusy} className={style['feed']} style={{ height: virtual.getTotalSize() }} onKeyDown={keyed}>
        {seen.map(({ index, start, key }) => {
          const { item, day, late } = rows[index]!;
          return (
            <div key={key} role="article" aria-posinset={index + 1} aria-setsize={hasMore || total === undefined ? -1 : rows.length} aria-labelledby={`row-${index}`} data-index={index} data-key={key} ref={virtual.measureElement} className={style['row']} style={{ transform: `translateY(${start - top}px)` }}>
              {item.type === 'entry' ? <EntryRow entry={item} index={index} day={day} late={late} isOpen={item.id === open} toggle={toggleOne} stands={stands} /> : <RingChangeRow change={item} index={index} day={day} />}
            </div>
          );
        })}
      </div>
      {hasMore && <Loading lines={2} />}
    </>
  );
}

/** An entry that a link leads to and that lies further down than was read. */
function Pinned({ customer, entry, stands, close }: { readonly customer: string; readonly entry: string; readonly stands: OverviewOverviewResponse; readonly close: () => void }) {
  const { t } = useTranslation('customer');
  const { go } = useAddress();
  const query = useQuery(customersEntryOptions({ path: { id: customer, interaction: entry } }));
  return (
    <div className={style['pinned']}>
      <Text size="xs" fw={600} c="dimmed">{t('timeline.pinned')}</Text>
      <Answer query={query} lines={3}>
        {(data) => (
          <>
            <EntryRow entry={{ type: 'entry', ...data } as never} index={-1} day={data.occurredAt} late={null} isOpen toggle={close} stands={stands} />
            <Button size="compact-xs" variant="default" onClick={() => go({ ...Object.fromEntries(FILTERS.map((name) => [name, undefined])), to: dayOf(data.occurredAt) })}>{t('timeline.around')}</Button>
          </>
        )}
      </Answer>
    </div>
  );
}

