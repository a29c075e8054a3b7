import { Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { accountsKeysOptions, accountsRevokeKeyMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import type { AccountsKeysResponses } from '../../api/generated/types.gen.js';
import { useKey } from '../../api/use-key.js';
import { ApiKey } from '../../parts/api-key.js';
import { Answer } from '../../parts/states.js';
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

function Key({ account, one }: { readonly account: string; readonly one: AccountsKeysResponses[200]['items'][number] }) {
  const key = useKey();
  const revoke = useMutation(accountsRevokeKeyMutation());
  return <ApiKey one={one} isPending={revoke.isPending} error={revoke.error} onRevoke={() => revoke.mutate({ path: { id: account, key: one.key }, headers: key.headers }, { onSuccess: key.renew })} />;
}
