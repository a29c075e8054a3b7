import { Alert, Anchor, Badge, Button, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../api/client.js';
import { operationsReadyOptions, operationsRetryMutation, operationsStatusOptions, proofProofOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { verifyVerify } from '../../api/generated/sdk.gen.js';
import type { OperationsReadyResponses, OperationsStatusResponses, VerifyVerifyResponses } from '../../api/generated/types.gen.js';
import { readLines } from '../../api/lines.js';
import { sayInstant, sayNumber, sayPercent } from '../../parts/locale.js';
import { Answer, Problem } from '../../parts/states.js';
import { When } from '../../parts/when.js';
import style from './administration.module.css';
import { AdministrationPage } from './page.js';

type State = OperationsReadyResponses[200];
type Verdict = Extract<VerifyVerifyResponses[200], { result: unknown }>['result'];

/** Below this share of the disk free, or this many bytes, it is said with a warning. */
const LITTLE = { share: 0.1, bytes: 2e9 };
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

function sayBytes(bytes: number): string {
  const at = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  return new Intl.NumberFormat(navigator.language, { style: 'unit', unit: UNITS[at]!, maximumFractionDigits: at === 0 ? 0 : 1 }).format(bytes / 1000 ** at);
}

/** It does not serve and says why: with 503, but in the same shape. */
function stateIn({ data, error }: { readonly data: State | undefined; readonly error: unknown }): State | undefined {
  const refused = error instanceof Failure ? (error.problem as unknown as State | undefined) : undefined;
  return refused !== undefined && typeof refused.parked === 'number' ? refused : data;
}

export default function Health() {
  const { t } = useTranslation('health');
  const ready = useQuery({ ...operationsReadyOptions(), refetchInterval: 10_000, retry: false });
  const state = stateIn(ready);
  return (
    <AdministrationPage texts="health">
      <Stack gap="lg">
        {state === undefined ? <Answer query={ready} lines={3}>{() => null}</Answer> : <Overall state={state} />}
        {state !== undefined && state.parked > 0 && <Parked />}
        <div className={style['two']}>
          <Deployment />
          <Proof />
        </div>
        <Verify />
        <Anchor component={Link} to="/first-run" size="sm">{t('firstRun')}</Anchor>
      </Stack>
    </AdministrationPage>
  );
}

const SIGNS = { ok: [IconCircleCheck, 'var(--five-lit)'], behind: [IconAlertTriangle, 'var(--five-at-risk)'], failing: [IconCircleX, 'var(--five-out)'] } as const;

function Overall({ state: { status, detail, lagSeconds, parked, store } }: { readonly state: State }) {
  const { t } = useTranslation('health');
  const needsLook = status === 'ok' && (parked > 0 || detail !== 'All is well.');
  const [Icon, color] = needsLook ? SIGNS.behind : SIGNS[status];
  return (
    <Paper withBorder p="md" role="status">
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Icon size={28} color={color} aria-hidden style={{ flex: 'none' }} />
        <div className={style['cut']}>
          <Text fw={650}>{t(needsLook ? 'status.look' : `status.${status}`)}</Text>
          {(needsLook || status !== 'ok') && <Text size="sm">{detail}</Text>}
          {lagSeconds > 0 && <Text size="sm" c="dimmed">{t('lag', { shown: sayNumber(lagSeconds, 1) })}</Text>}
          {store !== undefined && <Text size="sm" c="dimmed">{store.connected ? t('storeOn', { at: sayInstant(new Date(store.lastContact).toISOString()), count: store.reconnects }) : t('storeOff', { at: sayInstant(new Date(store.lastContact).toISOString()) })}</Text>}
        </div>
      </Group>
    </Paper>
  );
}

/** The health says how many there are to anybody; which they are is told to administrators alone. */
function Parked() {
  const query = useQuery({ ...operationsStatusOptions(), refetchInterval: 10_000 });
  return <Answer query={query} lines={2}>{({ parked }) => <ParkedStreams parked={parked} />}</Answer>;
}

function ParkedStreams({ parked }: { readonly parked: OperationsStatusResponses[200]['parked'] }) {
  const { t } = useTranslation('health');
  const retry = useMutation(operationsRetryMutation());
  return (
    <section aria-label={t('parked')}>
      <Group justify="space-between" mb="xs">
        <Title order={2}>{t('parked')}</Title>
        <Button variant="default" loading={retry.isPending} onClick={() => retry.mutate({ body: {} })}>{t('retry')}</Button>
      </Group>
      <Text size="sm" c="dimmed" mb="xs" maw={720}>{t('parkedMore')}</Text>
      {retry.isError && <Problem error={retry.error} />}
      <div role="status">{retry.isSuccess && <Text size="sm" mb="xs">{retry.data.freed > 0 ? t('freed', { count: retry.data.freed }) : t('stillParked')}</Text>}</div>
      <ul className={style['list']}>
        {parked.map(({ view, stream, revision, reason }) => (
          <li key={`${view} ${stream}`}>
            <Group gap="xs"><Badge variant="default" tt="none">{view}</Badge><Text className={style['code']}>{stream}</Text></Group>
            <Text size="sm" mt={4} className={style['cut']}>{reason}</Text>
            <Text size="xs" c="dimmed">{t('waitsFrom', { revision: String(revision) })}</Text>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ facts }: { readonly facts: readonly (readonly [says: string, value: ReactNode])[] }) {
  return <dl className={style['facts']}>{facts.map(([says, value]) => <div key={says} style={{ display: 'contents' }}><dt>{says}</dt><dd>{value}</dd></div>)}</dl>;
}

function Deployment() {
  const { t } = useTranslation('health');
  const query = useQuery({ ...operationsStatusOptions(), refetchInterval: 60_000 });
  return (
    <Paper withBorder p="md" component="section" aria-label={t('deployment')}>
      <Title order={2} mb="sm">{t('deployment')}</Title>
      <Answer query={query} lines={4}>
        {({ version, node, startedAt, store, zone, disk, files, lastBackup }) => {
          const isLittle = disk !== null && (disk.free < LITTLE.bytes || disk.free < disk.total * LITTLE.share);
          return (
            <Facts facts={[
              [t('version'), `Five-Ring ${version} (Node ${node})`],
              [t('started'), <When key="at" at={startedAt} />],
              [t('store'), <span key="store" className={style['code']}>{store}</span>],
              [t('zone'), zone],
              [t('disk'), disk === null ? t('unknown') : <Group key="disk" gap={6} wrap="nowrap">{isLittle && <IconAlertTriangle size={16} color="var(--five-at-risk)" aria-hidden style={{ flex: 'none' }} />}<span>{t(isLittle ? 'diskLittle' : 'diskFree', { free: sayBytes(disk.free), total: sayBytes(disk.total), share: sayPercent(disk.free / disk.total) })}</span></Group>],
              [t('files'), files.slice(0, 6).map(({ name, bytes }) => `${name} ${sayBytes(bytes)}`).join(' · ')],
              [t('backup'), lastBackup === null ? t('noBackup') : <span key="backup">{sayInstant(lastBackup.at)} (<When at={lastBackup.at} />){lastBackup.problems > 0 && ` – ${t('backupProblems', { count: lastBackup.problems })}`}</span>],
            ]} />
          );
        }}
      </Answer>
    </Paper>
  );
}

function Proof() {
  const { t } = useTranslation('health');
  const query = useQuery(proofProofOptions());
  return (
    <Paper withBorder p="md" component="section" aria-label={t('proof')}>
      <Title order={2} mb={4}>{t('proof')}</Title>
      <Text size="sm" c="dimmed" mb="sm">{t('proofMore')}</Text>
      <Answer query={query} lines={3}>
        {({ events, head, lastKept }) => (
          <Facts facts={[
            [t('now'), <span key="now">{t('events', { count: events, shown: sayNumber(events) })}<br /><span className={style['code']}>{head}</span></span>],
            [t('kept'), lastKept === null ? t('noneKept') : <span key="kept">{t('events', { count: lastKept.events, shown: sayNumber(lastKept.events) })}, <When at={lastKept.at} /><br /><span className={style['code']}>{lastKept.head}</span></span>],
          ]} />
        )}
      </Answer>
    </Paper>
  );
}

/** Reads the whole log once more, and says what is wrong with it. */
function Verify() {
  const { t } = useTranslation('health');
  const proof = useQuery(proofProofOptions());
  const [done, setDone] = useState(0);
  const verify = useMutation({
    mutationFn: async () => {
      setDone(0);
      const { data } = await verifyVerify({ parseAs: 'stream', throwOnError: true });
      return readLines<{ done: number }, Verdict>(data as unknown as ReadableStream<Uint8Array>, (progress) => setDone(progress.done));
    },
  });
  const of = Math.max(proof.data?.events ?? 0, done, 1);
  const verdict = verify.data;
  return (
    <Paper withBorder p="md" component="section" aria-label={t('verify')}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>{t('verify')}</Title>
          <Button variant="default" loading={verify.isPending} onClick={() => verify.mutate()}>{t('verifyGo')}</Button>
        </Group>
        <Text size="sm" c="dimmed" maw={720}>{t('verifyMore')}</Text>
        {verify.isPending && (
          <div>
            <Progress value={(100 * done) / of} aria-label={t('verifyRunning')} />
            <Text size="sm" mt={4}>{t('verified', { done: sayNumber(done), of: sayNumber(of) })}</Text>
          </div>
        )}
        {verify.isError && <Problem error={verify.error} retry={verify.mutate} />}
        {verdict !== undefined && !verify.isPending && (
          <Alert role="status" variant="outline" color={verdict.ok ? 'water' : 'red'} icon={verdict.ok ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />} title={verdict.ok ? t('allRight') : t('problems', { count: verdict.problems.length })}>
            <Text size="sm">{t('verdict', { events: sayNumber(verdict.events), streams: sayNumber(verdict.streams), sealed: sayNumber(verdict.sealedFields), erased: sayNumber(verdict.erasedFields), heads: sayNumber(verdict.keptHeads) })}</Text>
            {verdict.problems.length > 0 && <ul className={style['plain']}>{verdict.problems.map((problem) => <li key={problem}>{problem}</li>)}</ul>}
          </Alert>
        )}
      </Stack>
    </Paper>
  );
}
