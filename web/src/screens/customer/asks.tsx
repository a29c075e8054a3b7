/** Who here was asked to stand up for us, for what, and what came of it: what is open first, the rest folded; and who may be asked again. */
import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { customerAsksAcceptedMutation, customerAsksListOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { OverviewOverviewResponse } from '../../api/generated/types.gen.js';
import { openOverlay } from '../../app/overlays.js';
import { Ask } from '../../parts/ask.js';
import { sayDate } from '../../parts/locale.js';
import { Answer, Problem } from '../../parts/states.js';
import { Card } from './card.js';
import style from './customer.module.css';
import { useMay } from './may.js';

const MOST = 50;

export function CustomerAsks({ stands }: { readonly stands: OverviewOverviewResponse }) {
  const { t } = useTranslation(['advocates-asks', 'advocates', 'parts']);
  const may = useMay(stands)('POST /api/v1/customers/:id/asks');
  const query = useQuery(customerAsksListOptions({ path: { id: stands.id }, query: { limit: MOST } }));
  const accept = useMutation(customerAsksAcceptedMutation());
  return (
    <Card title={t('card.title')} beside={may && <Button size="compact-sm" variant="default" onClick={() => openOverlay('ask', { customer: stands.id })}>{t('advocates:ask')}</Button>}>
      {accept.error !== null && <Problem error={accept.error} />}
      <Answer query={query} lines={2}>
        {({ items, people, budget }) => {
          const line = (one: (typeof items)[number]) => <Ask key={one.id} asked={one} names={false} isBusy={accept.isPending} accept={() => accept.mutate({ path: { id: one.customer.id, interaction: one.id }, body: {} }, { onSuccess: () => void notifications.show({ message: t('acceptedNow') }) })} />;
          const open = items.filter(({ state }) => state === 'waiting' || state === 'accepted');
          const past = items.filter(({ state }) => state === 'declined' || state === 'done');
          const some = people.filter(({ left }) => left < budget.asks);
          return (
            <Stack gap="sm">
              {items.length === 0 && <Text size="sm" c="dimmed">{t('card.none')}</Text>}
              {open.length > 0 && <ul className={style['asks']} aria-label={t('card.title')}>{open.map(line)}</ul>}
              {past.length > 0 && (
                <details className={style['more']}>
                  <summary>{t('card.past', { count: past.length })}</summary>
                  <ul className={style['asks']} aria-label={t('card.past', { count: past.length })}>{past.map(line)}</ul>
                </details>
              )}
              {some.length > 0 && (
                <div>
                  <Text size="xs" c="dimmed">{t('card.budget', { asks: budget.asks, days: budget.days })}</Text>
                  {some.map(({ person: { id, name }, left, nextFree }) => <Text key={id} size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{left === 0 && nextFree === null ? t('card.never', { name: name ?? t('parts:pickers.unnamed') }) : t('card.left', { count: left, name: name ?? t('parts:pickers.unnamed'), date: nextFree === null ? '' : sayDate(nextFree) })}</Text>)}
                </div>
              )}
              {items.length > 0 && <Group><Anchor component={Link} to="/advocates/asks" search={{ which: 'all' } as never} size="sm">{t('card.all')}</Anchor></Group>}
            </Stack>
          );
        }}
      </Answer>
    </Card>
  );
}
