/** People at the customer: roles, stance, last contact, ways to reach them, what they agreed to and what they do not want. */
import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconArrowDownRight, IconArrowUpRight, IconBan, IconCheck, IconMail, IconMinus, IconPhone, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OverviewOverviewResponse } from '../../api/generated/types.gen.js';
import { sayDate } from '../../parts/locale.js';
import { When } from '../../parts/when.js';
import { useAddress } from './address.js';
import { Card, EntryLink } from './card.js';
import style from './customer.module.css';

type Person = OverviewOverviewResponse['people'][number];

/** So many are shown at first. */
const FEW = 6;
const SIGNS = { for: IconArrowUpRight, mixed: IconMinus, against: IconArrowDownRight } as const;

export function Stance({ stance }: { readonly stance: 'for' | 'mixed' | 'against' | null | undefined }) {
  const { t } = useTranslation('customer');
  if (stance == null) return null;
  const Sign = SIGNS[stance];
  return <span className={style['stance']} data-stance={stance}><Sign size={14} aria-hidden />{t(`stances.${stance}`)}</span>;
}

export function People({ stands, isToday }: { readonly stands: OverviewOverviewResponse; readonly isToday: boolean }) {
  const { t } = useTranslation('customer');
  const [isAll, setAll] = useState(false);
  const here = stands.people.filter(({ left }) => left === null);
  const gone = stands.people.filter(({ left }) => left !== null);
  const shown = isAll ? here : here.slice(0, FEW);
  return (
    <Card title={t('people.title', { count: here.length })}>
      {here.length === 0 && <Text size="sm" c="dimmed">{t('people.none')}</Text>}
      <ul className={style['people']}>{shown.map((person) => <li key={person.id}><PersonLine person={person} isToday={isToday} /></li>)}</ul>
      {shown.length < here.length && <Button size="compact-sm" variant="default" mt="xs" onClick={() => setAll(true)}>{t('people.all', { count: here.length })}</Button>}
      {gone.length > 0 && (
        <details className={style['more']}>
          <summary>{t('people.gone', { count: gone.length })}</summary>
          <ul className={style['people']}>{gone.map((person) => <li key={person.id}><PersonLine person={person} isToday={isToday} /></li>)}</ul>
        </details>
      )}
    </Card>
  );
}

function PersonLine({ person, isToday }: { readonly person: Person; readonly isToday: boolean }) {
  const { t } = useTranslation('customer');
  const { go } = useAddress();
  const { id, name, email, phone, hidden, roles, left, stance, lastContact, consents, objections } = person;
  return (
    <Stack gap={3}>
      <Group gap={6} wrap="wrap">
        <Anchor component="button" type="button" size="sm" fw={600} c="var(--mantine-color-text)" ta="start" style={{ overflowWrap: 'anywhere' }} onClick={() => go({ person: id })} title={t('people.show')}>{name ?? t('unnamedPerson')}</Anchor>
        {roles.map((role) => <Badge key={role} variant="default" size="sm" tt="none" fw={500}>{t(`roles.${role}`)}</Badge>)}
        <Stance stance={stance?.stance} />
      </Group>
      <Text size="xs" c="dimmed">{left !== null ? t('people.left', { date: sayDate(left) }) : lastContact === null ? t('people.never') : <>{t('people.lastContact')} <When at={lastContact} exact={!isToday} /></>}</Text>
      {objections.map(({ channel, since }) => <Text key={channel ?? ''} size="xs" className={style['objection']}><IconBan size={14} aria-hidden className={style['inline']} />{t(channel === null ? 'people.objects' : 'people.objectsTo', { channel: channel === null ? '' : t(`channels.${channel}`), date: sayDate(since) })}</Text>)}
      {consents.map(({ purpose, given, at, entry }) => <Group key={purpose} gap={4}>{given ? <IconCheck size={14} aria-hidden /> : <IconX size={14} aria-hidden />}<EntryLink entry={entry}><Text component="span" size="xs">{t(given ? 'people.agrees' : 'people.withdrew', { purpose, date: sayDate(at) })}</Text></EntryLink></Group>)}
      {(email !== null || phone !== null) && (
        <Group gap="sm">
          {email !== null && <Anchor size="xs" py={4} href={`mailto:${encodeURIComponent(email).replaceAll('%40', '@')}`} style={{ overflowWrap: 'anywhere' }}><IconMail size={14} aria-hidden className={style['inline']} />{email}</Anchor>}
          {phone !== null && <Anchor size="xs" py={4} href={`tel:${phone.replaceAll(/[^+\d]/g, '')}`}><IconPhone size={14} aria-hidden className={style['inline']} />{phone}</Anchor>}
        </Group>
      )}
      {hidden !== undefined && <Text size="xs" c="dimmed">{t('people.hidden')}</Text>}
    </Stack>
  );
}
