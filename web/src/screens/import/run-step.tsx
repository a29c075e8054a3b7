/** A dry run or the import: how far it is, the way out, and what came of it. */
import { Alert, Button, Group, Progress, Stack, Table, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { defused } from '../../../../src/customers/spreadsheet.js';
import { Failure } from '../../api/client.js';
import { sayNumber } from '../../parts/locale.js';
import { Problem } from '../../parts/states.js';
import { csvLine } from '../../../../src/exchange/csv.js';
import { download } from './download.js';
import { useFieldLabel } from './field-label.js';
import { saySize } from './file-step.js';
import style from './import.module.css';
import { cellAt, columnsOf, pathOf } from './preview.js';
import type { Counts } from './send.js';
import type { ImportRun, Ran } from './use-import.js';

const COUNTS = ['rows', 'customersCreated', 'customersChanged', 'entriesAdded', 'entriesCorrected', 'alreadyHere', 'failed'] as const;

export function RunStep({ dryRun, run, isCurrent, canStart, start }: { readonly dryRun: boolean; readonly run: ImportRun; readonly isCurrent: boolean; readonly canStart: boolean; readonly start: () => void }) {
  const { t } = useTranslation('import');
  const texts = dryRun ? 'dry' : 'real';
  const { progress, ran, error, isCancelled } = run;
  const isCut = error instanceof Failure && error.status === 0;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed" maw={720}>{t(`${texts}.more`)}</Text>
      <Group>
        <Button onClick={start} disabled={!canStart || progress !== null}>{isCut || isCancelled ? t(`${texts}.again`) : t(`${texts}.start`)}</Button>
        {!canStart && progress === null && <Text size="sm" c="dimmed">{t(`${texts}.notYet`)}</Text>}
      </Group>
      {progress !== null && (
        <Group wrap="nowrap" gap="md">
          <div style={{ flex: 1, minWidth: 0 }}>
            <Progress.Root size="lg"><Progress.Section value={progress.of === 0 ? 0 : (100 * progress.sent) / progress.of} aria-label={t(`${texts}.running`)} animated={progress.sent >= progress.of} striped={progress.sent >= progress.of} /></Progress.Root>
            <Text size="sm" c="dimmed" mt={4} role="status">{t('progress.sent', { sent: saySize(progress.sent), of: saySize(progress.of) })}{progress.counts !== null ? ` · ${t('progress.rows', { count: progress.counts.rows, rows: sayNumber(progress.counts.rows) })}` : progress.sent >= progress.of ? ` · ${t('progress.waiting')}` : ''}</Text>
          </div>
          <Button variant="default" onClick={run.cancel}>{t('cancel')}</Button>
        </Group>
      )}
      {isCancelled && <Alert variant="outline" color="yellow" role="status">{t(`${texts}.cancelled`)}</Alert>}
      {error !== null && (isCut ? <Alert role="alert" variant="outline" color="red" title={t('cut')}>{t(`${texts}.cutMore`)}</Alert> : <Problem error={error} />)}
      {ran !== null && !isCurrent && <Alert variant="outline" color="yellow" role="status">{t('dry.old')}</Alert>}
      {ran !== null && <Outcome ran={ran} texts={texts} />}
    </Stack>
  );
}

function Outcome({ ran, texts }: { readonly ran: Ran; readonly texts: 'dry' | 'real' }) {
  const { t } = useTranslation('import');
  const { result } = ran;
  const good = result.rows - result.failed;
  return (
    <Stack gap="sm">
      <Text fw={650} role="status">{result.failed === 0 ? t(`${texts}.allGood`, { count: result.rows, rows: sayNumber(result.rows) }) : t(`${texts}.someBad`, { good: sayNumber(good), bad: sayNumber(result.failed) })}</Text>
      <dl className={style['counts']}>
        {COUNTS.map((count) => <Count key={count} label={t(`counts.${count}`)} value={(result as Counts)[count]} isBad={count === 'failed' && result.failed > 0} />)}
      </dl>
      {result.errors.length > 0 && <BadRows ran={ran} />}
    </Stack>
  );
}

function Count({ label, value, isBad }: { readonly label: string; readonly value: number; readonly isBad: boolean }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd style={isBad ? { color: 'var(--mantine-color-error)' } : undefined}>{sayNumber(value)}</dd>
    </div>
  );
}

/** Each row that failed: where it stands, in which column and why; and the rows as a file, to be put right and imported again. */
function BadRows({ ran: { result, mapping, opened, bad } }: { readonly ran: Ran }) {
  const { t } = useTranslation('import');
  const labelOf = useFieldLabel();
  const whereOf = (field: string): { readonly columns: readonly string[]; readonly label: string } => {
    const path = pathOf(field);
    return { columns: columnsOf(cellAt(mapping, path)), label: labelOf(path) };
  };
  const save = (): void => {
    const lines = result.errors.flatMap(({ line, errors }) => {
      const cells = bad.get(line);
      const why = errors.map(({ field, message }) => `${labelOf(pathOf(field))}: ${message}`).join('; ');
      return cells === undefined ? [] : [csvLine([...opened.header.map((_, index) => cells[index] ?? ''), String(line), String(defused(why))], opened.delimiter)];
    });
    download(`${opened.name.replace(/\.[^.]*$/, '')}-failed.csv`, 'text/csv', '\uFEFF', csvLine([...opened.header, t('bad.line'), t('bad.why')], opened.delimiter), ...lines);
  };
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Text component="h3" m={0} fw={650} size="sm">{result.failed > result.errors.length ? t('bad.first', { shown: sayNumber(result.errors.length), of: sayNumber(result.failed) }) : t('bad.title')}</Text>
        <Button size="xs" variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={save}>{t('bad.download')}</Button>
      </Group>
      <div className={`${style['scroll']} ${style['tall']}`} tabIndex={0} role="group" aria-label={t('bad.title')}>
        <Table className={style['table']} aria-label={t('bad.title')} verticalSpacing={4} stickyHeader>
          <Table.Thead><Table.Tr><Table.Th>{t('heads.line')}</Table.Th><Table.Th>{t('heads.column')}</Table.Th><Table.Th>{t('heads.stands')}</Table.Th><Table.Th>{t('heads.reason')}</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {result.errors.flatMap(({ line, errors }) =>
              errors.map(({ field, message }, index) => {
                const { columns, label } = whereOf(field);
                const cells = bad.get(line);
                const stands = columns.length > 0 ? columns.map((name) => cells?.[opened.header.indexOf(name)] ?? '').join(' · ') : (cells ?? []).join(opened.delimiter).slice(0, 120);
                return (
                  <Table.Tr key={`${line} ${index}`}>
                    <Table.Td>{line}</Table.Td>
                    <Table.Td>{columns.length > 0 ? columns.join(', ') : <Text component="span" size="sm" c="dimmed">{t('bad.noColumn')}</Text>}</Table.Td>
                    <Table.Td className={style['cell']}>{stands === '' ? <Text component="span" size="sm" c="dimmed">{t('bad.empty')}</Text> : stands}</Table.Td>
                    <Table.Td><strong>{label}</strong> {message}</Table.Td>
                  </Table.Tr>
                );
              }),
            )}
          </Table.Tbody>
        </Table>
      </div>
    </div>
  );
}
