import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { promisesListOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { dayIn } from '../../parts/day-in.js';
import { sayNumber } from '../../parts/locale.js';
import { Promises } from '../../parts/promise.js';
import { Answer } from '../../parts/states.js';
import { Calm, Panel } from './panel.js';

const MOST = 20;

/** Promises due by the end of today that are not delivered; of one colleague with `owner`, without of all. Each delivered by a click. */
export function PromisesDue({ owner }: { readonly owner?: string }) {
  const { t } = useTranslation('promises');
  const query = useQuery(promisesListOptions({ query: { dueBefore: dayIn(1), limit: MOST, ...(owner !== undefined && { owner }) } }));
  const totals = query.data?.totals;
  const title = t(owner === undefined ? 'today.title' : 'today.mine');
  return (
    <Panel title={title} {...(totals !== undefined && totals.dueToday + totals.missed > 0 && { sum: t('today.sum', { due: sayNumber(totals.dueToday), missed: sayNumber(totals.missed) }) })} action={<Anchor component={Link} to="/promises" fz="sm">{t('today.all')}</Anchor>}>
      <Answer query={query} lines={3}>{({ items }) => (items.length === 0 ? <Calm>{t('today.none')}</Calm> : <Promises items={items} label={title} names owners={owner === undefined} />)}</Answer>
    </Panel>
  );
}
