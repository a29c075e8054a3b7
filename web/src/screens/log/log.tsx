import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OverlayProps } from '../../app/screens.js';
import { useWaiting } from '../../app/outbox.js';
import { Dialog } from './dialog.js';
import { LogForm } from './log-form.js';

const CUSTOMER = /^\/customers\/([^/]+)\/?$/;

/** Logging an entry, over any screen; about the customer whose page it opens over, unless another is given. `given.waiting`: one that waits, to be changed. */
export default function Log({ close, given }: OverlayProps) {
  const { t } = useTranslation('log');
  const waiting = useWaiting().find(({ id }) => id === given['waiting']);
  const { pathname } = useLocation();
  const here = CUSTOMER.exec(pathname)?.[1];
  const [about] = useState(given['customer'] === undefined && given['waiting'] === undefined && here !== undefined ? { ...given, customer: decodeURIComponent(here) } : given);
  return <Dialog title={t('title')} close={close}><LogForm key={waiting?.id ?? ''} given={about} {...(waiting !== undefined && { waiting })} done={close} /></Dialog>;
}
