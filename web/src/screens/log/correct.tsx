import { Alert, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { customersCorrectMutation, customersEntryOptions, customersOneOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { OverlayProps } from '../../app/screens.js';
import { Answer } from '../../parts/states.js';
import { Dialog } from './dialog.js';
import { LogForm } from './log-form.js';

/** The form filled with an entry: what is saved is its next version. */
export default function Correct({ close, given }: OverlayProps) {
  const { t } = useTranslation('log');
  const path = { id: given['customer'] ?? '', interaction: given['interaction'] ?? '' };
  // As it is now, not as a screen may have shown it; and not anew while it is being written.
  const entry = useQuery({ ...customersEntryOptions({ path }), staleTime: Infinity, gcTime: 0, refetchOnMount: 'always', refetchOnWindowFocus: false });
  const customer = useQuery(customersOneOptions({ path: { id: path.id } }));
  const correct = useMutation(customersCorrectMutation());
  return (
    <Dialog title={t('correct.title')} close={close}>
      <Text size="sm" c="dimmed" mb="sm">{t('correct.more')}</Text>
      <Answer query={entry} lines={6}>
        {(read) => {
          if ('hidden' in read && read.hidden !== undefined) return <Alert color="orange" variant="outline">{t('correct.hidden')}</Alert>;
          return (
            <Answer query={customer} lines={6}>
              {({ id, name }) => (
                <>
                  {'erased' in read && read.erased !== undefined && <Alert color="orange" variant="outline" mb="sm">{t('correct.erased')}</Alert>}
                  <LogForm
                    correcting={{
                      entry: read,
                      customer: { id, name: name ?? '' },
                      save: async (content, key) => {
                        await correct.mutateAsync({ path, body: content as NonNullable<Parameters<typeof correct.mutateAsync>[0]['body']>, headers: { 'Idempotency-Key': key } });
                        notifications.show({ message: t('correct.done') });
                      },
                    }}
                    done={close}
                  />
                </>
              )}
            </Answer>
          );
        }}
      </Answer>
    </Dialog>
  );
}
