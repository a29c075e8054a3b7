/** One field for everything: customers, people, entries, screens. */
import { Spotlight, createSpotlight } from '@mantine/spotlight';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { IconBuilding, IconNote, IconSearch, IconUser } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { searchSearchOptions } from '../api/generated/@tanstack/react-query.gen.js';
import { useKindLabel } from '../api/kinds.js';
import { sayDate } from '../parts/locale.js';
import { inNavigation } from './screens.js';
import { may, useSession } from './session.js';

const [store, spotlight] = createSpotlight();
export const openSearch = (): void => spotlight.open();

const ENOUGH = 2;

export function Search() {
  const { t } = useTranslation();
  const session = useSession();
  const navigate = useNavigate();
  const labelOf = useKindLabel();
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed.trim(), 150);
  const isAsked = asked.length >= ENOUGH;
  const { data, isError, isFetching } = useQuery({ ...searchSearchOptions({ query: { q: asked, limit: 6 } }), enabled: isAsked, placeholderData: keepPreviousData });
  const found = isAsked ? data : undefined;
  const unnamed = t('pickers.unnamed', { ns: 'parts' });
  const toCustomer = (id: string, entry?: string) => () => void navigate({ to: `/customers/${id}`, search: (entry === undefined ? {} : { entry }) });
  const named = inNavigation
    .filter(({ asks }) => asks === undefined || may(session, asks))
    .map((screen) => ({ screen, title: t('title', { ns: screen.texts }) }))
    .filter(({ title }) => title.toLocaleLowerCase().includes(typed.trim().toLocaleLowerCase()));
  const isEmpty = named.length === 0 && (found === undefined || found.customers.length + found.people.length + found.entries.length === 0);
  return (
    <Spotlight.Root store={store} query={typed} onQueryChange={setTyped} shortcut="mod + K" scrollable maxHeight="60vh" clearQueryOnClose>
      <Spotlight.Search placeholder={t('search.placeholder')} aria-label={t('search.placeholder')} leftSection={<IconSearch size={18} aria-hidden />} />
      <Spotlight.ActionsList>
        {found !== undefined && found.customers.length > 0 && (
          <Spotlight.ActionsGroup label={t('search.customers')}>
            {found.customers.map(({ id, name }) => <Spotlight.Action key={id} label={name ?? unnamed} leftSection={<IconBuilding size={18} aria-hidden />} onClick={toCustomer(id)} />)}
          </Spotlight.ActionsGroup>
        )}
        {found !== undefined && found.people.length > 0 && (
          <Spotlight.ActionsGroup label={t('search.people')}>
            {found.people.map(({ id, name, customer }) => <Spotlight.Action key={id} label={name ?? unnamed} description={customer.name ?? ''} leftSection={<IconUser size={18} aria-hidden />} onClick={toCustomer(customer.id)} />)}
          </Spotlight.ActionsGroup>
        )}
        {found !== undefined && found.entries.length > 0 && (
          <Spotlight.ActionsGroup label={t('search.entries')}>
            {found.entries.map((entry) => <Spotlight.Action key={entry.id} label={entry.summary ?? labelOf(entry.kind)} description={[labelOf(entry.kind), entry.customer.name ?? '', sayDate(entry.occurredAt)].join(' · ')} leftSection={<IconNote size={18} aria-hidden />} onClick={toCustomer(entry.customer.id, entry.id)} />)}
          </Spotlight.ActionsGroup>
        )}
        {named.length > 0 && (
          <Spotlight.ActionsGroup label={t('search.screens')}>
            {named.map(({ screen: { path, navigation }, title }) => {
              const Icon = navigation!.icon;
              return <Spotlight.Action key={path} label={title} leftSection={<Icon size={18} aria-hidden />} onClick={() => void navigate({ to: path })} />;
            })}
          </Spotlight.ActionsGroup>
        )}
        {isEmpty && !isFetching && <Spotlight.Empty>{isError ? t('search.failed') : isAsked ? t('search.nothing') : t('search.hint')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
