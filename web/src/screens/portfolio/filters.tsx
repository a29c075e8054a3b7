/** What the portfolio is narrowed to: the panel of all filters, and those in force as words that can be taken away. */
import { Button, Group, MultiSelect, Paper, Pill, Select, SimpleGrid, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { colleaguesAllOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { ColleaguePicker } from '../../parts/pickers.js';
import { RING_STATES, type View } from './view.js';
import style from './portfolio.module.css';

const RINGS = [1, 2, 3, 4, 5] as const;

interface Shown {
  readonly view: View;
  readonly change: (some: Partial<View>) => void;
}

export function FilterPanel({ view, change, segments }: Shown & { readonly segments: readonly string[] }) {
  const { t } = useTranslation(['portfolio', 'parts']);
  const statesOf = (ring: number): string[] => view.rings.filter((one) => one.startsWith(`${ring}:`)).map((one) => one.slice(2));
  const others = (ring: number): string[] => view.rings.filter((one) => !one.startsWith(`${ring}:`));
  return (
    <Paper withBorder p="md" mb="md" id="portfolio-filters" role="group" aria-label={t('filters.panel')}>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="md">
        <ColleaguePicker label={t('filters.owner')} value={view.owner} onChange={(owner) => change({ owner })} />
        <Select label={t('filters.segment')} data={[...segments]} value={view.segment} onChange={(segment) => change({ segment })} searchable clearable nothingFoundMessage={t('filters.noSegment')} />
        <Select label={t('filters.gap')} data={RINGS.map((ring) => ({ value: String(ring), label: t(`parts:rings.names.${ring}`) }))} value={view.gap === null ? null : String(view.gap)} onChange={(gap) => change({ gap: gap === null ? null : Number(gap) })} clearable />
        <Group gap="lg" align="flex-end" pb={6}>
          <Switch label={t('filters.atRisk')} checked={view.atRisk} onChange={(event) => change({ atRisk: event.currentTarget.checked })} />
          <Switch label={t('filters.snoozed')} checked={view.snoozed} onChange={(event) => change({ snoozed: event.currentTarget.checked })} />
        </Group>
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 5 }} spacing="md" mt="md">
        {RINGS.map((ring) => (
          <MultiSelect
            key={ring}
            label={t('filters.ring', { ring: t(`parts:rings.names.${ring}`) })}
            data={RING_STATES.map((state) => ({ value: state, label: t(`parts:rings.states.${state}`) }))}
            value={statesOf(ring)}
            onChange={(states) => change({ rings: [...others(ring), ...states.map((state) => `${ring}:${state}`)] })}
            placeholder={statesOf(ring).length === 0 ? t('filters.any') : ''}
            clearable
          />
        ))}
      </SimpleGrid>
    </Paper>
  );
}

/** One word a filter; a click, or Enter, takes it away. */
export function FiltersInForce({ view, change, clear }: Shown & { readonly clear: () => void }) {
  const { t } = useTranslation(['portfolio', 'parts']);
  const { data } = useQuery({ ...colleaguesAllOptions(), staleTime: 60_000 });
  const name = (id: string): string => data?.items.find((one) => one.id === id)?.name ?? id;
  const all: readonly { readonly key: string; readonly says: string; readonly without: Partial<View> }[] = [
    ...(view.owner === null ? [] : [{ key: 'owner', says: t('in.owner', { name: name(view.owner) }), without: { owner: null } }]),
    ...(view.segment === null ? [] : [{ key: 'segment', says: t('in.segment', { segment: view.segment }), without: { segment: null } }]),
    ...(view.gap === null ? [] : [{ key: 'gap', says: t('in.gap', { ring: t(`parts:rings.names.${view.gap}`) }), without: { gap: null } }]),
    ...(view.atRisk ? [{ key: 'atRisk', says: t('filters.atRisk'), without: { atRisk: false } }] : []),
    ...(view.snoozed ? [{ key: 'snoozed', says: t('filters.snoozed'), without: { snoozed: false } }] : []),
    ...view.rings.map((one) => ({ key: one, says: t('in.ring', { ring: t(`parts:rings.names.${one[0]}`), state: t(`parts:rings.states.${one.slice(2)}`) }), without: { rings: view.rings.filter((other) => other !== one) } })),
  ];
  if (all.length === 0) return null;
  return (
    <Group gap={6} mb="sm" role="group" aria-label={t('in.title')}>
      {all.map(({ key, says, without }) => (
        <Pill key={key} size="md" withRemoveButton className={style['filter']} onRemove={() => change(without)} removeButtonProps={{ 'aria-label': t('in.remove', { says }), 'aria-hidden': false, tabIndex: 0 }}>{says}</Pill>
      ))}
      <Button size="compact-sm" variant="subtle" onClick={clear}>{t('in.clear')}</Button>
    </Group>
  );
}
