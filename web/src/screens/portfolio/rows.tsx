/**
 * The customers as a grid: only the rows in sight are in the page, to a screen reader it has them all. All of it works by keyboard.
 * Rows are plain markup with words looked up once: a quick scroll draws twenty in each frame.
 */
import { useNavigate } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { IconArrowDown, IconArrowUp, IconZzz } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { PortfolioPortfolioResponse } from '../../api/generated/types.gen.js';
import { useKeys, type Key } from '../../app/keys.js';
import { sayDate } from '../../parts/locale.js';
import { Money } from '../../parts/money.js';
import { RingsSmall } from '../../parts/rings.js';
import { Days, Since, When } from '../../parts/when.js';
import style from './portfolio.module.css';
import type { SortOrder } from './view.js';

export type Customer = PortfolioPortfolioResponse['items'][number];

const ROW = 68;
/** What stands over the page's upper edge: header and heads. */
const COVERED = 56 + 36;
/** So many rows before the end of what is there the next page is asked for: more than a quick scroll passes in a request's time. */
const AHEAD = 400;
const PAGE_OF_ROWS = 10;

const COLUMNS: readonly { readonly name: 'customer' | 'rings' | 'worth' | 'next' | 'contact' | 'attention'; readonly sort: SortOrder; readonly descending: boolean }[] = [
  { name: 'customer', sort: 'name', descending: false },
  { name: 'rings', sort: 'depth', descending: true },
  { name: 'worth', sort: 'worth', descending: true },
  { name: 'next', sort: 'next', descending: false },
  { name: 'contact', sort: 'last-contact', descending: false },
  { name: 'attention', sort: 'attention', descending: true },
];

/** Where one was: back from a customer, the keyboard goes on from there. */
let lastAt: string | undefined;

interface Given {
  readonly items: readonly Customer[];
  readonly total: number;
  readonly sort: SortOrder;
  readonly reverse: boolean;
  readonly order: (sort: SortOrder) => void;
  readonly more: () => void;
  readonly chosen: ReadonlySet<string>;
  readonly choose: (chosen: ReadonlySet<string>) => void;
  /** Opens the dialog; undefined for who may not. */
  readonly snooze: ((customers: readonly Customer[]) => void) | undefined;
  /** Whether rows can be chosen at all: for handing over. */
  readonly canChoose: boolean;
}

