/** The journey over time: a row for each ring with its periods as bars, and a day that can be moved along them. */
import { Text } from '@mantine/core';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { RingsJourneyResponse } from '../../api/generated/types.gen.js';
import { sayDate, sayDay } from '../../parts/locale.js';
import { RingSign, useRingsSay } from '../../parts/rings.js';
import type { Address } from './address.js';
import style from './customer.module.css';
import { DAY_MS, dayOf, dayWith, numberOf } from './days.js';

type Spell = RingsJourneyResponse['spells'][number];

const RINGS = [5, 4, 3, 2, 1] as const;
/** While the pointer moves the page follows this much later. */
const FOLLOW_MS = 140;
const PAGE_DAYS = 30;
/** The axis goes on into the future by at most this share of the past. */
const FUTURE = 0.25;
const MONTHS = new Intl.DateTimeFormat(navigator.language, { month: 'short', year: 'numeric' });

interface Axis {
  readonly start: number;
  readonly now: number;
  readonly end: number;
}

function axisOf(spells: readonly Spell[], firstEntry: string | null): Axis {
  const now = Date.now();
  const begins = [...spells.map(({ from }) => Date.parse(from)), ...(firstEntry === null ? [] : [Date.parse(firstEntry)])];
  const start = begins.reduce((a, b) => Math.min(a, b), now - 90 * DAY_MS);
  const ends = spells.map(({ to }) => (to === null ? now : Date.parse(to))).reduce((a, b) => Math.max(a, b), now);
  return { start, now, end: Math.max(now + 14 * DAY_MS, Math.min(ends, now + Math.max(90 * DAY_MS, (now - start) * FUTURE))) };
}

/** Starts of years, quarters or months, so that about six stand on the axis. */
function ticksOf({ start, end }: Axis): { readonly at: number; readonly label: string }[] {
  const months = (end - start) / (30.4 * DAY_MS);
  const step = months > 144 ? 36 : months > 60 ? 12 : months > 30 ? 6 : months > 12 ? 3 : months > 5 ? 2 : 1;
  const first = new Date(start);
  const ticks = [];
  for (let month = Math.ceil(first.getMonth() / step) * step; ; month += step) {
    const at = new Date(first.getFullYear(), month, 1);
    if (at.getTime() > end) return ticks;
    if (at.getTime() >= start) ticks.push({ at: at.getTime(), label: step % 12 === 0 ? String(at.getFullYear()) : MONTHS.format(at) });
  }
}

interface Given {
  readonly journey: RingsJourneyResponse;
  /** As it was on the day. */
  readonly then: RingsJourneyResponse | undefined;
  readonly firstEntry: string | null;
  readonly on: string | undefined;
  readonly go: (change: Partial<Record<keyof Address, string | undefined>>) => void;
}

