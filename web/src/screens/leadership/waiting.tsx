import { Button, Group, Loader, Skeleton, Stack, Text } from '@mantine/core';
import { useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { NoRight, Problem } from '../../parts/states.js';
import { Failure } from '../../api/client.js';

/** From here on one is told how long it takes, and may stop it. */
const LONG_S = 2;

function Reading({ stop, lines }: { readonly stop: () => void; readonly lines: number }) {
  const { t } = useTranslation('leadership');
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((now) => now + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Stack gap="xs" py="xs">
      {Array.from({ length: lines }, (_, line) => <Skeleton key={line} height={18} width={`${90 - ((line * 23) % 40)}%`} />)}
      <div role="status">{seconds >= LONG_S && (
        <Group gap="xs">
          <Loader size="xs" aria-hidden />
          <Text size="sm" c="dimmed">{t('waiting.reading', { seconds })}</Text>
          <Button size="compact-xs" variant="default" onClick={stop}>{t('waiting.stop')}</Button>
        </Group>
      )}</div>
    </Stack>
  );
}

/** A figure may take a while: says so, can be stopped, and stops by itself when nobody looks at it any more. */
export function Waited<T>({ query, queryKey, lines = 2, children }: { readonly query: UseQueryResult<T, unknown>; readonly queryKey: readonly unknown[]; readonly lines?: number; readonly children: (data: T) => ReactNode }) {
  const { t } = useTranslation('leadership');
  const queries = useQueryClient();
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error instanceof Failure && query.error.status === 403 && query.error.problem?.errors === undefined) return <NoRight />;
  if (query.error != null) return <Problem error={query.error} retry={query.refetch} />;
  if (query.fetchStatus === 'idle') return <Group gap="xs" py="xs"><Text size="sm" c="dimmed">{t('waiting.stopped')}</Text><Button size="compact-xs" variant="default" onClick={() => void query.refetch()}>{t('waiting.again')}</Button></Group>;
  return <Reading lines={lines} stop={() => void queries.cancelQueries({ queryKey })} />;
}
