import { Alert, Button, Group, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { identitiesLinkMutation, identitiesUnlinkMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import { useKey } from '../../api/use-key.js';
import { sessionOptions, useSession } from '../../app/session.js';
import { Failed, fieldsOf } from '../../parts/failed.js';
import type { Account } from './accounts.js';

/** Whom of the OpenID provider the account belongs to. Nothing where no provider is set up. What it is linked by is kept as a hash: it can be replaced, not shown. */
export function Identity({ account }: { readonly account: Account }) {
  const { t } = useTranslation('administration');
  const session = useSession();
  const key = useKey();
  const { data } = useQuery(sessionOptions);
  const [identity, setIdentity] = useState('');
  const [isAsked, setAsked] = useState(false);
  const link = useMutation(identitiesLinkMutation());
  const unlink = useMutation(identitiesUnlinkMutation());
  if (data?.openId == null) return null;
  const { claim, label } = data.openId;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    link.mutate({ path: { id: account.id }, body: { identity }, headers: key.headers }, { onSuccess: () => { key.renew(); setIdentity(''); } });
  };
  return (
    <section>
      <Title order={2} mb="xs">{label}</Title>
      <Text size="sm">{t(account.linked ? 'identity.linked' : 'identity.notLinked')}</Text>
      <form onSubmit={submit} noValidate>
        <TextInput mt="xs" label={t(`identity.${claim}`)} description={t('identity.more')} type={claim === 'email' ? 'email' : 'text'} autoComplete="off" value={identity} onChange={(event) => setIdentity(event.currentTarget.value)} error={fieldsOf(link.error)['identity']} />
        <Group mt="sm" gap="xs">
          <Button type="submit" variant="default" disabled={identity.trim() === ''} loading={link.isPending}>{t(account.linked ? 'identity.relink' : 'identity.link')}</Button>
          {account.linked && !isAsked && <Button variant="default" onClick={() => setAsked(true)}>{t('identity.unlink')}</Button>}
        </Group>
      </form>
      {isAsked && account.linked && (
        <Alert variant="outline" color="red" mt="xs" title={t('identity.unlink')}>
          <Text size="sm" mb="xs">{t(account.id === session.colleague ? 'identity.unlinkSelf' : 'identity.unlinkFollows')}</Text>
          <Group gap="xs">
            <Button size="xs" color="red" loading={unlink.isPending} onClick={() => unlink.mutate({ path: { id: account.id }, headers: key.headers }, { onSuccess: () => { key.renew(); setAsked(false); } })} autoFocus>{t('identity.unlinkYes')}</Button>
            <Button size="xs" variant="default" onClick={() => setAsked(false)}>{t('cancel')}</Button>
          </Group>
        </Alert>
      )}
      <Text size="sm" role="status">{link.isSuccess && account.linked ? t('identity.done') : unlink.isSuccess && !account.linked ? t('identity.undone') : ''}</Text>
      <Failed error={link.error ?? unlink.error} named={['identity']} />
    </section>
  );
}
