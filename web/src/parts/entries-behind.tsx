/** The entries that a figure or a verdict rests on, read only when they are shown; each leads to its place on the customer's page. */
import { Anchor, Button, Collapse, Group, Stack } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { customersEntryOptions } from '../api/generated/@tanstack/react-query.gen.js';
import { EntryLine } from './entry-line.js';
import { Loading } from './states.js';

const MOST = 10;
/** Long enough that a look around asks once; a write asks everything again. */
const KEPT_MS = 5 * 60_000;

export function EntriesBehind({ customer, entries }: { readonly customer: string; readonly entries: readonly string[] }) {
  const { t } = useTranslation('parts');
  const [shown, setShown] = useState(MOST);
  const read = useQueries({ queries: entries.slice(0, shown).map((entry) => ({ ...customersEntryOptions({ path: { id: customer, interaction: entry } }), staleTime: KEPT_MS, retry: false })) });
  return (
    <Stack gap="xs" pl="md" pt="xs">
      {read.map(({ data, error }, index) => (
        <div key={entries[index]}>
          {data !== undefined ? (
            <>
              <EntryLine entry={data as never} />
              <Anchor component={Link} to={`/customers/${customer}`} search={{ entry: entries[index]! } as never} fz="xs">{t('behind.toEntry')}</Anchor>
            </>
          ) : error === null ? <Loading lines={1} /> : <Anchor component={Link} to={`/customers/${customer}`} fz="sm">{t('behind.elsewhere')}</Anchor>}
        </div>
      ))}
      {entries.length > shown && <Group><Button size="compact-xs" variant="default" onClick={() => setShown(shown + MOST)}>{t('behind.more', { count: entries.length - shown })}</Button></Group>}
    </Stack>
  );
}

/** A button that says how many, and shows them below what stands beside it. `name`: of what, for those who hear the button alone. */
export function Behind({ customer, entries, name, children }: { readonly customer: string; readonly entries: readonly string[]; readonly name: string; readonly children?: ReactNode }) {
  const { t } = useTranslation('parts');
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Group justify="space-between" gap="sm" wrap="wrap" align="flex-start">
        <div style={{ minWidth: 0, flex: '1 1 220px' }}>{children}</div>
        {entries.length > 0 && <Button size="compact-xs" variant="default" aria-expanded={isOpen} aria-label={t('behind.showOf', { name, count: entries.length })} onClick={() => setOpen(!isOpen)}>{t('behind.show', { count: entries.length })}</Button>}
      </Group>
      <Collapse expanded={isOpen} transitionDuration={0}>{isOpen && <EntriesBehind customer={customer} entries={entries} />}</Collapse>
    </>
  );
}
