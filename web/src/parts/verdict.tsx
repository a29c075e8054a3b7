/** What a check says: three answers, each with a sign of its own, so that it is told without colour. */
import { IconAlertTriangle, IconCircleCheck, IconHelpCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import style from './verdict.module.css';

export type Answered = 'fires' | 'clean' | 'cannot tell';
export type FoundOne = 'off' | 'fits' | 'unknown';

const SIGNS = { fires: IconAlertTriangle, clean: IconCircleCheck, 'cannot tell': IconHelpCircle } as const;
const OF: Readonly<Record<FoundOne, Answered>> = { off: 'fires', fits: 'clean', unknown: 'cannot tell' };

export function Verdict({ answer }: { readonly answer: Answered }) {
  const { t } = useTranslation('parts');
  const Sign = SIGNS[answer];
  return <span className={style['verdict']} data-answer={answer}><Sign size={16} aria-hidden />{t(`verdict.${answer}`)}</span>;
}

/** The same for one finding: off, fits, or not recorded. */
export function FoundSign({ found }: { readonly found: FoundOne }) {
  const { t } = useTranslation('parts');
  const Sign = SIGNS[OF[found]];
  return <span className={style['found']} data-answer={OF[found]}><Sign size={14} aria-hidden />{t(`found.${found}`)}</span>;
}
