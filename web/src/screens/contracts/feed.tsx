/** The address from which a calendar program reads one's own dates: made, shown once, revoked. */
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keysAllOptions, keysMakeMutation, keysRevokeMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import { useKey } from '../../api/use-key.js';
import { sayDate } from '../../parts/locale.js';
import { ShownOnce } from '../../parts/shown-once.js';
import { Answer, Problem } from '../../parts/states.js';
import { When } from '../../parts/when.js';
import style from './contracts.module.css';

const SCOPE = 'calendar';

export function Feed() {
  const { t } = useTranslation('contracts');
  const key = useKey();
  const query = useQuery(keysAllOptions());
  const make = useMutation(keysMakeMutation());
  const revoke = useMutation(keysRevokeMutation());
  const error = make.error ?? revoke.error;
  return (
    <section className={style['feed']} aria-labelledby="feed">
      <Title order={2} id="feed">{t('feed.title')}</Title>
      <Text size="sm" c="dimmed" mt={4} mb="sm">{t('feed.about')}</Text>
      <Stack gap="sm">
        {make.data !== undefined && <ShownOnce title={t('feed.made')} label={t('feed.address')} value={`${location.origin}/api/v1/calendar.ics?key=${make.data.token}`}>{t('feed.how')}</ShownOnce>}
        {error !== null && <Problem error={error} />}
        <Answer query={query} lines={2}>
          {({ items }) => {
            const own = items.filter(({ scopes }) => scopes.length === 1 && (scopes[0] as string) === SCOPE);
            return own.length === 0 ? <Text size="sm">{t('feed.none')}</Text> : (
              <ul className={style['list']} aria-label={t('feed.title')}>
                {own.map(({ key: id, label, made, lastUsed }) => (
                  <li key={id} className={style['line']}>
                    <div className={style['what']}><Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>{label}</Text><Text size="xs" c="dimmed">{t('feed.since', { date: sayDate(made) })} · {lastUsed === null ? t('feed.neverRead') : <>{t('feed.read')} <When at={lastUsed} /></>}</Text></div>
                    <Button size="compact-sm" variant="default" disabled={revoke.isPending} aria-label={t('feed.revokeOf', { label, date: sayDate(made) })} onClick={() => revoke.mutate({ path: { key: id } }, { onSuccess: () => make.reset() })}>{t('feed.revoke')}</Button>
                  </li>
                ))}
              </ul>
            );
          }}
        </Answer>
        <Group><Button variant="default" size="xs" loading={make.isPending} onClick={() => make.mutate({ body: { label: t('feed.label'), scopes: [SCOPE] as never }, headers: key.headers }, { onSuccess: key.renew })}>{t('feed.make')}</Button></Group>
      </Stack>
    </section>
  );
}
