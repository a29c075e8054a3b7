/** What somebody was asked, what came of it, and the answer by one click. */
import { Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCircleDashed, IconThumbUp, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AdvocacyAsksResponse } from '../api/generated/types.gen.js';
import { useKindLabel } from '../api/kinds.js';
import { openOverlay } from '../app/overlays.js';
import { cellOf, useSession } from '../app/session.js';
import style from './ask.module.css';
import { CustomerLink } from './customer-link.js';
import { sayDate } from './locale.js';
import { Days } from './when.js';

type Asked = AdvocacyAsksResponse['items'][number];
const SIGNS = { waiting: IconCircleDashed, accepted: IconThumbUp, declined: IconX, done: IconCheck } as const;

/** One ask as a line of a list. `names`: names the customer, of which there are many; `accept`: notes a yes by a click. */
export function Ask({ asked, names, isBusy, accept }: { readonly asked: Asked; readonly names: boolean; readonly isBusy: boolean; readonly accept: () => void }) {
  const { t } = useTranslation(['advocates-asks', 'customer', 'parts']);
  const kindLabel = useKindLabel();
  const cell = cellOf(useSession(), 'POST /api/v1/customers/:id/asks');
  const { id, customer, yours, person, act, wording, asked: at, by, due, overdue, incentivised, offering, channel, state, answers } = asked;
  const name = person.name ?? t('parts:pickers.unnamed');
  const Sign = SIGNS[state];
  const last = answers.at(-1);
  const isOpen = state === 'waiting' || state === 'accepted';
  return (
    <li className={style['asked']} data-line={id}>
      <div className={style['who']}>
        <Group gap={8}>{names && <CustomerLink customer={customer} entry={id} />}<Text size="sm"><b>{name}</b> · {kindLabel(act)}</Text></Group>
        {wording !== null && <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{wording}</Text>}
        <Text size="xs" component="div" className={style['state']}>
          <span data-state={state}><Sign size={14} aria-hidden />{t(`is.${state}`)}{last !== undefined && ` ${sayDate(last.at)}`}</span>
          {due !== null && isOpen && <span data-late={overdue}>{overdue && <IconAlertTriangle size={14} aria-hidden />}{t(overdue ? 'overdue' : 'due')} <Days at={due} /></span>}
        </Text>
        <Text size="xs" c="dimmed">{[t('askedBy', { by: by.name ?? by.id, date: sayDate(at) }), ...(channel === null ? [] : [t(`customer:channels.${channel}`)]), ...(offering === null ? [] : [offering]), ...(incentivised ? [t('incentivised')] : [])].join(' · ')}</Text>
      </div>
      {isOpen && cell === 'own' && !yours && <Text size="xs" c="dimmed">{t('notYours')}</Text>}
      {isOpen && (cell === 'yes' || (cell === 'own' && yours)) && (
        <Group gap={6} className={style['do']}>
          {state === 'waiting' && <Button size="xs" variant="default" leftSection={<IconThumbUp size={14} aria-hidden />} disabled={isBusy} data-does="accepted" aria-label={t('acceptOf', { name })} onClick={accept}>{t('accept')}</Button>}
          <Button size="xs" variant="default" leftSection={<IconCheck size={14} aria-hidden />} data-does="done" aria-label={t('actOf', { name })} onClick={() => openOverlay('log', { customer: customer.id, kind: act, about: id, person: person.id })}>{t('act')}</Button>
          <Button size="xs" variant="default" leftSection={<IconX size={14} aria-hidden />} aria-label={t('declineOf', { name })} onClick={() => openOverlay('log', { customer: customer.id, kind: 'advocacy-declined', about: id })}>{t('decline')}</Button>
        </Group>
      )}
    </li>
  );
}
