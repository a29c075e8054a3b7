/** Says what we will do for a customer, by when, and who sees to it. */
import { Button, Chip, Group, Modal, MultiSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { customerPromisesMakeMutation, customersOneOptions, customersPeopleOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { useKey } from '../../api/use-key.js';
import type { OverlayProps } from '../../app/screens.js';
import { useSession } from '../../app/session.js';
import { dayIn } from '../../parts/day-in.js';
import { Failed, fieldsOf } from '../../parts/failed.js';
import { sayDay } from '../../parts/locale.js';
import { ColleaguePicker, CustomerPicker } from '../../parts/pickers.js';

const DAYS = [1, 3, 7, 14] as const;
const NAMED = ['what', 'due', 'owner', 'people'];

export default function MakePromise({ close, given }: OverlayProps) {
  const { t } = useTranslation(['promises', 'parts']);
  const session = useSession();
  const { headers, renew } = useKey();
  const form = useForm<{ customer: string | null; what: string; due: string; owner: string | null; people: string[] }>({
    initialValues: { customer: given['customer'] ?? null, what: '', due: dayIn(7), owner: session.colleague, people: [] },
    validate: { customer: (value) => (value === null ? t('make.needed') : null), what: (value) => (value.trim() === '' ? t('make.needed') : null), due: (value) => (value === '' ? t('make.needed') : null) },
  });
  const { customer, due } = form.values;
  const known = useQuery({ ...customersOneOptions({ path: { id: customer ?? '' } }), enabled: customer !== null });
  const people = useQuery({ ...customersPeopleOptions({ path: { id: customer ?? '' } }), enabled: customer !== null });
  const make = useMutation({ ...customerPromisesMakeMutation(), onError: (error) => form.setErrors(fieldsOf(error)) });
  const send = form.onSubmit(({ customer: to, what, due: by, owner, people: toWhom }) => make.mutate(
    { path: { id: to! }, headers, body: { what: what.trim(), due: by, ...(owner !== null && { owner }), ...(toWhom.length > 0 && { people: toWhom }) } },
    { onSuccess: () => { renew(); notifications.show({ message: t('make.done', { date: sayDay(by) }) }); close(); } },
  ));
  const here = (people.data?.items ?? []).filter(({ left }) => left === null);
  const title = given['customer'] === undefined || known.data === undefined ? t('make.action') : t('make.to', { name: known.data.name ?? t('parts:pickers.unnamed') });
  return (
    <Modal opened onClose={close} title={<Text fw={650} style={{ overflowWrap: 'anywhere' }}>{title}</Text>} closeButtonProps={{ 'aria-label': t('make.close') }} transitionProps={{ duration: 0 }}>
      <form onSubmit={send} noValidate>
        <Stack gap="md">
          {given['customer'] === undefined && <CustomerPicker value={customer} onChange={(value) => form.setValues({ customer: value, people: [] })} required error={form.errors['customer']} data-autofocus />}
          <Textarea label={t('make.what')} placeholder={t('make.whatHint')} autosize minRows={2} maxLength={4000} required data-autofocus={given['customer'] === undefined ? undefined : true} {...form.getInputProps('what')} />
          <div>
            <TextInput type="date" label={t('make.due')} description={t('make.dueMore')} min={dayIn(0)} required {...form.getInputProps('due')} />
            <Chip.Group value={due} onChange={(value) => form.setFieldValue('due', value)}>
              <Group gap={6} mt={6} role="group" aria-label={t('make.due')}>
                {DAYS.map((days) => <Chip key={days} value={dayIn(days)} size="xs" variant="outline">{days === 1 ? t('parts:dates.tomorrow') : t('parts:dates.in', { count: days })}</Chip>)}
              </Group>
            </Chip.Group>
          </div>
          <ColleaguePicker label={t('make.owner')} value={form.values.owner} onChange={(owner) => form.setFieldValue('owner', owner)} error={form.errors['owner']} />
          {here.length > 0 && <MultiSelect label={t('make.people')} data={here.map(({ id, name }) => ({ value: id, label: name ?? t('parts:pickers.unnamed') }))} searchable {...form.getInputProps('people')} />}
          <Failed error={make.error} named={NAMED} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>{t('make.cancel')}</Button>
            <Button type="submit" loading={make.isPending}>{t('make.save')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
