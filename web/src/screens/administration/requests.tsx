import { Anchor, Badge, Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconAlertTriangle, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HINT } from '../../../../src/customers/catalogue.js';
import { requestsChangeMutation, requestsListInfiniteOptions, requestsReceiveMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import type { ChangeRequestDto, RequestsListResponses } from '../../api/generated/types.gen.js';
import { useKey } from '../../api/use-key.js';
import { Failed, fieldsOf } from '../../parts/failed.js';
import { sayDate, sayNumber } from '../../parts/locale.js';
import { CustomerPicker, PersonPicker } from '../../parts/pickers.js';
import { Answer, Empty } from '../../parts/states.js';
import { When } from '../../parts/when.js';
import style from './administration.module.css';
import { AdministrationPage } from './page.js';

type Asked = RequestsListResponses[200]['items'][number];

const KINDS = ['access', 'erasure', 'rectification', 'restriction', 'portability', 'objection'] as const satisfies readonly Asked['kind'][];
const OUTCOMES = ['done', 'partly', 'refused', 'withdrawn'] as const;
const PAGE = 50;

export default function Requests() {
  const { t } = useTranslation('person-requests');
  const [shown, setShown] = useState<'all' | 'open' | 'closed'>('all');
  const [isAdding, setAdding] = useState(false);
  const [changing, setChanging] = useState<Asked | null>(null);
  const query = useInfiniteQuery({
    ...requestsListInfiniteOptions({ query: { limit: PAGE, ...(shown !== 'all' && { open: shown === 'open' }) } }),
    initialPageParam: {},
    getNextPageParam: ({ next }) => (next === null ? undefined : { query: { cursor: next } }),
    placeholderData: keepPreviousData,
  });
  return (
    <AdministrationPage texts="person-requests" actions={<Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>{t('add')}</Button>}>
      <Text size="sm" c="dimmed" mb="md" maw={720}>{t('more')}</Text>
      <Answer query={query}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          const { open = 0, overdue = 0 } = pages[0] ?? {};
          return (
            <>
              <Group justify="space-between" mb="sm">
                <Text size="sm" role="status">{t('counts', { open: sayNumber(open), overdue: sayNumber(overdue) })}</Text>
                <Select aria-label={t('show')} data={(['all', 'open', 'closed'] as const).map((value) => ({ value, label: t(`shown.${value}`) }))} value={shown} onChange={(value) => setShown(value as typeof shown)} allowDeselect={false} w={150} size="xs" />
              </Group>
              {items.length === 0 ? <Empty title={t('empty')}>{t('emptyMore')}</Empty> : (
                <ul className={style['list']} aria-label={t('heading')}>
                  {items.map((request) => <One key={request.id} request={request} change={() => setChanging(request)} />)}
                </ul>
              )}
              {query.hasNextPage && <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('next')}</Button>}
            </>
          );
        }}
      </Answer>
      {isAdding && <Add close={() => setAdding(false)} />}
      {changing !== null && <Change request={changing} close={() => setChanging(null)} />}
    </AdministrationPage>
  );
}

function useWho(): (request: Asked) => string {
  const { t } = useTranslation('person-requests');
  return ({ person, customer, who }) => (person !== null ? [person.name ?? t('unnamed'), ...(customer === null ? [] : [customer.name ?? t('unnamed')])].join(', ') : (who ?? t('unnamed')));
}

function One({ request, change }: { readonly request: Asked; readonly change: () => void }) {
  const { t } = useTranslation('person-requests');
  const whoOf = useWho();
  const { kind, words, receivedAt, dueAt, overdue, extended, notes, closed, person, customer } = request;
  return (
    <li>
      <div className={`${style['row']} ${style['request']}`}>
        <div className={style['cut']}>
          <Text fw={600} size="sm">{whoOf(request)}</Text>
          <Text size="sm">{t(`kinds.${kind}`)}{words !== null && <Text span c="dimmed">: {words}</Text>}</Text>
        </div>
        <div>
          {closed === null ? (
            <Group gap={6} wrap="nowrap" c={overdue ? 'var(--five-out)' : undefined}>
              {overdue && <IconAlertTriangle size={16} aria-hidden style={{ flex: 'none' }} />}
              <Text size="sm" fw={overdue ? 650 : undefined}>{overdue ? t('overdue', { date: sayDate(dueAt) }) : t('due', { date: sayDate(dueAt) })}{overdue ? '' : ' '}{!overdue && <Text span c="dimmed" size="xs">(<When at={dueAt} />)</Text>}</Text>
            </Group>
          ) : <Badge variant="default" tt="none">{t(`outcomes.${closed.outcome}`)}</Badge>}
          <Text size="xs" c="dimmed">{t('came', { date: sayDate(receivedAt) })}</Text>
        </div>
        <Group gap="xs">
          {closed === null && person !== null && customer !== null && <Button component={Link} to="/administration/erasure" search={{ customer: customer.id, person: person.id } as never} variant="default" size="xs">{t('serve')}</Button>}
          {closed === null && <Button size="xs" variant="default" onClick={change} aria-label={t('changeWith', { who: whoOf(request) })}>{t('change')}</Button>}
        </Group>
      </div>
      {(notes.length > 0 || extended !== null || closed !== null) && (
        <ul className={style['plain']}>
          {notes.map(({ at, by, note }) => <li key={at}>{note ?? t('erased')} <Text span size="xs" c="dimmed">{by} · {sayDate(at)}</Text></li>)}
          {extended !== null && <li>{t('extended', { reason: extended.reason ?? t('erased') })} <Text span size="xs" c="dimmed">{extended.by} · {sayDate(extended.at)}</Text></li>}
          {closed !== null && <li>{closed.done ?? t('erased')} <Text span size="xs" c="dimmed">{closed.by} · {sayDate(closed.at)}</Text></li>}
        </ul>
      )}
    </li>
  );
}

