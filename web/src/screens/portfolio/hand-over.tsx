import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../api/client.js';
import { handoversHandOverMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import { useKey } from '../../api/use-key.js';
import { ColleaguePicker } from '../../parts/pickers.js';
import { Problem } from '../../parts/states.js';

/** Gives the chosen customers to another colleague: all of them, or none when one may not be given. */
export function HandOver({ customers, close, done }: { readonly customers: readonly string[]; readonly close: () => void; readonly done: () => void }) {
  const { t } = useTranslation('portfolio');
  const [to, setTo] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const { headers, renew } = useKey();
  const send = useMutation(handoversHandOverMutation());
  const fields = send.error instanceof Failure ? (send.error as Failure).fields : {};
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (to === null) return;
    send.mutate({ headers, body: { customers: [...customers], to, ...(note.trim() !== '' && { note: note.trim() }) } }, {
      onSuccess: ({ done: count }) => {
        notifications.show({ message: t('handOver.done', { count }) });
        done();
        close();
      },
      // What was refused for good is another request when it is sent again.
      onError: (error: unknown) => void (error instanceof Failure && error.status >= 400 && error.status < 500 && renew()),
    });
  };
  return (
    <Modal opened onClose={close} title={<Text fw={650}>{t('handOver.title', { count: customers.length })}</Text>} closeButtonProps={{ 'aria-label': t('cancel') }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">{t('handOver.more')}</Text>
          <ColleaguePicker label={t('handOver.to')} value={to} onChange={setTo} required error={fields['to']} />
          <Textarea label={t('handOver.note')} description={t('handOver.noteMore')} value={note} onChange={(event) => setNote(event.currentTarget.value)} autosize minRows={2} maxLength={1000} error={fields['note']} />
          {send.error != null && fields['to'] === undefined && <Problem error={send.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>{t('cancel')}</Button>
            <Button type="submit" loading={send.isPending} disabled={to === null}>{t('handOver.send')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
