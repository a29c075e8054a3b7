import { Alert, Button, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client, Failure } from '../../api/client.js';
import { queries } from '../../api/queries.js';
import { sessionOptions } from '../../app/session.js';
import { Door } from '../../parts/door.js';
import { Answer } from '../../parts/states.js';
import { DEPARTMENTS } from '../../../../src/customers/catalogue.js';

interface Invitation {
  readonly purpose: string;
  readonly colleague: { readonly id: string; readonly name: string | null } | null;
  readonly needsPassword: boolean;
  /** For the first administrator: who is there already. */
  readonly colleagues: readonly { readonly id: string; readonly name: string | null }[];
}

const JSON_BODY = { 'content-type': 'application/json' };
const SHORTEST = 8;
const SOMEBODY_NEW = '';

/** The page of a one-time link; its token stands behind # and so reaches no log of a server. */
export default function Welcome() {
  const { t } = useTranslation('welcome');
  const [token] = useState(() => location.hash.slice(1));
  // It stays neither in the address nor in the history.
  useEffect(() => history.replaceState(history.state, '', location.pathname), []);
  const link = useQuery({
    queryKey: ['link', token],
    queryFn: async () => (await client.post<{ 200: Invitation }, unknown, true>({ url: '/api/v1/links', body: { token }, headers: JSON_BODY, throwOnError: true })).data,
    enabled: token !== '',
    retry: false,
    staleTime: Infinity,
  });
  const isBad = token === '' || (link.error instanceof Failure && link.error.status >= 400 && link.error.status < 500 && link.error.status !== 429);
  if (isBad) return <Door title={t('bad')} more={t('badMore')}><Button component={Link} to="/sign-in" variant="default">{t('signIn')}</Button></Door>;
  if (link.data === undefined) return <Door title={t('looking')}><Answer query={link} lines={3}>{() => null}</Answer></Door>;
  return <Use token={token} invitation={link.data} />;
}

function Use({ token, invitation: { purpose, colleague, needsPassword, colleagues } }: { readonly token: string; readonly invitation: Invitation }) {
  const { t } = useTranslation('welcome');
  const departments = useTranslation().t;
  const navigate = useNavigate();
  const isFirst = purpose === 'first-administrator';
  const form = useForm({
    initialValues: { who: SOMEBODY_NEW, id: '', name: '', department: null as string | null, password: '', again: '' },
    validate: (values) => ({
      ...(isFirst && values.who === SOMEBODY_NEW && {
        id: /^[a-z0-9][a-z0-9._-]*$/i.test(values.id.trim()) ? null : t('idWrong'),
        name: values.name.trim() === '' ? t('needed') : null,
        department: values.department === null ? t('needed') : null,
      }),
      ...(needsPassword && { password: values.password.length < SHORTEST ? t('short', { count: SHORTEST }) : null, again: values.again === values.password ? null : t('differs') }),
    }),
  });
  const isNew = isFirst && form.values.who === SOMEBODY_NEW;
  const use = useMutation({
    mutationFn: async (values: typeof form.values) => {
      const founder = !isFirst ? {} : values.who === SOMEBODY_NEW ? { id: values.id.trim(), name: values.name.trim(), department: values.department } : { id: values.who };
      return (await client.post({ url: '/api/v1/links/use', body: { token, ...(needsPassword && { password: values.password }), ...founder }, headers: JSON_BODY, throwOnError: true })).data;
    },
    onSuccess: async () => {
      await queries.fetchQuery({ ...sessionOptions, staleTime: 0 });
      await navigate({ to: isFirst ? '/first-run' : '/', replace: true });
    },
    onError: (error) => {
      if (error instanceof Failure) form.setErrors(error.fields);
    },
  });
  // A link that only signs in asks for nothing; once, whatever React repeats.
  const entered = useRef(false);
  useEffect(() => {
    if (needsPassword || entered.current) return;
    entered.current = true;
    use.mutate(form.values);
  });
  const name = colleague?.name ?? colleague?.id ?? '';
  return (
    <Door title={isFirst ? t('first') : t('hello', { name })} more={t(`purposes.${purpose}`)}>
      <form onSubmit={form.onSubmit((values) => use.mutate(values))} noValidate>
        <Stack gap="sm">
          {use.isError && Object.keys(use.error instanceof Failure ? use.error.fields : {}).length === 0 && <Alert role="alert" color="red" variant="outline">{use.error.message}</Alert>}
          {isFirst && colleagues.length > 0 && <Select label={t('who')} data={[{ value: SOMEBODY_NEW, label: t('somebodyNew') }, ...colleagues.map(({ id, name: named }) => ({ value: id, label: named ?? id }))]} allowDeselect={false} {...form.getInputProps('who')} />}
          {isNew && (
            <>
              <TextInput label={t('name')} autoComplete="name" autoFocus {...form.getInputProps('name')} />
              <TextInput label={t('id')} description={t('idMore')} autoComplete="username" autoCapitalize="none" spellCheck={false} {...form.getInputProps('id')} />
              <Select label={t('department')} data={DEPARTMENTS.map((value) => ({ value, label: departments(`departments.${value}`) }))} {...form.getInputProps('department')} />
            </>
          )}
          {needsPassword && (
            <>
              {!isNew && <input type="text" autoComplete="username" value={colleague?.id ?? form.values.who} readOnly hidden />}
              <PasswordInput label={t('password')} description={t('passwordMore')} autoComplete="new-password" autoFocus={!isFirst} visibilityToggleButtonProps={{ 'aria-label': t('show') }} {...form.getInputProps('password')} />
              <PasswordInput label={t('again')} autoComplete="new-password" visibilityToggleButtonProps={{ 'aria-label': t('show') }} {...form.getInputProps('again')} />
            </>
          )}
          <Button type="submit" loading={use.isPending} mt="xs">{t('go')}</Button>
          {colleague !== null && <Text size="xs" c="dimmed">{t('yourId', { id: colleague.id })}</Text>}
        </Stack>
      </form>
    </Door>
  );
}
