/** What a check found, customer by customer, with the entries: what is off, what was not recorded, what fits. */
import { Button, Group, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, type InfiniteData } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { alignmentCheckEvidenceInfiniteOptions, alignmentDetectorEvidenceInfiniteOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { AlignmentDetectorEvidenceResponse } from '../../api/generated/types.gen.js';
import { CustomerLink } from '../../parts/customer-link.js';
import { Behind } from '../../parts/entries-behind.js';
import { sayNumber } from '../../parts/locale.js';
import { Answer } from '../../parts/states.js';
import { FoundSign, type FoundOne } from '../../parts/verdict.js';
import style from './alignment.module.css';

const PAGE = 25;
const KEPT_MS = 5 * 60_000;
const FOUND = ['off', 'unknown', 'fits'] as const;

/** `detector` null: one of the checks of how relationships are led. */
export function Findings({ detector, check, window, groups, first }: { readonly detector: string | null; readonly check: string; readonly window: number | undefined; readonly groups: { readonly what: string; readonly of: readonly string[] } | null; readonly first: FoundOne }) {
  const { t } = useTranslation(['alignment', 'parts']);
  const [found, setFound] = useState<FoundOne>(first);
  const [group, setGroup] = useState<string | null>(null);
  const asked = { found, limit: PAGE, ...(group !== null && { group }), ...(window !== undefined && { window }) };
  // Both answer alike.
  const options = detector === null ? alignmentCheckEvidenceInfiniteOptions({ path: { check }, query: asked }) : alignmentDetectorEvidenceInfiniteOptions({ path: { detector }, query: { ...asked, check } });
  const query = useInfiniteQuery({ ...(options as ReturnType<typeof alignmentDetectorEvidenceInfiniteOptions>), staleTime: KEPT_MS, initialPageParam: {} as never, getNextPageParam: ({ next }) => (next === null ? undefined : ({ query: { cursor: next } } as never)) });
  return (
    <Stack gap="xs" className={style['findings']}>
      <Group gap="sm">
        <SegmentedControl size="xs" aria-label={t('findings.which')} value={found} onChange={(value) => setFound(value)} data={FOUND.map((value) => ({ value, label: t(`findings.${value}`) }))} />
        {groups !== null && groups.of.length > 1 && <Select size="xs" aria-label={groups.what} placeholder={t('findings.every', { what: groups.what })} data={[...groups.of]} value={group} onChange={setGroup} searchable clearable clearButtonProps={{ 'aria-label': t('findings.every', { what: groups.what }) }} />}
      </Group>
      <Answer query={query} lines={3}>
        {({ pages }: InfiniteData<AlignmentDetectorEvidenceResponse>) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Text size="sm" c="dimmed">{t(`findings.none.${found}`)}</Text>;
          return (
            <>
              <Text size="xs" c="dimmed" role="status">{t('findings.count', { count: pages[0]!.total, shown: sayNumber(pages[0]!.total) })}</Text>
              <ul className={style['list']} aria-label={t(`findings.${found}`)}>
                {items.map((finding, index) => (
                  <li key={index}>
                    <Behind customer={finding.customer.id} entries={finding.because} name={finding.customer.name ?? t('parts:pickers.unnamed')}>
                      <CustomerLink customer={finding.customer} />
                      <Said finding={finding} />
                    </Behind>
                  </li>
                ))}
              </ul>
              {query.hasNextPage && <Group><Button variant="default" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('parts:list.more')}</Button></Group>}
            </>
          );
        }}
      </Answer>
    </Stack>
  );
}

/** Off, fits or not recorded; and what, in a few words. */
export function Said({ finding: { found, group, missing, says, own } }: { readonly finding: Pick<AlignmentDetectorEvidenceResponse['items'][number], 'found' | 'group' | 'missing' | 'says' | 'own'> }) {
  const { t } = useTranslation('alignment');
  const words = [...(group === null || group === 'none' ? [] : [group]), ...(says === null ? [] : [says]), ...(missing === null ? [] : [t('missing', { what: missing })]), ...(own.length === 0 ? [] : [t('own', { count: own.length })])];
  return <Text size="xs" component="div" className={style['said']}><FoundSign found={found} />{words.length > 0 && <span>{words.join(' · ')}</span>}</Text>;
}
