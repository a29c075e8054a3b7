/** One field of an entry, by its type in the catalogue. */
import { Checkbox, NumberInput, Radio, Group, Select, TagsInput, Textarea, TextInput, MultiSelect } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '../../api/generated/types.gen.js';
import { ColleaguePicker, CustomerPicker } from '../../parts/pickers.js';
import { EntryChoice, PeopleChoice, PersonChoice, type People } from './choices.js';
import { directionOf } from './draft.js';
import { focusNext } from './focus.js';
import style from './log.module.css';
import { CURRENCIES } from './reader.js';
import { TimeField } from './time-field.js';

const LONG = 200;
/** So few can be seen at once. */
const FEW = 4;

/** `ride-along` and `rideAlong` for people. */
export const inWords = (name: string): string => {
  const words = name.replaceAll('-', ' ').replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export interface FieldProps {
  readonly name: string;
  readonly spec: Field;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly error?: ReactNode;
  readonly people: People;
  readonly customer: string | undefined;
  /** Kind of the entry that this one says more about. */
  readonly main?: string | undefined;
  readonly required?: boolean;
  /** Whether the hint about free text stands under it always, or while it is written. */
  readonly showsHint?: boolean;
}

export function EntryField({ name, spec, value, onChange, error, people, customer, main, required = spec.required === true, showsHint = false }: FieldProps) {
  const { t } = useTranslation('log');
  const [isFocused, setFocused] = useState(false);
  const label = t(`fields.${name}`, { defaultValue: inWords(name) });
  const says = t(`says.${name}`, { defaultValue: '' }) || undefined;
  const text = (value as string | undefined) ?? '';
  const common = { label, error, required, withAsterisk: false, description: says } as const;
  const choiceOf = (choice: string): string => t(`choices.${choice}`, { defaultValue: inWords(choice) });
  switch (spec.type) {
    case 'text': {
      const hint = spec.hint !== undefined && (showsHint || isFocused) ? <span className={style['hint']}>{t('hint')}</span> : says;
      const focus = { onFocus: () => setFocused(true), onBlur: () => setFocused(false) };
      const given = { ...common, ...focus, description: hint, inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[], value: text, maxLength: spec.max ?? 4000 };
      return (spec.max ?? 4000) > LONG ? <Textarea {...given} autosize minRows={name === 'summary' ? 2 : 1} maxRows={8} onChange={(event) => onChange(event.currentTarget.value)} /> : <TextInput {...given} autoComplete="off" onChange={(event) => onChange(event.currentTarget.value)} />;
    }
    case 'tag':
      return <TextInput {...common} placeholder={t('tagHint', { example: String(spec.example) })} value={text} autoComplete="off" onChange={(event) => onChange(event.currentTarget.value)} />;
    case 'link':
      return <TextInput {...common} type="url" placeholder="https://" value={text} autoComplete="off" onChange={(event) => onChange(event.currentTarget.value)} />;
    case 'tags':
      return <TagsInput {...common} value={(value as string[] | undefined) ?? []} onChange={onChange} acceptValueOnBlur comboboxProps={{ withinPortal: false }} />;
    case 'choice': {
      const choices = spec.choices ?? [];
      if (required && choices.length <= FEW) return <OneOf label={label} error={error} value={text} choices={choices.map((choice) => ({ value: choice, label: choiceOf(choice) }))} onChange={onChange} />;
      return <Select {...common} data={choices.map((choice) => ({ value: choice, label: choiceOf(choice) }))} value={text === '' ? null : text} onChange={(choice) => onChange(choice ?? undefined)} searchable={choices.length > 6} clearable comboboxProps={{ withinPortal: false }} />;
    }
    case 'choices':
      return <MultiSelect {...common} data={(spec.choices ?? []).map((choice) => ({ value: choice, label: choiceOf(choice) }))} value={(value as string[] | undefined) ?? []} onChange={onChange} clearable comboboxProps={{ withinPortal: false }} />;
    case 'integer':
    case 'number':
    case 'money':
      if (name === 'feeling') return <OneOf label={label} error={error} value={typeof value === 'number' ? String(value) : ''} choices={['-2', '-1', '0', '1', '2'].map((one) => ({ value: one, label: t(`feelings.${one}`) }))} onChange={(one) => onChange(one === '' ? undefined : Number(one))} canBeNone />;
      return <NumberInput {...common} value={(value as number | undefined) ?? ''} onChange={(number) => onChange(number === '' ? undefined : number)} allowDecimal={spec.type !== 'integer'} {...(spec.min !== undefined && { min: spec.min })} {...(spec.max !== undefined && { max: spec.max })} {...(spec.type === 'money' && { thousandSeparator: ' ' })} hideControls />;
    case 'currency':
      return <Select {...common} data={[...CURRENCIES]} value={text === '' ? null : text} onChange={(code) => onChange(code ?? undefined)} searchable limit={40} comboboxProps={{ withinPortal: false }} />;
    case 'flag':
      return <Checkbox label={label} error={error} description={says} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} my={4} />;
    case 'instant':
      return <TimeField label={label} value={text} onChange={onChange} direction={directionOf(name)} error={error} description={says} required={required} />;
    case 'person':
      return <PersonChoice label={label} value={value as string | undefined} onChange={onChange} people={people} error={error} required={required} description={says} />;
    case 'persons':
      return <PeopleChoice label={label} value={(value as string[] | undefined) ?? []} onChange={onChange} people={people} error={error} description={says} />;
    case 'entry':
      return <EntryChoice label={label} value={value as string | undefined} onChange={onChange} customer={customer} of={spec.of ?? []} main={main} isRequired={required} error={error} description={says} />;
    case 'colleague':
      return <ColleaguePicker label={label} value={text === '' ? null : text} onChange={(id) => onChange(id ?? undefined)} error={error} required={required} />;
    case 'customer':
      return <CustomerPicker label={label} value={text === '' ? null : text} onChange={(id) => onChange(id ?? undefined)} error={error} required={required} />;
    default:
      return null;
  }
}

/** A choice in sight; its first letter takes it and goes on. */
export function OneOf({ label, value, choices, onChange, error, canBeNone = false, description }: { readonly label: ReactNode; readonly value: string; readonly choices: readonly { readonly value: string; readonly label: string }[]; readonly onChange: (value: string) => void; readonly error?: ReactNode; readonly canBeNone?: boolean; readonly description?: ReactNode }) {
  return (
    <Radio.Group label={label} value={value === '' ? null : value} onChange={onChange} error={error} description={description} withAsterisk={false}>
      <Group gap="md" mt={4} onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (canBeNone && (event.key === 'Backspace' || event.key === 'Delete')) onChange('');
        const found = event.key.length === 1 ? choices.find(({ label: name, value: one }) => name.toLowerCase().startsWith(event.key.toLowerCase()) || one === event.key) : undefined;
        if (found === undefined) return;
        event.preventDefault();
        onChange(found.value);
        focusNext(event.target as HTMLElement);
      }}>
        {choices.map((choice) => <Radio key={choice.value} value={choice.value} label={choice.label} />)}
      </Group>
    </Radio.Group>
  );
}
