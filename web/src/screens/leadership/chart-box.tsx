import { Group, Skeleton, Switch, Table, Text, Button, Box } from '@mantine/core';
import { lazy, Suspense, useState, type ComponentProps, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type * as charts from './charts.js';
import { csvOf, download } from './export.js';
import style from './leadership.module.css';

const of = <K extends keyof typeof charts>(name: K) => lazy(async () => ({ default: (await import('./charts.js'))[name] as React.ComponentType<ComponentProps<(typeof charts)[K] & React.ComponentType>> }));
export const TrendChart = of('TrendChart');
export const DepthChart = of('DepthChart');
export const StepsChart = of('StepsChart');
export const QuartersChart = of('QuartersChart');

export interface ChartTable {
  readonly heads: readonly string[];
  /** The first cell of a row is its name. */
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** A chart with what it says in words, and its numbers as a table: shown in its place, or taken along. */
export function ChartBox({ says, isSaid = false, table, file, children }: { readonly says: string; /** The words stand beside the chart already. */ readonly isSaid?: boolean; readonly table: ChartTable; readonly file: string; readonly children: ReactNode }) {
  const { t } = useTranslation('leadership');
  const [isTable, setTable] = useState(false);
  return (
    <Box component="figure" m={0}>
      {isTable ? (
        <div className={style['scroll']} role="region" aria-label={says} tabIndex={0}>
          <Table withRowBorders className={style['numbers']} aria-label={says}>
            <Table.Thead><Table.Tr>{table.heads.map((head) => <Table.Th key={head} scope="col">{head}</Table.Th>)}</Table.Tr></Table.Thead>
            <Table.Tbody>
              {table.rows.map(([name, ...cells], row) => (
                <Table.Tr key={row}>
                  <Table.Th scope="row">{name}</Table.Th>
                  {cells.map((cell, column) => <Table.Td key={column}>{cell ?? '–'}</Table.Td>)}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      ) : (
        <div role="img" aria-label={says} className={style['chart']}>
          <Suspense fallback={<Skeleton height={260} />}>{children}</Suspense>
        </div>
      )}
      <Group component="figcaption" justify="space-between" mt={6} gap="xs" className={style['caption']}>
        <Text size="xs" c="dimmed" maw="70ch">{isSaid ? '' : says}</Text>
        <Group gap="sm">
          <Switch size="xs" label={t('table')} checked={isTable} onChange={(event) => setTable(event.currentTarget.checked)} />
          <Button size="compact-xs" variant="subtle" onClick={() => download(`${file}.csv`, csvOf(table.heads, table.rows))}>{t('csv')}</Button>
        </Group>
      </Group>
    </Box>
  );
}
