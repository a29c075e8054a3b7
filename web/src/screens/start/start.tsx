/** The first page: what this role has to look at now. */
import { SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { may, useSession } from '../../app/session.js';
import { sayToday } from '../../parts/locale.js';
import { Loading } from '../../parts/states.js';
import { Attention } from './attention.js';
import { Contracts } from './contracts.js';
import { Handovers } from './handovers.js';
import { Issues } from './issues.js';
import { Panel } from './panel.js';
import { PromisesDue } from './promises.js';
import style from './start.module.css';
import { Steps } from './steps.js';

const LeaderStart = lazy(() => import('../leadership/leader-start.js').then((leadership) => ({ default: leadership.LeaderStart })));
const LogForm = lazy(() => import('../log/log-form.js').then((log) => ({ default: log.LogForm })));
const Health = lazy(() => import('./health.js').then((health) => ({ default: health.Health })));

export default function Start() {
  const { t } = useTranslation('start');
  const { role, colleague } = useSession();
  return (
    <>
      <Title order={1}>{t('title')}</Title>
      <Text c="dimmed" mb="lg">{sayToday()}</Text>
      {role === 'account-manager' && (
        <div className={style['two']}>
          <Stack gap="lg">
            <Attention team={colleague} />
            <Contracts team={colleague} />
          </Stack>
          <Stack gap="lg">
            <Handovers to={colleague} />
            <PromisesDue owner={colleague} />
            <Steps who={colleague} />
          </Stack>
        </div>
      )}
      {role === 'service' && <Service colleague={colleague} />}
      {role === 'leader' && (
        <Stack gap="lg">
          <Suspense fallback={<Loading lines={4} />}><LeaderStart /></Suspense>
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
            <Contracts />
            <Attention />
          </SimpleGrid>
        </Stack>
      )}
      {role === 'administrator' && <Suspense fallback={<Loading />}><Health /></Suspense>}
    </>
  );
}

/** Whoever answers the phone writes at once: the cursor is in the form. */
function Service({ colleague }: { readonly colleague: string }) {
  const { t } = useTranslation('start');
  const session = useSession();
  const [written, setWritten] = useState(0);
  return (
    <div className={style['two']}>
      <Stack gap="lg">
        {may(session, 'POST /api/v1/customers/:id/interactions') && (
          <Panel title={t('log.title')}>
            <div className={style['form']}><Suspense fallback={<Loading />}><LogForm key={written} done={() => setWritten(written + 1)} /></Suspense></div>
          </Panel>
        )}
      </Stack>
      <Stack gap="lg">
        <Handovers to={colleague} />
        <PromisesDue />
        <Issues />
        <Steps who={colleague} />
      </Stack>
    </div>
  );
}
