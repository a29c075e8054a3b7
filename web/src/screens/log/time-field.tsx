/** When, in plain words, and beside it what was understood; or by the browser's own picker. */
import { ActionIcon, Popover, TextInput } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sayDay, sayInstant } from '../../parts/locale.js';
import { monthFirst } from './reader.js';
import { readTime, writeTime } from './said-time.js';

export function TimeField({ label, value, onChange, direction, error, description, required, empty }: { readonly label: ReactNode; readonly value: string; readonly onChange: (value: string) => void; readonly direction: 'past' | 'future'; readonly error?: ReactNode; readonly description?: ReactNode; readonly required?: boolean; readonly empty?: string }) {
  const { t } = useTranslation('log');
  const [isOpen, setOpen] = useState(false);
  const read = value.trim() === '' ? undefined : readTime(value, Date.now(), direction, monthFirst);
  const understood = value.trim() === '' ? empty : read === undefined ? t('problems.notATime') : read.day === undefined ? sayInstant(new Date(read.at).toISOString()) : sayDay(read.day);
  return (
    <TextInput
      label={label}
      placeholder={direction === 'past' ? t('whenHint') : t('aheadHint')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      description={understood ?? description}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      required={required === true}
      withAsterisk={false}
      autoComplete="off"
      rightSection={
        <Popover opened={isOpen} onChange={setOpen} withinPortal={false} trapFocus position="bottom-end" shadow="md">
          <Popover.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={t('pick')} onClick={() => setOpen(!isOpen)}><IconCalendar size={16} aria-hidden /></ActionIcon>
          </Popover.Target>
          <Popover.Dropdown p="xs" data-pass>
            <TextInput type="datetime-local" label={t('picked')} data-autofocus value={read === undefined ? '' : writeTime(read.at).replace(' ', 'T')} onChange={(event) => event.currentTarget.value !== '' && onChange(event.currentTarget.value.replace('T', ' '))} onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); setOpen(false); } }} />
          </Popover.Dropdown>
        </Popover>
      }
    />
  );
}
