import { Button, Checkbox, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountRole } from '../../../../src/access/roles.js';
import { DEPARTMENTS } from '../../../../src/customers/catalogue.js';
import { accountsOpenMutation, colleaguesAddMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import type { AccountsOpenResponse } from '../../api/generated/types.gen.js';
import { useKey } from '../../api/use-key.js';
import { Failed, fieldsOf } from '../../parts/failed.js';
import { LinkOnce } from './link-once.js';
import { RightsFields } from './rights-fields.js';

/** "Ada Berg" → "ada": the first name, or with the second's first letters where that is taken. */
export function idFrom(name: string, taken: ReadonlySet<string>): string {
  const [first = '', ...rest] = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().split(/[^a-z0-9]+/).filter((part) => part !== '');
  const last = rest.at(-1) ?? '';
  const tries = [first, `${first}.${last.slice(0, 1)}`, `${first}.${last}`, ...Array.from({ length: 8 }, (_, n) => `${first}${n + 2}`)];
  return tries.find((id) => id !== '' && !id.endsWith('.') && !taken.has(id)) ?? '';
}

const NAMED = ['id', 'name', 'department', 'role', 'contacts'];

/** A new colleague, and at once the link by which they come in. */
export function AddColleague({ taken, close }: { readonly taken: ReadonlySet<string>; readonly close: () => void }) {
  const { t } = useTranslation('administration');
  const [adding, opening] = [useKey(), useKey()];
  const [chosenId, setChosenId] = useState(false);
  const [added, setAdded] = useState<string | null>(null);
  const [done, setDone] = useState<{ readonly name: string; readonly link: AccountsOpenResponse['link'] | null } | null>(null);
  const form = useForm({
    initialValues: { name: '', id: '', department: null as (typeof DEPARTMENTS)[number] | null, invite: true, role: 'service' as AccountRole, contacts: false },
    validate: (values) => ({ name: values.name.trim() === '' ? t('needed') : null, id: values.id.trim() === '' ? t('needed') : null, department: values.department === null ? t('needed') : null }),
  });
  const add = useMutation(colleaguesAddMutation());
  const open = useMutation(accountsOpenMutation());
  const error = add.error ?? open.error;
  const submit = form.onSubmit(async ({ name, id, department, invite, role, contacts }) => {
    try {
      // Where the second step failed, the first is not done again.
      if (added !== id.trim()) {
        await add.mutateAsync({ body: { id: id.trim(), name: name.trim(), department: department as 'sales' }, headers: adding.headers });
        adding.renew();
        setAdded(id.trim());
      }
      if (!invite) return setDone({ name: name.trim(), link: null });
      const { link } = await open.mutateAsync({ body: { id: id.trim(), role, ...(role === 'leader' && { contacts }) }, headers: opening.headers });
      opening.renew();
      setDone({ name: name.trim(), link });
    } catch (failure) {
      form.setErrors(fieldsOf(failure));
    }
  });
  return (
    <Modal opened onClose={close} title={<Text fw={650}>{t('add')}</Text>} closeButtonProps={{ 'aria-label': t('close') }} size="md">
      {done !== null ? (
        <Stack gap="md">
          {done.link === null ? <Text role="status">{t('added', { name: done.name })}</Text> : <LinkOnce name={done.name} link={done.link} />}
          <Group justify="flex-end"><Button onClick={close} data-autofocus>{t('done')}</Button></Group>
        </Stack>
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="sm">
            <Failed error={error} named={NAMED} />
            <TextInput
              label={t('name')}
              autoComplete="off"
              data-autofocus
              {...form.getInputProps('name')}
              onChange={(event) => {
                form.setFieldValue('name', event.currentTarget.value);
                if (!chosenId) form.setFieldValue('id', idFrom(event.currentTarget.value, taken));
              }}
            />
            <TextInput
              label={t('id')}
              description={t('idMore')}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              {...form.getInputProps('id')}
              onChange={(event) => {
                setChosenId(event.currentTarget.value !== '');
                form.setFieldValue('id', event.currentTarget.value);
              }}
            />
            <Select label={t('department')} data={DEPARTMENTS.map((value) => ({ value, label: t(`departments.${value}`, { ns: 'app' }) }))} {...form.getInputProps('department')} />
            <Checkbox label={t('invite')} description={t('inviteMore')} {...form.getInputProps('invite', { type: 'checkbox' })} />
            {form.values.invite && <RightsFields role={form.values.role} contacts={form.values.contacts} onRole={(role) => form.setFieldValue('role', role)} onContacts={(contacts) => form.setFieldValue('contacts', contacts)} errors={{ role: form.errors['role'], contacts: form.errors['contacts'] }} />}
            <Group justify="flex-end" mt="xs">
              <Button variant="default" onClick={close}>{t('cancel')}</Button>
              <Button type="submit" loading={add.isPending || open.isPending}>{form.values.invite ? t('addAndInvite') : t('addOnly')}</Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
