/** The rules: to read in sentences; and, for who may, to change as a draft, rehearse, publish and test against the past. */
import { Alert, Button, Group, Menu, Progress, Tabs, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconBraces, IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PRESETS, type Rules } from '../../../../src/rings/rules.js';
import { answered } from '../../api/client.js';
import { rulesRulesOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { rulesCheck, trialsRehearse } from '../../api/generated/sdk.gen.js';
import type { RulesRulesResponses } from '../../api/generated/types.gen.js';
import { may, useSession } from '../../app/session.js';
import { sayInstant, sayNumber } from '../../parts/locale.js';
import { Answer, Problem, ScreenHead } from '../../parts/states.js';
import { BackTest } from './back-test.js';
import { Differences } from './differences.js';
import { Editor } from './editor.js';
import { JsonDialog } from './json-dialog.js';
import { PublishDialog } from './publish-dialog.js';
import { Rehearsal, type Rehearsed } from './rehearsal.js';
import style from './rules.module.css';
import { useDraft, type Draft } from './use-draft.js';
import { useTrial } from './use-trial.js';
import { Versions } from './versions.js';

type InForce = RulesRulesResponses[200];

const TABS = ['rules', 'rehearsal', 'history', 'back-test'] as const;
type Tab = (typeof TABS)[number];
/** While rules are on their way into force it is asked so often how far they are. */
const LOOK_MS = 700;
const CHECK_MS = 250;

export default function RulesScreen() {
  const query = useQuery({ ...rulesRulesOptions(), refetchInterval: ({ state }) => (state.data?.takingEffect == null ? false : LOOK_MS) });
  return <Answer query={query} lines={10}>{(data) => <Loaded data={data} />}</Answer>;
}

function Loaded({ data }: { readonly data: InForce }) {
  const { t } = useTranslation('rules');
  const session = useSession();
  const navigate = useNavigate();
  const { tab: asked = 'rules' }: { readonly tab?: Tab } = useSearch({ strict: false });
  const live = data.rules as unknown as Rules;
  const draft = useDraft({ version: data.version, rules: live });
  const trial = useTrial<Rehearsed>();
  const [rehearsed, setRehearsed] = useState<string | null>(null);
  const [dialog, setDialog] = useState<'json' | 'publish' | null>(null);
  const canEdit = may(session, 'POST /api/v1/rules/check');
  const canRehearse = may(session, 'POST /api/v1/rules/rehearsals');
  const canTest = may(session, 'GET /api/v1/rules/back-test');
  const tabs = TABS.filter((tab) => tab === 'rules' || tab === 'history' || (tab === 'rehearsal' ? canRehearse : canTest));
  const tab = tabs.includes(asked) ? asked : 'rules';
  const go = (to: Tab): void => void navigate({ to: '/rules', search: (to === 'rules' ? {} : { tab: to }) });

  const [settled] = useDebouncedValue(draft.rules, CHECK_MS);
  const check = useQuery({
    queryKey: ['rules-check', data.version, settled],
    queryFn: ({ signal }) => answered(rulesCheck({ body: { rules: settled as unknown as Record<string, unknown> }, signal, throwOnError: true })),
    enabled: canEdit && draft.isBegun,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  const found = draft.isBegun ? check.data : undefined;
  const problems = Object.fromEntries((found?.problems ?? []).map(({ field, detail }) => [field, detail]));
  const isChecked = found !== undefined && settled === draft.rules && !check.isPlaceholderData;
  const isGood = isChecked && found.ok;
  const differences = found?.differences ?? null;
  const changes = differences?.fields.length ?? 0;

  const rehearse = (): void => {
    go('rehearsal');
    setRehearsed(JSON.stringify(draft.rules));
    trial.start((signal) => trialsRehearse({ body: { rules: draft.rules as unknown as Record<string, unknown> }, parseAs: 'stream', signal, throwOnError: true }));
  };
  const isRehearsed = trial.result !== null && rehearsed === JSON.stringify(draft.rules);

  return (
    <>
      <ScreenHead title={t('title')}>
        {canEdit && <BeginMenu draft={draft} live={live} />}
        <Button variant="default" leftSection={<IconBraces size={16} aria-hidden />} onClick={() => setDialog('json')}>{t('json.open')}</Button>
      </ScreenHead>
      <Head data={data} />
      <Tabs value={tab} onChange={(next) => go((next ?? 'rules') as Tab)} keepMounted={false}>
        <Tabs.List mb="md">{tabs.map((one) => <Tabs.Tab key={one} value={one}>{t(`tabs.${one}`)}</Tabs.Tab>)}</Tabs.List>
        <Tabs.Panel value="rules">
          {canEdit ? <Text size="sm" c="dimmed" mb="sm" maw={720}>{t('howTo')}</Text> : <Text size="sm" c="dimmed" mb="sm">{t('readOnly')}</Text>}
          {draft.isOld && <Alert variant="outline" color="yellow" mb="sm" role="status">{t('old')}</Alert>}
          {check.isError && <Problem error={check.error} retry={() => check.refetch()} />}
          <Editor rules={draft.rules} live={live} problems={problems} {...(canEdit && { set: draft.set })} />
          {draft.isBegun && (
            <section className={style['ring']} aria-labelledby="changes" style={{ marginTop: 12 }}>
              <Text component="h2" id="changes" fw={650} m={0} mb="xs">{t('changes')}</Text>
              <TextInput label={t('name')} description={t('nameMore')} value={draft.rules.preset} onChange={(event) => draft.set('preset', event.currentTarget.value)} error={problems['preset']} maw={320} mb="md" spellCheck={false} />
              {found?.ok === false ? <Text size="sm" c="var(--mantine-color-error)">{t('wrong', { count: found.problems.length })}</Text> : <Differences fields={differences?.fields ?? []} sentences={differences?.sentences ?? []} none={isChecked ? t('noChange') : t('checking')} />}
            </section>
          )}
        </Tabs.Panel>
        {canRehearse && <Tabs.Panel value="rehearsal"><Rehearsal trial={trial} isOfThis={isRehearsed} start={rehearse} canStart={isGood && changes > 0} /></Tabs.Panel>}
        <Tabs.Panel value="history">
          <Versions
            {...(canEdit && {
              begin: (rules: Rules) => {
                draft.replace(rules);
                go('rules');
              },
            })}
          />
        </Tabs.Panel>
        {canTest && <Tabs.Panel value="back-test"><BackTest version={data.version} /></Tabs.Panel>}
      </Tabs>
      {draft.isBegun && canEdit && (
        <div className={style['bar']}>
          <Group justify="space-between" gap="xs">
            <Text size="sm" fw={600} role="status">{!isChecked ? t('bar.checking') : found.ok ? t('bar.draft', { count: changes }) : t('bar.wrong', { count: found.problems.length })}</Text>
            <Group gap="xs">
              <Button variant="subtle" onClick={draft.discard}>{t('bar.discard')}</Button>
              {canRehearse && <Button variant="default" onClick={rehearse} disabled={!isGood || changes === 0 || trial.progress !== null}>{t('bar.rehearse')}</Button>}
              {may(session, 'POST /api/v1/rules') ? <Button onClick={() => setDialog('publish')} disabled={!isGood || changes === 0}>{t('bar.publish')}</Button> : <Text size="sm" c="dimmed">{t('bar.notYours')}</Text>}
            </Group>
          </Group>
        </div>
      )}
      {dialog === 'json' && <JsonDialog rules={draft.rules} {...(canEdit && { replace: draft.replace })} close={() => setDialog(null)} />}
      {dialog === 'publish' && differences !== null && <PublishDialog rules={draft.rules} revision={(data.takingEffect ?? data).revision} differences={{ ...differences, none: t('noChange') }} isRehearsed={isRehearsed} done={draft.discard} close={() => setDialog(null)} />}
    </>
  );
}

/** Which rules are in force, and those that are on their way. */
function Head({ data }: { readonly data: InForce }) {
  const { t } = useTranslation('rules');
  const { since, by, reason, version, takingEffect } = data;
  return (
    <div style={{ marginBottom: 'var(--mantine-spacing-sm)' }}>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {since === null ? t('inForceStart', { preset: t(`presets.${data.preset}`, { defaultValue: data.preset }) }) : t('inForce', { since: sayInstant(since), name: by?.name ?? by?.id ?? '', reason: reason ?? '' })}{' '}
        <Text component="span" size="xs" c="dimmed">{version}</Text>
      </Text>
      {takingEffect !== null && (
        <Alert variant="outline" mt="xs" role="status" title={t('coming')}>
          <Progress.Root size="lg" mb={4}><Progress.Section value={takingEffect.of === 0 ? 0 : (100 * takingEffect.done) / takingEffect.of} aria-label={t('coming')} /></Progress.Root>
          <Text size="sm">{t('comingMore', { done: sayNumber(takingEffect.done), of: sayNumber(takingEffect.of) })}</Text>
        </Alert>
      )}
    </div>
  );
}

function BeginMenu({ draft, live }: { readonly draft: Draft; readonly live: Rules }) {
  const { t } = useTranslation('rules');
  return (
    <Menu position="bottom-end" width={320}>
      <Menu.Target><Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>{t('begin')}</Button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('beginMore')}</Menu.Label>
        {Object.entries(PRESETS).map(([name, rules]) => (
          <Menu.Item key={name} onClick={() => draft.replace(rules)}>
            <Text size="sm" fw={600}>{t(`presets.${name}`)}</Text>
            <Text size="xs" c="dimmed">{t(`presetsMore.${name}`)}</Text>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => draft.replace(live)}>{t('beginLive')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
