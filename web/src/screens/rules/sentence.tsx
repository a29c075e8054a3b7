import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rules } from '../../../../src/rings/rules.js';
import { typedNumber, valueAt, type Piece } from './draft.js';
import style from './rules.module.css';

/** A sentence of the rules whose numbers are fields. `set` missing: only read. What is wrong with a number stands behind it. */
export function Sentence({ rules, pieces, problems, set }: { readonly rules: Rules; readonly pieces: readonly Piece[]; readonly problems: Readonly<Record<string, string>>; readonly set?: (path: string, value: unknown) => void }) {
  return (
    <p className={style['sentence']}>
      {pieces.map((piece, index) => ('text' in piece ? <span key={index}>{piece.text}</span> : set === undefined ? <strong key={index}>{String(valueAt(rules, piece.field))}</strong> : <InlineNumber key={index} field={piece.field} value={valueAt(rules, piece.field)} problem={problems[piece.field]} set={set} />))}
    </p>
  );
}

function InlineNumber({ field, value, problem, set }: { readonly field: string; readonly value: unknown; readonly problem: string | undefined; readonly set: (path: string, value: unknown) => void }) {
  const { t } = useTranslation('rules');
  const id = useId();
  const text = String(value);
  const step = (by: number): void => {
    if (typeof value === 'number' && Number.isInteger(value)) set(field, Math.max(0, value + by));
  };
  return (
    <>
      <input
        className={style['number']}
        type="text"
        inputMode="numeric"
        autoComplete="off"
        spellCheck={false}
        aria-label={t(`fields.${field.replace('.', '-')}`)}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : id}
        style={{ width: `${Math.max(3, text.length + 1.5)}ch` }}
        value={text}
        onChange={(event) => set(field, typedNumber(event.currentTarget.value))}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          step(event.key === 'ArrowUp' ? 1 : -1);
        }}
      />
      {problem !== undefined && <span id={id} className={style['problem']}> {problem}</span>}
    </>
  );
}
