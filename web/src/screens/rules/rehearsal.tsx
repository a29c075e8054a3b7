/** What a draft would change: who would stand otherwise, which figures shift, and the whole history by both. */
import { Alert, Anchor, Badge, Button, Group, Progress, Select, Stack, Switch, Table, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrialsRehearseResponses } from '../../api/generated/types.gen.js';
import { sayDate, sayNumber } from '../../parts/locale.js';
import { RingSign, type RingStateName } from '../../parts/rings.js';
import { Problem } from '../../parts/states.js';
import style from './rules.module.css';
import type { Trial } from './use-trial.js';

export type Rehearsed = Extract<TrialsRehearseResponses[200], { result: unknown }>['result'];

const RINGS = [1, 2, 3, 4, 5] as const;
/** So many customers are listed at first. */
const FEW = 12;

/** How far a trial is, and the way out of it. */
export function TrialProgress({ trial, says }: { readonly trial: Trial<unknown>; readonly says: string }) {
  const { t } = useTranslation('rules');
  if (trial.progress === null) return null;
  const { done, of } = trial.progress;
  return (
    <Group wrap="nowrap" gap="md" my="md">
      <div style={{ flex: 1 }}>
        <Progress.Root size="lg"><Progress.Section value={of === 0 ? 0 : (100 * done) / of} aria-label={says} /></Progress.Root>
        <Text size="sm" c="dimmed" mt={4} role="status">{of === 0 ? t('trial.begins') : t('trial.progress', { done: sayNumber(done), of: sayNumber(of) })}</Text>
      </div>
      <Button variant="default" onClick={trial.cancel}>{t('cancel')}</Button>
    </Group>
  );
}

export function Rehearsal({ trial, isOfThis, start, canStart }: { readonly trial: Trial<Rehearsed>; readonly isOfThis: boolean; readonly start: () => void; readonly canStart: boolean }) {
  const { t } = useTranslation('rules');
  const { result, progress, error } = trial;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed" maw={720}>{t('rehearsal.more')}</Text>
      <Group>
        <Button onClick={start} disabled={!canStart || progress !== null}>{result === null ? t('rehearsal.start') : t('rehearsal.again')}</Button>
        {!canStart && <Text size="sm" c="dimmed">{t('rehearsal.nothing')}</Text>}
      </Group>
      <TrialProgress trial={trial} says={t('rehearsal.running')} />
      {error !== null && <Problem error={error} retry={canStart ? start : undefined} />}
      {result !== null && !isOfThis && <Alert variant="outline" color="yellow" role="status">{t('rehearsal.old')}</Alert>}
      {result !== null && <Result result={result} />}
    </Stack>
  );
}

function Result({ result }: { readonly result: Rehearsed }) {
  return (
    <>
      <Movers result={result} />
      <Shifts result={result} />
      <History result={result} />
    </>
  );
}

function StateName({ state }: { readonly state: RingStateName }) {
  const { t } = useTranslation('parts');
  return <span style={{ whiteSpace: 'nowrap', display: 'inline-flex', gap: 4, alignItems: 'center' }}><RingSign state={state} />{t(`rings.states.${state}`)}</span>;
}

