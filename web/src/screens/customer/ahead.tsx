/** What lies ahead: the next decision with who decides and what is missing, open issues, planned steps. */
import { Badge, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCircleDashed } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { OverviewOverviewResponse } from '../../api/generated/types.gen.js';
import { sayDate, sayRelative } from '../../parts/locale.js';
import { Card, EntryLink } from './card.js';
import style from './customer.module.css';
import { Stance } from './people.js';

type Decision = OverviewOverviewResponse['decisions'][number];

/** A date, and how far it lies from the day that is shown. */
function Due({ at, from }: { readonly at: string; readonly from: string }) {
  const { t } = useTranslation('customer');
  const isOver = Date.parse(at) < Date.parse(from);
  return <Text component="span" size="sm" fw={isOver ? 600 : undefined} className={isOver ? style['overdue'] : undefined}>{isOver && <IconAlertTriangle size={14} aria-hidden className={style['inline']} />}{t(isOver ? 'ahead.overdue' : 'ahead.due', { date: sayDate(at), ago: sayRelative(at, Date.parse(from)) })}</Text>;
}

export function Ahead({ stands, isToday }: { readonly stands: OverviewOverviewResponse; readonly isToday: boolean }) {
  const { t } = useTranslation('customer');
  const { decisions, issues, steps, at } = stands;
  const [next, ...others] = decisions;
  return (
    <Card title={t('ahead.title')}>
      <Stack gap="md">
        <div>
          <Text size="xs" fw={600} c="dimmed" mb={4} component="h3">{t('ahead.decision')}</Text>
          {next === undefined ? <Text size="sm" c="dimmed">{t(isToday ? 'ahead.noDecision' : 'ahead.noDecisionThen')}</Text> : <NextDecision decision={next} at={at} />}
          {others.length > 0 && (
            <details className={style['more']}>
              <summary>{t('ahead.others', { count: others.length })}</summary>
              <Stack gap="sm" mt={6}>{others.map((decision) => <NextDecision key={decision.entry} decision={decision} at={at} />)}</Stack>
            </details>
          )}
        </div>
        <div>
          <Text size="xs" fw={600} c="dimmed" mb={4} component="h3">{t('ahead.issues', { count: issues.length })}</Text>
          {issues.length === 0 && <Text size="sm" c="dimmed">{t('ahead.noIssues')}</Text>}
          <Stack gap={6}>
            {issues.map(({ entry, severity, since, summary }) => (
              <div key={entry} className={style['item']}>
                <Badge variant="default" tt="none" size="sm" className={severity <= 2 ? style['severe'] : undefined} leftSection={severity <= 2 ? <IconAlertTriangle size={12} aria-hidden /> : undefined}>{t(severity <= 2 ? 'ahead.severe' : 'ahead.severity', { severity })}</Badge>
                <div><EntryLink entry={entry}>{summary ?? t('ahead.noText')}</EntryLink><Text size="xs" c="dimmed">{t('ahead.openSince', { date: sayDate(since), ago: sayRelative(since, Date.parse(at)) })}</Text></div>
              </div>
            ))}
          </Stack>
        </div>
        <div>
          <Text size="xs" fw={600} c="dimmed" mb={4} component="h3">{t('ahead.steps', { count: steps.length })}</Text>
          {steps.length === 0 && <Text size="sm" c="dimmed">{t('ahead.noSteps')}</Text>}
          <Stack gap={6}>
            {steps.map(({ entry, due, who, summary }) => <div key={entry}><EntryLink entry={entry}>{summary ?? t('ahead.noText')}</EntryLink><Group gap={6}><Due at={due} from={at} /><Text size="xs" c="dimmed">{who.name ?? who.id}</Text></Group></div>)}
          </Stack>
        </div>
      </Stack>
    </Card>
  );
}

function NextDecision({ decision, at }: { readonly decision: Decision; readonly at: string }) {
  const { t } = useTranslation('customer');
  const { entry, what, neededBy, deciders, lacks, offering } = decision;
  return (
    <Stack gap={6}>
      <div>
        <EntryLink entry={entry}>{what ?? t('ahead.erased')}</EntryLink>
        <Group gap={6}>{neededBy === null ? <Text size="sm" c="dimmed">{t('ahead.noDate')}</Text> : <Due at={neededBy} from={at} />}{offering !== null && <Badge variant="default" tt="none" size="sm">{offering}</Badge>}</Group>
      </div>
      {deciders.length > 0 && (
        <ul className={style['deciders']} aria-label={t('ahead.deciders')}>
          {deciders.map(({ person, met, stance, late }) => (
            <li key={person.id}>
              {met ? <IconCheck size={16} aria-hidden /> : <IconCircleDashed size={16} aria-hidden />}
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{person.name ?? t('unnamedPerson')}</Text>
              <Text size="xs" c="dimmed">{[t(met ? 'ahead.met' : 'ahead.notMet'), ...(late ? [t('ahead.late')] : [])].join(', ')}</Text>
              <Stance stance={stance} />
            </li>
          ))}
        </ul>
      )}
      {lacks.length === 0 ? <Text size="sm" c="dimmed">{t('ahead.complete')}</Text> : <Text size="sm"><b>{t('ahead.missing')}</b> {lacks.map((lack) => t(`lacks.${lack}`)).join(', ')}</Text>}
    </Stack>
  );
}
