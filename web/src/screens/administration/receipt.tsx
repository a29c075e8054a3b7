import { Alert, Anchor, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from '@tanstack/react-router';
import type { ErasuresAllResponses } from '../../api/generated/types.gen.js';
import { sayDate, sayInstant, sayNumber } from '../../parts/locale.js';
import style from './administration.module.css';

export type Receipt = ErasuresAllResponses[200]['items'][number];

/** What was just erased, and until when old copies could still be read. */
export function ReceiptCard({ receipt }: { readonly receipt: Receipt }) {
  const { t } = useTranslation('erasure');
  return (
    <Alert role="status" variant="outline" color="water" title={t(`erased.${receipt.kind}`)}>
      <Stack gap={4}>
        <Text size="sm">{t('counts', { entries: t('entries', { count: receipt.entries, shown: sayNumber(receipt.entries) }), fields: t('fields', { count: receipt.fields, shown: sayNumber(receipt.fields) }) })}</Text>
        <Text size="sm" fw={600}>{t('backups', { date: sayDate(receipt.backupsExpire) })}</Text>
        {!receipt.cleaned && <Text size="sm">{t('cleaning')}</Text>}
        {receipt.alsoAt.length > 0 && (
          <div>
            <Text size="sm" fw={600}>{t('alsoAt')}</Text>
            <ul className={style['plain']}>{receipt.alsoAt.map(({ customer, interaction }) => <li key={interaction}><Anchor component={Link} size="sm" to="/administration/erasure" search={{ customer, entry: interaction } as never} reloadDocument>{t('alsoAtOne', { customer })}</Anchor></li>)}</ul>
          </div>
        )}
        <Text size="xs" c="dimmed" className={style['cut']}>{t('receipt', { id: receipt.id })}</Text>
      </Stack>
    </Alert>
  );
}

export function ReceiptLine({ receipt, by }: { readonly receipt: Receipt; readonly by: string }) {
  const { t } = useTranslation('erasure');
  const { kind, target, at, reason, entries, fields, backupsExpire, people } = receipt;
  return (
    <div className={`${style['row']} ${style['receipt']}`}>
      <div className={style['cut']}>
        <Text size="sm" fw={600}>{t(`kinds.${kind}`)}{people.length > 1 && ` (${t('people', { count: people.length, shown: sayNumber(people.length) })})`}</Text>
        <Text className={style['code']}>{target}</Text>
      </div>
      <div className={style['cut']}>
        <Text size="sm">{reason ?? t('reasonErased')}</Text>
        <Text size="xs" c="dimmed">{by} · {sayInstant(at)}</Text>
      </div>
      <div>
        <Text size="xs">{t('counts', { entries: t('entries', { count: entries, shown: sayNumber(entries) }), fields: t('fields', { count: fields, shown: sayNumber(fields) }) })}</Text>
        <Text size="xs" c="dimmed">{t('backupsShort', { date: sayDate(backupsExpire) })}</Text>
      </div>
    </div>
  );
}
