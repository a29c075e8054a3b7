import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../api/client.js';
import { customersEntryOptions, customersRetractMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import { useKey } from '../../api/use-key.js';
import type { OverlayProps } from '../../app/screens.js';
import { EntryLine } from '../../parts/entry-line.js';
import { Answer, Problem } from '../../parts/states.js';
import { Dialog } from './dialog.js';
import { Falling, fallingIn, namedIn } from './falling.js';

/** Takes an entry back. Entries that name it are listed before anything happens. */
export default function Retract({ close, given }: OverlayProps) {
  const { t } = useTranslation('log');
  const path = { id: given['customer'] ?? '', interaction: given['interaction'] ?? '' };
  const entry = useQuery(customersEntryOptions({ path }));
  const { headers, renew } = useKey();
  const [reason, setReason] = useState('');
  const retract = useMutation({
    ...customersRetractMutation(),
    onError: () => undefined,
  });
  const named = namedIn(retract.error);
  const falling = named === undefined ? [] : fallingIn(named);
  const send = (): void => {
    if (retract.isPending) return;
    retract.mutate({ path, headers, body: { ...(reason.trim() !== '' && { reason: reason.trim() }), ...(named !== undefined && { including: falling }) } }, {
      onSuccess: () => {
        renew();
        notifications.show({ message: t('retract.done') });
        close();
      },
    });
  };
  const wrong = retract.error instanceof Failure ? retract.error.fields['reason'] : undefined;
  return (
    <Dialog title={t('retract.title')} close={close} size={520}>
      <Answer query={entry} lines={3}>
        {(read) => (
          <form onSubmit={(event) => { event.preventDefault(); send(); }} noValidate>
            <Stack gap="sm">
              <EntryLine entry={read} />
              <Text size="sm" c="dimmed">{t('retract.more')}</Text>
              <TextInput label={t('retract.reason')} placeholder={t('retract.reasonHint')} value={reason} maxLength={1000} autoComplete="off" data-autofocus error={wrong} onChange={(event) => setReason(event.currentTarget.value)} />
              {named !== undefined && <Falling named={named} customer={path.id} falls={t('retract.falls')} stays={t('retract.stays')} />}
              {retract.isError && named === undefined && wrong === undefined && <Problem error={retract.error} />}
              <Group justify="flex-end" gap="xs">
                <Button variant="default" onClick={close}>{t('retract.cancel')}</Button>
                <Button type="submit" color="red" loading={retract.isPending}>{falling.length === 0 ? t('retract.do') : t('retract.doAll', { count: falling.length })}</Button>
              </Group>
            </Stack>
          </form>
        )}
      </Answer>
    </Dialog>
  );
}