function Movers({ result: { changed, customers, read } }: { readonly result: Rehearsed }) {
  const { t } = useTranslation('rules');
  const rings = useTranslation('parts').t;
  const [all, setAll] = useState(false);
  const shown = all ? customers : customers.slice(0, FEW);
  const lit = (ring: number): { readonly on: number; readonly off: number } => {
    const own = customers.map(({ before, after }) => [before.includes(ring), after.includes(ring)]);
    return { on: own.filter(([was, is]) => !was && is).length, off: own.filter(([was, is]) => was && !is).length };
  };
  return (
    <section aria-labelledby="movers">
      <Title order={2} id="movers" mb="xs">{t('rehearsal.movers', { count: changed, shown: sayNumber(changed), of: sayNumber(read.customers) })}</Title>
      {changed === 0 ? (
        <Text size="sm" c="dimmed">{t('rehearsal.nobody')}</Text>
      ) : (
        <>
          <Group gap="xs" mb="sm">
            {RINGS.map((ring) => {
              const { on, off } = lit(ring);
              return on + off === 0 ? null : <Badge key={ring} variant="default" size="lg" tt="none" fw={500}>{t('rehearsal.turn', { ring: rings(`rings.names.${ring}`), on: sayNumber(on), off: sayNumber(off) })}</Badge>;
            })}
          </Group>
          {changed > customers.length && <Text size="sm" c="dimmed" mb="xs">{t('rehearsal.first', { shown: sayNumber(customers.length), of: sayNumber(changed) })}</Text>}
          <div className={style['scroll']} tabIndex={0} role="group" aria-label={t('rehearsal.customers')}>
            <Table className={style['table']} aria-label={t('rehearsal.customers')} verticalSpacing={6}>
              <Table.Thead>
                <Table.Tr><Table.Th>{t('heads.customer')}</Table.Th><Table.Th>{t('heads.ring')}</Table.Th><Table.Th>{t('heads.live')}</Table.Th><Table.Th>{t('heads.draft')}</Table.Th></Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {shown.flatMap(({ id, name, rings: moved }) =>
                  moved.map(({ ring, before, after }, index) => (
                    <Table.Tr key={`${id}-${ring}`}>
                      {index === 0 && <Table.Th scope="row" rowSpan={moved.length} fw={600} style={{ verticalAlign: 'top', overflowWrap: 'anywhere' }}><Anchor component={Link} to={`/customers/${id}`} fz="sm">{name ?? t('unnamed')}</Anchor></Table.Th>}
                      <Table.Td>{rings(`rings.names.${ring}`)}</Table.Td>
                      <Table.Td><StateName state={before} /></Table.Td>
                      <Table.Td><StateName state={after} /></Table.Td>
                    </Table.Tr>
                  )),
                )}
              </Table.Tbody>
            </Table>
          </div>
          {customers.length > FEW && <Button variant="subtle" size="compact-sm" mt="xs" onClick={() => setAll(!all)} aria-expanded={all}>{all ? t('rehearsal.fewer') : t('rehearsal.allOfThem', { count: customers.length })}</Button>}
        </>
      )}
    </section>
  );
}

