import { Alert, Button, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** A secret that is shown this once: to be copied and handed over. */
export function ShownOnce({ title, label, value, children }: { readonly title: string; readonly label: string; readonly value: string; readonly children?: string }) {
  const { t } = useTranslation('parts');
  return (
    <Alert role="status" variant="outline" color="water" title={title}>
      <Stack gap="xs">
        {children !== undefined && <Text size="sm">{children}</Text>}
        <Group gap="xs" align="flex-end" wrap="wrap">
          <TextInput label={label} value={value} readOnly onFocus={(event) => event.currentTarget.select()} style={{ flex: '1 1 220px' }} autoComplete="off" spellCheck={false} />
          <CopyButton value={value} timeout={4000}>
            {({ copied, copy }) => <Button variant="default" onClick={copy} leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}>{copied ? t('once.copied') : t('once.copy')}</Button>}
          </CopyButton>
        </Group>
        <Text size="xs" c="dimmed">{t('once.only')}</Text>
      </Stack>
    </Alert>
  );
}
