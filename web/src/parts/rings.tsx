/**
 * The five rings. Each state has a form of its own, so that it is told without colour: lit is full, at risk is full with gaps
 * (small: half full), out is a broken line with a cross, not due a thin line with a bar, not reached a thin line, nothing recorded dots.
 */
import { arc } from 'd3-shape';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ring as ApiRing } from '../api/generated/types.gen.js';
import { texts } from '../app/texts.js';
import style from './rings.module.css';

export type RingNumber = 1 | 2 | 3 | 4 | 5;
export type RingStateName = ApiRing['state'];
export interface RingOf {
  readonly ring: number;
  readonly state: RingStateName;
}

const classOf = (state: RingStateName): string => style[state.replaceAll(' ', '-')]!;

/** "4 of 5, missing Contact": `says` of the API, or made from what is lit and missing. */
export function useRingsSay(): (rings: readonly RingOf[], gaps?: readonly number[]) => string {
  const { t } = useTranslation('parts');
  return (rings, gaps = []) =>
    t('rings.says', {
      lit: rings.filter(({ state }) => state === 'lit' || state === 'at risk').length,
      missing: gaps.length === 0 ? '' : t('rings.missing', { rings: gaps.map((ring) => t(`rings.names.${ring}`)).join(t('rings.and')) }),
    });
}

/** One state as a sign of 14 by 14. For legends and beside words. */
export function RingSign({ state }: { readonly state: RingStateName }) {
  return (
    <svg width="16" height="16" viewBox="0 0 14 14" className={classOf(state)} aria-hidden>
      <Sign state={state} />
    </svg>
  );
}

function Sign({ state }: { readonly state: RingStateName }) {
  const ring = { cx: 7, cy: 7, fill: 'none', stroke: 'currentColor' } as const;
  switch (state) {
    case 'lit':
      return <circle cx="7" cy="7" r="6" fill="currentColor" />;
    case 'at risk':
      return (
        <>
          <circle {...ring} r="5.2" strokeWidth="1.6" />
          <path d="M7 1.8 A5.2 5.2 0 0 0 7 12.2 Z" fill="currentColor" />
        </>
      );
    case 'out':
      return (
        <>
          <circle {...ring} r="5.4" strokeWidth="1.2" strokeDasharray="2.4 1.8" />
          <path d="M4.6 4.6 9.4 9.4 M9.4 4.6 4.6 9.4" stroke="currentColor" strokeWidth="1.7" />
        </>
      );
    case 'not due':
      return (
        <>
          <circle {...ring} r="5.4" strokeWidth="1.1" />
          <path d="M4 7 H10" stroke="currentColor" strokeWidth="1.5" />
        </>
      );
    case 'not reached':
      return <circle {...ring} r="5.4" strokeWidth="1.1" />;
    case 'nothing recorded':
      return <circle {...ring} r="5.4" strokeWidth="1.4" strokeLinecap="round" strokeDasharray="0.1 3.3" />;
  }
}

const SIGN = 16;
const APART = 19;

/** The picture of five states: there are few different ones, and lists show thousands. Made once for each. */
const pictures = new Map<string, ReactNode>();
function pictureOf(states: readonly RingStateName[]): ReactNode {
  const which = states.join();
  const made = pictures.get(which);
  if (made !== undefined) return made;
  const width = states.length * APART - (APART - SIGN);
  const picture = (
    <svg width={width} height={SIGN} viewBox={`0 0 ${width} ${SIGN}`} aria-hidden>
      {states.map((state, at) => <g key={at} className={classOf(state)} transform={`translate(${at * APART} 0) scale(${SIGN / 14})`}><Sign state={state} /></g>)}
    </svg>
  );
  pictures.set(which, picture);
  return picture;
}

/** What is said of so many states; the language of a page stays what it is. */
const sentences = new Map<string, readonly string[]>();

/** Five signs in a row, for lists. Read as one picture: "4 of 5, missing Contact. Contact: out, …". */
export function RingsSmall({ rings, says }: { readonly rings: readonly RingOf[]; readonly says?: string }) {
  const each = rings.every(({ ring }, at) => at === 0 || ring > rings[at - 1]!.ring) ? rings : [...rings].sort((a, b) => a.ring - b.ring);
  const which = each.map(({ ring, state }) => `${ring}${state}`).join();
  const spoken = sentences.get(which) ?? each.map(({ ring, state }) => texts.t('rings.one', { ns: 'parts', name: texts.t(`rings.names.${ring}`, { ns: 'parts' }), state: texts.t(`rings.states.${state}`, { ns: 'parts' }) }));
  sentences.set(which, spoken);
  return (
    <span className={style['small']} role="img" aria-label={says === undefined ? spoken.join(', ') : `${says}. ${spoken.join(', ')}`} title={spoken.join('\n')}>
      {pictureOf(each.map(({ state }) => state))}
    </span>
  );
}

