/** What was promised to this customer, as it stands today: what is not delivered first, then what nobody confirmed, the rest folded. */
import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { customerPromisesListOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { OverviewOverviewResponse } from '../../api/generated/types.gen.js';
import { openOverlay } from '../../app/overlays.js';
import { Promises } from '../../parts/promise.js';
import { Answer } from '../../parts/states.js';
import { Card } from './card.js';
import style from './customer.module.css';
import { useMay } from './may.js';

const MOST = 200;

export function CustomerPromises({ stands }: { readonly stands: OverviewOverviewResponse }) {
  const { t } = useTranslation('promises');
  const may = useMay(stands)('POST /api/v1/customers/:id/promises');
  const query = useQuery(customerPromisesListOptions({ path: { id: stands.id }, query: { limit: MOST } }));
  const given = { names: false, owners: true, mayLog: may } as const;
  return (
    <Card title={t('card.title')} beside={may && <Button size="compact-sm" variant="default" onClick={() => openOverlay('promise', { customer: stands.id })}>{t('make.action')}</Button>}>
      <Answer query={query} lines={2}>
        {({ items }) => {
          const undelivered = items.filter(({ delivered }) => delivered === null);
          const unconfirmed = items.filter(({ delivered, confirmed }) => delivered !== null && confirmed === null).toReversed();
          const confirmed = items.filter((promise) => promise.confirmed !== null).toReversed();
          if (items.length === 0) return <Text size="sm" c="dimmed">{t('card.none')}</Text>;
          return (
            <Stack gap="sm">
              {undelivered.length > 0 && <div><Text size="xs" fw={600} c="dimmed" component="h3">{t('card.undelivered')}</Text><Promises {...given} items={undelivered} label={t('card.undelivered')} /></div>}
              {unconfirmed.length > 0 && <div><Text size="xs" fw={600} c="dimmed" component="h3">{t('card.unconfirmed')}</Text><Promises {...given} items={unconfirmed} label={t('card.unconfirmed')} /></div>}
              {confirmed.length > 0 && (
                <details className={style['more']}>
                  <summary>{t('card.past', { count: confirmed.length })}</summary>
                  <Promises {...given} items={confirmed} label={t('card.past', { count: confirmed.length })} />
                </details>
              )}
            </Stack>
          );
        }}
      </Answer>
    </Card>
  );
}
