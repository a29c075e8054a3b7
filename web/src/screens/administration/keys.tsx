import { Alert, Badge, Button, Group, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accountsKeysOptions, accountsRevokeKeyMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import type { AccountsKeysResponses } from '../../api/generated/types.gen.js';
import { useKey } from '../../api/use-key.js';
import { Failed } from '../../parts/failed.js';
import { sayDate } from '../../parts/locale.js';
import { Answer } from '../../parts/states.js';
import { When } from '../../parts/when.js';
import type { Account } from './accounts.js';
import style from './administration.module.css';

/** API keys of a colleague, which go on working when a password is changed: one that got lost is revoked here. */
export function Keys({ account, name }: { readonly account: Account; readonly name: string }) {
  const { t } = useTranslation('own-account');
  const query = useQuery(accountsKeysOptions({ path: { id: account.id } }));
  return (
    <section>
      <Title order={2} mb="xs">{t('keys')}</Title>
      <Answer query={query} lines={2}>
        {({ items }) => (items.length === 0 ? <Text size="sm" c="dimmed">{t('keys.none', { ns: 'administration' })}</Text> : (
          <>
            <Text size="sm" c="dimmed" mb="xs">{t('keys.more', { ns: 'administration', name })}</Text>
            <ul className={style['keys']} aria-label={t('keys')}>{items.map((one) => <Key key={one.key} one={one} account={account.id} />)}</ul>
          </>
        ))}
      </Answer>
    </section>
  );
}

function Key({ account, one: { key: id, label, scopes, made, lastUsed } }: { readonly account: string; readonly one: AccountsKeysResponses[200]['items'][number] }) {
  const { t } = useTranslation('own-account');
  const key = useKey();
  const [asked, setAsked] = useState(false);
  const revoke = useMutation(accountsRevokeKeyMutation());
  return (
    <li>
      <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-start">
        <div className={style['cut']}>
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
            <Button size="xs" color="red" loading={revoke.isPending} onClick={() => revoke.mutate({ path: { id: account, key: id }, headers: key.headers }, { onSuccess: key.renew })} autoFocus>{t('revoke')}</Button>
            <Button size="xs" variant="default" onClick={() => setAsked(false)}>{t('cancel')}</Button>
          </Group>
        </Alert>
      )}
      <Failed error={revoke.error} />
    </li>
  );
}
