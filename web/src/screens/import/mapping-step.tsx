/** What each column means: field by field a column, a text for all rows, or nothing; and what the values of a column mean. */
import { ActionIcon, Autocomplete, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { commonFields, kinds } from '../../../../src/customers/catalogue.js';
import type { Cell, Mapping } from '../../../../src/exchange/mapping.js';
import { useKindLabel } from '../../api/kinds.js';
import { sayNumber } from '../../parts/locale.js';
import { useFieldLabel } from './field-label.js';
import style from './import.module.css';
import { cellAt, columnsOf } from './preview.js';
import { DATE_FORMATS, datesOf } from '../../../../src/exchange/file-format.js';
import { cellFor, choicesOf, specOf, type Column } from '../../../../src/exchange/suggest.js';

const CUSTOMER_FIELDS = ['sourceId', 'source', 'name', 'segment', 'origin', 'owner', 'team'];
/** Always shown: needed, or nearly always there. */
const ALWAYS = ['customer.sourceId', 'customer.source', 'customer.name', 'entry.occurredAt', 'entry.kind', 'entry.side', 'entry.summary'];
const NEEDED = new Set(['customer.sourceId', 'customer.source', 'entry.occurredAt', 'entry.kind']);

interface Editing {
  readonly mapping: Mapping;
  readonly change: (mapping: Mapping) => void;
  readonly columns: readonly Column[];
  readonly wrong: Readonly<Record<string, string>>;
}

function withCell(mapping: Mapping, path: string, cell: Cell | undefined): Mapping {
  const [part, field] = path.split('.') as ['customer' | 'entry', string];
  const { [field]: _, ...rest } = mapping[part] ?? {};
  return { ...mapping, [part]: cell === undefined ? rest : { ...rest, [field]: cell } };
}

export function MappingStep(editing: Editing) {
  const { t } = useTranslation('import');
  const { mapping } = editing;
  // Fields that were opened stay, also while they are empty.
  const [opened, setOpened] = useState<readonly string[]>([]);
  const used = [...Object.keys(mapping.customer).map((field) => `customer.${field}`), ...Object.keys(mapping.entry ?? {}).map((field) => `entry.${field}`)];
  const shown = [...new Set([...ALWAYS, ...used, ...opened])];
  const groups = [['customer', shown.filter((path) => path.startsWith('customer.'))], ['entry', shown.filter((path) => path.startsWith('entry.'))]] as const;
  return (
    <Stack gap="md">
      {groups.map(([part, paths]) => (
        <fieldset key={part} className={style['group']}>
          <legend>{t(`mapping.${part}`)}</legend>
          <Stack gap="sm">
            {paths.map((path) => <FieldRow key={path} path={path} {...editing} {...(!ALWAYS.includes(path) && { remove: () => setOpened(opened.filter((one) => one !== path)) })} />)}
          </Stack>
        </fieldset>
      ))}
      <AddField shown={shown} add={(path) => setOpened([...opened, path])} />
      <Dates {...editing} />
    </Stack>
  );
}

type Way = 'none' | 'text' | `column:${string}`;

function wayOf(cell: Cell | undefined, columns: readonly Column[]): Way {
  if (cell === undefined) return 'none';
  if (typeof cell === 'object') return 'column' in cell ? `column:${cell.column}` : 'text';
  const single = typeof cell === 'string' ? /^\{([^{}]+)\}$/.exec(cell)?.[1] : undefined;
  return single !== undefined && columns.some(({ name }) => name === single) ? `column:${single}` : 'text';
}

/** Of several columns, or under conditions: as a ready mapping has it, and the JSON says. */
const isBuilt = (cell: Cell): boolean => typeof cell === 'object' && !('column' in cell);

function FieldRow({ path, mapping, change, columns, wrong, remove }: Editing & { readonly path: string; readonly remove?: () => void }) {
  const { t } = useTranslation('import');
  const labelOf = useFieldLabel();
  const choiceOf = useChoiceLabel(path);
  const [id] = useState(() => `field-${path.replace('.', '-')}`);
  const cell = cellAt(mapping, path);
  const way = wayOf(cell, columns);
  // A text was chosen, and nothing is typed yet.
  const [isText, setText] = useState(way === 'text');
  const shownWay: Way = way === 'none' && isText ? 'text' : way;
  const label = labelOf(path);
  const choices = choicesOf(path);
  const choose = (next: string | null): void => {
    setText(next === 'text');
    if (next === null || next === 'none' || next === 'text') change(withCell(mapping, path, undefined));
    else change(withCell(mapping, path, cellFor(path, columns.find(({ name }) => `column:${name}` === next)!)));
  };
  const spec = path.startsWith('entry.') ? specOf(path.slice('entry.'.length)) : undefined;
  const column = way.startsWith('column:') ? columns.find(({ name }) => `column:${name}` === way) : undefined;
  return (
    <div className={style['field']}>
      <div className={style['label']}>
        <Text component="label" htmlFor={id} size="sm" fw={600}>{label}{NEEDED.has(path) && <Text component="span" size="xs" c="dimmed"> {t('mapping.needed')}</Text>}</Text>
        <Text size="xs" c="dimmed" id={`${id}-more`}>{t(`hints.${path.replace('.', '-')}`, { defaultValue: spec?.says ?? '' })}</Text>
      </div>
      <Stack gap={6} style={{ minWidth: 0 }}>
        <Group gap="xs" align="flex-start" wrap="nowrap">
          <Select id={id} aria-describedby={`${id}-more`} style={{ flex: 1, minWidth: 0 }} data={[{ group: t('mapping.columns'), items: columns.map(({ name }) => ({ value: `column:${name}`, label: name })) }, { group: t('mapping.other'), items: [{ value: 'text', label: t('mapping.text') }, ...(NEEDED.has(path) ? [] : [{ value: 'none', label: t('mapping.none') }])] }]} value={shownWay === 'none' ? (NEEDED.has(path) ? null : 'none') : shownWay} onChange={choose} allowDeselect={false} searchable selectFirstOptionOnChange placeholder={t('mapping.choose')} error={shownWay === 'text' ? undefined : wrong[path]} nothingFoundMessage={t('mapping.noColumn')} />
          {remove !== undefined && (
            <ActionIcon
              variant="subtle"
              size={36}
              aria-label={t('mapping.remove', { field: label })}
              onClick={() => {
                change(withCell(mapping, path, undefined));
                remove();
              }}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          )}
        </Group>
        {cell !== undefined && isBuilt(cell) && <Text size="xs" c="dimmed">{t('mapping.built', { columns: [...new Set(columnsOf(cell))].join(', ') })}</Text>}
        {shownWay === 'text' && !(cell !== undefined && isBuilt(cell)) && (choices !== undefined && columnsOf(cell).length === 0 ? (
          <Select aria-label={t('mapping.all', { field: label })} data={choices.map((value) => ({ value, label: choiceOf(value) }))} value={cell === undefined || typeof cell === 'object' ? null : String(cell)} onChange={(value) => change(withCell(mapping, path, value ?? undefined))} placeholder={t('mapping.all', { field: label })} searchable selectFirstOptionOnChange error={wrong[path]} nothingFoundMessage={t('mapping.noColumn')} />
        ) : (
          <TextInput aria-label={t('mapping.all', { field: label })} placeholder={t('mapping.template')} value={cell === undefined || typeof cell === 'object' ? '' : String(cell)} onChange={(event) => change(withCell(mapping, path, event.currentTarget.value === '' ? undefined : event.currentTarget.value))} error={wrong[path]} />
        ))}
        {column !== undefined && typeof cell === 'object' && 'column' in cell && <Values path={path} cell={cell} column={column} change={(next) => change(withCell(mapping, path, next))} />}
      </Stack>
    </div>
  );
}

/** What a choice is called: kinds by their labels, sides as "they" and "we". */
function useChoiceLabel(path: string): (value: string) => string {
  const { t } = useTranslation('import');
  const labelOf = useKindLabel();
  return (value) => (path === 'entry.kind' ? labelOf(value) : path === 'entry.side' ? t(`sides.${value}`) : value);
}

/** Each value of the column, and what it means. */
function Values({ path, cell, column, change }: { readonly path: string; readonly cell: Extract<Cell, { readonly column: string }>; readonly column: Column; readonly change: (cell: Cell) => void }) {
  const { t } = useTranslation('import');
  const labelOf = useFieldLabel();
  const choiceOf = useChoiceLabel(path);
  const choices = choicesOf(path);
  const values = cell.values ?? {};
  const counts = new Map([...column.values].filter(([value]) => value.trim() !== '').map(([value, count]) => [value.trim(), count]));
  const named = [...new Set([...counts.keys(), ...Object.keys(values)])];
  const data = choices?.map((value) => ({ value, label: choiceOf(value) }));
  const set = (value: string, to: string | null): void => {
    const { [value]: _, ...rest } = values;
    change({ ...cell, values: to === null || to === '' ? rest : { ...rest, [value]: to } });
  };
  const setDefault = (to: string | null): void => {
    const { default: _, ...rest } = cell;
    change(to === null || to === '' ? rest : { ...rest, default: to });
  };
  return (
    <div className={style['values']} role="group" aria-label={t('values.label', { field: labelOf(path), column: cell.column })}>
      {column.hasMore && <Text size="xs" c="dimmed">{t('values.more', { count: counts.size })}</Text>}
      {named.map((value) => (
        <div key={value} className={style['value']}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{value}{counts.has(value) && <Text component="span" size="xs" c="dimmed"> × {sayNumber(counts.get(value)!)}</Text>}</Text>
          {data === undefined ? <TextInput size="xs" aria-label={t('values.means', { value })} value={values[value] ?? ''} onChange={(event) => set(value, event.currentTarget.value)} /> : <Select size="xs" aria-label={t('values.means', { value })} data={data} value={values[value] ?? null} onChange={(to) => set(value, to)} searchable selectFirstOptionOnChange clearable placeholder={cell.default === undefined ? t('values.open') : choiceOf(cell.default)} nothingFoundMessage={t('mapping.noColumn')} />}
        </div>
      ))}
      <div className={style['value']}>
        <Text size="sm" fs="italic">{t('values.others')}</Text>
        {data === undefined ? <TextInput size="xs" aria-label={t('values.others')} value={cell.default ?? ''} onChange={(event) => setDefault(event.currentTarget.value)} /> : <Select size="xs" aria-label={t('values.others')} data={data} value={cell.default ?? null} onChange={setDefault} searchable selectFirstOptionOnChange clearable placeholder={t('values.bad')} nothingFoundMessage={t('mapping.noColumn')} />}
      </div>
    </div>
  );
}

function AddField({ shown, add }: { readonly shown: readonly string[]; readonly add: (path: string) => void }) {
  const { t } = useTranslation('import');
  const labelOf = useFieldLabel();
  const data = useMemo(() => {
    const own = [...new Set(Object.values(kinds).filter(({ group }) => group !== 'ours').flatMap(({ fields }) => Object.keys(fields)))].filter((field) => commonFields[field] === undefined);
    const items = (paths: readonly string[]): { readonly value: string; readonly label: string }[] => paths.filter((path) => !shown.includes(path)).map((value) => ({ value, label: labelOf(value) }));
    return [
      { group: t('mapping.customer'), items: items(CUSTOMER_FIELDS.map((field) => `customer.${field}`)) },
      { group: t('mapping.everyEntry'), items: items(Object.keys(commonFields).map((field) => `entry.${field}`)) },
      { group: t('mapping.someKinds'), items: items(own.map((field) => `entry.${field}`)) },
    ];
  }, [shown, labelOf, t]);
  return <Select label={t('mapping.add')} placeholder={t('mapping.addMore')} data={data} value={null} onChange={(path) => path !== null && add(path)} searchable selectFirstOptionOnChange nothingFoundMessage={t('mapping.noField')} maw={420} />;
}

const ZONES = Intl.supportedValuesOf('timeZone');

function Dates({ mapping, change, columns, wrong }: Editing) {
  const { t } = useTranslation('import');
  const name = columnsOf(cellAt(mapping, 'entry.occurredAt'))[0];
  const values = columns.find((column) => column.name === name)?.values;
  const found = useMemo(() => (values === undefined ? null : datesOf(values.keys())), [values]);
  const format = mapping.dates?.format ?? 'ISO';
  const set = (dates: { readonly format?: string; readonly zone?: string }): void => change({ ...mapping, dates: { ...mapping.dates, ...dates } });
  const setZone = (zone: string | null): void => {
    const { zone: _, ...rest } = mapping.dates ?? {};
    change({ ...mapping, dates: zone === null ? rest : { ...rest, zone } });
  };
  return (
    <fieldset className={style['group']}>
      <legend>{t('dates.title')}</legend>
      <Group align="flex-start" grow preventGrowOverflow={false}>
        <Autocomplete label={t('dates.format')} description={t('dates.formatMore')} data={[...DATE_FORMATS]} value={format} onChange={(value) => set({ format: value })} error={wrong['dates.format']} />
        <Select label={t('dates.zone')} description={t('dates.zoneMore')} data={ZONES} value={mapping.dates?.zone ?? null} onChange={setZone} placeholder={t('dates.ours')} searchable selectFirstOptionOnChange clearable limit={60} error={wrong['dates.zone']} nothingFoundMessage={t('dates.noZone')} />
      </Group>
      {found !== null && found.format !== format && <Text size="sm" mt="xs">{t('dates.looks', { column: name, format: found.format })}</Text>}
      {found?.or != null && <Text size="sm" mt="xs" fw={600}>{t('dates.ambiguous', { column: name, format: found.format, or: found.or })}</Text>}
    </fieldset>
  );
}
