import { useTranslation } from 'react-i18next';
import type { OverlayProps } from '../../app/screens.js';
import { useWaiting } from '../../app/outbox.js';
import { Dialog } from './dialog.js';
import { LogForm } from './log-form.js';

/** Logging an entry, over any screen. `given.waiting`: one that waits, to be changed. */
export default function Log({ close, given }: OverlayProps) {
  const { t } = useTranslation('log');
  const waiting = useWaiting().find(({ id }) => id === given['waiting']);
  return <Dialog title={t('title')} close={close}><LogForm key={waiting?.id ?? ''} given={given} {...(waiting !== undefined && { waiting })} done={close} /></Dialog>;
}
