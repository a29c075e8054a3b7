/** Figures that were kept for somebody: a board, a bank, a partner. */
import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { colleaguesAllOptions, figuresDefinitionsOptions, keptFiguresAllOptions } from '../../../api/generated/@tanstack/react-query.gen.js';
import { sayDate, sayUpTo } from '../../../parts/locale.js';
import { Answer, Empty, ScreenHead } from '../../../parts/states.js';
import { Go } from '../go.js';
import style from '../leadership.module.css';

export default function KeptList() {
  const { t } = useTranslation('leadership');
  const query = useQuery(keptFiguresAllOptions({ query: { limit: 200 } }));
  const { data: definitions } = useQuery({ ...figuresDefinitionsOptions(), staleTime: Infinity });
  const { data: colleagues } = useQuery({ ...colleaguesAllOptions(), staleTime: 60_000 });
  const titleOf = (name: string): string => definitions?.items.find((one) => one.name === name)?.title ?? name;
  const nameOf = (id: string): string => colleagues?.items.find((one) => one.id === id)?.name ?? id;
  return (
    <>
      <Go href="/leadership" fz="sm">{t('back')}</Go>
      <ScreenHead title={t('keptFigures')} />
      <Answer query={query}>
        {({ items }) => items.length === 0 ? <Empty title={t('kept.none')}>{t('kept.noneMore')}</Empty> : (
          <div className={style['wide']} role="region" aria-label={t('keptFigures')} tabIndex={0}>
            <Table className={style['numbers']} aria-label={t('keptFigures')} miw={480}>
              <Table.Thead><Table.Tr><Table.Th scope="col">{t('kept.label')}</Table.Th><Table.Th scope="col">{t('kept.figure')}</Table.Th><Table.Th scope="col">{t('kept.asOf')}</Table.Th><Table.Th scope="col">{t('kept.by')}</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {items.map(({ id, figure, label, asOf, by, keptAt }) => (
                  <Table.Tr key={id}>
                    <Table.Th scope="row"><Go href={`/leadership/kept/${id}`} fz="sm" style={{ overflowWrap: 'anywhere' }}>{label}</Go></Table.Th>
                    <Table.Td>{titleOf(figure)}</Table.Td>
                    <Table.Td>{sayUpTo(asOf)}</Table.Td>
                    <Table.Td>{nameOf(by)} <Text span size="xs" c="dimmed">{sayDate(keptAt)}</Text></Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </Answer>
    </>
  );
}
