/** Rows of the timeline. Plain markup: hundreds are drawn in a quick scroll. */
import { IconArrowsLeftRight, IconClockEdit, IconEraser, IconPencil, IconTrash } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { OverviewOverviewResponse } from '../../api/generated/types.gen.js';
import { useKindLabel } from '../../api/kinds.js';
import { sayDate, sayInstant } from '../../parts/locale.js';
import { RingSign } from '../../parts/rings.js';
import { RING_WORDS, useAddress } from './address.js';
import style from './customer.module.css';
import { EntryDetail } from './entry-detail.js';
import type { RingChange, TimelineEntry } from './rows.js';

const TIME = new Intl.DateTimeFormat(navigator.language, { timeStyle: 'short' });
const DAY = new Intl.DateTimeFormat(navigator.language, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });

const Day = ({ at }: { readonly at: string | null }) => (at === null ? null : <h3 className={style['day']}>{DAY.format(new Date(at))}</h3>);

interface Given {
  readonly entry: TimelineEntry;
  readonly index: number;
  readonly day: string | null;
  readonly late: number | null;
  readonly isOpen: boolean;
  readonly toggle: (entry: string) => void;
  readonly stands: OverviewOverviewResponse;
}

export const EntryRow = memo(function EntryRow({ entry, index, day, late, isOpen, toggle, stands }: Given) {
  const { t } = useTranslation('customer');
  const labelOf = useKindLabel();
  const people = (entry.people ?? []).map(({ name }) => name ?? t('unnamedPerson')).join(', ');
  const by = entry.loggedBy.name ?? entry.loggedBy.id;
  const meta = [people, entry.offering, entry.channel === undefined ? undefined : t(`channels.${entry.channel}`), t('row.by', { by })].filter((part) => part !== undefined && part !== '').join(' · ');
  return (
    <>
      <Day at={day} />
      <div className={style['entry']} data-side={entry.side} data-open={isOpen} data-retracted={entry.retracted}>
        <span className={style['time']}><time dateTime={entry.occurredAt} title={sayInstant(entry.occurredAt)}>{TIME.format(new Date(entry.occurredAt))}</time></span>
        <span className={style['spine']} aria-hidden />
        <div className={style['body']}>
          <button type="button" id={`row-${index}`} data-row={index} className={style['headline']} aria-expanded={isOpen} onClick={() => toggle(entry.id)}>
            <span className={style['kind']}>{labelOf(entry.kind)}</span>
            <span className={style['sideWord']}>{t(`row.${entry.side}`)}</span>
            {entry.retracted && <span className={style['mark']}><IconTrash size={13} aria-hidden />{t('row.retracted')}</span>}
            {entry.corrected && <span className={style['mark']}><IconPencil size={13} aria-hidden />{t('row.corrected')}</span>}
            {late !== null && <span className={style['mark']} title={sayInstant(entry.recordedAt)}><IconClockEdit size={13} aria-hidden />{t('row.late', { count: late })}</span>}
            {entry.movedFrom !== undefined && <span className={style['mark']}><IconArrowsLeftRight size={13} aria-hidden />{t('row.moved')}</span>}
            {entry.erased !== undefined && <span className={style['mark']}><IconEraser size={13} aria-hidden />{t('row.erased')}</span>}
          </button>
          {entry.summary != null && <p className={style['summary']} data-open={isOpen}>{entry.summary}</p>}
          <p className={style['meta']}>{meta}</p>
          {isOpen && <EntryDetail customer={stands.id} entry={entry} stands={stands} />}
        </div>
      </div>
    </>
  );
});

export const RingChangeRow = memo(function RingChangeRow({ change, index, day }: { readonly change: RingChange; readonly index: number; readonly day: string | null }) {
  const { t } = useTranslation('customer');
  const { go } = useAddress();
  const name = t(`rings.names.${change.ring}`, { ns: 'parts' });
  return (
    <>
      <Day at={day} />
      <div className={style['change']}>
        <span className={style['time']}><time dateTime={change.at} title={sayInstant(change.at)}>{TIME.format(new Date(change.at))}</time></span>
        <span className={style['sign']}><RingSign state={change.change} /></span>
        <button type="button" id={`row-${index}`} data-row={index} className={style['headline']} onClick={() => { go({ ring: RING_WORDS[change.ring - 1] }); document.querySelector<HTMLElement>(`[aria-controls="ring-${change.ring}"]`)?.focus(); }}>
          {change.change === 'lit' ? t('row.lit', { name }) : t('row.out', { name, cause: change.cause === null ? '' : t(`parts:causes.${change.cause}`) })}
          <span className={style['silent']}> {sayDate(change.at)}</span>
        </button>
      </div>
    </>
  );
});
