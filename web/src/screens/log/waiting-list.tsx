import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKindLabel } from '../../api/kinds.js';
import { discard, flush, useWaiting, type WaitingEntry } from '../../app/outbox.js';
import { openOverlay } from '../../app/overlays.js';
import type { OverlayProps } from '../../app/screens.js';
import { sayInstant } from '../../parts/locale.js';
import { Empty } from '../../parts/states.js';
import { Dialog } from './dialog.js';
import { dropDraft, draftKey } from '../../app/kept.js';
import style from './log.module.css';

/** What was written and is not recorded yet. */
export default function WaitingList({ close }: OverlayProps) {
  const { t } = useTranslation('log');
  const waiting = useWaiting();
  const [isTrying, setTrying] = useState(false);
  const tryNow = async (): Promise<void> => {
    setTrying(true);
    await flush();
    setTrying(false);
  };
  return (
    <Dialog title={t('waiting.title')} close={close} size={560}>
      {waiting.length === 0 ? <Empty title={t('waiting.none')} /> : (
        <Stack gap="sm">
          <Text size="sm" c="dimmed">{t('waiting.more')}</Text>
          <div className={style['waits']} role="list">{waiting.map((entry) => <One key={entry.id} entry={entry} />)}</div>
          <Group justify="flex-end"><Button loading={isTrying} onClick={tryNow}>{t('waiting.now')}</Button></Group>
        </Stack>
      )}
    </Dialog>
  );
}

function One({ entry }: { readonly entry: WaitingEntry }) {
  const { t } = useTranslation('log');
  const labelOf = useKindLabel();
  const [isSure, setSure] = useState(false);
  const { id, customer, entries, refused, writtenAt } = entry;
  const said = entries.find(({ kind, summary }) => kind !== 'person-added' && typeof summary === 'string')?.['summary'] as string | undefined;
  const drop = (): void => {
    if (!isSure) return setSure(true);
    discard(id);
    dropDraft(draftKey(entry.colleague, `waiting:${id}`));
  };
  return (
    <div role="listitem" className={`${style['waiting']} ${refused === undefined ? '' : style['refused']}`}>
      <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>{customer.name}</Text>
      <Text size="sm">{entries.filter(({ kind }) => kind !== 'person-added').map(({ kind }) => labelOf(String(kind))).join(', ')}</Text>
      {said !== undefined && <Text size="sm" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>{said}</Text>}
      <Text size="xs" c="dimmed">{t('waiting.writtenAt', { at: sayInstant(writtenAt) })}</Text>
      {refused !== undefined && <Text size="sm" c="var(--mantine-color-error)" style={{ overflowWrap: 'anywhere' }}>{t('waiting.refused', { why: refused.message })}</Text>}
      <Group gap="xs" mt={6}>
        <Button size="compact-sm" variant="default" onClick={() => openOverlay('log', { waiting: id })}>{t('waiting.edit')}</Button>
        <Button size="compact-sm" variant="subtle" color="red" onClick={drop}>{isSure ? t('waiting.discardSure') : t('waiting.discard')}</Button>
      </Group>
    </div>
  );
}
