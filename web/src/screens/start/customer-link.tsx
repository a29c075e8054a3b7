import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

export function CustomerLink({ customer: { id, name } }: { readonly customer: { readonly id: string; readonly name: string | null } }) {
  const { t } = useTranslation('parts');
  return <Anchor component={Link} to={`/customers/${id}`} fw={600} fz="sm" style={{ overflowWrap: 'anywhere' }}>{name ?? t('pickers.unnamed')}</Anchor>;
}
