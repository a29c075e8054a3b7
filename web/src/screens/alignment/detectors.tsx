/** The six misalignments: each fires, is clean, or cannot tell; with what it stands on and the entries behind it. */
import { Anchor, Group, Select, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { alignmentDetectorsOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { AlignmentDetectorsResponse } from '../../api/generated/types.gen.js';
import { may, useSession } from '../../app/session.js';
import { sayDate, sayLastDay, sayNumber } from '../../parts/locale.js';
import { Page } from '../../parts/pages.js';
import { Answer } from '../../parts/states.js';
import { Verdict } from '../../parts/verdict.js';
import style from './alignment.module.css';
import { CheckLine } from './check.js';
import { screens } from './screen.js';

const KEPT_MS = 5 * 60_000;
const WINDOWS = ['30', '90', '180', '365', '730'] as const;
type Detector = AlignmentDetectorsResponse['items'][number];

/** What of the page stands in its address: how far it looks back, and the check that is open. */
export function useAsked(): { readonly window: number | undefined; readonly check: string | undefined; readonly ask: (change: { readonly window?: string | undefined; readonly check?: string | undefined }) => void } {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const navigate = useNavigate();
  const days = Number(search['window']);
  return {
    window: Number.isInteger(days) && days >= 1 && days <= 36_500 ? days : undefined,
    check: typeof search['check'] === 'string' ? search['check'] : undefined,
    ask: (change) => void navigate({ to: '.', search: ((before: object) => ({ ...before, ...change })), replace: true, resetScroll: false }),
  };
}

export function LookingBack({ window, ask }: Pick<ReturnType<typeof useAsked>, 'window' | 'ask'>) {
  const { t } = useTranslation('alignment');
  return <Select size="xs" w={190} aria-label={t('back.label')} placeholder={t('back.usual')} clearable clearButtonProps={{ 'aria-label': t('back.usual') }} data={[...new Set([...WINDOWS, ...(window === undefined ? [] : [String(window)])])].map((value) => ({ value, label: t('back.days', { days: sayNumber(Number(value)) }) }))} value={window === undefined ? null : String(window)} onChange={(value) => ask({ window: value ?? undefined })} />;
}

export function Sum({ answers }: { readonly answers: readonly ('fires' | 'clean' | 'cannot tell')[] }) {
  const { t } = useTranslation('alignment');
  const of = (answer: string): string => t(`sum.${answer}`, { count: answers.filter((one) => one === answer).length });
  return <Text size="sm" c="dimmed" role="status">{[of('fires'), of('clean'), of('cannot tell')].join(' · ')}</Text>;
}

export default function Detectors() {
  const { t } = useTranslation('alignment');
  const { window, check, ask } = useAsked();
  const query = useQuery({ ...alignmentDetectorsOptions({ query: window === undefined ? {} : { window } }), staleTime: KEPT_MS, placeholderData: keepPreviousData });
  return (
    <Page of={screens} label={t('pages')} title={t('title')} actions={<LookingBack window={window} ask={ask} />}>
      <Text c="dimmed" maw={720} mb="sm">{t('about')}</Text>
      <Answer query={query} lines={12}>
        {({ items, period, parked }) => (
          <Stack gap="md" aria-busy={query.isPlaceholderData}>
            <Group justify="space-between" gap="xs">
              <Sum answers={items.map(({ answer }) => answer)} />
              <Text size="sm" c="dimmed">{t('period', { from: sayDate(period.from), to: sayLastDay(period.to) })}</Text>
            </Group>
            {parked > 0 && <Text size="sm" c="dimmed">{t('parked', { count: parked })}</Text>}
            {items.map((detector) => <One key={detector.name} detector={detector} window={window} open={check} show={(name) => ask({ check: name })} />)}
          </Stack>
        )}
      </Answer>
    </Page>
  );
}

function One({ detector, window, open, show }: { readonly detector: Detector; readonly window: number | undefined; readonly open: string | undefined; readonly show: (check: string | undefined) => void }) {
  const { number, name, title, says, answer, thresholds, checks } = detector;
  return (
    <section className={style['detector']} aria-labelledby={`detector-${name}`} data-answer={answer}>
      <div className={style['head']}>
        <span className={style['number']} aria-hidden>{number}</span>
        <div className={style['title']}>
          <Title order={2} id={`detector-${name}`}>{title}</Title>
          <Text size="sm" c="dimmed">{says}</Text>
        </div>
        <Verdict answer={answer} />
      </div>
      <div className={style['checks']}>
        {checks.map((check) => <CheckLine key={check.name} check={check} detector={name} window={window} isOpen={open === check.name} toggle={() => show(open === check.name ? undefined : check.name)} level="h3" />)}
      </div>
      <Thresholds thresholds={thresholds} />
    </section>
  );
}

function Thresholds({ thresholds }: { readonly thresholds: Detector['thresholds'] }) {
  const { t } = useTranslation(['alignment', 'settings']);
  const session = useSession();
  return (
    <details className={style['thresholds']}>
      <summary>{t('thresholds', { count: thresholds.length })}</summary>
      <dl className={style['settings']}>
        {thresholds.map(({ setting, value, unit, says }) => (
          <div key={setting}>
            <dt>{t(`settings:names.${setting}`)}</dt>
            <dd><b>{unit === null ? value : t(`units.${unit}`, { count: value, shown: sayNumber(value) })}</b><Text size="xs" c="dimmed">{says}</Text></dd>
          </div>
        ))}
      </dl>
      {may(session, 'PATCH /api/v1/settings') ? <Anchor component={Link} to="/administration/settings" fz="sm">{t('toSettings')}</Anchor> : <Text size="sm" c="dimmed">{t('whoSets')}</Text>}
    </details>
  );
}
