import { Button, Group, Paper, Select, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { colleaguesAllOptions, customersOneOptions, customersPeopleOptions, erasuresColleagueMutation, erasuresCustomerMutation, erasuresPersonMutation, erasuresTextMutation, peopleConsentsOptions, ringsTimelineOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { useKindLabel } from '../../api/kinds.js';
import { useKey } from '../../api/use-key.js';
import { sayDate, sayNumber } from '../../parts/locale.js';
import { CustomerPicker, PersonPicker } from '../../parts/pickers.js';
import { Answer } from '../../parts/states.js';
import style from './administration.module.css';
import { EraseForm, Outlook } from './erase-form.js';
import { ReceiptCard } from './receipt.js';

/** A list of texts. */
function useLines(): (key: string) => string[] {
  const { t } = useTranslation('erasure');
  return (key) => t(key, { returnObjects: true }) as unknown as string[];
}

export function ErasePerson({ customer: at, person: who }: { readonly customer: string | null; readonly person: string | null }) {
  const { t } = useTranslation('erasure');
  const lines = useLines();
  const key = useKey();
  const [customer, setCustomer] = useState(at);
  const [person, setPerson] = useState(who);
  const people = useQuery({ ...customersPeopleOptions({ path: { id: customer ?? '' } }), enabled: customer !== null });
  const erase = useMutation(erasuresPersonMutation());
  const found = people.data?.items.find(({ id }) => id === person);
  const name = found?.name ?? person ?? '';
  return (
    <Stack gap="md">
      <div className={style['two']}>
        <CustomerPicker value={customer} onChange={(id) => { setCustomer(id); setPerson(null); erase.reset(); }} />
        {customer !== null && <PersonPicker customer={customer} value={person} onChange={(id) => { setPerson(id); erase.reset(); }} />}
      </div>
      {erase.data !== undefined && <ReceiptCard receipt={erase.data} />}
      {(customer === null || person === null) && <Outlook goes={lines('goesOf.person')} stays={lines('staysOf.person')} />}
      {customer !== null && person !== null && found !== undefined && erase.data === undefined && (
        <>
          <ExportPerson customer={customer} person={person} />
          <EraseForm
            key={person}
            title={t('erasePerson', { name })}
            goes={lines('goesOf.person')}
            stays={lines('staysOf.person')}
            word={name}
            wordSays={t('typeName')}
            button={t('eraseForEver')}
            isPending={erase.isPending}
            error={erase.error}
            erase={(reason) => erase.mutate({ path: { id: customer, person }, body: { reason }, headers: key.headers }, { onSuccess: key.renew })}
          />
        </>
      )}
    </Stack>
  );
}

/** All that is held about them as a file; what they agreed to. */
function ExportPerson({ customer, person }: { readonly customer: string; readonly person: string }) {
  const { t } = useTranslation('erasure');
  const query = useQuery(peopleConsentsOptions({ path: { id: customer, person } }));
  const base = `/api/v1/customers/${encodeURIComponent(customer)}/people/${encodeURIComponent(person)}/export`;
  return (
    <Paper withBorder p="md" component="section" aria-label={t('export')}>
      <Stack gap="sm">
        <Title order={2}>{t('export')}</Title>
        <Text size="sm" c="dimmed">{t('exportMore')}</Text>
        <Group gap="xs">
          {(['json', 'csv'] as const).map((format) => <Button key={format} component="a" href={`${base}?format=${format}`} download variant="default" leftSection={<IconDownload size={16} aria-hidden />}>{t(`formats.${format}`)}</Button>)}
        </Group>
        <Answer query={query} lines={2}>
          {({ consents, objections }) => (
            <div>
              <Text size="sm" fw={600}>{t('consents')}</Text>
              <ul className={style['plain']}>
                {objections.now.map(({ channel, since }) => <li key={channel ?? 'all'}>{channel === null ? t('objectsAll', { date: sayDate(since) }) : t('objects', { channel, date: sayDate(since) })}</li>)}
                {consents.now.map(({ purpose, state, since, scope }) => <li key={purpose}>{t(`consent.${state}`, { purpose, date: sayDate(since) })}{scope === null ? '' : `: ${scope}`}</li>)}
                {objections.now.length + consents.now.length === 0 && <li>{t('noConsents')}</li>}
              </ul>
            </div>
          )}
        </Answer>
      </Stack>
    </Paper>
  );
}

export function EraseCustomer({ customer: at }: { readonly customer: string | null }) {
  const { t } = useTranslation('erasure');
  const lines = useLines();
  const key = useKey();
  const [customer, setCustomer] = useState(at);
  const one = useQuery({ ...customersOneOptions({ path: { id: customer ?? '' } }), enabled: customer !== null });
  const erase = useMutation(erasuresCustomerMutation());
  const name = one.data?.name ?? customer ?? '';
  return (
    <Stack gap="md">
      <div className={style['two']}><CustomerPicker value={customer} onChange={(id) => { setCustomer(id); erase.reset(); }} /></div>
      {erase.data !== undefined && <ReceiptCard receipt={erase.data} />}
      {customer === null && <Outlook goes={[t('allOfIt'), ...lines('goesOf.customer')]} stays={lines('staysOf.customer')} />}
      {customer !== null && erase.data === undefined && (
        <Answer query={one} lines={3}>
          {({ people, entries }) => (
            <EraseForm
              key={customer}
              title={t('eraseCustomer', { name })}
              goes={[t('allPeople', { count: people, shown: sayNumber(people) }), t('allEntries', { count: entries, shown: sayNumber(entries) }), ...lines('goesOf.customer')]}
              stays={lines('staysOf.customer')}
              word={name}
              wordSays={t('typeName')}
              button={t('eraseForEver')}
              isPending={erase.isPending}
              error={erase.error}
              erase={(reason) => erase.mutate({ path: { id: customer }, body: { reason, confirm: customer }, headers: key.headers }, { onSuccess: key.renew })}
            />
          )}
        </Answer>
      )}
    </Stack>
  );
}

/** How many of the newest entries are offered. */
const OFFERED = 100;

export function EraseText({ customer: at, entry: which }: { readonly customer: string | null; readonly entry: string | null }) {
  const { t } = useTranslation('erasure');
  const lines = useLines();
  const labelOf = useKindLabel();
  const key = useKey();
  const [customer, setCustomer] = useState(at);
  const [entry, setEntry] = useState(which);
  const timeline = useQuery({ ...ringsTimelineOptions({ path: { id: customer ?? '' }, query: { limit: OFFERED } }), enabled: customer !== null });
  const erase = useMutation(erasuresTextMutation());
  const entries = (timeline.data?.items ?? []).flatMap((item) => (item.type === 'entry' ? [item] : []));
  const options = entries.map(({ id, kind, occurredAt, summary }) => ({ value: id, label: [labelOf(kind), sayDate(occurredAt), summary ?? t('noText')].join(' · ') }));
  const chosen = entries.find(({ id }) => id === entry);
  return (
    <Stack gap="md">
      <div className={style['two']}>
        <CustomerPicker value={customer} onChange={(id) => { setCustomer(id); setEntry(null); erase.reset(); }} />
        {customer !== null && <Select label={t('entry')} description={t('entryMore', { count: OFFERED })} data={entry !== null && chosen === undefined ? [{ value: entry, label: entry }, ...options] : options} value={entry} onChange={(id) => { setEntry(id); erase.reset(); }} searchable clearable nothingFoundMessage={t('noEntry')} />}
      </div>
      {erase.data !== undefined && <ReceiptCard receipt={erase.data} />}
      {(customer === null || entry === null) && <Outlook goes={lines('goesOf.text')} stays={lines('staysOf.text')} />}
      {customer !== null && entry !== null && erase.data === undefined && (
        <EraseForm
          key={entry}
          title={t('eraseText', { entry: chosen === undefined ? entry : `${labelOf(chosen.kind)}, ${sayDate(chosen.occurredAt)}` })}
          goes={lines('goesOf.text')}
          stays={lines('staysOf.text')}
          word={t('theWord')}
          wordSays={t('typeWord')}
          button={t('eraseForEver')}
          isPending={erase.isPending}
          error={erase.error}
          erase={(reason) => erase.mutate({ path: { id: customer, interaction: entry }, body: { reason }, headers: key.headers }, { onSuccess: key.renew })}
        />
      )}
    </Stack>
  );
}

/** Only of those who left. */
export function EraseColleague() {
  const { t } = useTranslation('erasure');
  const lines = useLines();
  const key = useKey();
  const [colleague, setColleague] = useState<string | null>(null);
  const { data } = useQuery(colleaguesAllOptions());
  const left = (data?.items ?? []).filter(({ active, name }) => !active && name !== null);
  const erase = useMutation(erasuresColleagueMutation());
  const name = left.find(({ id }) => id === colleague)?.name ?? colleague ?? '';
  return (
    <Stack gap="md">
      <div className={style['two']}><Select label={t('colleague')} description={t('colleagueMore')} data={left.map(({ id, name: named }) => ({ value: id, label: named ?? id }))} value={colleague} onChange={(id) => { setColleague(id); erase.reset(); }} searchable clearable nothingFoundMessage={t('nobodyLeft')} /></div>
      {erase.data !== undefined && <ReceiptCard receipt={erase.data} />}
      {colleague === null && <Outlook goes={lines('goesOf.colleague')} stays={lines('staysOf.colleague')} />}
      {colleague !== null && erase.data === undefined && (
        <EraseForm
          key={colleague}
          title={t('eraseColleague', { name })}
          goes={lines('goesOf.colleague')}
          stays={lines('staysOf.colleague')}
          word={name}
          wordSays={t('typeName')}
          button={t('eraseForEver')}
          isPending={erase.isPending}
          error={erase.error}
          erase={(reason) => erase.mutate({ path: { id: colleague }, body: { reason }, headers: key.headers }, { onSuccess: key.renew })}
        />
      )}
    </Stack>
  );
}
