/** The form in which an entry is written: kept as a draft with every letter, sent once however often it is sent. */
import { Alert, Button, Group, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure, newKey } from '../../api/client.js';
import { customersOneOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { kindsOptions } from '../../api/kinds.js';
import { queries } from '../../api/queries.js';
import { discard, send, waitingNow, type WaitingEntry } from '../../app/outbox.js';
import { may, useSession } from '../../app/session.js';
import { sayInstant } from '../../parts/locale.js';
import { Answer } from '../../parts/states.js';
import { CustomerChoice, KindChoice, usePeople } from './choices.js';
import { draftOf, emptyDraft, isWritten, kindIn, placesOf, requestOf, type Catalogue, type Context, type Draft, type Fact } from './draft.js';
import { FactFields } from './fact-fields.js';
import { dropDraft, draftKey, keepDraft, keptDraft, lastCurrency, rememberCurrency, rememberCustomer } from '../../app/kept.js';
import style from './log.module.css';
import { digitsOf, monthFirst } from './reader.js';
import { TimeField } from './time-field.js';
import { writeTime } from './said-time.js';

/** An entry that is there already, and how its new content is sent. */
export interface Correcting {
  readonly entry: Readonly<Record<string, unknown>>;
  readonly customer: { readonly id: string; readonly name: string };
  /** @throws Failure */
  readonly save: (content: Readonly<Record<string, unknown>>, key: string) => Promise<void>;
}

export interface LogFormProps {
  /** What is known already: `customer` (an id), `kind`, `about` (an entry), `person`. */
  readonly given?: Readonly<Record<string, string>>;
  /** One that waits, opened again. */
  readonly waiting?: WaitingEntry;
  readonly correcting?: Correcting;
  /** Called when it is recorded, or waits to be. */
  readonly done?: () => void;
  /** Put the cursor into the first field that is empty. */
  readonly autoFocus?: boolean;
}

/** The catalogue first, then the form. */
export function LogForm(props: LogFormProps) {
  const kinds = useQuery(kindsOptions);
  const customer = props.given?.['customer'] ?? '';
  const one = useQuery({ ...customersOneOptions({ path: { id: customer } }), enabled: customer !== '' });
  return (
    <Answer query={kinds} lines={6}>
      {(catalogue) => (customer === '' ? <Form {...props} catalogue={catalogue} /> : <Answer query={one} lines={6}>{({ id, name }) => <Form {...props} catalogue={catalogue} known={{ id, name: name ?? '' }} />}</Answer>)}
    </Answer>
  );
}

function Form({ given = {}, waiting, correcting, done, autoFocus = true, catalogue, known }: LogFormProps & { readonly catalogue: Catalogue; readonly known?: { readonly id: string; readonly name: string } }) {
  const { t } = useTranslation('log');
  const session = useSession();
  const place = draftKey(session.colleague, correcting !== undefined ? `correct:${String(correcting.entry['id'])}` : waiting !== undefined ? `waiting:${waiting.id}` : (given['customer'] ?? ''));

  const [start] = useState(() => {
    const before = keptDraft<Draft>(place);
    if (correcting !== undefined) {
      const { draft, kept } = draftOf(correcting.entry, correcting.customer, { catalogue, digitsOf, write: writeTime });
      return { draft: before?.draft ?? draft, fresh: draft, kept, key: before?.key ?? newKey(), at: before?.at };
    }
    const fresh = emptyDraft({ customer: known ?? null, ...(given['kind'] !== undefined && { facts: [fill({ kind: given['kind'], values: { ...(given['about'] !== undefined && { about: given['about'] }), ...(given['person'] !== undefined && { person: given['person'] }) } })] }) });
    if (waiting !== undefined) return { draft: before?.draft ?? (waiting.draft as Draft), fresh, kept: {}, key: waiting.key, at: undefined };
    // What one is sent here to write comes before what one wrote before, unless it is the same kind.
    const fits = before !== undefined && isWritten(before.draft) && (given['kind'] === undefined || before.draft.facts[0]?.kind === given['kind']);
    return fits ? { draft: before.draft, fresh, kept: {}, key: before.key, at: before.at } : { draft: fresh, fresh, kept: {}, key: newKey(), at: undefined };
  });
  const [draft, setDraft] = useState(start.draft);
  const [key, setKey] = useState(start.key);
  const [restored, setRestored] = useState(start.at);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>(() => (waiting?.refused?.problem === undefined ? {} : placesOf(new Failure(0, waiting.refused.problem, '').fields, requestOf(waiting.draft as Draft, context(catalogue, {})).request)));
  const [refusal, setRefusal] = useState<string | undefined>(waiting?.refused?.message);
  const [isSending, setSending] = useState(false);
  const sending = useRef(false);
  const form = useRef<HTMLFormElement>(null);

  function fill(fact: Fact): Fact {
    const kind = kindIn(catalogue, fact.kind);
    if (kind === undefined) return fact;
    const named = Object.fromEntries(Object.entries(fact.values).filter(([field]) => Object.hasOwn(kind.fields, field) || Object.hasOwn(catalogue.common, field)));
    return { kind: fact.kind, values: { ...(Object.hasOwn(kind.fields, 'attended') && { attended: true }), ...(Object.hasOwn(kind.fields, 'currency') && { currency: lastCurrency(session.colleague) }), ...named } };
  }
  const change = (how: (draft: Draft) => Draft): void => setDraft(how);
  const changeFact = (index: number, how: (fact: Fact) => Fact): void => change((before) => ({ ...before, facts: before.facts.map((fact, at) => (at === index ? how(fact) : fact)) }));
  const clear = (...places: readonly string[]): void => setErrors((before) => (places.some((one) => before[one] !== undefined) ? Object.fromEntries(Object.entries(before).filter(([one]) => !places.includes(one))) : before));
  const people = usePeople(draft, change);

  // Every letter is kept. What was sent is not kept again.
  const isDone = useRef(false);
  useEffect(() => {
    if (isDone.current || draft === start.draft) return;
    if (isWritten(draft)) keepDraft(place, { draft, key, at: new Date().toISOString() });
    else dropDraft(place);
  }, [draft, key, place, start.draft]);

  useEffect(() => {
    if (!autoFocus) return;
    const first = [...(form.current?.querySelectorAll<HTMLInputElement>('input[role=combobox], input[type=radio], textarea') ?? [])];
    const field = first.find((one) => one.type === 'radio' || one.value === '') ?? first[0];
    // The dialog around it looks for this when it opens, which may be now or long ago.
    field?.setAttribute('data-autofocus', '');
    field?.focus();
  }, [autoFocus]);

  const main = draft.facts[0]!;
  const errorsOf = (index: number): Record<string, string> => Object.fromEntries(Object.entries(errors).filter(([one]) => one.startsWith(`${index}.`)).map(([one, says]) => [one.slice(one.indexOf('.') + 1), says]));
  const placed = useMemo(() => new Set(['customer', 'when', 'step.what', 'step.due', ...draft.facts.flatMap(({ kind: name }, index) => ['kind', 'side', ...Object.keys(catalogue.common), ...Object.keys(kindIn(catalogue, name)?.fields ?? {})].map((field) => `${index}.${field}`))]), [draft.facts, catalogue]);
  const unplaced = Object.entries(errors).filter(([one]) => !placed.has(one));
  // What the server said of a field stands beside it, and need not be said twice.
  const says = refusal !== undefined && Object.keys(errors).length > unplaced.length ? t('seeFields') : refusal;

  const showFirst = (): void => void setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true], [data-error] input, [role=radiogroup][aria-invalid=true] input')?.focus());

  const refuse = (failure: Failure, request: Parameters<typeof placesOf>[1]): void => {
    setErrors(correcting === undefined ? placesOf(failure.fields, request) : Object.fromEntries(Object.entries(failure.fields).map(([field, says]) => [field === 'occurredAt' ? 'when' : `0.${field}`, says])));
    setRefusal(failure.status === 0 ? t('noConnection') : failure.message);
    showFirst();
  };

  const save = async (): Promise<void> => {
    // A second Enter comes before the first has an answer.
    if (sending.current) return;
    const { request, problems } = requestOf(draft, context(catalogue, start.kept));
    if (Object.keys(problems).length > 0) {
      setErrors(Object.fromEntries(Object.entries(problems).map(([one, code]) => [one, t(`problems.${code}`)])));
      setRefusal(undefined);
      showFirst();
      return;
    }
    sending.current = true;
    setSending(true);
    setErrors({});
    setRefusal(undefined);
    try {
      const currency = main.values['currency'];
      if (typeof currency === 'string' && main.values['amount'] !== undefined) rememberCurrency(session.colleague, currency);
      if (correcting !== undefined) {
        await correcting.save(request.entries[0]!, key);
        isDone.current = true;
        dropDraft(place);
        done?.();
        return;
      }
      const customer = draft.customer!;
      const sent = await send({ colleague: session.colleague, key, customer: { ...customer, ...(customer.id === undefined && session.role === 'account-manager' && { owner: session.colleague }) }, entries: request.entries, draft, ...(waiting !== undefined && { id: waiting.id }) });
      if (sent.is === 'refused') {
        const kept = waitingNow().find((one) => one.key === key);
        // Registered meanwhile: it is a customer like any other now.
        if (kept?.customer.id !== undefined) change((before) => ({ ...before, customer: { id: kept.customer.id!, name: kept.customer.name } }));
        if (waiting === undefined && kept !== undefined) discard(kept.id);
        refuse(sent.failure, request);
        return;
      }
      isDone.current = true;
      dropDraft(place);
      if (sent.is === 'recorded') rememberCustomer(session.colleague, { id: sent.answer.id, name: customer.name });
      else if (customer.id !== undefined) rememberCustomer(session.colleague, { id: customer.id, name: customer.name });
      notifications.show({ message: sent.is === 'recorded' ? t('recorded', { customer: customer.name }) : t('waits'), ...(sent.is === 'waiting' && { color: 'orange', autoClose: 8000 }) });
      void queries.invalidateQueries();
      if (done !== undefined) done();
      else startAnew();
    } catch (error) {
      if (error instanceof Failure) refuse(error, request);
      else setRefusal(error instanceof Error ? error.message : String(error));
    } finally {
      sending.current = false;
      setSending(false);
    }
  };
  const startAnew = (): void => {
    dropDraft(place);
    setDraft(start.fresh);
    setKey(newKey());
    setErrors({});
    setRefusal(undefined);
    setRestored(undefined);
    isDone.current = false;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void save();
    }
  };
  const mainKind = kindIn(catalogue, main.kind);
  const setKind = (index: number, kind: string | null): void => {
    changeFact(index, ({ values }) => fill({ kind, values }));
    clear(`${index}.kind`);
  };
  return (
    <form ref={form} noValidate onSubmit={(event: FormEvent) => { event.preventDefault(); void save(); }} onKeyDown={onKeyDown}>
      <Stack gap="sm">
        {restored !== undefined && (
          <Group gap="xs" justify="space-between" role="status">
            <Text size="sm" c="dimmed">{t('restored', { at: sayInstant(restored) })}</Text>
            <Button size="compact-sm" variant="subtle" onClick={startAnew}>{t('startAnew')}</Button>
          </Group>
        )}
        {(refusal !== undefined || unplaced.length > 0) && (
          <Alert role="alert" color="red" variant="outline">
            {says}
            {unplaced.map(([one, says]) => <Text key={one} size="sm">{t('atField', { field: one, says })}</Text>)}
          </Alert>
        )}
        {correcting === undefined && known === undefined && <CustomerChoice value={draft.customer} onChange={(customer) => { change((before) => ({ ...before, customer })); clear('customer'); if (customer?.id !== undefined) rememberCustomer(session.colleague, { id: customer.id, name: customer.name }); }} mayCreate={may(session, 'POST /api/v1/customers')} error={errors['customer']} required />}
        {known !== undefined && <Text size="sm"><Text component="span" c="dimmed" size="sm">{t('customer')}: </Text><Text component="span" fw={600} style={{ overflowWrap: 'anywhere' }}>{known.name}</Text></Text>}
        <KindChoice value={main.kind} onChange={(kind) => setKind(0, kind)} catalogue={catalogue} withFavourites error={errors['0.kind']} required />
        {mainKind !== undefined && (
          <FactFields
            key={mainKind.kind}
            fact={main}
            kind={mainKind}
            catalogue={catalogue}
            isMain
            main={undefined}
            customer={draft.customer?.id}
            people={people}
            errors={errorsOf(0)}
            onChange={(field, value) => { changeFact(0, (fact) => ({ ...fact, values: { ...fact.values, [field]: value } })); clear(`0.${field}`); }}
            when={<TimeField label={t('when')} value={draft.when} onChange={(when) => { change((before) => ({ ...before, when })); clear('when'); }} direction="past" error={errors['when']} empty={t('now')} />}
          />
        )}
        {mainKind !== undefined && correcting === undefined && (
          <>
            {draft.facts.slice(1).map((fact, before) => {
              const index = before + 1;
              const kind = kindIn(catalogue, fact.kind);
              return (
                <fieldset key={index} className={style['fact']}>
                  <Stack gap="sm">
                    <Group justify="space-between" wrap="nowrap" align="flex-end">
                      <div style={{ flex: 1 }}><KindChoice value={fact.kind} onChange={(name) => setKind(index, name)} catalogue={catalogue} error={errors[`${index}.kind`]} /></div>
                      <UnstyledButton p={6} aria-label={t('dropFact')} onClick={() => { change((old) => ({ ...old, facts: old.facts.filter((_, at) => at !== index) })); setErrors({}); }}><IconX size={18} aria-hidden /></UnstyledButton>
                    </Group>
                    {kind !== undefined && <FactFields fact={fact} kind={kind} catalogue={catalogue} isMain={false} main={main.kind ?? undefined} customer={draft.customer?.id} people={people} errors={errorsOf(index)} onChange={(field, value) => { changeFact(index, (old) => ({ ...old, values: { ...old.values, [field]: value } })); clear(`${index}.${field}`); }} />}
                  </Stack>
                </fieldset>
              );
            })}
            <Group>
              <Button variant="default" size="sm" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => { change((before) => ({ ...before, facts: [...before.facts, { kind: null, values: {} }] })); setTimeout(() => [...(form.current?.querySelectorAll<HTMLElement>('fieldset input[role=combobox]') ?? [])].at(-1)?.focus()); }}>{t('andAlso')}</Button>
            </Group>
            <div className={style['two']}>
              <TextInput label={t('step')} placeholder={t('stepHint')} value={draft.step.what} error={errors['step.what']} maxLength={4000} autoComplete="off" onChange={(event) => { const what = event.currentTarget.value; change((before) => ({ ...before, step: { ...before.step, what } })); clear('step.what', 'step.due'); }} />
              <TimeField label={t('stepDue')} value={draft.step.due} onChange={(due) => { change((before) => ({ ...before, step: { ...before.step, due } })); clear('step.due'); }} direction="future" error={errors['step.due']} />
            </div>
          </>
        )}
      </Stack>
      <div className={style['foot']}>
        <Text size="xs" c="dimmed" className={style['keys']}>{t('keys')}</Text>
        <Button type="submit" loading={isSending} aria-keyshortcuts="Control+Enter">{correcting === undefined ? t('save') : t('saveCorrection')}</Button>
      </div>
    </form>
  );
}

const context = (catalogue: Catalogue, kept: NonNullable<Context['kept']>): Context => ({ catalogue, now: Date.now(), monthFirst, digitsOf, kept });
