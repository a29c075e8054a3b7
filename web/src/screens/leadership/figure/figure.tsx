/** One figure: its value and the period before, its course, its parts, who is behind it, and what it means. */
import { Accordion, Alert, Button, Group, SegmentedControl, Select, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconDownload, IconHistory, IconLink, IconStack2 } from '@tabler/icons-react';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FiguresValueResponse } from '../../../api/generated/types.gen.js';
import { may, useSession } from '../../../app/session.js';
import { sayDate, sayLastDay, sayNumber, sayUpTo } from '../../../parts/locale.js';
import { ScreenHead } from '../../../parts/states.js';
import { ChartBox, StepsChart } from '../chart-box.js';
import { Controls } from '../controls.js';
import { Evidence } from '../evidence.js';
import { copyLink, download, figureCsv } from '../export.js';
import { NotShown, NumberLine, pinned, useBefore, valueOptions } from '../figure-card.js';
import { Go } from '../go.js';
import { Keep } from '../keep.js';
import { useGroupLabel } from '../labels.js';
import style from '../leadership.module.css';
import { figurePath, hrefOf, useQuestion, useLastOfPath } from '../question.js';
import { ALL_TIME, linesOf, said, say } from '../said.js';
import { Trend } from '../trend.js';
import { Waited } from '../waiting.js';

export default function FigureScreen() {
  const name = useLastOfPath();
  const { question } = useQuestion();
  const { t } = useTranslation('leadership');
  // What is looked at (a group, a side) does not change the figure.
  const options = valueOptions(name, { ...question, group: undefined!, side: undefined! });
  const query = useQuery(options);
  const { asOf: _asOf, asKnown: _asKnown, group: _group, side: _side, ...rest } = question;
  const back = hrefOf('/leadership', isPinned(question) ? rest : { ...rest, ...(question.asOf !== undefined && { asOf: question.asOf }), ...(question.asKnown !== undefined && { asKnown: question.asKnown }) });
  return (
    <>
      <Go href={back} fz="sm" className={style['noPrint']}>{t('back')}</Go>
      <Waited query={query} queryKey={options.queryKey} lines={8}>{(figure) => <Content figure={figure} />}</Waited>
    </>
  );
}

const isPinned = ({ asOf, asKnown }: { readonly asOf?: string; readonly asKnown?: string }): boolean => asOf !== undefined && asOf.length > 10 && asKnown !== undefined;

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return <section aria-labelledby={id} className={style['section']}><Title order={2} id={id} mb="xs">{title}</Title>{children}</section>;
}

function Content({ figure }: { readonly figure: FiguresValueResponse }) {
  const { t } = useTranslation('leadership');
  const session = useSession();
  const { question, ask } = useQuestion();
  const groupLabel = useGroupLabel();
  const before = useBefore()(figure);
  const [isKeeping, setKeeping] = useState(false);
  const permalink = hrefOf(figurePath(figure.name), pinned(question, figure));
  const lines = linesOf(figure);
  const shown = figure.shown && figure.parts.length > 0;
  const group = question.group ?? lines[0]?.group ?? undefined;
  const curve = figure.split === null ? figure.parts[0]?.values[0]?.curve : undefined;
  return (
    <>
      <ScreenHead title={figure.title}>
        <Button size="xs" variant="default" leftSection={<IconLink size={15} aria-hidden />} onClick={() => void copyLink(permalink)}>{t('copy')}</Button>
        <Button size="xs" variant="default" leftSection={<IconDownload size={15} aria-hidden />} onClick={() => download(`${figure.name}.csv`, figureCsv(figure))}>{t('csv')}</Button>
        {may(session, 'POST /api/v1/kept-figures') && <Button size="xs" variant="default" leftSection={<IconStack2 size={15} aria-hidden />} onClick={() => setKeeping(true)}>{t('keep.action')}</Button>}
      </ScreenHead>
      {isKeeping && <Keep figure={figure} close={() => setKeeping(false)} />}
      <Text c="dimmed" mt={-8} mb="sm" maw="75ch">{figure.says}</Text>
      {isPinned(question) && (
        <Alert variant="default" icon={<IconHistory aria-hidden />} mb="md" p="xs">
          <Group justify="space-between" gap="xs"><Text size="sm">{t('pinned', { at: sayUpTo(figure.asOf), position: figure.asKnown ?? '–' })}</Text><Button size="compact-xs" variant="default" onClick={() => ask({ asOf: null, asKnown: null })}>{t('unpin')}</Button></Group>
        </Alert>
      )}
      <Controls />
      {!shown ? <NotShown figure={figure} /> : (
        <div className={style['sections']}>
          <Stack gap="xs">
            {figure.split === null ? (
              <div className={style['cards']}>
                {lines.map((line) => <div key={line.group} className={style['card']}><NumberLine name={figure.title} label={line.group === null ? null : groupLabel(figure, line.group)} line={line} before={before} href={hrefOf(figurePath(figure.name), { ...question, ...(line.group === null ? { side: 'above' } : { group: line.group }) })} /></div>)}
                {lines.length === 0 && <Text c="dimmed">{figure.note ?? t('nobody')}</Text>}
              </div>
            ) : <Parts figure={figure} before={before} />}
            {figure.note !== null && <Text size="sm" c="dimmed">{figure.note}</Text>}
            {figure.parked > 0 && <Text size="sm" c="dimmed">{t('parked', { count: figure.parked })}</Text>}
            {figure.window !== null && <WindowChoice own={figure.window} />}
          </Stack>
          {curve !== undefined && curve.steps.length > 0 && (
            <Part title={t('sections.conversion')}>
              <ChartBox says={say(figure, figure.parts[0]!.values[0]!)} file={figure.name} table={{ heads: [t('conversion.days'), t('conversion.waiting'), t('conversion.events'), t('conversion.share'), t('conversion.low'), t('conversion.high')], rows: curve.steps.filter(({ events }) => events > 0).map(({ days, atRisk, events, survival, low, high }) => [Math.round(days * 10) / 10, atRisk, events, 1 - survival, high === null ? null : 1 - high, low === null ? null : 1 - low].map((cell) => (typeof cell === 'number' ? Math.round(cell * 1000) / 1000 : cell))) }}>
                <StepsChart axis={t('conversion.axis')} curves={[{ name: figure.name, label: figure.title, steps: curve.steps }, ...(['high', 'low'] as const).map((limit) => ({ name: limit, label: t(`conversion.${limit === 'high' ? 'low' : 'high'}`), steps: curve.steps.flatMap((step) => (step[limit] === null ? [] : [{ days: step.days, survival: step[limit] }])), isLimit: true }))]} />
              </ChartBox>
            </Part>
          )}
          {figure.groups !== 'week, by the date of its Monday' && (
            <Part title={t('overTime')}>
              {lines.length > 1 && <Select size="xs" mb="xs" w={260} label={t('evidence.group')} value={group ?? null} onChange={(next) => ask({ group: next })} allowDeselect={false} data={lines.map((line) => ({ value: line.group!, label: groupLabel(figure, line.group!) }))} />}
              <Trend name={figure.name} title={figure.title} question={question} sayable={figure} group={group} withMarks />
            </Part>
          )}
          <Part title={t('evidence.title')}><Evidence figure={figure} /></Part>
        </div>
      )}
      <Accordion variant="contained" chevronPosition="left" mt="lg">
        <Accordion.Item value="meaning">
          <Accordion.Control>{t('meaning.title')}</Accordion.Control>
          <Accordion.Panel>
            <Stack gap={4}>
              <Text size="sm">{figure.formula}</Text>
              <Text size="sm" c="dimmed">{figure.period === null ? t('meaning.instant') : t('meaning.window', { from: sayDate(figure.period.from), to: sayLastDay(figure.period.to) })}</Text>
              <Text size="sm" c="dimmed">{t('meaning.source', { source: figure.source })}</Text>
              <Text size="sm" c="dimmed">{t('meaning.made', { asOf: sayUpTo(figure.asOf), asKnown: figure.asKnown ?? '–', rules: figure.rulesVersion, version: figure.version, customers: sayNumber(figure.read.customers), events: sayNumber(figure.read.events), ms: sayNumber(figure.read.ms) })}</Text>
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </>
  );
}

