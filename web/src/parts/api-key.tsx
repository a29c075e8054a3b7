import { Alert, Badge, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeysAllResponses } from '../api/generated/types.gen.js';
import { Failed } from './failed.js';
import { sayDate } from './locale.js';
import { When } from './when.js';

interface Props {
  readonly one: KeysAllResponses[200]['items'][number];
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onRevoke: () => void;
}

/** An API key in a list: what it is for, when it was used, and revoked once that was asked twice. */
export function ApiKey({ one: { label, scopes, made, lastUsed }, isPending, error, onRevoke }: Props) {
  const { t } = useTranslation('own-account');
  const [asked, setAsked] = useState(false);
  return (
    <li>
      <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
          <Text size="sm" fw={600}>{label}</Text>
          <Group gap={4} my={4}>{scopes.map((scope) => <Badge key={scope} size="sm" variant="default" tt="none">{t(`scopes.${scope}`)}</Badge>)}</Group>
          <Text size="xs" c="dimmed">{t('made', { date: sayDate(made) })} · {lastUsed === null ? t('neverUsed') : <>{t('used')} <When at={lastUsed} /></>}</Text>
        </div>
        {!asked && <Button size="xs" variant="default" onClick={() => setAsked(true)} aria-label={t('revokeOf', { label })}>{t('revoke')}</Button>}
      </Group>
      {asked && (
        <Alert variant="outline" color="red" mt="xs" title={t('revokeOf', { label })}>
          <Text size="sm" mb="xs">{t('revokeFollows')}</Text>
          <Group gap="xs">
            <Button size="xs" color="red" loading={isPending} onClick={onRevoke} autoFocus>{t('revoke')}</Button>
            <Button size="xs" variant="default" onClick={() => setAsked(false)}>{t('cancel')}</Button>
          </Group>
        </Alert>
      )}
      <Failed error={error} />
    </li>
  );
}
