import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../api/client.js';
import { keptFiguresKeepMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import type { FiguresValueResponse } from '../../api/generated/types.gen.js';
import { useKey } from '../../api/use-key.js';
import { Problem } from '../../parts/states.js';
import { ALL_TIME } from './said.js';

/** Keeps a figure as it was read: the same clocks, window and customers. */
export function Keep({ figure, close }: { readonly figure: FiguresValueResponse; readonly close: () => void }) {
  const { t } = useTranslation('leadership');
  const { headers, renew } = useKey();
  const keep = useMutation(keptFiguresKeepMutation());
  const form = useForm({ initialValues: { label: '' } });
  const { asOf, asKnown, filter, period } = figure;
  // Days of 24 hours, as the API counts them.
  const days = period === null ? undefined : Math.round((Date.parse(period.to) - Date.parse(period.from)) / 86_400_000);
  const submit = form.onSubmit(async ({ label }) => {
    try {
      await keep.mutateAsync({ headers, body: { figure: figure.name, label, asOf, ...(asKnown !== null && { asKnown }), ...filter, ...(days !== undefined && days <= ALL_TIME && { window: days }) } });
      renew();
      notifications.show({ message: t('keep.kept', { label }), closeButtonProps: { 'aria-label': t('close') } });
      close();
    } catch (error) {
      if (error instanceof Failure) form.setErrors(error.fields);
    }
  });
  return (
    <Modal opened onClose={close} title={t('keep.title', { name: figure.title })} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="dimmed">{t('keep.more')}</Text>
          <TextInput label={t('keep.label')} description={t('keep.hint')} required maxLength={200} data-autofocus {...form.getInputProps('label')} />
          {keep.error !== null && Object.keys(form.errors).length === 0 && <Problem error={keep.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>{t('cancel')}</Button>
            <Button type="submit" loading={keep.isPending}>{t('keep.action')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
