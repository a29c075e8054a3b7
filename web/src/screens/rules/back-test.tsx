/** How well "at risk" foresaw losses: each past month with only what was known at its end. */
import { Button, Group, NumberInput, Select, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { trialsBackTest } from '../../api/generated/sdk.gen.js';
import type { TrialsBackTestResponses } from '../../api/generated/types.gen.js';
import { Figure } from '../../parts/figure.js';
import { sayDate, sayNumber } from '../../parts/locale.js';
import { Problem } from '../../parts/states.js';
import { TrialProgress } from './rehearsal.js';
import style from './rules.module.css';
import { useVersions } from './versions.js';
import { useTrial } from './use-trial.js';

type BackTested = Extract<TrialsBackTestResponses[200], { result: unknown }>['result'];
type Scored = BackTested['overall'][number];

const MONTHS = 24;

export function BackTest({ version }: { readonly version: string }) {
  const { t } = useTranslation('rules');
  const trial = useTrial<BackTested>();
  const versions = useVersions();
  const [months, setMonths] = useState<number | string>(MONTHS);
  const [rules, setRules] = useState(version);
  const wrong = Number.isInteger(months) && Number(months) >= 1 && Number(months) <= 120 ? undefined : t('backTest.monthsWrong');
  const start = (): void => {
    if (wrong === undefined) trial.start((signal) => trialsBackTest({ query: { months: Number(months), rules }, parseAs: 'stream', signal, throwOnError: true }));
  };
  const { result } = trial;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed" maw={720}>{t('backTest.more')}</Text>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <Group align="flex-start">
          <Select label={t('backTest.rules')} data={versions} value={rules} onChange={(value) => setRules(value ?? version)} allowDeselect={false} searchable selectFirstOptionOnChange w={380} maw="100%" />
          <NumberInput label={t('backTest.months')} value={months} onChange={setMonths} allowDecimal={false} clampBehavior="none" w={130} error={wrong} />
          <Button type="submit" mt={25} disabled={trial.progress !== null}>{t('backTest.start')}</Button>
        </Group>
      </form>
      <TrialProgress trial={trial} says={t('backTest.running')} />
      {trial.error !== null && <Problem error={trial.error} retry={start} />}
      {result !== null && (
        <>
          <Scores title={t('backTest.overall', { count: result.months.length })} scores={result.overall} />
          {result.overall.every(({ score }) => score === null || score.predicted === 0) && <Text size="sm" c="dimmed" maw={720}>{t('backTest.silent')}</Text>}
          <details className={style['table']}>
            <summary>{t('backTest.byMonth')}</summary>
            <Stack gap="md" mt="sm">
              {[...result.months].reverse().map(({ at, rings }) => (rings.every(({ score }) => score === null) ? <Text key={at} size="sm" c="dimmed">{t('backTest.tooYoung', { date: sayDate(at) })}</Text> : <Scores key={at} title={sayDate(at)} scores={rings} />))}
            </Stack>
          </details>
        </>
      )}
    </Stack>
  );
}

function Scores({ title, scores }: { readonly title: string; readonly scores: readonly Scored[] }) {
  const { t } = useTranslation('rules');
  const rings = useTranslation('parts').t;
  return (
    <section>
      <Title order={2} mb="xs">{title}</Title>
      <div className={style['scroll']} tabIndex={0} role="group" aria-label={title}>
        <Table className={style['table']} aria-label={title} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr><Table.Th>{t('heads.ring')}</Table.Th><Table.Th>{t('heads.precision')}</Table.Th><Table.Th>{t('heads.recall')}</Table.Th><Table.Th>{t('heads.ahead')}</Table.Th><Table.Th>{t('heads.horizon')}</Table.Th></Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {scores.map(({ ring, horizon, score }) => (
              <Table.Tr key={ring}>
                <Table.Th scope="row" fw={600}>{rings(`rings.names.${ring}`)}</Table.Th>
                {score === null ? (
                  <Table.Td colSpan={3} c="dimmed">{t('backTest.young')}</Table.Td>
                ) : (
                  <>
                    <Table.Td>{score.predicted === 0 ? <Text size="sm" c="dimmed">{t('backTest.noWarning')}</Text> : <Figure part={score.both} of={score.predicted} size="sm" />}</Table.Td>
                    <Table.Td>{score.happened === 0 ? <Text size="sm" c="dimmed">{t('backTest.noLoss')}</Text> : <Figure part={score.both} of={score.happened} size="sm" />}</Table.Td>
                    <Table.Td>{score.daysAhead === null ? '–' : t('backTest.days', { count: Math.round(score.daysAhead), shown: sayNumber(score.daysAhead, score.daysAhead < 10 ? 1 : 0) })}</Table.Td>
                  </>
                )}
                <Table.Td>{t('backTest.days', { count: horizon, shown: sayNumber(horizon) })}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </section>
  );
}
