/** When and of whom the dashboard speaks. */
import { Button, Collapse, Group, Input, SegmentedControl, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DEPARTMENTS as OURS } from '../../../../src/customers/catalogue.js';
import { valueOptions } from './figure-card.js';
import style from './leadership.module.css';
import { PERIODS, SPLITS, useQuestion } from './question.js';

const DEPARTMENTS: readonly (typeof OURS)[number][] = ['marketing', 'sales', 'service', 'operations', 'executive', 'partner'];

const dayOf = (text: string | undefined): string => (text ?? '').slice(0, 10);
const isInstant = (text: string | undefined): boolean => text !== undefined && text.length > 10;

/** A part that may be asked for by its name. */
const isNamed = (part: string | null): part is string => part !== null && part !== 'none' && part !== 'smaller departments';

function usePartsOf(split: 'segment' | 'origin' | 'offering', isOn: boolean, chosen: string | undefined): string[] {
  const { data } = useQuery({ ...valueOptions('ring-distribution', { split }), enabled: isOn });
  return [...new Set([...(data?.parts ?? []).map(({ part }) => part).filter(isNamed), ...(chosen === undefined ? [] : [chosen])])].sort();
}

export function Controls({ withSplit = true }: { readonly withSplit?: boolean }) {
  const { t } = useTranslation('leadership');
  const { t: app } = useTranslation();
  const { question, ask } = useQuestion();
  const [isOpen, setOpen] = useState(() => ['segment', 'origin', 'department', 'offering', 'from'].some((field) => question[field as 'segment'] !== undefined));
  const [isKnown, setKnown] = useState(question.asKnown !== undefined && !isInstant(question.asOf));
  const isPast = question.asOf !== undefined;
  const options = { segment: usePartsOf('segment', isOpen, question.segment), origin: usePartsOf('origin', isOpen, question.origin), offering: usePartsOf('offering', isOpen, question.offering) };
  const today = new Date().toISOString().slice(0, 10);
  return (
    <Stack className={style['controls']} gap="sm" role="group" aria-label={t('controls.title')}>
      <Group gap="md" align="flex-end">
        <TextInput type="date" size="xs" label={t('controls.asOf')} value={dayOf(question.asOf)} max={today} onChange={({ currentTarget: { value } }) => ask({ asOf: value === today ? null : value, asKnown: null })} w={150} />
        <div>
          <Input.Label size="xs" id="by" labelElement="div" display="block">{t('controls.by')}</Input.Label>
          <SegmentedControl size="xs" aria-labelledby="by" value={question.by ?? 'month'} onChange={(by) => ask({ by: by === 'month' ? null : by })} data={PERIODS.map((value) => ({ value, label: t(`periods.${value}`) }))} />
        </div>
        {withSplit && <Select size="xs" label={t('controls.split')} placeholder={t('controls.whole')} clearable clearButtonProps={{ 'aria-label': t('controls.whole') }} value={question.split ?? null} onChange={(split) => ask({ split })} data={SPLITS.map((value) => ({ value, label: t(`splits.${value}`) }))} w={170} />}
        <Button size="xs" variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{t('controls.narrow')}</Button>
        {isPast && <Button size="xs" variant="default" aria-expanded={isKnown} onClick={() => setKnown(!isKnown)}>{t('controls.known')}</Button>}
        {Object.keys(question).some((field) => field !== 'group' && field !== 'side') && <Button size="xs" variant="subtle" onClick={() => ask({ asOf: null, asKnown: null, from: null, by: null, window: null, split: null, segment: null, origin: null, department: null, offering: null, group: null, side: null })}>{t('controls.reset')}</Button>}
      </Group>
      <Collapse expanded={isOpen}>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 5 }} spacing="sm">
          <TextInput type="date" size="xs" label={t('controls.from')} value={dayOf(question.from)} max={dayOf(question.asOf) || today} onChange={({ currentTarget: { value } }) => ask({ from: value })} />
          {(['segment', 'origin', 'offering'] as const).map((field) => <Select key={field} size="xs" label={t(`splits.${field}`)} placeholder={t('controls.every')} searchable clearable clearButtonProps={{ 'aria-label': t('controls.every') }} value={question[field] ?? null} onChange={(value) => ask({ [field]: value })} data={options[field]} nothingFoundMessage={t('controls.nothing')} />)}
          <Select size="xs" label={t('splits.department')} placeholder={t('controls.every')} clearable clearButtonProps={{ 'aria-label': t('controls.every') }} value={question.department ?? null} onChange={(department) => ask({ department })} data={DEPARTMENTS.map((value) => ({ value, label: app(`departments.${value}`) }))} />
        </SimpleGrid>
      </Collapse>
      <Collapse expanded={isPast && isKnown}>
        <Group gap="sm" align="flex-end">
          <TextInput type="date" size="xs" label={t('controls.asKnown')} description={t('controls.asKnownMore')} value={/^\d{4}-/.test(question.asKnown ?? '') ? dayOf(question.asKnown) : ''} min={dayOf(question.asOf)} max={today} onChange={({ currentTarget: { value } }) => ask({ asKnown: value })} />
          <Button size="xs" variant="default" onClick={() => ask({ asKnown: dayOf(question.asOf) })}>{t('controls.asKnownThen')}</Button>
        </Group>
      </Collapse>
    </Stack>
  );
}
