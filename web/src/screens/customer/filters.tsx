/** What of the timeline is shown. All of it stands in the address. */
import { Button, Collapse, Group, MultiSelect, SegmentedControl, Select, Switch, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconFilter, IconSearch, IconX } from '@tabler/icons-react';
import { memo, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OverviewOverviewResponse } from '../../api/generated/types.gen.js';
import { kindsOptions } from '../../api/kinds.js';
import { FILTERS, useAddress, type FilterName } from './address.js';
import style from './customer.module.css';

/** Behind the button; the rest stands beside the search. */
const BEHIND: readonly FilterName[] = ['group', 'kind', 'department', 'person', 'channel', 'about', 'from', 'to', 'all'];

export const FilterBar = memo(function FilterBar({ stands }: { readonly stands: OverviewOverviewResponse }) {
  const { t } = useTranslation('customer');
  const { address, go } = useAddress();
  const { data: catalogue } = useQuery(kindsOptions);
  const set = BEHIND.filter((name) => address[name] !== undefined);
  const [isOpen, { toggle }] = useDisclosure(set.length > 0);
  const [text, setText] = useState(address.text ?? '');
  const later = useDebouncedCallback((typed: string) => go({ text: typed.trim() === '' ? undefined : typed.trim() }), 250);
  // Back, forward, or all filters taken away.
  const written = useRef(address.text);
  useEffect(() => {
    if (written.current === address.text) return;
    written.current = address.text;
    setText((typed) => (typed.trim() === (address.text ?? '') ? typed : (address.text ?? '')));
  }, [address.text]);
  const kinds = (catalogue?.items ?? []).filter(({ group }) => group !== 'ours');
  const groups = [...new Set(kinds.map(({ group }) => group))];
  const isPast = address.on !== undefined && address.known !== undefined;
  const choice = (name: FilterName, data: { value: string; label: string }[]) => (
    <Select size="xs" label={t(`filters.${name}`)} placeholder={t('filters.any')} data={data} value={address[name] ?? null} onChange={(value) => go({ [name]: value ?? undefined })} clearable searchable={data.length > 8} clearButtonProps={{ 'aria-label': t('filters.clearOne', { name: t(`filters.${name}`) }) }} />
  );
  return (
    <div role="search" aria-label={t('filters.label')}>
      <Group gap="xs">
        <TextInput
          id="timeline-text"
          size="sm"
          className={style['find']}
          aria-label={t('filters.text')}
          placeholder={t(isPast ? 'filters.noText' : 'filters.text')}
          disabled={isPast}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          maxLength={200}
          onChange={(event) => {
            setText(event.currentTarget.value);
            later(event.currentTarget.value);
          }}
        />
        <SegmentedControl size="xs" aria-label={t('filters.side')} value={address.side ?? ''} onChange={(side) => go({ side: side === '' ? undefined : side })} data={[{ value: '', label: t('filters.both') }, { value: 'customer', label: t('filters.customer') }, { value: 'us', label: t('filters.us') }]} />
        <Button size="xs" variant="default" leftSection={<IconFilter size={16} aria-hidden />} onClick={toggle} aria-expanded={isOpen} aria-controls="timeline-filters">{set.length === 0 ? t('filters.more') : t('filters.moreSet', { count: set.length })}</Button>
        {FILTERS.some((name) => address[name] !== undefined) && <Button size="xs" variant="subtle" leftSection={<IconX size={16} aria-hidden />} onClick={() => go(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}>{t('filters.clear')}</Button>}
      </Group>
      <Collapse expanded={isOpen} id="timeline-filters" transitionDuration={0}>
        {isOpen && (
          <div className={style['filters']}>
            {choice('group', groups.map((group) => ({ value: group, label: t(`groups.${group}`) })))}
            <MultiSelect
              size="xs"
              label={t('filters.kind')}
              placeholder={address.kind === undefined ? t('filters.any') : undefined}
              data={groups.filter((group) => address.group === undefined || group === address.group).map((group) => ({ group: t(`groups.${group}`), items: kinds.filter((kind) => kind.group === group).map(({ kind, label }) => ({ value: kind, label })) }))}
              value={address.kind?.split(',') ?? []}
              onChange={(chosen) => go({ kind: chosen.length === 0 ? undefined : chosen.join(',') })}
              searchable
              clearable
              clearButtonProps={{ 'aria-label': t('filters.clearOne', { name: t('filters.kind') }) }}
            />
            {choice('department', (catalogue?.departments ?? []).map((value) => ({ value, label: t(`departments.${value}`, { ns: 'app' }) })))}
            {choice('person', stands.people.map(({ id, name }) => ({ value: id, label: name ?? t('unnamedPerson') })))}
            {choice('channel', (catalogue?.channels ?? []).map((value) => ({ value, label: t(`channels.${value}`) })))}
            {choice('about', stands.offerings.map((value) => ({ value, label: value })))}
            <TextInput size="xs" type="date" label={t('filters.from')} value={address.from ?? ''} onChange={(event) => go({ from: event.currentTarget.value || undefined })} />
            <TextInput size="xs" type="date" label={t('filters.to')} value={address.to ?? ''} onChange={(event) => go({ to: event.currentTarget.value || undefined })} />
            <Switch size="sm" mt={22} label={t('filters.all')} disabled={isPast} checked={address.all !== undefined} onChange={(event) => go({ all: event.currentTarget.checked ? 'yes' : undefined })} />
          </div>
        )}
      </Collapse>
    </div>
  );
});
