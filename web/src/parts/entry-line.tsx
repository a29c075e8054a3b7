import { Badge, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Read } from '../api/generated/types.gen.js';
import { useKindLabel } from '../api/kinds.js';
import { When } from './when.js';

/** What one entry says, on two lines: kind, who began it and when; then its text and the people in it. */
export function EntryLine({ entry }: { readonly entry: Read }) {
  const { t } = useTranslation('parts');
  const labelOf = useKindLabel();
  const people = (entry.people ?? []).map(({ name }) => name ?? t('pickers.unnamed')).join(', ');
  return (
    <Stack gap={2}>
      <Group gap="xs" wrap="wrap">
        <Text fw={600} size="sm">{labelOf(entry.kind)}</Text>
        <Badge size="xs" variant="default" tt="none">{t(`entry.${entry.side}`)}</Badge>
        {entry.corrected && <Badge size="xs" variant="default" tt="none">{t('entry.corrected')}</Badge>}
        {entry.retracted && <Badge size="xs" variant="default" tt="none">{t('entry.retracted')}</Badge>}
        <Text size="xs" c="dimmed"><When at={entry.occurredAt} /></Text>
      </Group>
      {(entry.summary ?? null) !== null && <Text size="sm" style={{ overflowWrap: 'anywhere' }} td={entry.retracted ? 'line-through' : undefined}>{entry.summary}</Text>}
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{[people, entry.loggedBy.name ?? entry.loggedBy.id].filter((part) => part !== '').join(' · ')}</Text>
    </Stack>
  );
}
