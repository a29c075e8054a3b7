import { ActionIcon, Badge, Button, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconZzz } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { attentionListOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { AttentionListResponse } from '../../api/generated/types.gen.js';
import { may, useSession } from '../../app/session.js';
import { CustomerLink } from '../../parts/customer-link.js';
import { sayDate, sayNumber } from '../../parts/locale.js';
import { Money } from '../../parts/money.js';
import { SnoozeDialog } from '../../parts/snooze.js';
import { Answer } from '../../parts/states.js';
import { Since } from '../../parts/when.js';
import { useLineKeys } from './line-keys.js';
import { Calm, Panel } from './panel.js';
import style from './start.module.css';

type Line = AttentionListResponse['items'][number];

/** So many are shown; the portfolio has them all. */
const MOST = 20;
/** Of so many reasons the words are shown. */
const REASONS = 3;

/** What asks for attention, new since yesterday first; of all customers without `team`. */
export function Attention({ team }: { readonly team?: string }) {
  const { t } = useTranslation('start');
  const session = useSession();
  const [picked, setPicked] = useState<'new' | 'all'>();
  const [snoozing, setSnoozing] = useState<Line>();
  const whose = { ...(team !== undefined && { team }), limit: MOST };
  const [fresh, all] = [useQuery(attentionListOptions({ query: { ...whose, new: true } })), useQuery(attentionListOptions({ query: whose }))];
  // When nothing is new, what stands from before is not hidden behind an empty list.
  const which = picked ?? (fresh.data?.total === 0 ? 'all' : 'new');
  const query = which === 'new' ? fresh : all;
  const items = query.data?.items;
  const canSnooze = may(session, 'POST /api/v1/customers/:id/snooze');
  const snooze = useCallback((id: string) => setSnoozing(items?.find((line) => line.id === id)), [items]);
  const list = useLineKeys(canSnooze ? snooze : undefined);
  const label = (value: 'new' | 'all', total: number | undefined): string => t(`attention.${value}`, { shown: total === undefined ? '' : sayNumber(total) });
  return (
    <Panel title={t('attention.title')} action={<SegmentedControl size="xs" aria-label={t('attention.which')} value={which} onChange={(value) => setPicked(value)} data={[{ value: 'new', label: label('new', fresh.data?.total) }, { value: 'all', label: label('all', all.data?.total) }]} />}>
      <Answer query={query} lines={6}>
        {({ items: lines, total }) => lines.length === 0 ? <Calm>{t(which === 'new' ? 'attention.nothingNew' : 'attention.nothing')}</Calm> : (
          <>
            <ul className={style['list']} ref={list} aria-label={t('attention.title')}>
              {lines.map((line) => <OneLine key={line.id} line={line} marksNew={which === 'all'} {...(canSnooze && { snooze })} />)}
            </ul>
            {total > lines.length && <Button component={Link} to="/portfolio" variant="subtle" size="compact-sm" mt="xs">{t('attention.rest', { count: total - lines.length })}</Button>}
          </>
        )}
      </Answer>
      {snoozing !== undefined && <SnoozeDialog customers={[snoozing]} close={() => setSnoozing(undefined)} />}
    </Panel>
  );
}

function OneLine({ line, marksNew, snooze }: { readonly line: Line; readonly marksNew: boolean; readonly snooze?: (id: string) => void }) {
  const { t } = useTranslation('start');
  const { colleague } = useSession();
  const { atStake, owner, broughtBack } = line;
  // Where only new ones are asked for, what is new says so first.
  const reasons = marksNew ? line.reasons : line.reasons.toSorted((a, b) => Number(b.new) - Number(a.new));
  const rest = reasons.length - REASONS;
  return (
    <li className={style['line']} data-line={line.id}>
      <div className={style['what']}>
        <span className={style['names']}>
          <CustomerLink customer={line} />
          {marksNew && line.new && <Badge size="xs" variant="outline" tt="none">{t('attention.isNew')}</Badge>}
          {broughtBack && <Badge size="xs" variant="default" tt="none">{t('attention.back')}</Badge>}
          {owner?.id !== colleague && <Text component="span" size="xs" c="dimmed">{owner?.name ?? owner?.id ?? t('nobody')}</Text>}
        </span>
        {reasons.slice(0, REASONS).map(({ reason, says, since, until }, at) => (
          <Text key={`${reason} ${at}`} size={at === 0 ? 'sm' : 'xs'} {...(at > 0 && { c: 'dimmed' })}>
            {says} <Text component="span" size="xs" c="dimmed">· {t('since')} <Since at={since} />{until !== null && ` · ${t('until', { until: sayDate(until) })}`}</Text>
          </Text>
        ))}
        {rest > 0 && <Text size="xs" c="dimmed">{t('attention.more', { count: rest })}</Text>}
      </div>
      <div className={style['side']}>
        {atStake?.map(({ amount, currency }) => <Text key={currency} size="sm"><Money amount={amount} currency={currency} whole /></Text>)}
        {snooze !== undefined && <ActionIcon variant="default" aria-label={t('attention.snooze', { name: line.name ?? t('unnamed') })} title={t('attention.snoozeKey')} onClick={() => snooze(line.id)}><IconZzz size={16} aria-hidden /></ActionIcon>}
      </div>
    </li>
  );
}
