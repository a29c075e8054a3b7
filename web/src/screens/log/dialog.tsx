import { Modal, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** What is written down stands over the screen; on a small one it is the screen. */
export function Dialog({ title, close, size = 720, children }: { readonly title: string; readonly close: () => void; readonly size?: number; readonly children: ReactNode }) {
  const { t } = useTranslation('log');
  const isSmall = useMediaQuery('(max-width: 40em)');
  return (
    <Modal opened onClose={close} title={<Text fw={650}>{title}</Text>} size={size} fullScreen={isSmall === true} closeButtonProps={{ 'aria-label': t('close'), tabIndex: 0 }} closeOnClickOutside={false} transitionProps={{ duration: 0 }} overlayProps={{ backgroundOpacity: 0.4 }}>
      {children}
    </Modal>
  );
}
