import { Button, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ringsIssuesInfiniteOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { openOverlay } from '../../app/overlays.js';
import { may, useSession } from '../../app/session.js';
import { CustomerLink } from '../../parts/customer-link.js';
import { Answer } from '../../parts/states.js';
import { Since } from '../../parts/when.js';
import { Calm, Panel } from './panel.js';
import style from './start.module.css';

const PAGE = 10;
/** This severity and graver are severe. */
const SEVERE = 2;

/** Open issues, the gravest and oldest first; each is resolved by writing so. */
export function Issues() {
  const { t } = useTranslation('start');
  const session = useSession();
  const query = useInfiniteQuery({ ...ringsIssuesInfiniteOptions({ query: { limit: PAGE } }), initialPageParam: {}, getNextPageParam: ({ next }) => (next === null ? undefined : { query: { cursor: next } }) });
  const canLog = may(session, 'POST /api/v1/customers/:id/interactions');
  return (
    <Panel title={t('issues.title')}>
      <Answer query={query} lines={5}>
        {({ pages }) => pages[0]!.items.length === 0 ? <Calm>{t('issues.nothing')}</Calm> : (
          <>
            <ul className={style['list']} aria-label={t('issues.title')}>
              {pages.flatMap(({ items }) => items).map(({ id, customer, severity, summary, occurredAt }) => (
                <li key={id} className={style['line']}>
                  <div className={style['what']}>
                    <CustomerLink customer={customer} />
                    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{summary ?? t('issues.unsaid')}</Text>
                    <Text size="xs" c={severity <= SEVERE ? 'var(--five-out)' : 'dimmed'} className={style['due']}>
                      {severity <= SEVERE && <IconAlertTriangle size={14} aria-hidden />}
                      <span>{t(severity <= SEVERE ? 'issues.severe' : 'issues.severity', { severity })} · {t('since')} <Since at={occurredAt} /></span>
                    </Text>
                  </div>
                  <div className={style['side']}>{canLog && <Button size="xs" variant="default" aria-label={t('issues.resolveOne', { name: customer.name ?? t('unnamed') })} onClick={() => openOverlay('log', { customer: customer.id, kind: 'issue-resolved', about: id })}>{t('issues.resolve')}</Button>}</div>
                </li>
              ))}
            </ul>
            {query.hasNextPage && <Button variant="subtle" size="compact-sm" mt="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('more')}</Button>}
          </>
        )}
      </Answer>
    </Panel>
  );
}
