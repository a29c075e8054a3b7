import { Button, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { customersLogMutation, ringsStepsOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { may, useSession } from '../../app/session.js';
import { CustomerLink } from '../../parts/customer-link.js';
import { Answer, Problem } from '../../parts/states.js';
import { Days } from '../../parts/when.js';
import { Calm, Panel } from './panel.js';
import style from './start.module.css';

const MOST = 50;
const DAYS = 7;

/** Steps of this colleague that are overdue, or due within a week; done by a click. */
export function Steps({ who }: { readonly who: string }) {
  const { t } = useTranslation('start');
  const session = useSession();
  const [dueBefore, today] = useMemo(() => {
    const start = new Date().setHours(0, 0, 0, 0);
    return [new Date(start + (DAYS + 1) * 86_400_000).toISOString(), start];
  }, []);
  const query = useQuery(ringsStepsOptions({ query: { who, dueBefore, limit: MOST } }));
  const send = useMutation(customersLogMutation());
  const canLog = may(session, 'POST /api/v1/customers/:id/interactions');
  const done = (customer: string, about: string): void => send.mutate({ path: { id: customer }, body: { entries: [{ kind: 'step-done', about }] } }, { onSuccess: () => void notifications.show({ message: t('steps.done') }) });
  return (
    <Panel title={t('steps.title')}>
      {send.error !== null && <Problem error={send.error} />}
      <Answer query={query} lines={4}>
        {({ items }) => items.length === 0 ? <Calm>{t('steps.nothing', { days: DAYS })}</Calm> : (
          <ul className={style['list']} aria-label={t('steps.title')}>
            {items.map(({ id, customer, summary, due }) => {
              const isOver = Date.parse(due) < today;
              return (
                <li key={id} className={style['line']}>
                  <div className={style['what']}>
                    <CustomerLink customer={customer} />
                    {(summary ?? null) !== null && <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{summary}</Text>}
                    <Text size="xs" c={isOver ? 'var(--five-at-risk)' : 'dimmed'} fw={isOver ? 600 : 400} className={style['due']}>
                      {isOver && <IconAlertTriangle size={14} aria-hidden />}
                      <span>{t(isOver ? 'steps.overdue' : 'steps.due')} <Days at={due} /></span>
                    </Text>
                  </div>
                  <div className={style['side']}>{canLog && <Button size="xs" variant="default" leftSection={<IconCheck size={14} aria-hidden />} aria-label={t('steps.finish', { name: customer.name ?? t('unnamed') })} disabled={send.isPending} onClick={() => done(customer.id, id)}>{t('steps.button')}</Button>}</div>
                </li>
              );
            })}
          </ul>
        )}
      </Answer>
    </Panel>
  );
}
