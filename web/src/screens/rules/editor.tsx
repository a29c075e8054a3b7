/** The rules in sentences. With `set` every number, kind and switch of them can be changed where it stands. */
import { Group, MultiSelect, NumberInput, Select, Stack, Switch, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { kinds } from '../../../../src/customers/catalogue.js';
import type { Rules } from '../../../../src/rings/rules.js';
import { kindsOptions } from '../../api/kinds.js';
import { piecesOf, valueAt } from './draft.js';
import style from './rules.module.css';
import { Sentence } from './sentence.js';

interface Editing {
  readonly rules: Rules;
  readonly problems: Readonly<Record<string, string>>;
  readonly set: (path: string, value: unknown) => void;
}

const RING_COUNT = 5;

export function Editor({ rules, live, problems, set }: { readonly rules: Rules; readonly live: Rules; readonly problems: Readonly<Record<string, string>>; readonly set?: Editing['set'] }) {
  const { t } = useTranslation('rules');
  const rings = useTranslation('parts').t;
  const said = piecesOf(rules);
  const before = piecesOf(live);
  const editing = set === undefined ? undefined : { rules, problems, set };
  const isChanged = (index: number): boolean => JSON.stringify(said[index]) !== JSON.stringify(before[index]) || said[index]!.pieces.some((piece) => 'field' in piece && valueAt(rules, piece.field) !== valueAt(live, piece.field));
  return (
    <Stack gap="sm">
      {said.slice(0, RING_COUNT).map(({ pieces }, index) => {
        const ring = index + 1;
        const headed = `ring-${ring}`;
        return (
          <section key={ring} className={style['ring']} aria-labelledby={headed} data-changed={isChanged(index)}>
            <Group gap="xs" mb={4} wrap="nowrap">
              <span className={style['order']} aria-hidden>{ring}</span>
              <Title order={2} id={headed}>{rings(`rings.names.${ring}`)}</Title>
            </Group>
            <Sentence rules={rules} pieces={pieces} problems={problems} {...(set !== undefined && { set })} />
            {editing !== undefined && <Options ring={ring} {...editing} />}
          </section>
        );
      })}
      <section className={style['ring']} aria-labelledby="expected" data-changed={[5, 6, 7].some(isChanged)}>
        <Title order={2} id="expected" mb={4}>{t('expected')}</Title>
        {said.slice(RING_COUNT).map(({ about, pieces }) => <Sentence key={about} rules={rules} pieces={pieces} problems={problems} {...(set !== undefined && { set })} />)}
        {editing !== undefined && (
          <div className={style['options']}>
            <Nullable {...editing} field="expected.contact" otherwise={90} label={t('options.expectContact')} />
            <Nullable {...editing} field="expected.review" otherwise={180} label={t('options.expectReview')} />
          </div>
        )}
      </section>
    </Stack>
  );
}

/** What does not stand in the sentence as a number: kinds, switches, and numbers whose absence changes the sentence. */
function Options({ ring, ...editing }: Editing & { readonly ring: number }) {
  const { t } = useTranslation('rules');
  const { rules, problems, set } = editing;
  switch (ring) {
    case 1:
      return (
        <div className={style['options']}>
          <Kinds {...editing} field="contact.except" among={(name) => kinds[name]!.side !== 'us'} />
          <Kinds {...editing} field="contact.attended" among={(name) => kinds[name]!.side !== 'us' && 'attended' in kinds[name]!.fields} />
        </div>
      );
    case 2:
      return (
        <div className={style['options']}>
          <Nullable {...editing} field="purchase.length" otherwise={365} label={t('options.length')} description={t('options.lengthMore')} />
          <Days {...editing} field="purchase.beyondEnd" />
        </div>
      );
    case 3:
      return (
        <div className={style['options']}>
          <Kinds {...editing} field="adoption.evidence" among={(name) => kinds[name]!.side === 'customer'} />
          <Within {...editing} field="adoption.csatAfterReview" otherwise={90} />
        </div>
      );
    case 4:
      return (
        <div className={style['options']}>
          <Switch label={t('options.tacit')} description={t('options.tacitMore')} checked={rules.renewal.tacit} onChange={(event) => set('renewal.tacit', event.currentTarget.checked)} error={problems['renewal.tacit']} />
          <Within {...editing} field="renewal.alsoWithin" otherwise={365} />
        </div>
      );
    default:
      return null;
  }
}

function Kinds({ rules, problems, set, field, among }: Editing & { readonly field: string; readonly among: (name: string) => boolean }) {
  const { t } = useTranslation('rules');
  const { data } = useQuery(kindsOptions);
  const chosen = valueAt(rules, field) as readonly string[];
  const labels = new Map((data?.items ?? []).map(({ kind, label }) => [kind, label]));
  // What was pasted may name kinds that cannot be chosen here: they can be taken out.
  const names = [...new Set([...Object.keys(kinds).filter(among), ...chosen])];
  return <MultiSelect label={t(`fields.${field.replace('.', '-')}`)} description={t(`options.${field.replace('.', '-')}`)} data={names.map((value) => ({ value, label: labels.get(value) ?? value }))} value={[...chosen]} onChange={(value) => set(field, value)} error={problems[field]} searchable selectFirstOptionOnChange hidePickedOptions nothingFoundMessage={t('nothingFound')} />;
}

function Days({ rules, problems, set, field }: Editing & { readonly field: string }) {
  const { t } = useTranslation('rules');
  return <NumberInput label={t(`fields.${field.replace('.', '-')}`)} description={t(`options.${field.replace('.', '-')}`)} suffix={` ${t('days')}`} value={valueAt(rules, field) as number | string} onChange={(value) => set(field, value)} error={problems[field]} clampBehavior="none" allowDecimal={false} maw={250} />;
}

/** On: the number stands in the sentence. */
function Nullable({ rules, set, field, otherwise, label, description }: Editing & { readonly field: string; readonly otherwise: number; readonly label: string; readonly description?: string }) {
  return <Switch label={label} description={description} checked={valueAt(rules, field) !== null} onChange={(event) => set(field, event.currentTarget.checked ? otherwise : null)} />;
}

/** Never, in any case, or within so many days. */
function Within({ rules, problems, set, field, otherwise }: Editing & { readonly field: string; readonly otherwise: number }) {
  const { t } = useTranslation('rules');
  const key = field.replace('.', '-');
  const value = valueAt(rules, field);
  const way = value === null ? 'never' : value === 0 ? 'any' : 'within';
  return (
    <div>
      <Select label={t(`fields.${key}`)} data={['never', 'any', 'within'].map((one) => ({ value: one, label: t(`options.${key}-${one}`) }))} value={way} allowDeselect={false} onChange={(next) => set(field, next === 'never' ? null : next === 'any' ? 0 : otherwise)} error={way === 'within' ? undefined : problems[field]} />
      {way === 'within' && <NumberInput mt={6} aria-label={t(`options.${key}-days`)} suffix={` ${t('days')}`} value={value as number | string} min={1} onChange={(next) => set(field, next)} error={problems[field]} clampBehavior="none" allowDecimal={false} maw={250} />}
    </div>
  );
}
