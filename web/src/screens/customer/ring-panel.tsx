/** The five rings large, and beside them each in words with the entries behind it, and what would light it. */
import { Badge, Button, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { customersEntryOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { Ring, RingsJourneyResponse } from '../../api/generated/types.gen.js';
import { useKindLabel } from '../../api/kinds.js';
import { EntryLine } from '../../parts/entry-line.js';
import { sayDate, sayRelative } from '../../parts/locale.js';
import { RingsLarge, RingSign } from '../../parts/rings.js';
import { Loading } from '../../parts/states.js';
import { EntryLink } from './card.js';
import { RING_WORDS, useAddress } from './address.js';
import style from './customer.module.css';

/** So many entries of a ring are shown; lists longer than this name no one anything. */
const SHOWN = 5;
const FEW = 8;

interface Panel {
  readonly customer: string;
  readonly name: string;
  readonly journey: RingsJourneyResponse;
}

export function RingPanel({ customer, name, journey }: Panel) {
  const { t } = useTranslation('customer');
  const { address, go } = useAddress();
  const open = (RING_WORDS as readonly string[]).indexOf(address.ring ?? '') + 1;
  const choose = (ring: number): void => go({ ring: open === ring ? undefined : RING_WORDS[ring - 1] });
  return (
    <div className={style['rings']}>
      <div className={style['picture']}><RingsLarge rings={journey.rings} name={name} chosen={open === 0 ? null : open} choose={choose} /></div>
      <ul className={style['ringList']} aria-label={t('rings.list')}>
        {journey.rings.map((ring) => <li key={ring.ring}><RingLine ring={ring} isOpen={open === ring.ring} toggle={() => choose(ring.ring)} customer={customer} at={journey.at} isGap={journey.gaps.includes(ring.ring)} /></li>)}
      </ul>
    </div>
  );
}

interface Line {
  readonly ring: Ring;
  readonly isOpen: boolean;
  readonly toggle: () => void;
  readonly customer: string;
  readonly at: string;
  readonly isGap: boolean;
}

function RingLine({ ring, isOpen, toggle, customer, at, isGap }: Line) {
  const { t } = useTranslation('customer');
  const parts = useTranslation('parts').t;
  const panel = `ring-${ring.ring}`;
  return (
    <>
      <UnstyledButton className={style['ring']} onClick={toggle} aria-expanded={isOpen} aria-controls={panel}>
        <RingSign state={ring.state} />
        <span className={style['ringName']}><span className={style['ringNumber']}>{ring.ring}</span> {parts(`rings.names.${ring.ring}`)}</span>
        <span className={style['ringState']}>{parts(`rings.states.${ring.state}`)}{isGap && `, ${t('rings.gap')}`}</span>
        <IconChevronRight size={16} aria-hidden className={style['chevron']} data-open={isOpen} />
        <span className={style['ringShort']}><Short ring={ring} /></span>
      </UnstyledButton>
      <div id={panel} hidden={!isOpen}>{isOpen && <Evidence ring={ring} customer={customer} at={at} />}</div>
    </>
  );
}

function Short({ ring }: { readonly ring: Ring }) {
  const { t } = useTranslation('customer');
  switch (ring.state) {
    case 'lit':
    case 'at risk':
      return <>{ring.until === null ? t('rings.since', { since: sayDate(ring.since) }) : t('rings.until', { until: sayDate(ring.until) })}</>;
    case 'out':
      return <>{t('rings.outSince', { since: sayDate(ring.since), cause: t(`parts:causes.${ring.cause}`) })}</>;
    case 'not due':
      return <>{t('rings.notBefore', { date: sayDate(ring.before) })}</>;
    case 'not reached':
      return <>{t('rings.notReached')}</>;
    case 'nothing recorded':
      return <>{t('rings.nothing')}</>;
  }
}

function Evidence({ ring, customer, at }: Pick<Line, 'ring' | 'customer' | 'at'>) {
  const { t } = useTranslation('customer');
  const ago = (iso: string): string => sayRelative(iso, Date.parse(at));
  const lines: string[] = [];
  if (ring.state === 'lit' || ring.state === 'at risk') {
    lines.push(t('evidence.lit', { since: sayDate(ring.since), ago: ago(ring.since) }));
    lines.push(ring.until === null ? t('evidence.noEnd') : t('evidence.until', { until: sayDate(ring.until), ago: ago(ring.until), cause: ring.endsBy === null ? '' : t(`parts:causes.${ring.endsBy}`) }));
    if (ring.state === 'at risk' && ring.atRiskFrom !== null) lines.push(t('evidence.atRisk', { from: sayDate(ring.atRiskFrom) }));
    else if (ring.atRiskFrom !== null) lines.push(t('evidence.riskAhead', { from: sayDate(ring.atRiskFrom) }));
    if (ring.marked !== undefined) lines.push(t(`evidence.${ring.marked}`));
  }
  if (ring.state === 'out') lines.push(t('evidence.out', { since: sayDate(ring.since), ago: ago(ring.since), cause: t(`parts:causes.${ring.cause}`) }));
  if (ring.state === 'not due') lines.push(t('evidence.notDue', { date: sayDate(ring.before), ago: ago(ring.before) }));
  if (ring.state === 'not reached') lines.push(t('evidence.notReached'));
  if (ring.state === 'nothing recorded') lines.push(t('evidence.nothing'));
  return (
    <Stack gap={8} className={style['evidence']}>
      <Text size="sm" c="dimmed">{t(`questions.${ring.ring}`)}</Text>
      {lines.map((line) => <Text key={line} size="sm">{line}</Text>)}
      {'because' in ring && ring.because.length > 0 && <Behind customer={customer} ids={ring.because} title={t(ring.state === 'out' ? 'evidence.after' : 'evidence.because')}/>}
      {'wouldLight' in ring && ring.wouldLight.length > 0 && <Kinds kinds={ring.wouldLight} />}
    </Stack>
  );
}

function Behind({ customer, ids, title }: { readonly customer: string; readonly ids: readonly string[]; readonly title: string }) {
  const { t } = useTranslation('customer');
  const entries = useQueries({ queries: ids.slice(0, SHOWN).map((interaction) => customersEntryOptions({ path: { id: customer, interaction } })) });
  return (
    <div>
      <Text size="xs" fw={600} c="dimmed" mb={4}>{title}</Text>
      <Stack gap={8}>
        {entries.map(({ data, isError }, index) => (
          <div key={ids[index]} className={style['behind']}>
            {data === undefined ? (isError ? <Text size="sm" c="dimmed">{t('evidence.unread')}</Text> : <Loading lines={1} />) : <EntryLine entry={data} />}
            <EntryLink entry={ids[index]!}>{t('evidence.show')}</EntryLink>
          </div>
        ))}
        {ids.length > SHOWN && <Text size="xs" c="dimmed">{t('evidence.more', { count: ids.length - SHOWN })}</Text>}
      </Stack>
    </div>
  );
}

/** A few at first: for Contact there are forty. */
function Kinds({ kinds }: { readonly kinds: readonly string[] }) {
  const { t } = useTranslation('customer');
  const labelOf = useKindLabel();
  const [isAll, setAll] = useState(false);
  return (
    <div>
      <Text size="xs" fw={600} c="dimmed" mb={4}>{t('evidence.wouldLight')}</Text>
      <Group gap={4}>
        {(isAll ? kinds : kinds.slice(0, FEW)).map((kind) => <Badge key={kind} variant="default" tt="none" fw={500}>{labelOf(kind)}</Badge>)}
        {!isAll && kinds.length > FEW && <Button size="compact-xs" variant="subtle" onClick={() => setAll(true)}>{t('evidence.all', { count: kinds.length })}</Button>}
      </Group>
    </div>
  );
}
