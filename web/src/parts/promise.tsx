/** A promise as a line of a list: what was promised, how far it has come, and the next step by one click. */
import { ActionIcon, Button, Menu, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { IconAlertTriangle, IconCheck, IconChecks, IconCircleCheck, IconCircleDashed, IconDots, IconPackage, IconRotateClockwise, IconTool } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { customerPromisesConfirmedMutation, customerPromisesDeliveredMutation, customerPromisesProducedMutation } from '../api/generated/@tanstack/react-query.gen.js';
import type { PromisesListResponse } from '../api/generated/types.gen.js';
import { openOverlay } from '../app/overlays.js';
import { cellOf, useSession } from '../app/session.js';
import { CustomerLink } from './customer-link.js';
import { useListKeys, type LineKey } from './list-keys.js';
import { sayDate } from './locale.js';
import style from './promise.module.css';
import { Problem } from './states.js';
import { Days } from './when.js';

export type Made = PromisesListResponse['items'][number];

const SIGNS = { open: IconCircleDashed, missed: IconAlertTriangle, kept: IconCircleCheck, repaired: IconTool } as const;

export function PromiseState({ state }: { readonly state: Made['state'] }) {
  const { t } = useTranslation('promises');
  const Sign = SIGNS[state];
  return <span className={style['state']} data-state={state}><Sign size={14} aria-hidden />{t(`states.${state}`)}</span>;
}

interface Given {
  readonly items: readonly Made[];
  readonly label: string;
  /** Names the customer of each. */
  readonly names: boolean;
  /** Names who sees to each. */
  readonly owners: boolean;
  /** Whether the reader may log at this customer; left out, each line says whose it is. */
  readonly mayLog?: boolean;
  /** j and k go through the list, d and c take its steps. */
  readonly keys?: boolean;
}

/** One promise a line. */
export function Promises({ keys = false, ...given }: Given) {
  return keys ? <WithKeys {...given} /> : <List {...given} />;
}

function WithKeys(given: Given) {
  const { t } = useTranslation('promises');
  const own = useMemo<LineKey[]>(() => [{ key: 'd', says: t('keys.deliver'), does: 'delivered' }, { key: 'c', says: t('keys.confirm'), does: 'confirmed' }], [t]);
  return <List {...given} list={useListKeys(own)} />;
}

function List({ items, label, names, owners, mayLog, list }: Given & { readonly list?: React.RefObject<HTMLUListElement | null> }) {
  const { t } = useTranslation('promises');
  const session = useSession();
  const said = (says: string) => ({ onSuccess: () => void notifications.show({ message: says }) });
  const [produced, delivered, confirmed] = [useMutation(customerPromisesProducedMutation()), useMutation(customerPromisesDeliveredMutation()), useMutation(customerPromisesConfirmedMutation())];
  const isBusy = produced.isPending || delivered.isPending || confirmed.isPending;
  const error = produced.error ?? delivered.error ?? confirmed.error;
  const cell = cellOf(session, 'POST /api/v1/customers/:id/promises');
  return (
    <>
      {error !== null && <Problem error={error} />}
      <ul className={style['list']} aria-label={label} ref={list}>
        {items.map((promise) => {
          const { id, customer, yours, what, people, offering } = promise;
          const can = mayLog ?? (cell === 'yes' || (cell === 'own' && yours));
          const path = { id: customer.id, interaction: id };
          const name = what ?? t('erased');
          const next: ReactNode = !can || promise.confirmed !== null ? null : promise.delivered === null
            ? <Button size="xs" variant="default" leftSection={<IconCheck size={14} aria-hidden />} data-does="delivered" aria-label={t('deliver.of', { what: name })} disabled={isBusy} onClick={() => delivered.mutate({ path, body: {} }, said(t('deliver.done')))}>{t('deliver.button')}</Button>
            : <Button size="xs" variant="default" leftSection={<IconChecks size={14} aria-hidden />} data-does="confirmed" aria-label={t('confirm.of', { what: name })} disabled={isBusy} onClick={() => confirmed.mutate({ path, body: {} }, said(t('confirm.done')))}>{t('confirm.button')}</Button>;
          const about = [...people.map((person) => person.name ?? t('unnamed')), ...(offering === null ? [] : [offering])];
          return (
            <li key={id} className={style['line']} data-line={id}>
              <div className={style['what']}>
                {names && <CustomerLink customer={customer} entry={id} />}
                <Text size="sm" fw={names ? undefined : 600} style={{ overflowWrap: 'anywhere' }}>{name}</Text>
                <Standing promise={promise} />
                <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {[...(owners ? [t('seenTo', { by: promise.owner.name ?? promise.owner.id })] : []), ...(owners && promise.department !== null ? [t(`departments.${promise.department}`, { ns: 'app' })] : []), ...about].join(' · ')}
                </Text>
              </div>
              <div className={style['side']}>
                {next}
                {names && cell === 'own' && !yours && promise.confirmed === null && <Text size="xs" c="dimmed">{t('notYours')}</Text>}
                {can && (
                  <Menu position="bottom-end" withinPortal>
                    <Menu.Target><ActionIcon variant="subtle" color="gray" size={30} aria-label={t('more', { what: name })}><IconDots size={16} aria-hidden /></ActionIcon></Menu.Target>
                    <Menu.Dropdown>
                      {promise.delivered === null && promise.produced === null && <Menu.Item leftSection={<IconPackage size={16} aria-hidden />} onClick={() => produced.mutate({ path, body: {} }, said(t('produce.done')))}>{t('produce.button')}</Menu.Item>}
                      {promise.delivered === null && <Menu.Item leftSection={<IconCheck size={16} aria-hidden />} onClick={() => openOverlay('log', { customer: customer.id, kind: 'promise-delivered', about: id })}>{t('deliver.then')}</Menu.Item>}
                      {promise.delivered !== null && promise.confirmed === null && <Menu.Item leftSection={<IconChecks size={16} aria-hidden />} onClick={() => openOverlay('log', { customer: customer.id, kind: 'promise-confirmed', about: id })}>{t('confirm.then')}</Menu.Item>}
                      <Menu.Item leftSection={<IconRotateClockwise size={16} aria-hidden />} onClick={() => openOverlay('retract', { customer: customer.id, interaction: id })}>{t('withdraw')}</Menu.Item>
                    </Menu.Dropdown>
                  </Menu>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** How it stands, and the steps it has come. */
function Standing({ promise: { state, due, made, produced, delivered, confirmed, daysLate, dueToday } }: { readonly promise: Made }) {
  const { t } = useTranslation('promises');
  const steps = [t('steps.made', { date: sayDate(made) }), ...(produced === null ? [] : [t('steps.produced', { date: sayDate(produced.at) })]), ...(delivered === null ? [] : [t('steps.delivered', { date: sayDate(delivered.at) })]), ...(confirmed === null ? [] : [t('steps.confirmed', { date: sayDate(confirmed.at) })])];
  return (
    <Text size="xs" component="div" className={style['standing']}>
      <PromiseState state={state} />
      <span data-late={state === 'missed'} className={style['due']}>{state === 'open' ? <>{t(dueToday ? 'dueToday' : 'due')} {!dueToday && <Days at={due} />}</> : state === 'missed' ? <>{t('wasDue')} <Days at={due} /></> : daysLate > 0 ? t('late', { count: daysLate }) : t('dueOn', { date: sayDate(due) })}</span>
      <span className={style['steps']}>{steps.join(' → ')}</span>
    </Text>
  );
}
