/** What is chosen by typing: customer, kind, people, earlier entries. */
import { Group, Pill, Stack, Text, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { customersPeopleOptions, ringsTimelineOptions, searchSearchOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { useKindLabel } from '../../api/kinds.js';
import { useSession } from '../../app/session.js';
import { sayDate } from '../../parts/locale.js';
import { kindIn, newPersonId, THIS_ENTRY, type Catalogue, type Draft, type KindOf } from './draft.js';
import { FAVOURITES } from './favourites.js';
import { focusNext } from './focus.js';
import { recentCustomers } from '../../app/kept.js';
import style from './log.module.css';
import { Suggest, type Option } from './suggest.js';

const lower = (text: string): string => text.toLocaleLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');

interface Common {
  readonly error?: ReactNode;
  readonly required?: boolean;
  readonly autoFocus?: boolean;
}

export function CustomerChoice({ value, onChange, mayCreate, ...more }: Common & { readonly value: Draft['customer']; readonly onChange: (value: Draft['customer']) => void; readonly mayCreate: boolean }) {
  const { t } = useTranslation('log');
  const { colleague } = useSession();
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed.trim(), 120);
  const found = useQuery({ ...searchSearchOptions({ query: { q: asked, limit: 8 } }), enabled: asked !== '', placeholderData: keepPreviousData, retry: false });
  const words = lower(typed.trim());
  const recent = recentCustomers(colleague).filter(({ name }) => lower(name).includes(words));
  const isSearching = typed.trim() !== '' && !found.isError && (asked !== typed.trim() || found.isFetching);
  // Without a connection, those one was at last are found all the same.
  const names = new Map([...(words === '' || found.isError || found.data === undefined ? recent : recent.slice(0, 2)).map(({ id, name }) => [id, name] as const), ...(words === '' || found.isError ? [] : (found.data?.customers ?? [])).map(({ id, name }) => [id, name ?? t('unnamed')] as const)]);
  const options: Option[] = [...names].slice(0, 9).map(([id, name]) => ({ value: id, label: name }));
  // Only once it is known that nobody is called so.
  if (mayCreate && !isSearching && words !== '' && !options.some(({ label }) => lower(label) === words)) options.push({ value: 'new', label: t('newCustomer', { name: typed.trim() }), isNew: true });
  return (
    <Suggest
      {...more}
      label={t('customer')}
      placeholder={t('typeName')}
      chosen={value?.name ?? ''}
      options={options}
      onType={setTyped}
      isSearching={isSearching}
      onPick={({ value: id, label, isNew }) => onChange(isNew === true ? { name: typed.trim().slice(0, 200) } : { id, name: label })}
      onClear={() => onChange(null)}
      description={value !== null && value.id === undefined ? t('isNew') : undefined}
      nothing={t('nobody')}
    />
  );
}

const byLabel = (typed: string) => {
  const words = lower(typed.trim());
  return ({ label, synonyms = [] }: KindOf): number => {
    const names = [label, ...synonyms].map(lower);
    const at = names.findIndex((name) => name.startsWith(words));
    if (at === 0) return 0;
    if (at > 0) return 1;
    if (names.some((name) => name.split(/[\s-]/).some((word) => word.startsWith(words)))) return 2;
    return names.some((name) => name.includes(words)) ? 3 : 9;
  };
};

/** By a word for it, or by the digit of a favourite. */
export function KindChoice({ value, onChange, catalogue, withFavourites = false, exclude = [], ...more }: Common & { readonly value: string | null; readonly onChange: (kind: string | null) => void; readonly catalogue: Catalogue; readonly withFavourites?: boolean; readonly exclude?: readonly string[] }) {
  const { t } = useTranslation('log');
  const { department } = useSession();
  const [typed, setTyped] = useState('');
  const favourites = (FAVOURITES[department ?? ''] ?? FAVOURITES['sales']!).map((name) => kindIn(catalogue, name)).filter((kind) => kind !== undefined);
  const options = useMemo(() => {
    const kinds = catalogue.items.filter(({ kind, group }) => group !== 'ours' && kind !== 'person-added' && !exclude.includes(kind));
    const rank = byLabel(typed);
    const fitting = typed.trim() === '' ? kinds : kinds.map((kind) => ({ kind, at: rank(kind) })).filter(({ at }) => at < 9).sort((a, b) => a.at - b.at).map(({ kind }) => kind);
    return fitting.map(({ kind, label, synonyms }) => ({ value: kind, label, more: synonyms?.join(', ') }));
  }, [catalogue, typed, exclude]);
  const chosen = kindIn(catalogue, value)?.label ?? '';
  return (
    <Stack gap={6}>
      <Suggest
        {...more}
        label={t('kind')}
        placeholder={withFavourites ? t('kindHint') : t('kindHintShort')}
        chosen={chosen}
        options={options}
        onType={setTyped}
        onPick={(option) => onChange(option.value)}
        onClear={() => onChange(null)}
        onKey={(key) => {
          const favourite = withFavourites ? favourites[Number(key) - 1] : undefined;
          if (favourite === undefined) return false;
          onChange(favourite.kind);
          return true;
        }}
        nothing={t('noKind')}
      />
      {withFavourites && value === null && (
        <div className={style['favourites']} role="group" aria-label={t('favourites')}>
          {favourites.map(({ kind, label }, index) => (
            <UnstyledButton key={kind} className={style['favourite']} onClick={(event) => { focusNext(event.currentTarget); onChange(kind); }}>
              <kbd className={style['number']} aria-hidden>{index + 1}</kbd>
              <span>{label}</span>
            </UnstyledButton>
          ))}
        </div>
      )}
    </Stack>
  );
}

export interface People {
  /** Everybody who can be named: those at the customer, and those who are new with this entry. */
  readonly options: readonly Option[];
  readonly isSearching: boolean;
  readonly add: (name: string) => string;
}

/** Who can be named in the draft. `add` makes a new person of it. */
export function usePeople(draft: Draft, change: (change: (draft: Draft) => Draft) => void): People {
  const { t } = useTranslation('log');
  const customer = draft.customer?.id;
  const { data, isFetching } = useQuery({ ...customersPeopleOptions({ path: { id: customer ?? '' } }), enabled: customer !== undefined, retry: false });
  const there = customer === undefined ? [] : (data?.items ?? []);
  const options: Option[] = [
    ...draft.newPeople.map(({ name }, index) => ({ value: newPersonId(index), label: name, more: t('new') })),
    ...there.map(({ id, name, left, roles }) => ({ value: id, label: name ?? t('unnamed'), more: left === null ? roles.join(', ') : t('left') })),
  ];
  return {
    options,
    isSearching: isFetching && data === undefined,
    add: (name) => {
      const index = draft.newPeople.length;
      change((before) => ({ ...before, newPeople: [...before.newPeople, { name }] }));
      return newPersonId(index);
    },
  };
}

const personOptions = (people: People, typed: string, without: readonly string[], label: (name: string) => string): Option[] => {
  const words = lower(typed.trim());
  const fitting = people.options.filter(({ value, label: name }) => !without.includes(value) && lower(name).includes(words)).slice(0, 12);
  if (words !== '' && !people.options.some(({ label: name }) => lower(name) === words)) fitting.push({ value: 'new', label: label(typed.trim()), isNew: true });
  return fitting;
};

export function PersonChoice({ label, value, onChange, people, ...more }: Common & { readonly label: ReactNode; readonly value: string | undefined; readonly onChange: (value: string | undefined) => void; readonly people: People; readonly description?: ReactNode }) {
  const { t } = useTranslation('log');
  const [typed, setTyped] = useState('');
  const chosen = value === undefined ? '' : (people.options.find((one) => one.value === value)?.label ?? '…');
  return <Suggest {...more} label={label} placeholder={t('typeName')} chosen={chosen} options={personOptions(people, typed, [], (name) => t('newPerson', { name }))} isSearching={people.isSearching} onType={setTyped} onPick={({ value: id, isNew }) => onChange(isNew === true ? people.add(typed.trim().slice(0, 200)) : id)} onClear={() => onChange(undefined)} nothing={t('nobody')} />;
}

export function PeopleChoice({ label, value, onChange, people, ...more }: Common & { readonly label: ReactNode; readonly value: readonly string[]; readonly onChange: (value: readonly string[]) => void; readonly people: People; readonly description?: ReactNode }) {
  const { t } = useTranslation('log');
  const [typed, setTyped] = useState('');
  return (
    <Stack gap={4}>
      <Suggest {...more} keeps label={label} placeholder={value.length === 0 ? t('typeName') : t('another')} chosen="" options={personOptions(people, typed, value, (name) => t('newPerson', { name }))} isSearching={people.isSearching} onType={setTyped} onPick={({ value: id, isNew }) => onChange([...value, isNew === true ? people.add(typed.trim().slice(0, 200)) : id])} nothing={t('nobody')} />
      {value.length > 0 && (
        <Group gap={4}>
          {value.map((id) => {
            const name = people.options.find((one) => one.value === id)?.label ?? '…';
            return <Pill key={id} withRemoveButton onRemove={() => onChange(value.filter((one) => one !== id))} removeButtonProps={{ 'aria-label': t('remove', { name }), tabIndex: 0, 'aria-hidden': false }}>{name}</Pill>;
          })}
        </Group>
      )}
    </Stack>
  );
}

/** An earlier entry of the customer, of the kinds that fit; `main`: the entry being written, when it fits. */
export function EntryChoice({ label, value, onChange, customer, of, main, isRequired, ...more }: Omit<Common, 'required'> & { readonly label: ReactNode; readonly value: string | undefined; readonly onChange: (value: string | undefined) => void; readonly customer: string | undefined; readonly of: readonly string[]; readonly main?: string | undefined; readonly isRequired: boolean; readonly description?: ReactNode }) {
  const { t } = useTranslation('log');
  const labelOf = useKindLabel();
  const [typed, setTyped] = useState('');
  const query = useQuery({ ...ringsTimelineOptions({ path: { id: customer ?? '' }, query: { limit: 50, ...(of.length > 0 && { kind: of.join(',') }) } }), enabled: customer !== undefined, retry: false });
  const found = (customer === undefined ? [] : (query.data?.items ?? [])).flatMap((item) => ('kind' in item && 'occurredAt' in item ? [item] : []));
  const words = lower(typed.trim());
  const fitsMain = main !== undefined && (of.length === 0 || of.includes(main));
  const all: Option[] = [
    ...(fitsMain ? [{ value: THIS_ENTRY, label: t('thisEntry') }] : []),
    ...found.map((entry) => ({ value: entry.id, label: entry.summary ?? labelOf(entry.kind), more: `${labelOf(entry.kind)}, ${sayDate(entry.occurredAt)}` })),
  ];
  // Where one must be named and only one fits, it is that one.
  const only = all.length === 1 ? all[0]!.value : undefined;
  useEffect(() => {
    if (isRequired && value === undefined && only !== undefined) onChange(only);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- when what fits is known
  }, [isRequired, only]);
  const chosen = value === undefined ? '' : (all.find((one) => one.value === value)?.label ?? '…');
  return (
    <div>
      <Suggest {...more} required={isRequired} label={label} placeholder={t('typeEntry')} chosen={chosen} options={all.filter((one) => lower(`${one.label} ${one.more ?? ''}`).includes(words))} isSearching={query.isFetching && query.data === undefined} onType={setTyped} onPick={(option) => onChange(option.value)} onClear={() => onChange(undefined)} nothing={t('noEntry')} />
      {isRequired && customer !== undefined && query.data !== undefined && all.length === 0 && <Text size="xs" c="dimmed" role="status">{t('noEntry')}</Text>}
    </div>
  );
}
