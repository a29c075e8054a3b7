import { Checkbox, Select } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ACCOUNT_ROLES, type AccountRole } from '../../../../src/access/roles.js';

/** What an account may: the role, and for a leader whether ways to reach people are shown. */
export function RightsFields({ role, contacts, onRole, onContacts, errors, disabled = false }: { readonly role: AccountRole | null; readonly contacts: boolean; readonly onRole: (role: AccountRole) => void; readonly onContacts: (contacts: boolean) => void; readonly errors: { readonly role?: ReactNode; readonly contacts?: ReactNode }; readonly disabled?: boolean }) {
  const { t } = useTranslation('administration');
  return (
    <>
      <Select label={t('role')} description={role === null ? t('roleMore') : t(`roleSays.${role}`)} data={ACCOUNT_ROLES.map((value) => ({ value, label: t(`roles.${value}`, { ns: 'app' }) }))} value={role} onChange={(value) => value !== null && onRole(value)} error={errors.role} allowDeselect={false} disabled={disabled} />
      {role === 'leader' && <Checkbox label={t('contacts')} description={t('contactsMore')} checked={contacts} onChange={(event) => onContacts(event.currentTarget.checked)} error={errors.contacts} disabled={disabled} />}
    </>
  );
}