export function Band({ journey, then, firstEntry, on, go }: Given) {
  const { t } = useTranslation('customer');
  const parts = useTranslation('parts').t;
  const ringsSay = useRingsSay();
  const first = useRef<string | null>(firstEntry);
  // On a past day the first entry is that of the day's knowledge; the axis stays as it is.
  if (firstEntry !== null && (first.current === null || firstEntry < first.current)) first.current = firstEntry;
  const axis = useMemo(() => axisOf(journey.spells, first.current), [journey.spells, firstEntry]); // eslint-disable-line react-hooks/exhaustive-deps -- the ref follows firstEntry
  const ticks = useMemo(() => ticksOf(axis), [axis]);
  const today = numberOf(dayOf(axis.now));
  const least = numberOf(dayOf(axis.start));
  const [moving, setMoving] = useState<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const chosen = moving ?? (on === undefined ? today : Math.min(today, Math.max(least, numberOf(on))));
  const addressOf = (number: number): string | undefined => (number >= today ? undefined : dayWith(number));
  const shown = useRef(on);
  shown.current = on;
  // The page has followed to where the day is. Until then, and while the pointer is further on already, the day stays under it.
  useEffect(() => setMoving((number) => (number === null || addressOf(number) === on ? null : number)), [on]); // eslint-disable-line react-hooks/exhaustive-deps -- the address alone
  useEffect(() => () => clearTimeout(timer.current), []);

  const part = (at: number): number => ((at - axis.start) / (axis.end - axis.start)) * 100;
  const choose = (number: number, isAtOnce: boolean): void => {
    const day = Math.min(today, Math.max(least, number));
    setMoving(day);
    clearTimeout(timer.current);
    const follow = (): void => {
      const to = addressOf(day);
      if (to === shown.current) setMoving(null);
      else go(to === undefined ? { on: undefined, known: undefined } : { on: to });
    };
    if (isAtOnce) follow();
    else timer.current = setTimeout(follow, FOLLOW_MS);
  };
  const track = useRef<HTMLDivElement>(null);
  const under = (event: PointerEvent): number => {
    const { left, width } = track.current!.getBoundingClientRect();
    return numberOf(dayOf(axis.start + ((event.clientX - left) / width) * (axis.end - axis.start)));
  };
  const keyed = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowLeft: chosen - 1, ArrowDown: chosen - 1, ArrowRight: chosen + 1, ArrowUp: chosen + 1, PageDown: chosen - PAGE_DAYS, PageUp: chosen + PAGE_DAYS, Home: least, End: today };
    const to = steps[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    choose(to, false);
  };
  const day = dayWith(chosen);
  const at = chosen >= today ? axis.now : Math.min(axis.now, Date.parse(`${day}T00:00:00`) + DAY_MS);
  const says = chosen >= today ? t('band.now') : sayDay(day);
  const spoken = then === undefined ? says : t('band.spoken', { day: says, rings: ringsSay(then.rings, then.gaps) });
  return (
    <>
      <div className={style['band']}>
        <div className={style['labels']} aria-hidden>{RINGS.map((ring) => <span key={ring}>{parts(`rings.names.${ring}`)}</span>)}</div>
        <div className={style['tracks']} ref={track}>
          <div aria-hidden>
            {ticks.map((tick) => <span key={tick.at} className={style['tick']} style={{ left: `${part(tick.at)}%` }}>{part(tick.at) < 92 && <i>{tick.label}</i>}</span>)}
            {RINGS.map((ring) => (
              <div key={ring} className={style['track']}>
                {journey.spells.filter((spell) => spell.ring === ring && Date.parse(spell.from) < axis.end).map((spell) => <Bar key={spell.from} spell={spell} axis={axis} part={part} at={at} />)}
              </div>
            ))}
            <span className={style['nowLine']} style={{ left: `${part(axis.now)}%` }} />
          </div>
          <div
            id="journey-day"
            role="slider"
            tabIndex={0}
            className={style['slider']}
            aria-label={t('band.slider')}
            aria-valuemin={least}
            aria-valuemax={today}
            aria-valuenow={chosen}
            aria-valuetext={spoken}
            onKeyDown={keyed}
            onPointerDown={(event) => {
              if (event.button !== 0) return;
              event.currentTarget.setPointerCapture(event.pointerId);
              choose(under(event), false);
            }}
            onPointerMove={(event) => {
              if (event.currentTarget.hasPointerCapture(event.pointerId)) choose(under(event), false);
            }}
          >
            <span className={style['handle']} style={{ left: `${part(at)}%` }} data-past={chosen < today} data-late={part(at) > 70}><b>{says}</b></span>
          </div>
        </div>
      </div>
      <Text size="xs" c="dimmed" mt={4} className={style['bandHint']}>{t('band.hint')}</Text>
      <details className={style['more']}>
        <summary>{t('band.words')}</summary>
        <ul className={style['periods']}>
          {journey.spells.length === 0 && <li>{t('band.none')}</li>}
          {journey.spells.map((spell) => {
            const isOpen = spell.to === null || Date.parse(spell.to) > axis.now;
            return (
              <li key={`${spell.ring} ${spell.from}`}>
                <RingSign state={isOpen ? 'lit' : 'out'} />
                <span>{t(spell.to === null ? 'band.always' : isOpen ? 'band.open' : 'band.over', { ring: parts(`rings.names.${spell.ring}`), from: sayDate(spell.from), to: spell.to === null ? '' : sayDate(spell.to), cause: spell.cause === null ? '' : t(`parts:causes.${spell.cause}`) })}{spell.marked !== undefined && ` (${t(`band.${spell.marked}`)})`}</span>
              </li>
            );
          })}
        </ul>
      </details>
    </>
  );
}

/** What was, full; what comes if nothing more happens, an outline. A bar that ended within the axis has an end that is cut. */
function Bar({ spell, axis, part, at }: { readonly spell: Spell; readonly axis: Axis; readonly part: (at: number) => number; readonly at: number }) {
  const from = Date.parse(spell.from);
  const to = Math.min(axis.end, spell.to === null ? axis.end : Date.parse(spell.to));
  const past = Math.min(to, axis.now);
  return (
    <>
      {from < axis.now && <span className={style['bar']} data-after={from >= at} data-marked={spell.marked} data-ended={past === to} style={{ left: `${part(from)}%`, width: `${Math.max(0.4, part(past) - part(from))}%` }} />}
      {to > axis.now && <span className={style['coming']} data-ended={spell.to !== null && to < axis.end} style={{ left: `${part(Math.max(from, axis.now))}%`, width: `${part(to) - part(Math.max(from, axis.now))}%` }} />}
    </>
  );
}
