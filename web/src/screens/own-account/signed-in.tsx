import { Alert, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ownSessionsAllOptions, ownSessionsOneMutation, ownSessionsOthersMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import type { OwnSessionsAllResponse } from '../../api/generated/types.gen.js';
import { sessionOptions } from '../../app/session.js';
import { Failed } from '../../parts/failed.js';
import { sayInstant } from '../../parts/locale.js';
import { Answer } from '../../parts/states.js';
import { When } from '../../parts/when.js';
import { placeIn } from './agent.js';
import style from './own-account.module.css';

/** By this part of the address the account menu leads here. */
const PLACE = 'signed-in';

type One = OwnSessionsAllResponse['items'][number];

/** Every place where one is signed in, with a way out of each; and by what one may sign in. */
export function SignedIn() {
  const { t } = useTranslation('own-account');
  const query = useQuery(ownSessionsAllOptions());
  const [asked, setAsked] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const isMeant = useLocation().hash === PLACE;
  useEffect(() => {
    if (isMeant) place.current?.scrollIntoView();
  }, [isMeant]);
  const others = useMutation(ownSessionsOthersMutation());
  const count = query.data?.items.filter(({ here }) => !here).length ?? 0;
  return (
    <Paper withBorder p="md" component="section" ref={place} id={PLACE} aria-label={t('sessions.title')} className={style['place']}>
      <Stack gap="md">
        <div>
          <Title order={2}>{t('sessions.title')}</Title>
          <Text size="sm" c="dimmed">{t('sessions.more')}</Text>
        </div>
        <Answer query={query} lines={2}>
          {({ items }) => (
            <ul className={style['list']} aria-label={t('sessions.title')}>
              {[...items].sort((a, b) => Number(b.here) - Number(a.here)).map((one) => <Session key={one.session} one={one} />)}
            </ul>
          )}
        </Answer>
        {asked && count > 0 && (
          <Alert variant="outline" color="red" title={t('sessions.others', { count })}>
            <Text size="sm" mb="xs">{t('sessions.othersFollows')}</Text>
            <Group gap="xs">
              <Button size="xs" color="red" loading={others.isPending} onClick={() => others.mutate({}, { onSuccess: () => setAsked(false) })} autoFocus>{t('sessions.othersYes')}</Button>
              <Button size="xs" variant="default" onClick={() => setAsked(false)}>{t('cancel')}</Button>
            </Group>
          </Alert>
        )}
        {!asked && count > 0 && <Group><Button variant="default" onClick={() => setAsked(true)}>{t('sessions.others', { count })}</Button></Group>}
        <Failed error={others.error} />
        <OpenId />
      </Stack>
    </Paper>
  );
}

function Session({ one: { session, begun, seen, expires, address, agent, here } }: { readonly one: One }) {
  const { t } = useTranslation('own-account');
  const end = useMutation(ownSessionsOneMutation());
  const { browser, system } = placeIn(agent);
  const place = browser === null && system === null ? t('sessions.unknown') : [browser, system].filter((part) => part !== null).join(t('sessions.on'));
  const Icon = ['iPhone', 'iPad', 'Android'].includes(system ?? '') ? IconDeviceMobile : IconDeviceDesktop;
  return (
    <li>
      <Group justify="space-between" gap="sm">
        <Group gap="sm" wrap="nowrap" style={{ flex: '1 1 240px', minWidth: 0 }}>
          <Icon size={20} aria-hidden style={{ flex: 'none' }} />
          <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
            <Group gap={6}><Text size="sm" fw={600} title={agent}>{place}</Text>{here && <Badge size="sm" variant="light" color="water" tt="none">{t('sessions.here')}</Badge>}</Group>
            <Text size="xs" c="dimmed">{address} · {here ? t('sessions.now') : <>{t('sessions.seen')} <When at={seen} /></>}</Text>
            <Text size="xs" c="dimmed">{t('sessions.begun', { at: sayInstant(begun) })} · {t('sessions.expires', { at: sayInstant(expires) })}</Text>
          </div>
        </Group>
        {!here && <Button size="xs" variant="default" style={{ flex: 'none' }} loading={end.isPending} onClick={() => end.mutate({ path: { session } })} aria-label={t('sessions.endOf', { place, address })}>{t('sessions.end')}</Button>}
      </Group>
      <Failed error={end.error} />
    </li>
  );
}

/** Whether the account opens by the provider too; an administrator links it. */
function OpenId() {
  const { t } = useTranslation('own-account');
  const { data } = useQuery(sessionOptions);
  if (data?.openId == null) return null;
  return (
    <div>
      <Title order={3}>{data.openId.label}</Title>
      <Text size="sm">{t(data.linked ? 'openId.linked' : 'openId.notLinked')}</Text>
      <Text size="sm" c="dimmed">{t('openId.who')}</Text>
    </div>
  );
}
