/** How this relationship is led, check by check, and where our messages miss it; folded, and asked for once it is opened. */
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { alignmentAtCustomerOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { AlignmentAtCustomerResponse } from '../../api/generated/types.gen.js';
import { Answer } from '../../parts/states.js';
import { FoundSign, Verdict, type Answered } from '../../parts/verdict.js';
import { Card, EntryLink } from './card.js';
import style from './customer.module.css';

type Checked = AlignmentAtCustomerResponse['items'][number];
const ORDER: Readonly<Record<Answered, number>> = { fires: 0, 'cannot tell': 1, clean: 2 };
/** Of so many entries behind a finding there is a link. */
const MOST = 5;

export function Checks({ customer, clocks }: { readonly customer: string; readonly clocks: { readonly asOf?: string; readonly asKnown?: string } }) {
  const { t } = useTranslation('customer');
  const [isOpen, setOpen] = useState(false);
  const query = useQuery({ ...alignmentAtCustomerOptions({ path: { id: customer }, query: clocks }), enabled: isOpen });
  return (
    <Card title={t('checks.title')}>
      <details className={style['more']} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t('checks.open')}</summary>
        {isOpen && <Answer query={query} lines={6}>{({ items }) => <List items={items} />}</Answer>}
      </details>
    </Card>
  );
}

function List({ items }: { readonly items: readonly Checked[] }) {
  const { t } = useTranslation('customer');
  const shown = items.flatMap((item) => ((item.answer as Answered | null) === null ? [] : [item])).sort((a, b) => ORDER[a.answer] - ORDER[b.answer]);
  if (shown.length === 0) return <Text size="sm" c="dimmed">{t('checks.none')}</Text>;
  return (
    <ul className={style['people']}>
      {shown.map(({ name, title, says, answer, findings }) => (
        <li key={name}>
          <Stack gap={3}>
            <div className={style['checkHead']}><Text component="h3" size="sm" fw={600} title={says}>{title}</Text><Verdict answer={answer} /></div>
            {findings.map(({ found, group, missing, says: what, because }, at) => (
              <Text key={at} size="xs" component="div" style={{ overflowWrap: 'anywhere' }}>
                <FoundSign found={found} /> {[...(group === null || group === 'none' ? [] : [group]), ...(what === null ? [] : [what]), ...(missing === null ? [] : [t('checks.missing', { what: missing })])].join(' · ')}{' '}
                {because.slice(0, MOST).map((entry, index) => <span key={entry}><EntryLink entry={entry}><Text component="span" size="xs">{t('checks.entry', { number: index + 1 })}</Text></EntryLink> </span>)}
                {because.length > MOST && t('checks.more', { count: because.length - MOST })}
              </Text>
            ))}
          </Stack>
        </li>
      ))}
    </ul>
  );
}
