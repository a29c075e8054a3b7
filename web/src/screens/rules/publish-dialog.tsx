import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rules } from '../../../../src/rings/rules.js';
import { answered, Failure } from '../../api/client.js';
import { rulesPublish } from '../../api/generated/sdk.gen.js';
import { queries } from '../../api/queries.js';
import { useKey } from '../../api/use-key.js';
import { useSession } from '../../app/session.js';
import { sayDate } from '../../parts/locale.js';
import { Problem } from '../../parts/states.js';
import { Differences } from './differences.js';

const LONGEST = 500;

export function PublishDialog({ rules, revision, differences, isRehearsed, done, close }: { readonly rules: Rules; readonly revision: number | null; readonly differences: Parameters<typeof Differences>[0]; readonly isRehearsed: boolean; readonly done: () => void; readonly close: () => void }) {
  const { t } = useTranslation('rules');
  const { name } = useSession();
  const [reason, setReason] = useState('');
  const [isAsked, setAsked] = useState(false);
  const key = useKey();
  const publish = useMutation({
    mutationFn: () => answered(rulesPublish({ body: { rules: rules as unknown as Record<string, unknown>, reason: reason.trim() }, headers: { ...key.headers, ...(revision !== null && { 'If-Match': `"${revision}"` }) }, throwOnError: true })),
    onSuccess: async () => {
      key.renew();
      done();
      close();
      notifications.show({ message: t('publish.done'), closeButtonProps: { 'aria-label': t('close') } });
      await queries.invalidateQueries();
    },
    onError: (error) => {
      // Answered: what is sent next is another request.
      if (error instanceof Failure && error.status >= 400 && error.status < 500) key.renew();
    },
  });
  const missing = reason.trim() === '' ? t('publish.needed') : undefined;
  const stale = publish.error instanceof Failure && publish.error.status === 412;
  return (
    <Modal opened onClose={close} title={<Text fw={650}>{t('publish.title')}</Text>} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (missing === undefined && !publish.isPending) publish.mutate();
        }}
      >
        <Stack gap="md">
          <Text size="sm">{t('publish.more')}</Text>
          {!isRehearsed && <Alert variant="outline" color="yellow">{t('publish.unrehearsed')}</Alert>}
          <Textarea label={t('publish.reason')} description={t('publish.reasonMore')} value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={LONGEST} minRows={2} autosize required withAsterisk={false} data-autofocus error={isAsked ? missing : undefined} />
          <Differences {...differences} />
          <Text size="sm" c="dimmed">{t('publish.signed', { name, date: sayDate(new Date().toISOString()) })}</Text>
          {publish.isError && (stale ? <Alert role="alert" variant="outline" color="red">{t('publish.stale')}</Alert> : <Problem error={publish.error} />)}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>{t('cancel')}</Button>
            <Button type="submit" loading={publish.isPending}>{t('publish.go')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
