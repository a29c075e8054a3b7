import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** Leads to the customer; with `entry`, to that entry of its timeline. */
export function CustomerLink({ customer: { id, name }, entry }: { readonly customer: { readonly id: string; readonly name: string | null }; readonly entry?: string }) {
  const { t } = useTranslation('parts');
  return <Anchor component={Link} to={`/customers/${id}`} {...(entry !== undefined && { search: { entry } as never })} fw={600} fz="sm" style={{ overflowWrap: 'anywhere' }}>{name ?? t('pickers.unnamed')}</Anchor>;
}