function Shifts({ result: { figures } }: { readonly result: Rehearsed }) {
  const { t } = useTranslation('rules');
  const [all, setAll] = useState(false);
  const shifting = figures.filter(({ shifts }) => shifts);
  const shown = all ? figures : shifting;
  return (
    <section aria-labelledby="shifts">
      <Group justify="space-between" mb="xs">
        <Title order={2} id="shifts">{t('rehearsal.shifts', { count: shifting.length, shown: sayNumber(shifting.length), of: sayNumber(figures.length) })}</Title>
        <Switch label={t('rehearsal.all')} checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
      </Group>
      {shown.length === 0 ? (
        <Text size="sm" c="dimmed">{t('rehearsal.noShift')}</Text>
      ) : (
        <div className={style['scroll']} tabIndex={0} role="group" aria-label={t('rehearsal.figures')}>
          <Table className={style['table']} aria-label={t('rehearsal.figures')} verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr><Table.Th>{t('heads.figure')}</Table.Th><Table.Th>{t('heads.live')}</Table.Th><Table.Th>{t('heads.draft')}</Table.Th></Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map(({ name, title, shifts, live, draft }) => (
                <Table.Tr key={name}>
                  <Table.Th scope="row" fw={shifts ? 600 : 400} style={{ verticalAlign: 'top' }}>{title}</Table.Th>
                  <Table.Td style={{ verticalAlign: 'top' }}><Outcomes of={live} against={draft} /></Table.Td>
                  <Table.Td style={{ verticalAlign: 'top' }}><Outcomes of={draft} against={live} /></Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </section>
  );
}

type Outcome = Rehearsed['figures'][number]['live'][number];
const MOST = 6;

/** Values that differ first; of many groups only these. */
function Outcomes({ of, against }: { readonly of: readonly Outcome[]; readonly against: readonly Outcome[] }) {
  const { t } = useTranslation('rules');
  const other = new Map(against.map((one) => [one.group, one.says]));
  const isSame = ({ group, says }: Outcome): boolean => other.get(group) === says;
  const differing = of.filter((one) => !isSame(one));
  const shown = (of.length <= MOST ? of : differing.length > 0 ? differing : of).slice(0, MOST);
  if (of.length === 0) return <Text size="sm" c="dimmed">{t('none')}</Text>;
  return (
    <>
      {shown.map((one, index) => <div key={index} className={isSame(one) ? style['before'] : undefined}>{one.group === null ? one.says : t('rehearsal.group', { group: one.group, says: one.says })}</div>)}
      {of.length > shown.length && <Text size="xs" c="dimmed">{t('rehearsal.others', { count: of.length - shown.length })}</Text>}
    </>
  );
}

const MEASURES = ['advocates', 'customers', 'lit-1', 'lit-3', 'lit-4', 'lit-5', 'lost-1', 'lost-2', 'lost-3', 'lost-4', 'lost-5'] as const;
type Point = Rehearsed['series']['live'][number];
type Measure = (typeof MEASURES)[number];

function valueOf(point: Point, measure: Measure): number {
  if (measure === 'advocates' || measure === 'customers') return point[measure];
  const [what, ring] = measure.split('-') as ['lit' | 'lost', '1' | '2' | '3' | '4' | '5'];
  return point[what][ring];
}

/** The months by both, as two lines and as a table. */
function History({ result: { series } }: { readonly result: Rehearsed }) {
  const { t } = useTranslation('rules');
  const rings = useTranslation('parts').t;
  const [measure, setMeasure] = useState<Measure>('advocates');
  const [isOpen, setOpen] = useState(false);
  const { live, draft } = series;
  if (live.length < 2) return null;
  const name = (one: Measure): string => (one.includes('-') ? t(`measures.${one.split('-')[0]!}`, { ring: rings(`rings.names.${one.split('-')[1]!}`) }) : t(`measures.${one}`));
  const values = [live, draft].map((points) => points.map((point) => valueOf(point, measure)));
  const most = Math.max(1, ...values.flat());
  const line = (of: readonly number[]): string => of.map((value, index) => `${index === 0 ? 'M' : 'L'}${((index / (of.length - 1)) * 1000).toFixed(1)} ${(180 - (value / most) * 170).toFixed(1)}`).join('');
  const isSame = JSON.stringify(values[0]) === JSON.stringify(values[1]);
  return (
    <section aria-labelledby="history">
      <Group justify="space-between" align="flex-end" mb="xs">
        <Title order={2} id="history">{t('rehearsal.history')}</Title>
        <Select aria-label={t('rehearsal.measure')} data={MEASURES.map((value) => ({ value, label: name(value) }))} value={measure} onChange={(value) => setMeasure((value ?? 'advocates'))} allowDeselect={false} w={300} />
      </Group>
      <svg className={style['plot']} viewBox="0 0 1000 180" preserveAspectRatio="none" role="img" aria-label={t('rehearsal.plot', { name: name(measure), from: sayDate(live[0]!.at), to: sayDate(live.at(-1)!.at) })}>
        {[10, 95, 180].map((y) => <path key={y} d={`M0 ${y}H1000`} className={style['axis']} vectorEffect="non-scaling-stroke" />)}
        <path d={line(values[0]!)} className={style['live']} />
        <path d={line(values[1]!)} className={style['draft']} />
      </svg>
      <Group justify="space-between" mt={4}>
        <Text size="xs" c="dimmed">{sayDate(live[0]!.at)}</Text>
        <Group gap="lg">
          <Key kind="live" text={t('rehearsal.liveNow', { value: sayNumber(values[0]!.at(-1)!) })} />
          <Key kind="draft" text={t('rehearsal.draftNow', { value: sayNumber(values[1]!.at(-1)!) })} />
          <Text size="xs" c="dimmed">{t('rehearsal.most', { value: sayNumber(most) })}</Text>
        </Group>
        <Text size="xs" c="dimmed">{sayDate(live.at(-1)!.at)}</Text>
      </Group>
      {isSame && <Text size="sm" c="dimmed" mt="xs">{t('rehearsal.sameLine')}</Text>}
      <Button variant="subtle" size="compact-sm" mt="xs" onClick={() => setOpen(!isOpen)} aria-expanded={isOpen}>{isOpen ? t('rehearsal.hideTable') : t('rehearsal.showTable')}</Button>
      {isOpen && (
        <Table className={style['table']} maw={520} aria-label={name(measure)} verticalSpacing={2}>
          <Table.Thead><Table.Tr><Table.Th>{t('heads.until')}</Table.Th><Table.Th ta="right">{t('heads.live')}</Table.Th><Table.Th ta="right">{t('heads.draft')}</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>{live.map(({ at }, index) => <Table.Tr key={at}><Table.Td>{sayDate(at)}</Table.Td><Table.Td ta="right">{sayNumber(values[0]![index]!)}</Table.Td><Table.Td ta="right">{sayNumber(values[1]![index]!)}</Table.Td></Table.Tr>)}</Table.Tbody>
        </Table>
      )}
    </section>
  );
}

function Key({ kind, text }: { readonly kind: 'live' | 'draft'; readonly text: string }) {
  return <span className={style['key']}><svg width="26" height="8" aria-hidden><path d="M0 4H26" className={style[kind]} /></svg><Text size="xs">{text}</Text></span>;
}
