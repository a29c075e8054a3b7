/** Who this is, and what one does here: log, snooze, hand over, take over. */
import { Badge, Button, Group, Modal, Stack, Text, Textarea, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { IconArrowsExchange, IconBellOff, IconPencilPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { customersEndSnoozeMutation, handoversAcknowledgeMutation, handoversHandOverMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import type { OverviewOverviewResponse, RingsJourneyResponse } from '../../api/generated/types.gen.js';
import { Failure } from '../../api/client.js';
import { useKey } from '../../api/use-key.js';
import { openOverlay } from '../../app/overlays.js';
import { sayDate } from '../../parts/locale.js';
import { Money } from '../../parts/money.js';
import { ColleaguePicker } from '../../parts/pickers.js';
import { RingsSmall, useRingsSay } from '../../parts/rings.js';
import { SnoozeDialog } from '../../parts/snooze.js';
import { Problem } from '../../parts/states.js';
import { When } from '../../parts/when.js';
import style from './customer.module.css';
import { useIsOwner, useMay } from './may.js';

export function Head({ stands, journey, isToday }: { readonly stands: OverviewOverviewResponse; readonly journey: RingsJourneyResponse | undefined; readonly isToday: boolean }) {
  const { t } = useTranslation('customer');
  const may = useMay(stands);
  const [isSnoozing, snoozing] = useDisclosure(false);
  const [isGiving, giving] = useDisclosure(false);
  const ringsSay = useRingsSay();
  const nameOf = ({ id, name }: { readonly id: string; readonly name: string | null }): string => name ?? id;
  const name = stands.name ?? t('unnamed');
  const facts: [string, React.ReactNode][] = [
    ['segment', stands.segment],
    ['owner', stands.owner === null ? t('head.nobody') : nameOf(stands.owner)],
    ['team', stands.team.length === 0 ? null : stands.team.map(nameOf).join(', ')],
    ['worth', stands.worth.length === 0 ? null : stands.worth.map(({ amount, currency }, at) => <span key={currency}>{at > 0 && ' + '}<Money amount={amount} currency={currency} /></span>)],
    ['lastContact', <When key="when" at={stands.lastContact} exact={!isToday} none={t('head.never')} />],
  ];
  return (
    <header className={style['head']}>
      <div className={style['who']}>
        <Group gap="sm" align="center">
          <Title order={1} style={{ overflowWrap: 'anywhere' }}>{name}</Title>
          {journey !== undefined && <Badge variant="outline" tt="none" size="lg">{t(`labels.${journey.label}`)}</Badge>}
        </Group>
        {journey !== undefined && (
          <Group gap={8} mt={4}>
            <RingsSmall rings={journey.rings} />
            <Text fw={600} size="sm">{ringsSay(journey.rings, journey.gaps)}</Text>
            {journey.renewedAhead !== null && <Text size="sm" c="dimmed">{t('head.renewedAhead', { date: sayDate(journey.renewedAhead) })}</Text>}
          </Group>
        )}
        <dl className={style['facts']}>
          {facts.filter(([, value]) => value !== null).map(([fact, value]) => <div key={fact}><dt>{t(`head.${fact}`)}</dt><dd>{value}</dd></div>)}
        </dl>
      </div>
      <Group gap="xs" className={style['actions']}>
        {may('POST /api/v1/customers/:id/interactions') && <Button leftSection={<IconPencilPlus size={16} aria-hidden />} onClick={() => openOverlay('log', { customer: stands.id })}>{t('actions.log')}</Button>}
        {isToday && may('POST /api/v1/customers/:id/snooze') && stands.snoozes.length === 0 && <Button variant="default" leftSection={<IconBellOff size={16} aria-hidden />} onClick={snoozing.open}>{t('actions.snooze')}</Button>}
        {isToday && may('POST /api/v1/handovers') && <Button variant="default" leftSection={<IconArrowsExchange size={16} aria-hidden />} onClick={giving.open}>{t('actions.handOver')}</Button>}
      </Group>
      {(stands.snoozes.length > 0 || stands.handover !== null || (journey?.pausedForAsks.length ?? 0) > 0) && (
        <Stack gap={6} className={style['notes']}>
          {stands.snoozes.map((snooze) => <SnoozeNote key={snooze.only ?? ''} customer={stands.id} snooze={snooze} mayEnd={may('DELETE /api/v1/customers/:id/snooze')} />)}
          {stands.handover !== null && <HandoverNote stands={stands} />}
          {(journey?.pausedForAsks.length ?? 0) > 0 && <Text size="sm" className={style['note']}>{t('head.paused')}</Text>}
        </Stack>
      )}
      {isSnoozing && <SnoozeDialog customers={[{ id: stands.id, name: stands.name }]} close={snoozing.close} />}
      {isGiving && <HandOverForm customer={stands.id} name={name} close={giving.close} />}
    </header>
  );
}

function SnoozeNote({ customer, snooze, mayEnd }: { readonly customer: string; readonly snooze: OverviewOverviewResponse['snoozes'][number]; readonly mayEnd: boolean }) {
  const { t } = useTranslation('customer');
  const end = useMutation(customersEndSnoozeMutation());
  return (
    <Group gap="xs" className={style['note']}>
      <IconBellOff size={16} aria-hidden />
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{t(snooze.only === null ? 'snooze.note' : 'snooze.noteOnly', { until: sayDate(snooze.until), only: snooze.only, by: snooze.by.name ?? snooze.by.id })}{snooze.why !== null && ` ${t('snooze.why', { why: snooze.why })}`}</Text>
      {mayEnd && <Button size="compact-xs" variant="default" loading={end.isPending} onClick={() => end.mutate({ path: { id: customer }, query: snooze.only === null ? {} : { only: snooze.only } })}>{t('snooze.end')}</Button>}
      {end.error !== null && <Problem error={end.error} />}
    </Group>
  );
}

function HandoverNote({ stands }: { readonly stands: OverviewOverviewResponse }) {
  const { t } = useTranslation('customer');
  const take = useMutation(handoversAcknowledgeMutation());
  const isMe = useIsOwner(stands);
  const { by, at } = stands.handover!;
  return (
    <Group gap="xs" className={style['note']}>
      <IconArrowsExchange size={16} aria-hidden />
      <Text size="sm">{t(isMe ? 'handover.toYou' : 'handover.waits', { by: by.name ?? by.id, to: stands.owner?.name ?? stands.owner?.id, date: sayDate(at) })}</Text>
      {isMe && <Button size="compact-xs" loading={take.isPending} onClick={() => take.mutate({ body: { customers: [stands.id] } })}>{t('handover.take')}</Button>}
      {take.error !== null && <Problem error={take.error} />}
    </Group>
  );
}

function Refused({ error }: { readonly error: unknown }) {
  if (error === null || (error instanceof Failure && Object.keys(error.fields).length > 0)) return null;
  return <Problem error={error} />;
}

function HandOverForm({ customer, name, close }: { readonly customer: string; readonly name: string; readonly close: () => void }) {
  const { t } = useTranslation('customer');
  const { headers, renew } = useKey();
  const form = useForm<{ to: string | null; note: string }>({ initialValues: { to: null, note: '' }, validate: { to: (value) => (value === null ? t('handover.who') : null) } });
  const give = useMutation({ ...handoversHandOverMutation(), onError: (error) => form.setErrors(error instanceof Failure ? error.fields : {}) });
  const send = form.onSubmit(({ to, note }) => give.mutate({ body: { customers: [customer], to: to!, ...(note.trim() !== '' && { note }) }, headers: headers }, { onSuccess: () => { renew(); close(); } }));
  return (
    <Modal opened onClose={close} title={<Text fw={650}>{t('handover.title', { name })}</Text>} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={send}>
        <Stack gap="sm">
          <ColleaguePicker data-autofocus label={t('handover.to')} required value={form.values.to} onChange={(to) => form.setFieldValue('to', to)} error={form.errors['to']} />
          <Textarea label={t('handover.note')} description={t('handover.noteMore')} autosize minRows={2} maxLength={1000} {...form.getInputProps('note')} />
          <Refused error={give.error} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" loading={give.isPending}>{t('handover.do')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
