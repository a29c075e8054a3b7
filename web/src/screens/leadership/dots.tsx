import style from './leadership.module.css';

/** A set of rings lit, such as "1+2+4", as five circles; full is lit. Say it in words beside it. */
export function Dots({ group }: { readonly group: string }) {
  const lit = new Set(group === 'none' ? [] : group.split('+').map(Number));
  return (
    <svg width="84" height="16" viewBox="0 0 84 16" className={style['dots']} aria-hidden>
      {[1, 2, 3, 4, 5].map((ring) => <circle key={ring} cx={ring * 16 - 6} cy="8" r={lit.has(ring) ? 6 : 5.4} fill={lit.has(ring) ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth="1.1" />)}
    </svg>
  );
}
