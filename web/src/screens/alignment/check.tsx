/** One check: its answer, on how many it stands, what is missing, when it fires, and what it found. */
import { Button, Group, Table, Text } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlignmentDetectorsResponse } from '../../api/generated/types.gen.js';
import { sayNumber } from '../../parts/locale.js';
import { Verdict } from '../../parts/verdict.js';
import style from './alignment.module.css';
import { Findings } from './findings.js';

type Checked = AlignmentDetectorsResponse['items'][number]['checks'][number];

/** So many groups are shown unfolded. */
const FEW = 8;
const FIRST = { fires: 'off', clean: 'fits', 'cannot tell': 'unknown' } as const;

export function CheckLine({ check, detector, window, isOpen, toggle, level }: { readonly check: Checked; readonly detector: string | null; readonly window: number | undefined; readonly isOpen: boolean; readonly toggle: () => void; readonly level: 'h2' | 'h3' }) {
  const { t } = useTranslation('alignment');
  const id = useId();
  const { name, title, says, fires, answer, value, missing, parts, groups } = check;
  return (
    <div className={style['check']} data-line={name}>
      <div className={style['checkHead']}>
        <Text component={level} fw={600} size="sm" m={0}>{title}</Text>
        <Verdict answer={answer} />
      </div>
      <Text size="sm" c="dimmed">{says}</Text>
      <Text size="sm" mt={4}>{value}</Text>
      {missing.length > 0 && <Text size="sm" className={style['missing']}>{t('missingIn')} {missing.map(({ what, records }) => t('missingOne', { what, count: records, shown: sayNumber(records) })).join('; ')}</Text>}
      <Group gap="sm" mt={6}>
        <Button size="compact-sm" variant="default" aria-expanded={isOpen} aria-controls={id} aria-label={t('behindOf', { what: t(isOpen ? 'behindHide' : 'behind'), title })} onClick={toggle}>{t(isOpen ? 'behindHide' : 'behind')}</Button>
        <details className={style['when']}>
          <summary>{t('when')}</summary>
          <Text size="sm">{t('firesWhen', { fires })}</Text>
        </details>
      </Group>
      {parts.length > 0 && groups !== null && <Groups parts={parts} what={groups} />}
      <div id={id}>{isOpen && <Findings detector={detector} check={name} window={window} groups={groups === null ? null : { what: groups, of: parts.map(({ group }) => group) }} first={FIRST[answer]} />}</div>
    </div>
  );
}

function Groups({ parts, what }: { readonly parts: Checked['parts']; readonly what: string }) {
  const { t } = useTranslation('alignment');
  const order = { fires: 0, 'cannot tell': 1, clean: 2 } as const;
  const rows = parts.toSorted((a, b) => order[a.answer] - order[b.answer]);
  const table = (
    <div className={style['scroll']} tabIndex={0} role="region" aria-label={t('by', { what })}>
      <Table className={style['table']} verticalSpacing={5}>
        <Table.Thead><Table.Tr><Table.Th>{t('by', { what })}</Table.Th><Table.Th>{t('answer')}</Table.Th><Table.Th>{t('counted')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>{rows.map(({ group, answer, value, missing }) => <Table.Tr key={group}><Table.Th scope="row">{group}</Table.Th><Table.Td><Verdict answer={answer} /></Table.Td><Table.Td>{value}{missing.length > 0 && `; ${t('missing', { what: missing.map((one) => `${one.what} (${sayNumber(one.records)})`).join(', ') })}`}</Table.Td></Table.Tr>)}</Table.Tbody>
      </Table>
    </div>
  );
  return <details className={style['groups']} open={parts.length <= FEW && parts.some(({ answer }) => answer === 'fires')}><summary>{t('groups', { what, count: parts.length, fire: parts.filter(({ answer }) => answer === 'fires').length })}</summary>{table}</details>;
}
