import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Problem } from '../parts/states.js';
import { Failure } from '../api/client.js';

/** No screen has this address. */
export function Missing() {
  const { t } = useTranslation();
  return (
    <Stack align="center" gap="sm" py="xl" ta="center">
      <Title order={1}>{t('missing.title')}</Title>
      <Text c="dimmed">{t('missing.more')}</Text>
      <Button component={Link} to="/">{t('missing.back')}</Button>
    </Stack>
  );
}

/** No screen is open to the role. */
export function Nowhere() {
  const { t } = useTranslation();
  return (
    <Stack align="center" gap="sm" py="xl" ta="center">
      <Title order={1}>{t('nowhere.title')}</Title>
      <Text c="dimmed">{t('nowhere.more')}</Text>
    </Stack>
  );
}

/** A screen threw. The shell around it stands. */
export function Broke({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const retry = (): void => {
    reset();
    void router.invalidate();
  };
  if (error instanceof Failure) return <Problem error={error} retry={retry} />;
  return (
    <Stack align="center" gap="sm" py="xl" ta="center" role="alert">
      <Title order={1}>{t('broke.title')}</Title>
      <Text c="dimmed">{t('broke.more')}</Text>
      <Group>
        <Button onClick={retry}>{t('broke.retry')}</Button>
        <Button variant="default" onClick={() => location.reload()}>{t('broke.reload')}</Button>
      </Group>
    </Stack>
  );
}