const SIZE = 340;
const INNER = 22;
const PITCH = 28;
const BAND = 21;
const band = arc<{ readonly inner: number; readonly outer: number; readonly from: number; readonly to: number }>().innerRadius(({ inner }) => inner).outerRadius(({ outer }) => outer).startAngle(({ from }) => from).endAngle(({ to }) => to);
const TURN = 2 * Math.PI;

const radii = (ring: number): { readonly inner: number; readonly outer: number } => ({ inner: INNER + (ring - 1) * PITCH, outer: INNER + (ring - 1) * PITCH + BAND });

/** Pieces of a whole turn with gaps between them; both in pixels along the middle of the band. */
function dashes(ring: number, length: number, gap: number): string {
  const { inner, outer } = radii(ring);
  const around = Math.PI * (inner + outer);
  const count = Math.max(3, Math.round(around / (length + gap)));
  const share = length / (length + gap);
  return Array.from({ length: count }, (_, piece) => band({ inner, outer, from: (piece / count) * TURN, to: ((piece + share) / count) * TURN })).join('');
}

function Band({ ring, state, pattern }: { readonly ring: number; readonly state: RingStateName; readonly pattern: string }) {
  const { inner, outer } = radii(ring);
  const whole = band({ inner, outer, from: 0, to: TURN }) ?? '';
  const middle = (inner + outer) / 2;
  const line = { r: middle, fill: 'none', stroke: 'currentColor' } as const;
  switch (state) {
    case 'lit':
      return <path d={whole} fill="currentColor" />;
    case 'at risk':
      return (
        <>
          <path d={whole} fill={`url(#${pattern})`} />
          <path d={whole} fill="none" stroke="currentColor" strokeWidth="1.5" />
        </>
      );
    case 'out':
      return <path d={dashes(ring, 13, 7)} fill="none" stroke="currentColor" strokeWidth="1.6" />;
    case 'not due':
      return (
        <>
          <path d={whole} fill="none" stroke="currentColor" strokeWidth="1" />
          <circle {...line} strokeWidth="1.6" strokeDasharray="10 6" />
        </>
      );
    case 'not reached':
      return <path d={whole} fill="none" stroke="currentColor" strokeWidth="1" />;
    case 'nothing recorded':
      return <circle {...line} strokeWidth="2.6" strokeLinecap="round" strokeDasharray="0.1 9" />;
  }
}

/**
 * The five as concentric rings, Contact within and Advocacy without. A picture with a text; what a click on a ring does must also
 * be reachable by a list of the rings beside it.
 */
export function RingsLarge({ rings, name, chosen, choose }: { readonly rings: readonly RingOf[]; readonly name: string; readonly chosen?: number | null; readonly choose?: (ring: RingNumber) => void }) {
  const { t } = useTranslation('parts');
  const pattern = `hatch-${useId().replaceAll(':', '')}`;
  const each = [...rings].sort((a, b) => b.ring - a.ring);
  const spoken = [...each].reverse().map(({ ring, state }) => t('rings.one', { name: t(`rings.names.${ring}`), state: t(`rings.states.${state}`) })).join(', ');
  return (
    <svg viewBox={`0 0 ${SIZE} ${SIZE}`} className={style['large']} role="img" aria-label={`${t('rings.of', { name })}: ${spoken}`}>
      <defs>
        <pattern id={pattern} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" className={classOf('at risk')}>
          <rect width="3.6" height="7" fill="currentColor" />
        </pattern>
      </defs>
      <g transform={`translate(${SIZE / 2} ${SIZE / 2})`}>
        {each.map(({ ring, state }) => {
          const { inner, outer } = radii(ring);
          const middle = (inner + outer) / 2;
          return (
            <g key={ring} className={`${classOf(state)} ${choose === undefined ? '' : style['clickable']}`} onClick={() => choose?.(ring as RingNumber)}>
              <title>{t('rings.one', { name: t(`rings.names.${ring}`), state: t(`rings.states.${state}`) })}</title>
              {/* All of the band takes the click, not only what is painted. */}
              <path d={band({ inner, outer, from: 0, to: TURN }) ?? ''} fill="transparent" />
              <g className={style['band']}><Band ring={ring} state={state} pattern={pattern} /></g>
              {chosen === ring && <path d={band({ inner: inner - 2, outer: outer + 2, from: 0, to: TURN }) ?? ''} className={style['chosen']} />}
              <circle cx="0" cy={-middle} r="9" className={style['plate']} />
              <text x="0" y={-middle} className={style['number']}>{ring}</text>
              {state === 'out' && <path d={`M-5 ${middle - 5} L5 ${middle + 5} M5 ${middle - 5} L-5 ${middle + 5}`} stroke="currentColor" strokeWidth="2.4" />}
            </g>
          );
        })}
      </g>
    </svg>
  );
}
