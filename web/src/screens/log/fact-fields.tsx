/** The fields of one fact: what the kind needs first, then what happened; the rest folded. */
import { Collapse, Stack, UnstyledButton, Text } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { People } from './choices.js';
import { fieldsOf, type Catalogue, type Fact, type KindOf } from './draft.js';
import { EntryField, OneOf } from './fields.js';
import style from './log.module.css';

/** Shown elsewhere in the form, or of no use to people. */
const NOT_HERE = new Set(['occurredAt', 'side', 'source', 'sourceId']);
/** Always in sight on the entry itself. */
const ALWAYS = ['summary', 'people', 'customerGot', 'feeling'];
/** Part of what happened, whatever the kind: a call that reached nobody is another thing than one that did. */
const SHOWN = new Set(['attended', 'amount', 'currency', 'about', 'nps', 'csat', 'ces', 'customerBenefit', 'providerBenefit', 'full', 'question', 'measure', 'value']);

export function FactFields({ fact, kind, catalogue, isMain, main, customer, people, errors, onChange, when }: { readonly fact: Fact; readonly kind: KindOf; readonly catalogue: Catalogue; readonly isMain: boolean; readonly main: string | undefined; readonly customer: string | undefined; readonly people: People; readonly errors: Readonly<Record<string, string>>; readonly onChange: (field: string, value: unknown) => void; readonly when?: ReactNode }) {
  const { t } = useTranslation('log');
  const [isOpen, setOpen] = useState(false);
  const specs = fieldsOf(catalogue, kind);
  const own = Object.keys(kind.fields).filter((name) => !NOT_HERE.has(name));
  const isRequired = (name: string): boolean => specs[name]?.required === true;
  const first = own.filter((name) => isRequired(name) || kind.anyOf?.includes(name) === true);
  const shown = own.filter((name) => !first.includes(name) && SHOWN.has(name));
  // A person that is new with the entry says no more than the name here.
  const always = isMain ? ALWAYS : ['summary'];
  const folded = [...own, ...Object.keys(catalogue.common)].filter((name, index, all) => all.indexOf(name) === index && !NOT_HERE.has(name) && !first.includes(name) && !shown.includes(name) && !always.includes(name) && !(name === 'about' && !isMain && !Object.hasOwn(kind.fields, 'about')));
  // What is wrong, and what was filled in, is never out of sight.
  const isWrong = folded.some((name) => errors[name] !== undefined);
  // It stays open while what was wrong is put right.
  if (isWrong && !isOpen) setOpen(true);
  const isUnfolded = isOpen || isWrong;
  const filled = folded.filter((name) => fact.values[name] !== undefined && fact.values[name] !== '').length;
  const field = (name: string): ReactNode => {
    const spec = specs[name];
    if (spec === undefined) return null;
    const isWide = ['text', 'persons', 'entry'].includes(spec.type) && (spec.max ?? 4000) > 200;
    return <div key={name} className={isWide ? style['wide'] : undefined}><EntryField name={name} spec={spec} value={fact.values[name]} onChange={(value) => onChange(name, value)} error={errors[name]} people={people} customer={customer} main={isMain ? undefined : main} required={isRequired(name)} showsHint={isMain && name === 'summary'} /></div>;
  };
  return (
    <Stack gap="sm">
      {kind.side === 'either' && <OneOf label={t('side')} value={(fact.values['side'] as string | undefined) ?? ''} choices={[{ value: 'customer', label: t('sides.customer') }, { value: 'us', label: t('sides.us') }]} onChange={(side) => onChange('side', side)} error={errors['side']} />}
      {first.length > 0 && <div className={style['two']}>{first.map(field)}</div>}
      {field('summary')}
      {shown.length > 0 && <div className={style['two']}>{shown.map(field)}</div>}
      {isMain && <div className={style['two']}><div>{when}</div><div>{field('people')}</div></div>}
      {isMain && field('customerGot')}
      {isMain && field('feeling')}
      {folded.length > 0 && (
        <div>
          <UnstyledButton onClick={() => setOpen(!isUnfolded)} aria-expanded={isUnfolded} mb={isUnfolded ? 'sm' : 0}>
            <Text size="sm" c="var(--mantine-color-anchor)" component="span">{isUnfolded ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />} {filled > 0 ? t('moreFilled', { count: filled }) : t('more')}</Text>
          </UnstyledButton>
          <Collapse expanded={isUnfolded} transitionDuration={0}>{isUnfolded && <div className={style['two']}>{folded.map(field)}</div>}</Collapse>
        </div>
      )}
    </Stack>
  );
}