function Add({ close }: { readonly close: () => void }) {
  const { t } = useTranslation('person-requests');
  const key = useKey();
  const receive = useMutation(requestsReceiveMutation());
  const form = useForm({ initialValues: { kind: null as Asked['kind'] | null, customer: null as string | null, person: null as string | null, who: '', words: '', receivedAt: '' }, validate: { kind: (value) => (value === null ? t('needed') : null) } });
  const { customer } = form.values;
  const submit = form.onSubmit(({ kind, person, who, words, receivedAt }) =>
    receive.mutate(
      { body: { kind: kind!, ...(customer !== null && { customer }), ...(person !== null && { person }), ...(who.trim() !== '' && { who: who.trim() }), ...(words.trim() !== '' && { words: words.trim() }), ...(receivedAt !== '' && { receivedAt }) }, headers: key.headers },
      { onSuccess: () => { key.renew(); close(); }, onError: (error) => form.setErrors(fieldsOf(error)) },
    ));
  return (
    <Modal opened onClose={close} title={<Text fw={650}>{t('add')}</Text>} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Failed error={receive.error} named={['kind', 'customer', 'person', 'who', 'words', 'receivedAt']} />
          <Select label={t('kind')} data-autofocus data={KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))} {...form.getInputProps('kind')} />
          <CustomerPicker label={t('customer')} value={customer} onChange={(value) => form.setValues({ customer: value, person: null })} error={form.errors['customer']} />
          {customer !== null && <PersonPicker customer={customer} value={form.values.person} onChange={(person) => form.setFieldValue('person', person)} error={form.errors['person']} />}
          {form.values.person === null && <TextInput label={t('who')} description={t('whoMore')} {...form.getInputProps('who')} />}
          <Textarea label={t('words')} description={HINT} autosize minRows={2} {...form.getInputProps('words')} />
          <TextInput type="date" label={t('receivedAt')} description={t('receivedAtMore')} {...form.getInputProps('receivedAt')} />
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={close}>{t('cancel')}</Button>
            <Button type="submit" loading={receive.isPending}>{t('record')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** A note, more time, or its end. */
function Change({ request, close }: { readonly request: Asked; readonly close: () => void }) {
  const { t } = useTranslation('person-requests');
  const whoOf = useWho();
  const key = useKey();
  const [what, setWhat] = useState<'close' | 'note' | 'extend'>('close');
  const change = useMutation(requestsChangeMutation());
  const form = useForm({ initialValues: { note: '', extendTo: '', reason: '', outcome: 'done' as (typeof OUTCOMES)[number], done: '' } });
  const submit = form.onSubmit(({ note, extendTo, reason, outcome, done }) => {
    // What is empty is left out, and the server says what is missing.
    const texts = (given: Record<string, string>): ChangeRequestDto => Object.fromEntries(Object.entries(given).filter(([, value]) => value.trim() !== '').map(([name, value]) => [name, value.trim()]));
    const body = what === 'note' ? texts({ note }) : what === 'extend' ? texts({ extendTo, reason }) : texts({ outcome, done });
    change.mutate({ path: { id: request.id }, body, headers: { ...key.headers, 'If-Match': `"${request.revision}"` } }, { onSuccess: () => { key.renew(); close(); }, onError: (error) => form.setErrors(fieldsOf(error)) });
  });
  const ways = (['close', 'note', ...(request.extended === null ? ['extend' as const] : [])] as const).map((value) => ({ value, label: t(`ways.${value}`) }));
  return (
    <Modal opened onClose={close} title={<Text fw={650}>{t('changeOf', { who: whoOf(request) })}</Text>} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Select label={t('what')} data-autofocus data={ways} value={what} onChange={(value) => setWhat(value as typeof what)} allowDeselect={false} />
          {what === 'close' && (
            <>
              {(request.kind === 'access' || request.kind === 'portability' || request.kind === 'erasure') && request.person !== null && request.customer !== null && <Anchor component={Link} size="sm" to="/administration/erasure" search={{ customer: request.customer.id, person: request.person.id } as never}>{t('serveMore')}</Anchor>}
              <Select label={t('outcome')} data={OUTCOMES.map((value) => ({ value, label: t(`outcomes.${value}`) }))} allowDeselect={false} {...form.getInputProps('outcome')} />
              <Textarea label={t('done')} description={HINT} autosize minRows={2} {...form.getInputProps('done')} />
            </>
          )}
          {what === 'note' && <Textarea label={t('note')} description={HINT} autosize minRows={2} {...form.getInputProps('note')} />}
          {what === 'extend' && (
            <>
              <TextInput type="date" label={t('extendTo')} description={t('extendToMore')} {...form.getInputProps('extendTo')} />
              <Textarea label={t('reason')} autosize minRows={2} {...form.getInputProps('reason')} />
            </>
          )}
          <Failed error={change.error} named={['note', 'extendTo', 'reason', 'outcome', 'done']} />
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={close}>{t('cancel')}</Button>
            <Button type="submit" loading={change.isPending}>{t(`go.${what}`)}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
