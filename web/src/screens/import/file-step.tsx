import { Alert, Button, FileButton, Group, Progress, Select, Stack, Table, Text } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sayNumber, sayPercent } from '../../parts/locale.js';
import style from './import.module.css';
import { ENCODINGS } from '../../../../src/exchange/csv.js';
import { DELIMITERS } from '../../../../src/exchange/file-format.js';
import type { FileState } from './use-file.js';

/** Bytes as people say them: 12.3 MB. */
export const saySize = (bytes: number): string => (bytes < 1e6 ? `${sayNumber(bytes / 1e3, bytes < 1e4 ? 1 : 0)} kB` : `${sayNumber(bytes / 1e6, bytes < 1e8 ? 1 : 0)} MB`);

export function FileStep({ file }: { readonly file: FileState }) {
  const { t } = useTranslation('import');
  const [isOver, setOver] = useState(false);
  const { opened, looking, wrong } = file;
  return (
    <Stack gap="sm">
      <div
        className={style['drop']}
        data-over={isOver}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          const dropped = event.dataTransfer.files[0];
          if (dropped !== undefined) file.open(dropped);
        }}
      >
        <FileButton onChange={(picked) => picked !== null && file.open(picked)} accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,text/csv,text/plain,application/json">{(props) => <Button {...props} variant={opened === null ? 'filled' : 'default'} leftSection={<IconFileUpload size={18} aria-hidden />}>{opened === null ? t('file.pick') : t('file.another')}</Button>}</FileButton>
        <Text size="sm" c="dimmed">{t('file.drop')}</Text>
      </div>
      {looking !== null && (
        <div>
          <Progress.Root size="lg"><Progress.Section value={100 * looking} aria-label={t('file.looking')} /></Progress.Root>
          <Text size="sm" c="dimmed" mt={4} role="status">{t('file.lookingAt', { name: file.name, share: sayPercent(looking) })}</Text>
        </div>
      )}
      {wrong !== null && <Alert role="alert" variant="outline" color="red" title={t('file.wrong', { name: file.name })}>{t(`file.${wrong}`)}</Alert>}
      {opened !== null && (
        <>
          <Group justify="space-between" align="flex-end" gap="sm">
            <Text size="sm" role="status" style={{ overflowWrap: 'anywhere' }}><strong>{opened.name}</strong>: {t('file.size', { count: opened.scanned.rows, rows: sayNumber(opened.scanned.rows), columns: sayNumber(opened.header.length), size: saySize(opened.size) })}</Text>
            <Group gap="sm">
              {opened.format === 'csv' && <Select label={t('file.delimiter')} data={DELIMITERS.map((value) => ({ value, label: t(`delimiters.${DELIMITERS.indexOf(value)}`) }))} value={opened.delimiter} onChange={(delimiter) => delimiter !== null && file.readAs({ delimiter, encoding: opened.encoding })} allowDeselect={false} w={150} />}
              <Select label={t('file.encoding')} data={ENCODINGS.map((value) => ({ value, label: t(`encodings.${value}`) }))} value={opened.encoding} onChange={(encoding) => encoding !== null && file.readAs({ encoding: encoding, delimiter: opened.delimiter })} allowDeselect={false} w={190} />
            </Group>
          </Group>
          {opened.encoding !== 'utf-8' && <Text size="sm" c="dimmed">{t('file.converted', { encoding: t(`encodings.${opened.encoding}`) })}</Text>}
          <div className={style['scroll']} tabIndex={0} role="group" aria-label={t('file.first')}>
            <Table className={style['table']} aria-label={t('file.first')} verticalSpacing={4} withRowBorders>
              <Table.Thead><Table.Tr><Table.Th>{t('heads.line')}</Table.Th>{opened.header.map((name, index) => <Table.Th key={index}>{name}</Table.Th>)}</Table.Tr></Table.Thead>
              <Table.Tbody>{opened.first.map(({ line, cells }) => <Table.Tr key={line}><Table.Td c="dimmed">{line}</Table.Td>{cells.map((cell, index) => <Table.Td key={index} className={style['cell']}>{cell}</Table.Td>)}</Table.Tr>)}</Table.Tbody>
            </Table>
          </div>
        </>
      )}
    </Stack>
  );
}
