/** What an administrator has to look at: how the server fares, requests of people, customers whose owner left. */
import { Alert, Anchor, Button, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { handoversWaitingOptions, operationsReadyOptions, operationsStatusOptions, requestsListOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { CustomerLink } from '../../parts/customer-link.js';
import { sayNumber, sayPercent } from '../../parts/locale.js';
import { Answer } from '../../parts/states.js';
import { Days, When } from '../../parts/when.js';
import { Calm, Panel } from './panel.js';
import style from './start.module.css';

const MOST = 10;
/** Asked again so often, in ms: nobody should have to reload to see that something stopped. */
const OFTEN = 30_000;
/** Below this share of free disk it is said. */
const LITTLE = 0.1;

export function Health() {
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <Server />
      <Stack gap="lg">
        <Requests />
        <LeftBehind />
      </Stack>
    </SimpleGrid>
  );
}

const To = ({ to, children }: { readonly to: string; readonly children: string }) => <Anchor component={Link} to={to} fz="sm">{children}</Anchor>;

function Server() {
  const { t } = useTranslation('start');
  const ready = useQuery({ ...operationsReadyOptions(), refetchInterval: OFTEN });
  const status = useQuery({ ...operationsStatusOptions(), refetchInterval: OFTEN });
  return (
    <Panel title={t('health.title')} action={<To to="/administration/health">{t('health.more')}</To>}>
      <Answer query={ready} lines={4}>
        {({ status: state, detail, parked, lagSeconds, store }) => {
          const isWell = state === 'ok' && parked === 0 && (store?.notes.length ?? 0) === 0;
          return (
            <Stack gap="md">
              <Alert variant="outline" color={isWell ? 'water' : 'orange'} styles={isWell ? {} : { title: { color: 'var(--five-at-risk)' } }} icon={isWell ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />} title={t(isWell ? 'health.well' : 'health.look')}>
                {!isWell && <Text size="sm">{detail}</Text>}
              </Alert>
              <dl className={style['facts']}>
                <div><dt>{t('health.parked')}</dt><dd>{sayNumber(parked)}</dd></div>
                <div><dt>{t('health.lag')}</dt><dd>{lagSeconds === 0 ? t('health.noLag') : t('health.seconds', { count: Math.ceil(lagSeconds), shown: sayNumber(Math.ceil(lagSeconds)) })}</dd></div>
                {store !== undefined && <div><dt>{t('health.store')}</dt><dd>{t(store.connected ? 'health.connected' : 'health.apart')}</dd></div>}
                {status.data !== undefined && (
                  <>
                    <div><dt>{t('health.backup')}</dt><dd>{status.data.lastBackup === null ? t('health.noBackup') : <When at={status.data.lastBackup.at} />}</dd></div>
                    {status.data.disk !== null && <div><dt>{t('health.disk')}</dt><dd>{t(status.data.disk.free / status.data.disk.total < LITTLE ? 'health.little' : 'health.free', { share: sayPercent(status.data.disk.free / status.data.disk.total) })}</dd></div>}
                    <div><dt>{t('health.version')}</dt><dd>{status.data.version}</dd></div>
                  </>
                )}
              </dl>
            </Stack>
          );
        }}
      </Answer>
    </Panel>
  );
}

function Requests() {
  const { t } = useTranslation('start');
  const query = useQuery(requestsListOptions({ query: { open: true, limit: MOST } }));
  return (
    <Panel title={t('requests.title')} action={<To to="/administration/requests">{t('requests.more')}</To>}>
      <Answer query={query} lines={2}>
        {({ open, overdue, items }) => open === 0 ? <Calm>{t('requests.nothing')}</Calm> : (
          <>
            <Text size="sm" fw={600} {...(overdue > 0 && { c: 'var(--five-out)' })}>{overdue > 0 && <IconAlertTriangle size={14} aria-hidden />} {t('requests.overdue', { count: overdue })} <Text component="span" size="sm" c="dimmed">{t('requests.open', { count: open })}</Text></Text>
            <ul className={style['list']} aria-label={t('requests.title')}>
              {items.filter((one) => one.overdue).map(({ id, kind, person, who, customer, dueAt }) => (
                <li key={id} className={style['line']}>
                  <div className={style['what']}>
                    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{t(`requests.kinds.${kind}`)} · {person?.name ?? who ?? customer?.name ?? t('unnamed')}</Text>
                    <Text size="xs" c="dimmed">{t('requests.due')} <Days at={dueAt} /></Text>
                  </div>
                </li>
              ))}
            </ul>
          </>
        )}
      </Answer>
    </Panel>
  );
}

function LeftBehind() {
  const { t } = useTranslation('start');
  const query = useQuery(handoversWaitingOptions({ query: { waitingFor: 'owner', limit: MOST } }));
  return (
    <Panel title={t('left.title')}>
      <Answer query={query} lines={3}>
        {({ items, next }) => items.length === 0 ? <Calm>{t('left.nothing')}</Calm> : (
          <>
            <ul className={style['list']} aria-label={t('left.title')}>
              {items.map(({ customer, owner }) => (
                <li key={customer.id} className={style['line']}>
                  <div className={style['what']}>
                    <CustomerLink customer={customer} />
                    <Text size="xs" c="dimmed">{t('left.owner', { name: owner.name ?? owner.id })}</Text>
                  </div>
                  <div className={style['side']}><Button component={Link} to="/portfolio" search={{ owner: owner.id } as never} size="xs" variant="default" aria-label={t('left.showAll', { name: owner.name ?? owner.id })}>{t('left.show')}</Button></div>
                </li>
              ))}
            </ul>
            {next !== null && <Text size="xs" c="dimmed">{t('left.rest')}</Text>}
          </>
        )}
      </Answer>
    </Panel>
  );
}
