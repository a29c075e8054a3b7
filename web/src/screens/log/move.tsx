import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../api/client.js';
import { customersEntryOptions, customersMoveMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import { kindsOptions } from '../../api/kinds.js';
import { useKey } from '../../api/use-key.js';
import type { OverlayProps } from '../../app/screens.js';
import { EntryLine } from '../../parts/entry-line.js';
import { Answer, Problem } from '../../parts/states.js';
import { CustomerChoice, usePeople } from './choices.js';
import { Dialog } from './dialog.js';
import { emptyDraft, fieldsOf, kindIn, type Catalogue, type Draft } from './draft.js';
import { Falling, fallingIn, namedIn } from './falling.js';
import { EntryField } from './fields.js';

type Entry = Parameters<typeof EntryLine>[0]['entry'];

/** Moves an entry to the customer it belongs to. */
export default function Move({ close, given }: OverlayProps) {
  const { t } = useTranslation('log');
  const path = { id: given['customer'] ?? '', interaction: given['interaction'] ?? '' };
  const entry = useQuery(customersEntryOptions({ path }));
  const kinds = useQuery(kindsOptions);
  return (
    <Dialog title={t('move.title')} close={close} size={560}>
      <Answer query={entry} lines={4}>{(read) => <Answer query={kinds} lines={4}>{(catalogue) => <Moving entry={read} catalogue={catalogue} path={path} close={close} />}</Answer>}</Answer>
    </Dialog>
  );
}

function Moving({ entry, catalogue, path, close }: { readonly entry: Entry; readonly catalogue: Catalogue; readonly path: { readonly id: string; readonly interaction: string }; readonly close: () => void }) {
  const { t } = useTranslation('log');
  const [draft, setDraft] = useState<Draft>(() => emptyDraft());
  const [values, setValues] = useState<Readonly<Record<string, unknown>>>({});
  const people = usePeople(draft, setDraft);
  const { headers, renew } = useKey();
  const move = useMutation(customersMoveMutation());
  const named = namedIn(move.error);
  const falling = named === undefined ? [] : fallingIn(named);
  const errors = move.error instanceof Failure ? move.error.fields : {};
  const kind = kindIn(catalogue, entry.kind);
  const content = entry as unknown as Readonly<Record<string, unknown>>;
  const specs = kind === undefined ? {} : fieldsOf(catalogue, kind);
  const behind = Object.entries(specs).filter(([name, { type }]) => ['entry', 'person', 'persons'].includes(type) && content[name] !== undefined && content[name] !== null && !(Array.isArray(content[name]) && content[name].length === 0) && entry.kind !== 'person-added');
  const isShown = behind.some(([name]) => errors[`entry.${name}`] !== undefined);
  const others = Object.entries(errors).filter(([field]) => field !== 'to' && !behind.some(([name]) => field === `entry.${name}` || field === name));
  const send = (): void => {
    if (move.isPending || draft.customer?.id === undefined) return;
    const to = draft.customer;
    const left = Object.fromEntries(behind.map(([name]) => [name, values[name] === undefined || (Array.isArray(values[name]) && values[name].length === 0) ? null : values[name]]));
    move.mutate({ path, headers, body: { to: to.id!, ...(behind.length > 0 && { entry: left }), ...(named !== undefined && { including: falling }) } }, {
      onSuccess: () => {
        renew();
        notifications.show({ message: t('move.done', { customer: to.name }) });
        close();
      },
    });
  };
  return (
    <form onSubmit={(event) => { event.preventDefault(); send(); }} noValidate>
      <Stack gap="sm">
        <EntryLine entry={entry} />
        <Text size="sm" c="dimmed">{t('move.more')}</Text>
        <CustomerChoice value={draft.customer} onChange={(customer) => { setDraft({ ...draft, customer }); setValues({}); move.reset(); }} mayCreate={false} error={errors['to']} required />
        {behind.length > 0 && draft.customer !== null && (
          <>
            <Text size="sm" c="dimmed">{t('move.behind')}</Text>
            {behind.map(([name, spec]) => <EntryField key={name} name={name} spec={spec} value={values[name]} onChange={(value) => setValues({ ...values, [name]: value })} error={errors[`entry.${name}`] ?? errors[name]} people={{ ...people, options: people.options.filter(({ value }) => !value.startsWith('new:')) }} customer={draft.customer?.id} />)}
          </>
        )}
        {named !== undefined && <Falling named={named} customer={path.id} falls={t('move.falls')} stays={t('move.stays')} />}
        {move.isError && named === undefined && errors['to'] === undefined && !isShown && <Problem error={move.error} />}
        {others.map(([field, says]) => <Text key={field} size="sm" c="var(--mantine-color-error)">{t('atField', { field, says })}</Text>)}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>{t('retract.cancel')}</Button>
          <Button type="submit" loading={move.isPending} disabled={draft.customer === null}>{falling.length === 0 ? t('move.do') : t('move.doAll', { count: falling.length })}</Button>
        </Group>
      </Stack>
    </form>
  );
}
