/** Leaving customers alone until a day: the dialog, and what a snooze in force says. */
import { Button, Chip, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure, newKey } from '../api/client.js';
import { customersEndSnooze, customersSnooze } from '../api/generated/sdk.gen.js';
import { dayIn } from './day-in.js';
import { sayDate, sayDay } from './locale.js';
import { Problem } from './states.js';

export interface Snoozable {
  readonly id: string;
  readonly name: string | null;
  readonly snoozes?: readonly { readonly until: string; readonly by: { readonly id: string; readonly name: string | null } }[];
}

const LENGTHS = [1, 7, 14, 30, 90] as const;

/** Asks until when and why; one customer may also be woken. Mount it to open it. */
export function SnoozeDialog({ customers, close, done }: { readonly customers: readonly Snoozable[]; readonly close: () => void; readonly done?: () => void }) {
  const { t } = useTranslation('parts');
  const queries = useQueryClient();
  const [until, setUntil] = useState(() => dayIn(14));
  const [reason, setReason] = useState('');
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  /** One key a customer, kept over repeats: who was snoozed already is not snoozed again. */
  const keys = useRef(new Map<string, string>());
  const only = customers.length === 1 ? customers[0]! : undefined;
  const name = only === undefined ? t('snooze.several', { count: customers.length }) : (only.name ?? t('pickers.unnamed'));
  const running = only?.snoozes?.[0];
  const fields = error instanceof Failure ? error.fields : {};

  const send = async (each: (customer: Snoozable, headers: { 'Idempotency-Key': string }) => Promise<unknown>, says: string): Promise<void> => {
    setSending(true);
    setError(undefined);
    try {
      for (const customer of customers) {
        const key = keys.current.get(customer.id) ?? newKey();
        keys.current.set(customer.id, key);
        await each(customer, { 'Idempotency-Key': key });
      }
      notifications.show({ message: says });
      done?.();
      close();
    } catch (caught) {
      setError(caught);
      // What is wrong with the form is another request next time.
      if (caught instanceof Failure && caught.status >= 400 && caught.status < 500) keys.current.clear();
    } finally {
      setSending(false);
      void queries.invalidateQueries();
    }
  };
  const snooze = (event: SyntheticEvent): void => {
    event.preventDefault();
    void send(({ id }, headers) => customersSnooze({ path: { id }, body: { until, reason: reason.trim() }, headers, throwOnError: true }), t('snooze.done', { name, until: sayDay(until) }));
  };
  const wake = (): void => void send(({ id }) => customersEndSnooze({ path: { id }, throwOnError: true }), t('snooze.woken', { name }));

  return (
    <Modal opened onClose={close} title={<Text fw={650} style={{ overflowWrap: 'anywhere' }}>{t('snooze.title', { name })}</Text>} closeButtonProps={{ 'aria-label': t('snooze.cancel') }}>
      <form onSubmit={snooze}>
        <Stack gap="md">
          {running !== undefined && (
            <Group justify="space-between" gap="xs">
              <Text size="sm">{t('snooze.running', { until: sayDate(running.until), by: running.by.name ?? running.by.id })}</Text>
              <Button variant="default" size="xs" onClick={wake} loading={isSending}>{t('snooze.wake')}</Button>
            </Group>
          )}
          <Text size="sm" c="dimmed">{t('snooze.more')}</Text>
          <TextInput label={t('snooze.reason')} description={t('snooze.reasonMore')} data-autofocus value={reason} onChange={(event) => setReason(event.currentTarget.value)} required maxLength={1000} error={fields['reason']} />
          <div>
            <Text size="sm" fw={500} id="snooze-length" mb={4}>{t('snooze.length')}</Text>
            <Chip.Group value={until} onChange={(value) => setUntil(value)}>
              <Group gap={6} role="group" aria-labelledby="snooze-length">
                {LENGTHS.map((days) => <Chip key={days} value={dayIn(days)} size="sm" variant="outline">{t(`snooze.lengths.${days}`)}</Chip>)}
              </Group>
            </Chip.Group>
          </div>
          <TextInput type="date" label={t('snooze.until')} value={until} onChange={(event) => setUntil(event.currentTarget.value)} min={dayIn(1)} max={dayIn(365)} required error={fields['until']} />
          {error !== undefined && Object.keys(fields).length === 0 && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>{t('snooze.cancel')}</Button>
            <Button type="submit" loading={isSending} disabled={reason.trim() === '' || until === ''}>{t('snooze.send')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
