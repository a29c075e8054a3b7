import { Alert, Button, Divider, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.js';
import { queries } from '../../api/queries.js';
import { sessionOf, sessionOptions } from '../../app/session.js';
import { Door } from '../../parts/door.js';

/** Where one was going, when it is a page of ours. */
const inside = (to: unknown): string => (typeof to === 'string' && /^\/(?![/\\])/.test(to) && !to.startsWith('/sign-in') ? to : '/');

export default function SignIn() {
  const { t } = useTranslation('sign-in');
  const { to }: { readonly to?: unknown } = useSearch({ strict: false });
  const navigate = useNavigate();
  const { data } = useQuery(sessionOptions);
  const form = useForm({ mode: 'uncontrolled', initialValues: { colleague: '', password: '' }, validate: { colleague: (value) => (value.trim() === '' ? t('needed') : null), password: (value) => (value === '' ? t('needed') : null) } });
  const signIn = useMutation({
    mutationFn: async ({ colleague, password }: { colleague: string; password: string }) => (await client.post({ url: '/api/v1/session', body: { colleague: colleague.trim(), password }, headers: { 'content-type': 'application/json' }, throwOnError: true })).data,
    onSuccess: async () => {
      await queries.fetchQuery({ ...sessionOptions, staleTime: 0 });
      await navigate({ href: inside(to) });
    },
    onError: () => form.setFieldValue('password', ''),
  });
  if (data !== undefined && sessionOf(data) !== null) return <Navigate to={inside(to)} replace />;
  return (
    <Door title={t('heading')} more={t('more')}>
      <form onSubmit={form.onSubmit((values) => signIn.mutate(values))} noValidate>
        <Stack gap="sm">
          {signIn.isError && <Alert role="alert" color="red" variant="outline">{signIn.error.message}</Alert>}
          <TextInput label={t('colleague')} description={t('colleagueMore')} autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus required withAsterisk={false} key={form.key('colleague')} {...form.getInputProps('colleague')} />
          <PasswordInput label={t('password')} autoComplete="current-password" required withAsterisk={false} visibilityToggleButtonProps={{ 'aria-label': t('show') }} key={form.key('password')} {...form.getInputProps('password')} />
          <Button type="submit" loading={signIn.isPending} mt="xs">{t('go')}</Button>
          {data?.openId != null && (
            <>
              <Divider label={t('or')} />
              <Button component="a" href={data.openId.start} variant="default">{data.openId.label}</Button>
            </>
          )}
        </Stack>
      </form>
    </Door>
  );
}
