/** How relationships are led, check by check: what fires first. */
import { Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { alignmentChecksOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { Page } from '../../parts/pages.js';
import { Answer } from '../../parts/states.js';
import style from './alignment.module.css';
import { CheckLine } from './check.js';
import { LookingBack, Sum, useAsked } from './detectors.js';
import { screens } from './screen.js';

const KEPT_MS = 5 * 60_000;
const ORDER = { fires: 0, 'cannot tell': 1, clean: 2 } as const;

export default function Checks() {
  const { t } = useTranslation(['alignment-checks', 'alignment']);
  const { window, check: open, ask } = useAsked();
  const query = useQuery({ ...alignmentChecksOptions({ query: window === undefined ? {} : { window } }), staleTime: KEPT_MS, placeholderData: keepPreviousData });
  return (
    <Page of={screens} label={t('alignment:pages')} title={t('title')} actions={<LookingBack window={window} ask={ask} />}>
      <Text c="dimmed" maw={720} mb="sm">{t('about')}</Text>
      <Answer query={query} lines={12}>
        {({ items }) => (
          <Stack gap="md" aria-busy={query.isPlaceholderData}>
            <Sum answers={items.map(({ answer }) => answer)} />
            <div className={style['checksAlone']}>
              {items.toSorted((a, b) => ORDER[a.answer] - ORDER[b.answer]).map((check) => <CheckLine key={check.name} check={check} detector={null} window={window} isOpen={open === check.name} toggle={() => ask({ check: open === check.name ? undefined : check.name })} level="h2" />)}
            </div>
          </Stack>
        )}
      </Answer>
    </Page>
  );
}
