/** Asks somebody to stand up for us: says before what the budget allows, and after a refusal why, and what can be done about it. */
import { Alert, Anchor, Autocomplete, Button, Checkbox, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconBan, IconCalendarClock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ACTS, CHANNELS } from '../../../../src/customers/catalogue.js';
import { Failure } from '../../api/client.js';
import { campaignsTagsOptions, customerAsksAskMutation, customerAsksListOptions, customersOneOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { useKindLabel } from '../../api/kinds.js';
import { useKey } from '../../api/use-key.js';
import { openOverlay } from '../../app/overlays.js';
import type { OverlayProps } from '../../app/screens.js';
import { dayIn } from '../../parts/day-in.js';
import { Failed, fieldsOf } from '../../parts/failed.js';
import { sayDate, sayInstant } from '../../parts/locale.js';
import { CustomerPicker, PersonPicker } from '../../parts/pickers.js';
import { Load } from './board.js';

const NAMED = ['person', 'act', 'wording', 'due', 'channel', 'offering'];
/** Refusals that are no mistake of the form, but a reason not to ask. */
const REASONS = ['paused-for-asks', 'no-consent', 'budget-spent', 'person-left', 'objects'];

interface Values {
  customer: string | null;
  person: string | null;
  act: (typeof ACTS)[number] | null;
  wording: string;
  due: string;
  channel: (typeof CHANNELS)[number] | null;
  offering: string;
  incentivised: boolean;
}

export default function Ask({ close, given }: OverlayProps) {
  const { t } = useTranslation(['advocates-ask', 'advocates', 'customer', 'parts']);
  const kindLabel = useKindLabel();
  const { headers, renew } = useKey();
  const form = useForm<Values>({
    initialValues: { customer: given['customer'] ?? null, person: given['person'] ?? null, act: ACTS.find((one) => one === given['act']) ?? null, wording: '', due: '', channel: null, offering: given['offering'] ?? '', incentivised: false },
    validate: { customer: (value) => (value === null ? t('needed') : null), person: (value) => (value === null ? t('needed') : null), act: (value) => (value === null ? t('needed') : null), wording: (value) => (value.trim() === '' ? t('needed') : null) },
  });
  const { customer, person } = form.values;
  const known = useQuery({ ...customersOneOptions({ path: { id: customer ?? '' } }), enabled: customer !== null });
  const asks = useQuery({ ...customerAsksListOptions({ path: { id: customer ?? '' }, query: { limit: 1 } }), enabled: customer !== null });
  const tags = useQuery({ ...campaignsTagsOptions(), staleTime: 5 * 60_000 });
  const ask = useMutation({ ...customerAsksAskMutation(), onError: (error) => form.setErrors(isReason(error) ? {} : fieldsOf(error)) });
  const budget = asks.data?.people.find((one) => one.person.id === person);
  const send = form.onSubmit(({ act, wording, due, channel, offering, incentivised }) => ask.mutate(
    { path: { id: customer! }, headers, body: { person: person!, act: act!, wording: wording.trim(), ...(due !== '' && { due }), ...(channel !== null && { channel }), ...(offering.trim() !== '' && { offering: offering.trim() }), ...(incentivised && { incentivised }) } },
    { onSuccess: () => { renew(); notifications.show({ message: t('done') }); close(); }, onError: (error) => { if (error instanceof Failure && error.status >= 400 && error.status < 500) renew(); } },
  ));
  const title = given['customer'] === undefined || known.data === undefined ? t('title') : t('at', { name: known.data.name ?? t('parts:pickers.unnamed') });
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={650} style={{ overflowWrap: 'anywhere' }}>{title}</Text>} closeButtonProps={{ 'aria-label': t('close') }} transitionProps={{ duration: 0 }}>
      <form onSubmit={send} noValidate>
        <Stack gap="md">
          {given['customer'] === undefined && <CustomerPicker value={customer} onChange={(value) => form.setValues({ customer: value, person: null })} required error={form.errors['customer']} autoFocus />}
          <PersonPicker customer={customer} value={person} onChange={(value) => { form.setFieldValue('person', value); ask.reset(); }} required error={form.errors['person']} disabled={customer === null} />
          {budget !== undefined && asks.data !== undefined && (
            <Group gap="xs" role="status">
              <Load recent={asks.data.budget.asks - budget.left} budget={asks.data.budget} />
              <Text size="sm" c={budget.left === 0 ? 'var(--five-out)' : 'dimmed'}>{budget.left > 0 ? t('left', { count: budget.left }) : budget.nextFree === null ? t('neverFree') : t('freeFrom', { date: sayDate(budget.nextFree) })}</Text>
            </Group>
          )}
          <Select label={t('act')} data={ACTS.map((value) => ({ value, label: kindLabel(value) }))} required {...form.getInputProps('act')} />
          <Textarea label={t('wording')} description={t('wordingMore')} autosize minRows={2} maxLength={4000} required data-autofocus={given['person'] === undefined ? undefined : true} {...form.getInputProps('wording')} />
          <Group grow align="flex-start" preventGrowOverflow={false}>
            <TextInput type="date" label={t('due')} min={dayIn(0)} {...form.getInputProps('due')} />
            <Select label={t('channel')} placeholder={t('unsaid')} data={CHANNELS.map((value) => ({ value, label: t(`customer:channels.${value}`) }))} clearable clearButtonProps={{ 'aria-label': t('unsaid') }} {...form.getInputProps('channel')} />
            <Autocomplete label={t('offering')} data={(tags.data?.offerings ?? []).map(({ tag }) => tag)} {...form.getInputProps('offering')} />
          </Group>
          <Checkbox label={t('incentivised')} description={t('incentivisedMore')} {...form.getInputProps('incentivised', { type: 'checkbox' })} />
          {isReason(ask.error) ? <Refused error={ask.error} customer={customer!} person={person!} /> : <Failed error={ask.error} named={NAMED} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>{t('cancel')}</Button>
            <Button type="submit" loading={ask.isPending}>{t('send')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const isReason = (error: unknown): error is Failure => error instanceof Failure && error.problem !== undefined && REASONS.some((reason) => error.problem!.code.startsWith(reason));

/** Why not, the entries behind it, and the way on. */
function Refused({ error, customer, person }: { readonly error: Failure; readonly customer: string; readonly person: string }) {
  const { t } = useTranslation('advocates-ask');
  const { code, detail, nextFree } = error.problem!;
  const entries = ((error.problem!.entries ?? []) as readonly (string | { readonly id: string })[]).map((one) => (typeof one === 'string' ? one : one.id));
  return (
    <Alert role="alert" variant="outline" color="red" icon={code === 'budget-spent' ? <IconCalendarClock aria-hidden /> : <IconBan aria-hidden />} title={t('notNow')}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{code === 'budget-spent' && typeof nextFree === 'string' ? t('spent', { at: sayInstant(nextFree) }) : detail}</Text>
        {entries.length > 0 && <Text size="sm">{t('because')} {entries.map((entry, index) => <span key={entry}>{index > 0 && ', '}<Anchor component={Link} to={`/customers/${customer}`} search={{ entry } as never} fz="sm" underline="always">{t('entry', { number: index + 1 })}</Anchor></span>)}</Text>}
        {code === 'no-consent' && <Button size="xs" variant="default" onClick={() => openOverlay('log', { customer, person, kind: 'consent-given' })}>{t('logConsent')}</Button>}
      </Stack>
    </Alert>
  );
}
