/** A kept figure, opened again: unchanged, or both values and what made the difference. */
import { Alert, Anchor, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconAlertTriangle, IconCheck, IconDownload, IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { customersOneOptions, figuresDefinitionsOptions, keptFiguresOpenOptions } from '../../../api/generated/@tanstack/react-query.gen.js';
import type { KeptFiguresOpenResponse } from '../../../api/generated/types.gen.js';
import { sayInstant, sayUpTo } from '../../../parts/locale.js';
import { ScreenHead } from '../../../parts/states.js';
import { copyLink, csvOf, download } from '../export.js';
import { KEPT_MS } from '../figure-card.js';
import { Go } from '../go.js';
import { useGroupLabel } from '../labels.js';
import style from '../leadership.module.css';
import { figurePath, hrefOf, useLastOfPath, type Question } from '../question.js';
import { said } from '../said.js';
import { Waited } from '../waiting.js';

export default function KeptScreen() {
  const { t } = useTranslation('leadership');
  const id = useLastOfPath();
  const options = keptFiguresOpenOptions({ path: { id } });
  const query = useQuery({ ...options, staleTime: KEPT_MS });
  return (
    <>
      <Go href="/leadership/kept" fz="sm">{t('kept.back')}</Go>
      <Waited query={query} queryKey={options.queryKey} lines={8}>{(kept) => <Opened kept={kept} />}</Waited>
    </>
  );
}

function Opened({ kept }: { readonly kept: KeptFiguresOpenResponse }) {
  const { t } = useTranslation('leadership');
  const groupLabel = useGroupLabel();
  const { data: definitions } = useQuery({ ...figuresDefinitionsOptions(), staleTime: Infinity });
  const definition = definitions?.items.find(({ name }) => name === kept.figure);
  const groups = [...new Set([...kept.kept, ...kept.now].map(({ group }) => group))];
  const say = (outcomes: KeptFiguresOpenResponse['kept'], group: string | null) => {
    const found = outcomes.find((outcome) => outcome.group === group);
    if (found === undefined) return { first: '–', second: '' };
    return definition === undefined ? { first: found.says, second: '' } : said(definition, found);
  };
  const asked: Question = { ...(kept.filter as Question), ...(kept.window !== null && { window: String(kept.window) }), asOf: kept.asOf };
  const then = hrefOf(figurePath(kept.figure), { ...asked, ...(kept.asKnown !== null && { asKnown: kept.asKnown }) });
  const rows = groups.map((group) => ({ group, was: say(kept.kept, group), is: say(kept.now, group) }));
  return (
    <>
      <ScreenHead title={kept.label}>
        <Button size="xs" variant="default" leftSection={<IconLink size={15} aria-hidden />} onClick={() => void copyLink(`/leadership/kept/${kept.id}`)}>{t('copy')}</Button>
        <Button size="xs" variant="default" leftSection={<IconDownload size={15} aria-hidden />} onClick={() => download('kept-figure.csv', csvOf(['figure', 'label', 'group', 'kept', 'now', 'as of', 'as known'], groups.map((group) => [kept.figure, kept.label, group, kept.kept.find((one) => one.group === group)?.value ?? null, kept.now.find((one) => one.group === group)?.value ?? null, kept.asOf, kept.asKnown])))}>{t('csv')}</Button>
      </ScreenHead>
      <Text c="dimmed" mb="sm">{t('kept.of', { figure: definition?.title ?? kept.figure, at: sayUpTo(kept.asOf) })}{Object.keys(kept.filter).length > 0 && ` ${Object.entries(kept.filter).map(([field, value]) => `${t(`splits.${field}` as 'splits.segment', { defaultValue: field })}: ${String(value)}`).join(', ')}`}</Text>
      {kept.unchanged ? <Alert variant="default" icon={<IconCheck color="var(--five-lit)" aria-hidden />} title={t('kept.unchanged')} mb="md">{t('kept.unchangedMore')}</Alert> : <Alert variant="default" icon={<IconAlertTriangle color="var(--five-at-risk)" aria-hidden />} title={t('kept.changed')} mb="md">{t('kept.changedMore')}</Alert>}
      <div className={style['wide']} role="region" aria-label={t('kept.values')} tabIndex={0}>
        <Table className={style['numbers']} aria-label={t('kept.values')} miw={420}>
          <Table.Thead><Table.Tr><Table.Th scope="col">{definition?.groups ?? t('kept.value')}</Table.Th><Table.Th scope="col">{t('kept.was')}</Table.Th>{!kept.unchanged && <Table.Th scope="col">{t('kept.is')}</Table.Th>}</Table.Tr></Table.Thead>
          <Table.Tbody>
            {rows.map(({ group, was, is }) => (
              <Table.Tr key={group}>
                <Table.Th scope="row">{group === null ? (definition?.title ?? kept.figure) : definition === undefined ? group : groupLabel(definition, group)}</Table.Th>
                {(kept.unchanged ? [was] : [was, is]).map(({ first, second }, index) => <Table.Td key={index}><Text span fw={600}>{first}</Text> <Text span size="xs" c="dimmed">{second}</Text></Table.Td>)}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <Group my="md" gap="md"><Go href={then} fz="sm">{t('kept.openThen')}</Go>{!kept.unchanged && <Go href={hrefOf(figurePath(kept.figure), asked)} fz="sm">{t('kept.openNow')}</Go>}</Group>
      {kept.differences.length > 0 && <Differences kept={kept} />}
      <Text size="sm" c="dimmed" mt="md">{kept.givenAgain === true ? t('kept.again') : kept.givenAgain === false ? t('kept.notAgain') : t('kept.newMeaning')}</Text>
    </>
  );
}

const MOST = 20;

function Differences({ kept }: { readonly kept: KeptFiguresOpenResponse }) {
  const { t } = useTranslation('leadership');
  const [shown, setShown] = useState(MOST);
  const rows = kept.differences.slice(0, shown);
  const customers = [...new Set(rows.flatMap(({ customer }) => (customer === undefined ? [] : [customer])))];
  const names = useQueries({ queries: customers.map((id) => ({ ...customersOneOptions({ path: { id } }), staleTime: KEPT_MS, retry: false })) });
  const nameOf = (id: string): string => names[customers.indexOf(id)]?.data?.name ?? t('unnamed');
  return (
    <Stack gap="xs">
      <Text fw={600} component="h2" fz="md" m={0}>{t('kept.causes')}</Text>
      <ul className={style['marks']}>
        {rows.map(({ cause, customer, colleague, entry, recordedAt }, index) => (
          <li key={index}>
            <Text span fw={600} size="sm">{t(`causes.${cause}`)}</Text>
            {customer !== undefined && <> · <Anchor component={Link} to={`/customers/${customer}`} search={(entry === undefined ? {} : { entry }) as never} fz="sm">{nameOf(customer)}</Anchor></>}
            {colleague !== undefined && ` · ${colleague}`}
            {recordedAt !== undefined && <Text span size="xs" c="dimmed"> · {t('kept.recorded', { at: sayInstant(recordedAt) })}</Text>}
          </li>
        ))}
      </ul>
      {kept.differences.length > shown && <Group><Button size="compact-xs" variant="default" onClick={() => setShown(shown + MOST)}>{t('others', { count: kept.differences.length - shown })}</Button></Group>}
    </Stack>
  );
}
