/** A customer on one page: where it stands, how it came there, who they are, and what comes next. Today, or on any past day. */
import { Button, Group, Select, Stack, Switch, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { IconArrowForwardUp, IconHistory } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { overviewOverviewOptions, ringsJourneyOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { kindsOptions } from '../../api/kinds.js';
import { useKeys, type Key } from '../../app/keys.js';
import { sayDay } from '../../parts/locale.js';
import { Answer } from '../../parts/states.js';
import { useAddress } from './address.js';
import { Band } from './band.js';
import { Card } from './card.js';
import { Checks } from './checks.js';
import style from './customer.module.css';
import { Ahead } from './ahead.js';
import { CustomerAsks } from './asks.js';
import { Head } from './head.js';
import { People } from './people.js';
import { CustomerPromises } from './promises.js';
import { RingPanel } from './ring-panel.js';
import { Timeline } from './timeline.js';

export default function Customer() {
  const { t } = useTranslation('customer');
  const { id, address, go } = useAddress();
  const { on, known, offering } = address;
  const clocks = useMemo(() => ({ ...(on !== undefined && { asOf: on }), ...(on !== undefined && known !== undefined && { asKnown: on }) }), [on, known]);
  // Needed by every row; on its way before the first.
  useQuery(kindsOptions);
  const overview = useQuery({ ...overviewOverviewOptions({ path: { id }, query: clocks }), placeholderData: keepPreviousData });
  const journey = useQuery({ ...ringsJourneyOptions({ path: { id }, query: { ...clocks, ...(offering !== undefined && { offering }) } }), placeholderData: keepPreviousData });
  const now = useQuery({ ...ringsJourneyOptions({ path: { id }, query: { ...(offering !== undefined && { offering }) } }), placeholderData: keepPreviousData });
  const toToday = useMemo(() => () => go({ on: undefined, known: undefined }), [go]);
  useKeys(useMemo<Key[]>(() => [
    { keys: 't', says: t('keys.today'), run: toToday },
    { keys: 'b', says: t('keys.band'), run: () => document.getElementById('journey-day')?.focus() },
    { keys: 'f', says: t('keys.find'), run: () => document.getElementById('timeline-text')?.focus() },
    { keys: 'e', says: t('keys.timeline'), run: () => document.querySelector<HTMLElement>('#timeline [data-row]')?.focus() },
  ], [t, toToday]));
  const name = overview.data?.name;
  useEffect(() => {
    if (name != null) document.title = `${name} · Five-Ring`;
  }, [name]);
  // Another customer: nothing of the last one is shown meanwhile.
  const isOther = overview.data !== undefined && overview.data.id !== id;
  return (
    <Answer query={isOther ? { ...overview, data: undefined } : overview} lines={12}>
      {(stands) => (
        <Stack gap="md" aria-busy={overview.isPlaceholderData || journey.isPlaceholderData}>
          {on !== undefined && <Banner on={on} isKnown={known !== undefined} toToday={toToday} setKnown={(is) => go({ known: is ? 'yes' : undefined })} />}
          <Head stands={stands} journey={journey.data} isToday={on === undefined} />
          <div className={style['page']} data-past={on !== undefined}>
            <div className={style['side']}>
              <Card
                title={t('rings.title')}
                beside={stands.offerings.length > 0 && (
                  <Select size="xs" w={160} aria-label={t('offering.label')} placeholder={t('offering.all')} data={[...new Set([...stands.offerings, ...(offering === undefined ? [] : [offering])])]} value={offering ?? null} onChange={(value) => go({ offering: value ?? undefined })} clearable clearButtonProps={{ 'aria-label': t('offering.all'), 'aria-hidden': false }} />
                )}
              >
                <Answer query={journey} lines={6}>{(standing) => <RingPanel customer={id} name={stands.name ?? t('unnamed')} journey={standing} />}</Answer>
              </Card>
              <Ahead stands={stands} isToday={on === undefined} />
              {on === undefined && <CustomerPromises stands={stands} />}
              <People stands={stands} isToday={on === undefined} />
              {on === undefined && <CustomerAsks stands={stands} />}
              <Checks key={id} customer={id} clocks={clocks} />
            </div>
            <div className={style['main']}>
              <Card title={t('band.title')}>
                <Answer query={now} lines={5}>{(standing) => <Band journey={known !== undefined && journey.data !== undefined ? journey.data : standing} then={journey.data} firstEntry={stands.firstEntry} on={on} go={go} />}</Answer>
              </Card>
              <Timeline customer={id} stands={stands} />
            </div>
          </div>
        </Stack>
      )}
    </Answer>
  );
}

/** Nobody takes a past day for today: it stays in sight, with the way back. */
function Banner({ on, isKnown, toToday, setKnown }: { readonly on: string; readonly isKnown: boolean; readonly toToday: () => void; readonly setKnown: (is: boolean) => void }) {
  const { t } = useTranslation('customer');
  return (
    <div className={style['banner']} role="status">
      <Group gap="xs" wrap="nowrap" className={style['bannerText']}>
        <IconHistory size={20} aria-hidden />
        <Text size="sm"><b>{sayDay(on)}</b> {t(isKnown ? 'past.known' : 'past.was')}</Text>
      </Group>
      <details className={style['more']}>
        <summary>{t('past.more')}</summary>
        <Switch mt={6} size="sm" checked={isKnown} onChange={(event) => setKnown(event.currentTarget.checked)} label={t('past.switch')} description={t('past.explain')} />
      </details>
      <Button size="xs" variant="filled" leftSection={<IconArrowForwardUp size={16} aria-hidden />} onClick={toToday} aria-keyshortcuts="t" rightSection={<kbd aria-hidden>t</kbd>}>{t('past.back')}</Button>
    </div>
  );
}
