/** Who is meant, by typing: customers by search, people of a customer, colleagues. Values are ids. */
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { colleaguesAllOptions, customersOneOptions, customersPeopleOptions, searchSearchOptions } from '../api/generated/@tanstack/react-query.gen.js';

interface Picked<V> {
  readonly value: V;
  readonly onChange: (value: V) => void;
  readonly label?: ReactNode;
  readonly error?: ReactNode;
  readonly description?: ReactNode;
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly autoFocus?: boolean;
  readonly size?: 'xs' | 'sm';
  readonly placeholder?: string;
}

/** A customer by its name. */
export function CustomerPicker({ value, onChange, label, ...more }: Picked<string | null>) {
  const { t } = useTranslation('parts');
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed.trim(), 150);
  const found = useQuery({ ...searchSearchOptions({ query: { q: asked, limit: 12 } }), enabled: asked !== '', placeholderData: keepPreviousData });
  // The one chosen has a name also before anything is typed.
  const chosen = useQuery({ ...customersOneOptions({ path: { id: value ?? '' } }), enabled: value !== null });
  const named = new Map([...(value === null || chosen.data === undefined ? [] : [[value, chosen.data.name] as const]), ...(found.data?.customers ?? []).map(({ id, name }) => [id, name] as const)]);
  return (
    <Select
      {...more}
      label={label ?? t('pickers.customer')}
      placeholder={t('pickers.customerHint')}
      searchable
      clearable
      value={value}
      onChange={onChange}
      searchValue={typed}
      onSearchChange={setTyped}
      data={[...named].map(([id, name]) => ({ value: id, label: name ?? t('pickers.unnamed') }))}
      // The server has searched already.
      filter={({ options }) => options}
      nothingFoundMessage={asked === '' || found.isFetching ? undefined : t('pickers.nothing')}
    />
  );
}

function usePeople(customer: string | null): { readonly value: string; readonly label: string }[] {
  const { t } = useTranslation('parts');
  const { data } = useQuery({ ...customersPeopleOptions({ path: { id: customer ?? '' } }), enabled: customer !== null });
  return (data?.items ?? []).map(({ id, name, left }) => ({ value: id, label: left === null ? (name ?? t('pickers.unnamed')) : t('pickers.gone', { name: name ?? t('pickers.unnamed') }) }));
}

/** One person of a customer. */
export function PersonPicker({ customer, label, ...picked }: Picked<string | null> & { readonly customer: string | null }) {
  const { t } = useTranslation('parts');
  return <Select {...picked} label={label ?? t('pickers.person')} data={usePeople(customer)} searchable clearable nothingFoundMessage={t('pickers.nothing')} />;
}

/** A colleague who works here; one who left only while chosen. */
export function ColleaguePicker({ label, ...picked }: Picked<string | null>) {
  const { t } = useTranslation('parts');
  const { data } = useQuery({ ...colleaguesAllOptions(), staleTime: 60_000 });
  const options = (data?.items ?? []).filter(({ id, active }) => active || id === picked.value).map(({ id, name, active }) => ({ value: id, label: active ? (name ?? id) : t('pickers.gone', { name: name ?? id }) }));
  return <Select {...picked} label={label ?? t('pickers.colleague')} data={options} searchable clearable nothingFoundMessage={t('pickers.nothing')} />;
}
