import { Button, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { handoversAcknowledgeMutation, handoversWaitingOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { may, useSession } from '../../app/session.js';
import { CustomerLink } from '../../parts/customer-link.js';
import { Problem } from '../../parts/states.js';
import { When } from '../../parts/when.js';
import { Panel } from './panel.js';
import style from './start.module.css';

const MOST = 50;

/** Customers that somebody handed to this colleague, who has not said yet that they took them. Where there are none, nothing. */
export function Handovers({ to }: { readonly to: string }) {
  const { t } = useTranslation('start');
  const session = useSession();
  const query = useQuery(handoversWaitingOptions({ query: { to, limit: MOST } }));
  const send = useMutation(handoversAcknowledgeMutation());
  const items = query.data?.items ?? [];
  if (query.error !== null && query.data === undefined) return <Problem error={query.error} retry={query.refetch} />;
  if (items.length === 0 || !may(session, 'POST /api/v1/handovers/acknowledge')) return null;
  const acknowledge = (customers: readonly string[]): void => send.mutate({ body: { customers: [...customers] } }, { onSuccess: ({ done }) => void notifications.show({ message: t('handovers.done', { count: done }) }) });
  return (
    <Panel title={t('handovers.title')} action={items.length > 1 && <Button size="xs" variant="default" loading={send.isPending} onClick={() => acknowledge(items.map(({ customer }) => customer.id))}>{t('handovers.all', { count: items.length })}</Button>}>
      {send.error !== null && <Problem error={send.error} />}
      <ul className={style['list']} aria-label={t('handovers.title')}>
        {items.map(({ customer, by, at }) => (
          <li key={customer.id} className={style['line']}>
            <div className={style['what']}>
              <CustomerLink customer={customer} />
              <Text size="xs" c="dimmed">{t('handovers.by', { by: by.name ?? by.id })}{at !== null && <> · <When at={at} /></>}</Text>
            </div>
            <div className={style['side']}><Button size="xs" aria-label={t('handovers.one', { name: customer.name ?? t('unnamed') })} disabled={send.isPending} onClick={() => acknowledge([customer.id])}>{t('handovers.acknowledge')}</Button></div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
