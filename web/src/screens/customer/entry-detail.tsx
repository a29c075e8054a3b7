/** An entry opened in place: every field, every version with what changed in it, and what can be done about it. */
import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconArrowsLeftRight, IconPencil, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { colleaguesAllOptions, customersEntryOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { Field, OverviewOverviewResponse } from '../../api/generated/types.gen.js';
import { kindsOptions } from '../../api/kinds.js';
import { openOverlay } from '../../app/overlays.js';
import { sayGiven, sayInstant, sayMoney } from '../../parts/locale.js';
import { Answer } from '../../parts/states.js';
import { useAddress } from './address.js';
import { EntryLink } from './card.js';
import style from './customer.module.css';
import { useMay } from './may.js';
import type { TimelineEntry } from './rows.js';

type Values = Readonly<Record<string, unknown>>;
type Recorded = Values & { readonly recordedAt: string; readonly recordedBy: string; readonly event: string; readonly kind: string };

/** Said elsewhere in the row, or about the record and not the happening. */
const NOT_FIELDS = new Set(['type', 'id', 'kind', 'recordedAt', 'recordedBy', 'loggedBy', 'corrected', 'retracted', 'versions', 'event', 'erased', 'hidden', 'movedFrom', 'currency', 'summary']);

const fieldsOf = (values: Values): string[] => Object.keys(values).filter((name) => !NOT_FIELDS.has(name) && values[name] != null && values[name] !== '');

interface Given {
  readonly customer: string;
  readonly entry: TimelineEntry;
  readonly stands: OverviewOverviewResponse;
}

export function EntryDetail({ customer, entry, stands }: Given) {
  const { t } = useTranslation('customer');
  const { address } = useAddress();
  const may = useMay(stands);
  const query = useQuery(customersEntryOptions({ path: { id: customer, interaction: entry.id } }));
  const { data: colleagues } = useQuery({ ...colleaguesAllOptions(), staleTime: 60_000 });
  const nameOf = (id: string): string => colleagues?.items.find((one) => one.id === id)?.name ?? id;
  const show = useShow(stands, nameOf);
  const one = '/api/v1/customers/:id/interactions/:interaction';
  const mayChange = address.known === undefined && !entry.retracted;
  const given = { customer, interaction: entry.id };
  return (
    <div className={style['detail']}>
      <dl className={style['fields']}>
        {fieldsOf(entry as unknown as Values).map((name) => <div key={name}><dt>{show.label(name)}</dt><dd>{show.value(entry.kind, name, entry as unknown as Values)}</dd></div>)}
        <div><dt>{t('detail.recorded')}</dt><dd>{t('detail.recordedBy', { at: sayInstant(entry.recordedAt), by: entry.loggedBy.name ?? entry.loggedBy.id })}</dd></div>
        {entry.movedFrom !== undefined && <div><dt>{t('detail.movedFrom')}</dt><dd><Anchor size="sm" href={`/customers/${entry.movedFrom.customer}?entry=${entry.movedFrom.interaction}`}>{t('detail.there')}</Anchor></dd></div>}
      </dl>
      {entry.erased !== undefined && <Text size="sm" c="dimmed">{t('detail.erased')}</Text>}
      {entry.hidden !== undefined && <Text size="sm" c="dimmed">{t('people.hidden')}</Text>}
      {entry.retracted && <Text size="sm">{t('detail.retracted')}</Text>}
      {(entry.corrected || entry.retracted) && (
        <Answer query={query} lines={2}>
          {({ versions }) => (
            <Stack gap={6} component="section" aria-label={t('detail.versions')}>
              <Text size="xs" fw={600} c="dimmed">{t('detail.versionCount', { count: versions.length })}</Text>
              <ol className={style['versions']} reversed>
                {(versions as unknown as readonly Recorded[]).map((version, index, all) => ({ version, before: all[index - 1], number: index + 1 })).reverse().map(({ version, before, number }) => {
                  const names = [...new Set([...fieldsOf(version), ...(version['summary'] == null ? [] : ['summary']), ...(before === undefined ? [] : [...fieldsOf(before), ...(before['summary'] == null ? [] : ['summary'])])])];
                  const changed = before === undefined ? names : names.filter((name) => JSON.stringify(version[name]) !== JSON.stringify(before[name]));
                  return (
                    <li key={version.event}>
                      <Text size="sm" fw={600}>{t(number === 1 ? 'detail.first' : 'detail.correction', { at: sayInstant(version.recordedAt), by: nameOf(version.recordedBy) })}</Text>
                      {changed.length === 0 ? <Text size="sm" c="dimmed">{t('detail.same')}</Text> : (
                        <dl className={style['fields']}>
                          {changed.map((name) => <div key={name}><dt>{show.label(name)}</dt><dd>{before !== undefined && before[name] != null && <><del>{show.value(version.kind, name, before)}</del> </>}{version[name] == null ? <i>{t('detail.takenOut')}</i> : before === undefined ? show.value(version.kind, name, version) : <ins>{show.value(version.kind, name, version)}</ins>}</dd></div>)}
                        </dl>
                      )}
                    </li>
                  );
                })}
              </ol>
            </Stack>
          )}
        </Answer>
      )}
      {mayChange && (
        <Group gap={6}>
          {may(`PUT ${one}`, entry.loggedBy.id) && <Button size="compact-sm" variant="default" leftSection={<IconPencil size={14} aria-hidden />} onClick={() => openOverlay('correct', given)}>{t('actions.correct')}</Button>}
          {may(`POST ${one}/retract`, entry.loggedBy.id) && <Button size="compact-sm" variant="default" leftSection={<IconTrash size={14} aria-hidden />} onClick={() => openOverlay('retract', given)}>{t('actions.retract')}</Button>}
          {may(`POST ${one}/move`, entry.loggedBy.id) && <Button size="compact-sm" variant="default" leftSection={<IconArrowsLeftRight size={14} aria-hidden />} onClick={() => openOverlay('move', given)}>{t('actions.move')}</Button>}
        </Group>
      )}
    </div>
  );
}

/** How fields are called and shown, by their type in the catalogue. */
function useShow(stands: OverviewOverviewResponse, nameOf: (colleague: string) => string): { readonly label: (name: string) => string; readonly value: (kind: string, name: string, values: Values) => ReactNode } {
  const { t } = useTranslation('customer');
  const { data: catalogue } = useQuery(kindsOptions);
  const personOf = (id: unknown): string => (typeof id === 'object' && id !== null ? ((id as { name: string | null }).name ?? t('unnamedPerson')) : (stands.people.find((person) => person.id === id)?.name ?? t('unnamedPerson')));
  const specOf = (kind: string, name: string): Field | undefined => catalogue?.items.find((one) => one.kind === kind)?.fields[name] ?? catalogue?.common[name];
  const plain = (name: string): string => name.replaceAll(/([A-Z])/g, ' $1').toLowerCase().replace(/^./, (first) => first.toUpperCase());
  const word = (name: string, value: unknown): string => t(`values.${name}.${String(value)}`, { defaultValue: String(value) });
  return {
    label: (name) => t(`fields.${name}`, { defaultValue: plain(name) }),
    value: (kind, name, values) => {
      const value = values[name];
      const type = specOf(kind, name)?.type;
      const each = (show: (one: unknown) => string): string => (Array.isArray(value) ? value.map(show).join(', ') : show(value));
      switch (type) {
        case 'instant': return sayGiven(String(value));
        case 'flag': return t(value === true ? 'detail.yes' : 'detail.no');
        case 'money': return typeof values['currency'] === 'string' ? sayMoney(Number(value), values['currency']) : String(value);
        case 'person':
        case 'persons': return each(personOf);
        case 'colleague': return nameOf(String(value));
        case 'customer': return <Anchor size="sm" href={`/customers/${encodeURIComponent(String(value))}`}>{t('detail.customer')}</Anchor>;
        case 'entry': return <EntryLink entry={String(value)}>{t('detail.entry')}</EntryLink>;
        // The server takes only http and https; the page checks for itself.
        case 'link': return /^https?:\/\//i.test(String(value)) ? <Anchor size="sm" href={String(value)} target="_blank" rel="noopener noreferrer" style={{ overflowWrap: 'anywhere' }}>{String(value)}</Anchor> : String(value);
        case 'choice':
        case 'choices': return each((one) => word(name, one));
        default: return each(String);
      }
    },
  };
}
