/** In the header: how much is written and not recorded yet. And the question before somebody signs out with it. */
import { Button, Group, Modal, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCloudUp, IconCloudX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../api/queries.js';
// Drafts too are cleared with whoever signs out, whether or not a form was opened.
import './kept.js';
import { useAtHand } from './at-hand.js';
import { discardAll, onSent, openOutbox, useWaiting, waitingNow } from './outbox.js';
import { openOverlay } from './overlays.js';
import { onLeave, onLeaving, useSession } from './session.js';

onLeave(discardAll);

export function Waiting() {
  const { t } = useTranslation('log');
  const { colleague } = useSession();
  useAtHand();
  const waiting = useWaiting();
  const [answer, setAnswer] = useState<((leaves: boolean) => void) | null>(null);
  useEffect(() => {
    openOutbox(colleague);
    return () => openOutbox(null);
  }, [colleague]);
  useEffect(() => onLeaving(() => (waitingNow().length === 0 ? Promise.resolve(true) : new Promise((resolve) => setAnswer(() => resolve)))), []);
  // What goes out later says so; what somebody is just saving is said by the form.
  useEffect(() => onSent(({ writtenAt, customer, id }, sent) => {
    if (sent.is === 'recorded') void queries.invalidateQueries();
    if (Date.now() - Date.parse(writtenAt) < 5000) return;
    if (sent.is === 'recorded') notifications.show({ id, message: t('waiting.sent', { customer: customer.name }) });
    else if (sent.is === 'refused') notifications.show({ id, color: 'red', autoClose: false, message: t('waiting.notTaken', { why: sent.failure.message }) });
  }), [t]);
  const refused = waiting.filter((one) => one.refused !== undefined).length;
  const close = (leaves: boolean): void => {
    answer?.(leaves);
    setAnswer(null);
  };
  const says = refused > 0 ? t('waiting.badgeRefused', { count: refused }) : t('waiting.badge', { count: waiting.length });
  return (
    <>
      {waiting.length > 0 && (
        <Button size="compact-md" variant="outline" color={refused > 0 ? 'red' : 'orange'} c={refused > 0 ? 'var(--five-out)' : 'var(--five-at-risk)'} leftSection={refused > 0 ? <IconCloudX size={16} aria-hidden /> : <IconCloudUp size={16} aria-hidden />} aria-label={says} title={says} onClick={() => openOverlay('waiting')}>
          {waiting.length}
        </Button>
      )}
      <Modal opened={answer !== null} onClose={() => close(false)} title={<Text fw={650}>{t('waiting.leaveTitle')}</Text>} closeButtonProps={{ 'aria-label': t('close') }} transitionProps={{ duration: 0 }}>
        <Text size="sm" mb="md">{t('waiting.leave', { count: waiting.length })}</Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={() => close(false)}>{t('waiting.stay')}</Button>
          <Button color="red" onClick={() => close(true)}>{t('waiting.leaveAnyway')}</Button>
        </Group>
      </Modal>
    </>
  );
}
