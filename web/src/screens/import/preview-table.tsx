import { Table, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useKindLabel } from '../../api/kinds.js';
import style from './import.module.css';
import { useFieldLabel } from './field-label.js';
import type { Became } from './preview.js';

/** The first rows as the entries they become. */
export function PreviewTable({ became, zone, rows, isReady }: { readonly became: readonly Became[]; readonly zone: string; readonly rows: number; readonly isReady: boolean }) {
  const { t } = useTranslation('import');
  const labelOf = useKindLabel();
  const fieldOf = useFieldLabel();
  const format = new Intl.DateTimeFormat(navigator.language, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
  return (
    <div style={{ marginTop: 'var(--mantine-spacing-md)' }}>
      <Text component="h3" fw={650} size="sm" m={0} mb={4}>{t('preview.title', { count: rows })}</Text>
      {!isReady ? (
        <Text size="sm" c="dimmed">{t('preview.notYet')}</Text>
      ) : (
        <div className={style['scroll']} tabIndex={0} role="group" aria-label={t('preview.label')}>
          <Table className={style['table']} aria-label={t('preview.label')} verticalSpacing={4}>
            <Table.Thead><Table.Tr><Table.Th>{t('heads.line')}</Table.Th><Table.Th>{t('heads.customer')}</Table.Th><Table.Th>{t('heads.entry')}</Table.Th><Table.Th>{t('heads.when')}</Table.Th><Table.Th>{t('heads.text')}</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {became.map(({ line, customer, kind, side, at, text, problems }) => (
                <Table.Tr key={line}>
                  <Table.Td c="dimmed">{line}</Table.Td>
                  <Table.Td className={style['cell']}>{customer}</Table.Td>
                  <Table.Td>{kind !== '' && labelOf(kind)}{(side === 'customer' || side === 'us') && <Text component="span" size="xs" c="dimmed"> · {t(`sides.${side}`)}</Text>}</Table.Td>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>{at !== null && format.format(at)}</Table.Td>
                  <Table.Td className={style['cell']}>{problems.length === 0 ? text : <Text size="sm" c="var(--mantine-color-error)"><IconAlertTriangle size={14} aria-hidden style={{ verticalAlign: '-2px' }} /> {problems.map(({ field, message }) => t('preview.problem', { field: fieldOf(field), message })).join('; ')}</Text>}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </div>
  );
}