export function Rows({ items, total, sort, reverse, order, more, chosen, choose, snooze, canChoose }: Given) {
  const { t } = useTranslation('portfolio');
  const navigate = useNavigate();
  const grid = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const place = (): void => setTop((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    place();
    // What stands above may change its height.
    const watch = new ResizeObserver(place);
    watch.observe(document.body);
    return () => watch.disconnect();
  }, []);
  const rows = useWindowVirtualizer({ count: total, estimateSize: () => ROW, overscan: 10, scrollMargin: top, scrollPaddingStart: COVERED, scrollPaddingEnd: 80 });
  const seen = rows.getVirtualItems();
  const last = seen.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last > items.length - AHEAD) more();
  }, [last, items.length, more]);

  const [at, setAt] = useState(() => Math.max(0, items.findIndex(({ id }) => id === lastAt)));
  const active = Math.min(at, total - 1);
  /** From where shift and an arrow choose. */
  const anchor = useRef<{ readonly at: number; readonly before: ReadonlySet<string> } | undefined>(undefined);
  lastAt = items[active]?.id;

  const go = useCallback((to: number): void => {
    const next = Math.max(0, Math.min(total - 1, to));
    setAt(next);
    rows.scrollToIndex(next, { align: 'auto' });
    grid.current?.focus({ preventScroll: true });
  }, [rows, total]);
  const open = (index: number): void => {
    const id = items[index]?.id;
    if (id !== undefined) void navigate({ to: `/customers/${id}` });
  };
  const follow = useCallback((event: MouseEvent<HTMLAnchorElement>): void => {
    // A new tab or window is the browser's to open.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void navigate({ to: event.currentTarget.pathname });
  }, [navigate]);
  const toggle = useCallback((index: number): void => {
    const id = items[index]?.id;
    if (id === undefined || !canChoose) return;
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    choose(next);
    setAt(index);
    anchor.current = { at: index, before: next };
  }, [items, chosen, choose, canChoose]);
  const stretch = (to: number): void => {
    const next = Math.max(0, Math.min(total - 1, to));
    const from = anchor.current ?? (anchor.current = { at: active, before: chosen });
    if (canChoose) choose(new Set([...from.before, ...items.slice(Math.min(from.at, next), Math.max(from.at, next) + 1).map(({ id }) => id)]));
    go(next);
  };
  const snoozeAt = useCallback((index: number): void => {
    const one = items[index];
    if (snooze === undefined) return;
    if (chosen.size > 0) snooze(items.filter(({ id }) => chosen.has(id)));
    else if (one !== undefined) snooze([one]);
  }, [items, chosen, snooze]);
  const snoozeOne = useCallback((customer: Customer): void => snooze?.([customer]), [snooze]);

  useKeys(useMemo<Key[]>(() => [
    { keys: 'j', says: t('keys.down'), run: () => go(document.activeElement === grid.current ? active + 1 : active) },
    { keys: 'k', says: t('keys.up'), run: () => go(document.activeElement === grid.current ? active - 1 : active) },
    ...(canChoose ? [{ keys: 'x', says: t('keys.choose'), run: () => toggle(active) }] : []),
    ...(snooze === undefined ? [] : [{ keys: 's', says: t('keys.snooze'), run: () => snoozeAt(active) }]),
  ], [t, go, active, canChoose, toggle, snooze, snoozeAt]));

  const pressed = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.altKey) return;
    const isAll = event.key === 'a' && (event.ctrlKey || event.metaKey);
    if ((event.ctrlKey || event.metaKey) && !isAll) return;
    const to = ({ ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + PAGE_OF_ROWS, PageUp: active - PAGE_OF_ROWS, Home: 0, End: total - 1 } as Readonly<Record<string, number>>)[event.key];
    if (to !== undefined) {
      if (event.shiftKey) stretch(to);
      else {
        anchor.current = undefined;
        go(to);
      }
    } else if (event.key === 'Enter') open(active);
    else if (event.key === ' ') toggle(active);
    else if (isAll && canChoose) choose(new Set(items.map(({ id }) => id)));
    else if (event.key === 'Escape' && chosen.size > 0) choose(new Set());
    else return;
    event.preventDefault();
  };

  const words = useMemo(() => wordsOf(t), [t]);
  return (
    <div role="grid" ref={grid} tabIndex={0} aria-label={t('title')} aria-rowcount={total + 1} aria-multiselectable={canChoose || undefined} aria-activedescendant={total > 0 ? `customer-${active}` : undefined} className={style['table']} onKeyDown={pressed}>
      <Heads items={items} sort={sort} reverse={reverse} order={order} chosen={chosen} choose={choose} canChoose={canChoose} />
      <div role="rowgroup" ref={list} style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {seen.map(({ index, start }) => (
          <Row key={items[index]?.id ?? index} index={index} customer={items[index]} y={start - top} isActive={index === active} isChosen={chosen.has(items[index]?.id ?? '')} canChoose={canChoose} t={t} words={words} follow={follow} toggle={toggle} snooze={snooze === undefined ? undefined : snoozeOne} />
        ))}
      </div>
    </div>
  );
}

const Heads = memo(function Heads({ items, sort, reverse, order, chosen, choose, canChoose }: Pick<Given, 'items' | 'sort' | 'reverse' | 'order' | 'chosen' | 'choose' | 'canChoose'>) {
  const { t } = useTranslation('portfolio');
  const isAll = items.length > 0 && items.every(({ id }) => chosen.has(id));
  return (
    <div role="rowgroup" className={style['heads']}>
      <div role="row" aria-rowindex={1} className={`${style['row']} ${style['head']} ${canChoose ? '' : style['plain']}`}>
        {canChoose && <span role="columnheader" className={style['choice']}><input type="checkbox" className={style['check']} aria-label={t('chooseAll', { count: items.length })} checked={isAll} onChange={() => choose(new Set(isAll ? [] : items.map(({ id }) => id)))} /></span>}
        {COLUMNS.map(({ name, sort: by, descending }) => {
          const isDown = descending !== reverse;
          return (
            <span key={name} role="columnheader" className={style[name]} aria-sort={sort === by ? (isDown ? 'descending' : 'ascending') : undefined}>
              <button type="button" className={style['order']} onClick={() => order(by)}>
                {t(`heads.${name}`)}
                {sort === by && (isDown ? <IconArrowDown size={14} aria-hidden /> : <IconArrowUp size={14} aria-hidden />)}
              </button>
            </span>
          );
        })}
        <span role="columnheader" className={style['act']} aria-label={t('heads.act')} />
      </div>
    </div>
  );
});

