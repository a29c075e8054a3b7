import { Badge, Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ACTIONS } from '../../../../src/access/audit.js';
import { auditAllInfiniteOptions, colleaguesAllOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { AuditAllData, AuditAllResponses } from '../../api/generated/types.gen.js';
import { fieldsOf } from '../../parts/failed.js';
import { sayInstant, sayNumber } from '../../parts/locale.js';
import { ColleaguePicker } from '../../parts/pickers.js';
import { Answer, Empty } from '../../parts/states.js';
import style from './administration.module.css';
import { AdministrationPage } from './page.js';

type Row = AuditAllResponses[200]['items'][number];
type Asked = NonNullable<AuditAllData['query']>;

const PAGE = 100;
const AHEAD = 30;

/** Only what was said. */
const given = (asked: Record<string, string | null>): Asked => Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== null && value !== ''));
/** What was done, in words; a route that has none is told as it is. */
function useDeed(): (route: string) => string {
  const { t } = useTranslation('audit');
  return (route) => t(`deeds.${route.replace('/api/v1/', '').replaceAll(/:\w+/g, '*')}` as 'deeds.POST session', { defaultValue: route, nsSeparator: false });
}

/** The day after, so that "to" means including that day. */
const dayAfter = (day: string): string => (day === '' ? '' : new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10));

export default function Audit() {
  const { t } = useTranslation('audit');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [colleague, setColleague] = useState<string | null>(null);
  const [action, setAction] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const [target] = useDebouncedValue(typed.trim(), 300);
  const asked = given({ from, to: dayAfter(to), colleague, action, target });
  const query = useInfiniteQuery({
    ...auditAllInfiniteOptions({ query: { ...asked, limit: PAGE } }),
    initialPageParam: {},
    getNextPageParam: ({ next }) => (next === null ? undefined : { query: { cursor: next } }),
    placeholderData: keepPreviousData,
  });
  const errors = fieldsOf(query.error);
  const csv = `/api/v1/audit?${new URLSearchParams({ ...(asked as Record<string, string>), format: 'csv' }).toString()}`;
  return (
    <AdministrationPage texts="audit" actions={<Button component="a" href={csv} download="audit.csv" variant="default" leftSection={<IconDownload size={16} aria-hidden />}>{t('csv')}</Button>}>
      <Text size="sm" c="dimmed" mb="md" maw={720}>{t('more')}</Text>
      <Group align="flex-start" mb="md" gap="sm" role="search" aria-label={t('filters')}>
        <TextInput type="date" label={t('from')} value={from} onChange={(event) => setFrom(event.currentTarget.value)} error={errors['from']} />
        <TextInput type="date" label={t('to')} value={to} onChange={(event) => setTo(event.currentTarget.value)} error={errors['to']} />
        <ColleaguePicker label={t('colleague')} value={colleague} onChange={setColleague} error={errors['colleague']} />
        <Select label={t('action')} data={ACTIONS.map((value) => ({ value, label: t(`actions.${value}`) }))} value={action} onChange={setAction} clearable w={160} error={errors['action']} />
        <TextInput label={t('target')} description={t('targetMore')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} error={errors['target']} spellCheck={false} w={240} inputWrapperOrder={['label', 'input', 'error', 'description']} />
      </Group>
      {Object.keys(errors).length > 0 ? null : (
        <Answer query={query} lines={10}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            return items.length === 0 ? <Empty title={t('empty')} /> : <Rows items={items} hasMore={query.hasNextPage} more={() => void (query.hasNextPage && !query.isFetchingNextPage && query.fetchNextPage())} />;
          }}
        </Answer>
      )}
    </AdministrationPage>
  );
}

/** Only the rows in sight are in the page; to a screen reader the table has them all. */
function Rows({ items, hasMore, more }: { readonly items: readonly Row[]; readonly hasMore: boolean; readonly more: () => void }) {
  const { t } = useTranslation('audit');
  const { data: colleagues } = useQuery(colleaguesAllOptions());
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  const rows = useWindowVirtualizer({ count: items.length, estimateSize: () => 62, overscan: 12, scrollMargin: top });
  const seen = rows.getVirtualItems();
  const last = seen.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last > items.length - AHEAD) more();
  }, [last, items.length, hasMore, more]);
  const deed = useDeed();
  const nameOf = (id: string | null): string => (id === null ? t('nobody') : (colleagues?.items.find((one) => one.id === id)?.name ?? id));
  return (
    <div role="table" aria-label={t('heading')} aria-rowcount={hasMore ? -1 : items.length + 1}>
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className={`${style['row']} ${style['record']} ${style['recordHead']}`}>
          {(['at', 'who', 'what', 'where'] as const).map((head) => <span key={head} role="columnheader">{t(`heads.${head}`)}</span>)}
        </div>
      </div>
      <div role="rowgroup" ref={list} style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {seen.map(({ index, start, key }) => {
          const { at, action, outcome, colleague, via, route, target, part, status, address, times, until } = items[index]!;
          return (
            <div key={key} ref={rows.measureElement} data-index={index} role="row" aria-rowindex={index + 2} className={`${style['row']} ${style['record']} ${style['recordRow']}`} style={{ transform: `translateY(${start - top}px)`, position: 'absolute', insetInline: 0 }}>
              <span role="cell"><time dateTime={at}>{sayInstant(at)}</time></span>
              <span role="cell" className={style['cut']}>{nameOf(colleague)}<Text size="xs" c="dimmed">{t(`vias.${via}`)}</Text></span>
              <span role="cell" className={style['cut']}>
                <Group gap={6}>
                  <Text span fw={600} size="sm" title={route}>{deed(route)}</Text>
                  {outcome !== 'done' && <Badge size="xs" variant="default" tt="none">{t(`outcomes.${outcome}`)} {status}</Badge>}
                  {times > 1 && <Badge size="xs" variant="default" tt="none">{t('times', { shown: sayNumber(times) })}</Badge>}
                </Group>
                <Text size="xs" c="dimmed">{t(`actions.${action}`)}{until !== null && ` – ${sayInstant(until)}`}</Text>
              </span>
              <span role="cell" className={style['cut']}>
                {[target, part].filter((id) => id !== null).map((id) => <span key={id} className={style['id']}>{colleagues?.items.find((one) => one.id === id)?.name ?? id}</span>)}
                <Text size="xs" c="dimmed">{address}</Text>
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
