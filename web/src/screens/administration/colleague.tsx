import { Alert, Anchor, Button, Checkbox, Drawer, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountRole } from '../../../../src/access/roles.js';
import { accountsChangeMutation, accountsLinkMutation, accountsOpenMutation, colleaguesChangeMutation, handoversHandOverMutation, portfolioPortfolioOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { useKey } from '../../api/use-key.js';
import { useSession } from '../../app/session.js';
import { Failed, fieldsOf } from '../../parts/failed.js';
import { sayNumber } from '../../parts/locale.js';
import { ColleaguePicker } from '../../parts/pickers.js';
import { stateOf, type Account, type Known } from './accounts.js';
import { Identity } from './identity.js';
import { Keys } from './keys.js';
import { LinkOnce } from './link-once.js';
import { RightsFields } from './rights-fields.js';

/** All that can be done about one colleague's access. */
export function Colleague({ colleague, account, close }: { readonly colleague: Known; readonly account: Account | undefined; readonly close: () => void }) {
  const { t } = useTranslation('administration');
  const name = colleague.name ?? t('unnamed');
  const state = stateOf(colleague, account);
  return (
    <Drawer opened onClose={close} position="right" size="md" title={<Text fw={650} style={{ overflowWrap: 'anywhere' }}>{name}</Text>} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack gap="lg">
        <Text size="sm" c="dimmed">{[colleague.id, t(`departments.${colleague.department}`, { ns: 'app' }), t(`states.${state}`)].join(' · ')}</Text>
        {account === undefined ? colleague.active && <Invite id={colleague.id} name={name} /> : (
          <>
            <Rights account={account} />
            {colleague.active && <Reset account={account} name={name} />}
            <Identity account={account} />
            <Keys account={account} name={name} />
          </>
        )}
        {(account !== undefined || colleague.active) && <Access colleague={colleague} account={account} name={name} />}
        <Customers colleague={colleague} account={account} name={name} />
      </Stack>
    </Drawer>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <Title order={2} mb="xs">{title}</Title>
      <Stack gap="sm">{children}</Stack>
    </section>
  );
}

function Invite({ id, name }: { readonly id: string; readonly name: string }) {
  const { t } = useTranslation('administration');
  const key = useKey();
  const [role, setRole] = useState<AccountRole>('service');
  const [contacts, setContacts] = useState(false);
  const open = useMutation(accountsOpenMutation());
  const errors = fieldsOf(open.error);
  return (
    <Part title={t('invite')}>
      {open.data === undefined ? (
        <>
          <RightsFields role={role} contacts={contacts} onRole={setRole} onContacts={setContacts} errors={{ role: errors['role'], contacts: errors['contacts'] }} />
          <Failed error={open.error} named={['role', 'contacts']} />
          <Group><Button loading={open.isPending} onClick={() => open.mutate({ body: { id, role, ...(role === 'leader' && { contacts }) }, headers: key.headers }, { onSuccess: key.renew })}>{t('makeLink')}</Button></Group>
        </>
      ) : <LinkOnce name={name} link={open.data.link} />}
    </Part>
  );
}

function Rights({ account }: { readonly account: Account }) {
  const { t } = useTranslation('administration');
  const session = useSession();
  const key = useKey();
  const [role, setRole] = useState<AccountRole>(account.role);
  const [contacts, setContacts] = useState(account.contacts);
  const change = useMutation(accountsChangeMutation());
  const errors = fieldsOf(change.error);
  const isSame = role === account.role && contacts === account.contacts;
  return (
    <Part title={t('rights')}>
      <RightsFields role={role} contacts={contacts} onRole={setRole} onContacts={setContacts} errors={{ role: errors['role'], contacts: errors['contacts'] }} />
      {account.id === session.colleague && role !== 'administrator' && <Text size="sm">{t('demoteSelf')}</Text>}
      <Failed error={change.error} named={['role', 'contacts']} />
      <Group>
        <Button disabled={isSame} loading={change.isPending} onClick={() => change.mutate({ path: { id: account.id }, body: { ...(role !== account.role && { role }), ...(contacts !== account.contacts && { contacts }) }, headers: key.headers }, { onSuccess: key.renew })}>{t('saveRights')}</Button>
        <Text size="sm" role="status">{change.isSuccess && isSame ? t('inForce') : ''}</Text>
      </Group>
    </Part>
  );
}

function Reset({ account, name }: { readonly account: Account; readonly name: string }) {
  const { t } = useTranslation('administration');
  const [endSessions, setEndSessions] = useState(false);
  const link = useMutation(accountsLinkMutation());
  return (
    <Part title={t('newLink')}>
      <Text size="sm" c="dimmed">{t('newLinkMore')}</Text>
      <Checkbox label={t('endSessions')} description={t('endSessionsMore')} checked={endSessions} onChange={(event) => setEndSessions(event.currentTarget.checked)} />
      <Failed error={link.error} />
      {link.data !== undefined && <LinkOnce name={name} link={link.data} />}
      <Group><Button variant="default" loading={link.isPending} onClick={() => link.mutate({ path: { id: account.id }, body: { endSessions } })}>{t('makeLink')}</Button></Group>
    </Part>
  );
}

function Access({ colleague, account, name }: { readonly colleague: Known; readonly account: Account | undefined; readonly name: string }) {
  const { t } = useTranslation('administration');
  const key = useKey();
  const [asked, setAsked] = useState<'disable' | 'leave' | null>(null);
  const change = useMutation(accountsChangeMutation());
  const leave = useMutation(colleaguesChangeMutation());
  const settled = { onSuccess: () => { key.renew(); setAsked(null); } };
  const enable = (enabled: boolean): void => change.mutate({ path: { id: colleague.id }, body: { enabled }, headers: key.headers }, settled);
  const stay = (active: boolean): void => leave.mutate({ path: { id: colleague.id }, body: { active }, headers: key.headers }, settled);
  return (
    <Part title={t('access')}>
      <Failed error={change.error ?? leave.error} />
      {asked === null ? (
        <Group gap="xs">
          {account !== undefined && (account.enabled ? <Button variant="default" onClick={() => setAsked('disable')}>{t('disable')}</Button> : <Button loading={change.isPending} onClick={() => enable(true)}>{t('enable')}</Button>)}
          {colleague.active ? <Button variant="default" onClick={() => setAsked('leave')}>{t('leave')}</Button> : <Button variant="default" loading={leave.isPending} onClick={() => stay(true)}>{t('back')}</Button>}
        </Group>
      ) : (
        <Alert variant="outline" color="red" title={t(`${asked}Title`, { name })}>
          <Stack gap="xs">
            <Text size="sm">{t(`${asked}Follows`)}</Text>
            <Group gap="xs">
              <Button color="red" loading={change.isPending || leave.isPending} onClick={() => (asked === 'disable' ? enable(false) : stay(false))} data-autofocus>{t(`${asked}Yes`)}</Button>
              <Button variant="default" onClick={() => setAsked(null)}>{t('cancel')}</Button>
            </Group>
          </Stack>
        </Alert>
      )}
    </Part>
  );
}

/** Customers they own, which wait for somebody once they are gone. */
function Customers({ colleague, account, name }: { readonly colleague: Known; readonly account: Account | undefined; readonly name: string }) {
  const { t } = useTranslation('administration');
  const key = useKey();
  const [to, setTo] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const owned = useQuery(portfolioPortfolioOptions({ query: { owner: colleague.id, limit: 1 } }));
  const give = useMutation(handoversHandOverMutation());
  const errors = fieldsOf(give.error);
  const total = owned.data?.total ?? 0;
  if (give.isSuccess) return <Text size="sm" role="status">{t('handedOver', { count: give.data.done, shown: sayNumber(give.data.done) })}</Text>;
  if (total === 0) return null;
  const isGone = !colleague.active || account?.enabled === false;
  return (
    <Part title={t('customers', { count: total, shown: sayNumber(total) })}>
      <Text size="sm" c={isGone ? undefined : 'dimmed'} fw={isGone ? 600 : undefined}>{isGone ? t('customersWait', { name }) : t('customersMore', { name })} <Anchor component={Link} to="/portfolio" search={{ owner: colleague.id } as never} size="sm">{t('customersShow')}</Anchor></Text>
      <ColleaguePicker label={t('handTo')} value={to} onChange={setTo} error={errors['to']} />
      <Textarea label={t('note')} description={t('noteMore')} value={note} onChange={(event) => setNote(event.currentTarget.value)} error={errors['note']} autosize minRows={2} />
      <Failed error={give.error} named={['to', 'note']} />
      <Group><Button variant="default" disabled={to === null} loading={give.isPending} onClick={() => give.mutate({ body: { owner: colleague.id, to: to!, ...(note.trim() !== '' && { note: note.trim() }) }, headers: key.headers }, { onSuccess: key.renew })}>{t('handOver')}</Button></Group>
    </Part>
  );
}