const WORDS = ['waiting', 'unnamed', 'nobody', 'never', 'none', 'step', 'decision', 'calm', 'since', 'worthUnknown', 'snoozeKey'] as const;
type Words = Readonly<Record<(typeof WORDS)[number], string>>;
const wordsOf = (t: (key: (typeof WORDS)[number]) => string): Words => Object.fromEntries(WORDS.map((word) => [word, t(word)])) as Words;

interface RowGiven {
  readonly index: number;
  /** Undefined while it is on its way. */
  readonly customer: Customer | undefined;
  readonly y: number;
  readonly isActive: boolean;
  readonly isChosen: boolean;
  readonly canChoose: boolean;
  readonly t: TFunction<'portfolio'>;
  readonly words: Words;
  readonly follow: (event: MouseEvent<HTMLAnchorElement>) => void;
  readonly toggle: (index: number) => void;
  readonly snooze: ((customer: Customer) => void) | undefined;
}

const Row = memo(function Row({ index, customer, y, isActive, isChosen, canChoose, t, words, follow, toggle, snooze }: RowGiven) {
  const classes = `${style['row']} ${style['body']}${canChoose ? '' : ` ${style['plain']}`}${isActive ? ` ${style['active']}` : ''}${isChosen ? ` ${style['chosen']}` : ''}`;
  const common = { id: `customer-${index}`, role: 'row', 'aria-rowindex': index + 2, className: classes, style: { transform: `translateY(${y}px)` } } as const;
  if (customer === undefined) return <div {...common} aria-busy><span role="gridcell" className={style['waiting']} aria-label={words.waiting} /></div>;
  const { id, name, segment, owner, rings, says, worth, lastContact, nextStep, nextDecision, attention, snoozes } = customer;
  const isStep = nextStep !== null && (nextDecision === null || nextStep <= nextDecision);
  const next = isStep ? nextStep : nextDecision;
  const [reason, ...others] = attention;
  const shown = name ?? words.unnamed;
  const until = snoozes[0]?.until;
  const why = reason !== undefined
    ? <><span className={style['why']}>{reason.says}</span><span className={style['more']}>{words.since} <Since at={reason.since} />{others.length > 0 && ` · ${t('others', { count: others.length })}`}</span></>
    : until !== undefined ? <span className={style['faint']}><IconZzz size={14} aria-hidden /> {t('snoozed', { until: sayDate(until) })}</span> : <span className={style['faint']}>{words.calm}</span>;
  return (
    <div {...common} aria-selected={canChoose ? isChosen : undefined}>
      {canChoose && <span role="gridcell" className={style['choice']}><input type="checkbox" tabIndex={-1} className={style['check']} aria-label={t('choose', { name: shown })} checked={isChosen} onChange={() => toggle(index)} /></span>}
      <span role="gridcell" className={style['customer']}>
        <a href={`/customers/${id}`} tabIndex={-1} className={style['name']} onClick={follow}>{shown}</a>
        <span className={style['more']}>{[segment, owner?.name ?? owner?.id ?? words.nobody].filter((part) => part != null).join(' · ')}</span>
        {reason !== undefined && <span className={style['short']}>{reason.says}</span>}
      </span>
      <span role="gridcell" className={style['rings']}>
        <RingsSmall rings={rings} />
        <span className={style['more']} title={says}>{says}</span>
      </span>
      <span role="gridcell" className={style['worth']}>
        {worth.length === 0 ? <span className={style['faint']} title={words.worthUnknown}>–</span> : worth.map(({ amount, currency }) => <span key={currency} className={style['line']}><Money amount={amount} currency={currency} whole /></span>)}
      </span>
      <span role="gridcell" className={style['next']}>
        {next === null ? <span className={style['faint']}>{words.none}</span> : <><span className={style['line']}><Days at={next} /></span><span className={style['more']}>{isStep ? words.step : words.decision}</span></>}
      </span>
      <span role="gridcell" className={style['contact']}><When at={lastContact} none={words.never} /></span>
      <span role="gridcell" className={style['attention']}>{why}</span>
      <span role="gridcell" className={style['act']}>
        {snooze !== undefined && <button type="button" tabIndex={-1} className={style['sleep']} aria-label={t('snoozeOne', { name: shown })} title={words.snoozeKey} onClick={() => snooze(customer)}><IconZzz size={16} aria-hidden /></button>}
      </span>
    </div>
  );
});