/** How far back it looks. */
function WindowChoice({ own }: { readonly own: number }) {
  const { t } = useTranslation('leadership');
  const { question, ask } = useQuestion();
  const days = [...new Set([30, 90, 365, own, ...(question.window === undefined ? [] : [Number(question.window)])])].sort((a, b) => a - b);
  return (
    <Group gap="xs">
      <Text size="xs" fw={500} id="window">{t('window')}</Text>
      <SegmentedControl size="xs" aria-labelledby="window" value={question.window ?? String(own)} onChange={(window) => ask({ window: window === String(own) ? null : window })} data={days.map((one) => ({ value: String(one), label: one === ALL_TIME ? t('windowAll') : t('windowDays', { count: one }) }))} />
    </Group>
  );
}

/** Every part beside every other, the biggest first; each leads to its own customers where it can be asked for. */
function Parts({ figure, before }: { readonly figure: FiguresValueResponse; readonly before: string }) {
  const { t } = useTranslation('leadership');
  const { question } = useQuestion();
  const groupLabel = useGroupLabel();
  const rows = figure.parts.flatMap(({ part, values, before: then }) => values.map((outcome) => ({ part, outcome, then: then.find(({ group }) => group === outcome.group) }))).toSorted((a, b) => b.outcome.n - a.outcome.n);
  const href = (part: string | null): string | undefined => (part === null || part === 'none' || part === 'smaller departments' || figure.split === null ? undefined : hrefOf(figurePath(figure.name), { ...question, split: undefined!, [figure.split]: part }));
  return (
    <div className={style['wide']} role="region" aria-label={t('parts')} tabIndex={0}>
      <Table className={style['numbers']} miw={480} aria-label={t('parts')}>
        <Table.Thead><Table.Tr><Table.Th scope="col">{t(`splits.${figure.split}` as 'splits.segment')}</Table.Th><Table.Th scope="col">{figure.title}</Table.Th><Table.Th scope="col">{before}</Table.Th><Table.Th scope="col">{t('heads.n')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {rows.map(({ part, outcome, then }) => {
            const { first, second } = said(figure, outcome);
            const to = href(part);
            const label = [part ?? t('unnamedPart'), ...(outcome.group === null ? [] : [groupLabel(figure, outcome.group)])].join(' · ');
            return (
              <Table.Tr key={label}>
                <Table.Th scope="row">{to === undefined ? label : <Go href={to} fz="sm">{label}</Go>}</Table.Th>
                <Table.Td><Text span fw={600} size="sm">{first}</Text> <Text span size="xs" c="dimmed">{second}</Text></Table.Td>
                <Table.Td>{then === undefined ? t('before.none') : said(figure, then).first}</Table.Td>
                <Table.Td>{sayNumber(outcome.n)}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </div>
  );
}
