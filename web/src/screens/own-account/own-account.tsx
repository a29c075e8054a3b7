import { Button, Checkbox, Group, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Scope } from '../../../../src/access/roles.js';
import { scopesOf } from '../../../../src/access/route-table.js';
import { keysAllOptions, keysMakeMutation, keysRevokeMutation, sessionPasswordMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import type { KeysAllResponses } from '../../api/generated/types.gen.js';
import { useKey } from '../../api/use-key.js';
import { useSession } from '../../app/session.js';
import { ApiKey } from '../../parts/api-key.js';
import { Failed, fieldsOf } from '../../parts/failed.js';
import { ShownOnce } from '../../parts/shown-once.js';
import { Answer, ScreenHead } from '../../parts/states.js';
import style from './own-account.module.css';
import { SignedIn } from './signed-in.js';

/** What one may do about one's own account. */
export default function OwnAccount() {
  const { t } = useTranslation('own-account');
  const session = useSession();
  return (
    <Stack gap="lg" maw={860}>
      <div>
        <ScreenHead title={t('title')} />
        <Text size="sm">{[session.name, session.colleague, t(`roles.${session.role}`, { ns: 'app' }), ...(session.department === null ? [] : [t(`departments.${session.department}`, { ns: 'app' })])].join(' · ')}</Text>
      </div>
      <Password />
      <SignedIn />
      <Keys />
    </Stack>
  );
}

const SHORTEST = 8;

function Password() {
  const { t } = useTranslation('own-account');
  const session = useSession();
  const key = useKey();
  const change = useMutation(sessionPasswordMutation());
  const form = useForm({
    initialValues: { old: '', password: '', again: '' },
    validate: { old: (value) => (value === '' ? t('needed') : null), password: (value) => (value.length < SHORTEST ? t('short', { count: SHORTEST }) : null), again: (value, { password }) => (value === password ? null : t('differs')) },
  });
  const submit = form.onSubmit(({ old, password }) => change.mutate({ body: { old, password }, headers: key.headers }, { onSuccess: () => { key.renew(); form.reset(); }, onError: (error) => form.setErrors(fieldsOf(error)) }));
  const show = { 'aria-label': t('show') };
  return (
    <Paper withBorder p="md" component="section" aria-label={t('password')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm" maw={420}>
          <Title order={2}>{t('password')}</Title>
          <Text size="sm" c="dimmed">{t('passwordMore')}</Text>
          <input type="text" autoComplete="username" value={session.colleague} readOnly hidden />
          <PasswordInput label={t('old')} autoComplete="current-password" visibilityToggleButtonProps={show} {...form.getInputProps('old')} />
          <PasswordInput label={t('new')} description={t('newMore')} autoComplete="new-password" visibilityToggleButtonProps={show} {...form.getInputProps('password')} />
          <PasswordInput label={t('again')} autoComplete="new-password" visibilityToggleButtonProps={show} {...form.getInputProps('again')} />
          <Failed error={change.error} named={['old', 'password']} />
          <Group>
            <Button type="submit" loading={change.isPending}>{t('changePassword')}</Button>
            <Text size="sm" role="status">{change.isSuccess ? t('changed') : ''}</Text>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

function Keys() {
  const { t } = useTranslation('own-account');
  const query = useQuery(keysAllOptions());
  return (
    <Paper withBorder p="md" component="section" aria-label={t('keys')}>
      <Stack gap="md">
        <div>
          <Title order={2}>{t('keys')}</Title>
          <Text size="sm" c="dimmed">{t('keysMore')}</Text>
        </div>
        <Answer query={query} lines={2}>
          {({ items }) => (items.length === 0 ? <Text size="sm" c="dimmed">{t('noKeys')}</Text> : <ul className={style['list']} aria-label={t('keys')}>{items.map((one) => <Key key={one.key} one={one} />)}</ul>)}
        </Answer>
        <Make />
      </Stack>
    </Paper>
  );
}

function Key({ one }: { readonly one: KeysAllResponses[200]['items'][number] }) {
  const key = useKey();
  const revoke = useMutation(keysRevokeMutation());
  return <ApiKey one={one} isPending={revoke.isPending} error={revoke.error} onRevoke={() => revoke.mutate({ path: { key: one.key }, headers: key.headers }, { onSuccess: key.renew })} />;
}

function Make() {
  const { t } = useTranslation('own-account');
  const session = useSession();
  const key = useKey();
  const make = useMutation(keysMakeMutation());
  const form = useForm({
    initialValues: { label: '', scopes: [] as Scope[] },
    validate: { label: (value) => (value.trim() === '' ? t('needed') : null), scopes: (value) => (value.length === 0 ? t('scopeNeeded') : null) },
  });
  const submit = form.onSubmit(({ label, scopes }) => make.mutate({ body: { label: label.trim(), scopes }, headers: key.headers }, { onSuccess: () => { key.renew(); form.reset(); }, onError: (error) => form.setErrors(fieldsOf(error)) }));
  return (
    <section aria-label={t('make')}>
      <Title order={3} mb="xs">{t('make')}</Title>
      {make.data !== undefined && <Stack mb="md"><ShownOnce title={t('madeNow')} label={t('theKey')} value={make.data.token}>{t('theKeyMore')}</ShownOnce></Stack>}
      <form onSubmit={submit} noValidate>
        <Stack gap="sm" maw={520}>
          <TextInput label={t('label')} description={t('labelMore')} autoComplete="off" {...form.getInputProps('label')} />
          <Checkbox.Group label={t('scope')} description={t('scopeMore')} {...form.getInputProps('scopes')}>
            <Stack gap={6} mt="xs">{scopesOf(session.role).map((scope) => <Checkbox key={scope} value={scope} label={t(`scopes.${scope}`)} description={t(`scopeSays.${scope}`)} />)}</Stack>
          </Checkbox.Group>
          <Failed error={make.error} named={['label', 'scopes']} />
          <Group><Button type="submit" loading={make.isPending}>{t('makeGo')}</Button></Group>
        </Stack>
      </form>
    </section>
  );
}
