/** What a screen shows instead of its content: nothing there, not there yet, refused, or not allowed. */
import { Alert, Button, Code, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconLock, IconPlugConnectedX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../api/client.js';

/** Nothing to show: why, and what to do about it. */
export function Empty({ title, children, action }: { readonly title: string; readonly children?: ReactNode; readonly action?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" ta="center">
      <Text fw={600}>{title}</Text>
      {children !== undefined && <Text c="dimmed" maw={460}>{children}</Text>}
      {action}
    </Stack>
  );
}

/** Content on its way, in the shape of lines. */
export function Loading({ lines = 5 }: { readonly lines?: number }) {
  const { t } = useTranslation('parts');
  return (
    <Stack gap="sm" py="md" role="status" aria-label={t('loading')}>
      {Array.from({ length: lines }, (_, line) => <Skeleton key={line} height={22} width={`${96 - ((line * 17) % 38)}%`} />)}
    </Stack>
  );
}

/** What went wrong, in the server's words; its request id; and another try. */
export function Problem({ error, retry }: { readonly error: unknown; readonly retry?: () => unknown }) {
  const { t } = useTranslation('parts');
  const failure = error instanceof Failure ? error : undefined;
  const isOffline = failure?.status === 0;
  return (
    <Alert role="alert" my="sm" variant="outline" color="red" icon={isOffline ? <IconPlugConnectedX aria-hidden /> : <IconAlertTriangle aria-hidden />} title={isOffline ? t('problem.offline') : (failure?.problem?.title ?? t('problem.title'))}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{isOffline ? t('problem.offlineMore') : (failure?.problem?.detail ?? t('problem.more'))}</Text>
        {failure?.problem !== undefined && <Text size="xs" c="dimmed">{t('problem.request')} <Code>{failure.problem.requestId}</Code></Text>}
        {retry !== undefined && <Button size="xs" variant="default" onClick={() => void retry()}>{t('problem.retry')}</Button>}
      </Stack>
    </Alert>
  );
}

/** The role may not see this. */
export function NoRight() {
  const { t } = useTranslation('parts');
  return (
    <Stack align="center" gap="xs" py="xl" ta="center">
      <IconLock size={32} aria-hidden />
      <Title order={1}>{t('noRight.title')}</Title>
      <Text c="dimmed" maw={420}>{t('noRight.more')}</Text>
    </Stack>
  );
}

/** One of the three, by how a query stands; its content otherwise. */
export function Answer<T>({ query, lines, children }: { readonly query: { readonly data: T | undefined; readonly error: unknown; readonly refetch: () => unknown }; readonly lines?: number; readonly children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error instanceof Failure && query.error.status === 403) return <NoRight />;
  return query.error == null ? <Loading {...(lines !== undefined && { lines })} /> : <Problem error={query.error} retry={query.refetch} />;
}

/** A title with what one can do beside it. */
export function ScreenHead({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <Group justify="space-between" align="center" mb="md" gap="sm">
      <Title order={1}>{title}</Title>
      {children !== undefined && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
