/** What stands around every screen: header, navigation, keys, and who is signed in. */
import { AppShell, Burger, Button, Center, Group, Loader, NavLink, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure, useNetwork } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, redirect, useLocation, useNavigate, useRouter } from '@tanstack/react-router';
import { IconSearch, IconWifiOff } from '@tabler/icons-react';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { onSignedOut } from '../api/client.js';
import { queries } from '../api/queries.js';
import { sayInstant } from '../parts/locale.js';
import { AccountMenu } from './account-menu.js';
import { KeyHelp, useKeyHelp } from './key-help.js';
import { useKeys, type Key } from './keys.js';
import { useLive } from './live.js';
import style from './layout.module.css';
import { Mark } from './mark.js';
import { useAsOf, useNewVersion } from './offline.js';
import { openOverlay, Overlays } from './overlays.js';
import { inNavigation, overlays } from './screens.js';
import { openSearch, Search } from './search.js';
import { may, sessionOf, sessionOptions, useSession } from './session.js';
import { Waiting } from './waiting.js';

/** Before any screen in the shell: who is not signed in goes to sign in, and afterwards to where they were going. */
export async function letIn({ location }: { readonly location: { readonly href: string } }): Promise<void> {
  const who = await queries.ensureQueryData(sessionOptions);
  if (sessionOf(who) === null) throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href }, replace: true });
}

/** Stands for as long as somebody is signed in. */
export function Layout() {
  const router = useRouter();
  const { data } = useQuery(sessionOptions);
  const isIn = data !== undefined && sessionOf(data) !== null;
  useEffect(() => onSignedOut(() => void queries.invalidateQueries({ queryKey: sessionOptions.queryKey })), []);
  // The session ended, here or elsewhere: asked again, the door leads out.
  useEffect(() => {
    if (!isIn) void router.invalidate();
  }, [isIn, router]);
  return isIn ? <Shell /> : <Center mih="60vh"><Loader /></Center>;
}

function Shell() {
  const { t } = useTranslation();
  const session = useSession();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const help = useKeyHelp();
  const main = useRef<HTMLElement>(null);
  const { online } = useNetwork();
  useLive();
  const asOf = useAsOf();
  const isNewer = useNewVersion();

  const shown = useMemo(() => inNavigation.filter(({ asks }) => asks === undefined || may(session, asks)), [session.role]); // eslint-disable-line react-hooks/exhaustive-deps -- the role decides
  const actions = useMemo(() => overlays.flatMap(({ key, icon, asks, ...more }) => (key === undefined || icon === undefined || !(asks === undefined || may(session, asks)) ? [] : [{ ...more, key, icon }])), [session.role]); // eslint-disable-line react-hooks/exhaustive-deps -- the role decides

  useKeys(useMemo<Key[]>(() => [
    { keys: '?', says: t('keys.help'), run: help.open },
    { keys: '/', says: t('keys.search'), run: openSearch },
    ...actions.map(({ name, texts, key }) => ({ keys: key, says: t('action', { ns: texts }), run: () => openOverlay(name) })),
    ...shown.filter(({ navigation }) => navigation!.key !== undefined).map(({ path, texts, navigation }) => ({ keys: `g ${navigation!.key}`, says: t('keys.go', { screen: t('title', { ns: texts }) }), run: () => void navigate({ to: path }) })),
  ], [t, help.open, actions, shown, navigate]));

  // A new address: the menu closes, and who uses the keyboard stands at the beginning of the new screen.
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    close();
    main.current?.focus({ preventScroll: true });
  }, [pathname, close]);

  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !isOpen } }} padding={{ base: 'sm', sm: 'lg' }}>
      <a className="skip" href="#content">{t('skip')}</a>
      <AppShell.Header className={style['header']}>
        <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('menu')} aria-expanded={isOpen} aria-controls="screens" />
        <UnstyledButton component={Link} to="/" className={style['name']} aria-label={t('name')}>
          <Mark />
          <Text fw={650} visibleFrom="xs">{t('name')}</Text>
        </UnstyledButton>
        <UnstyledButton className={style['search']} onClick={openSearch} aria-keyshortcuts="/ Control+K">
          <IconSearch size={16} aria-hidden />
          <span>{t('search.button')}</span>
          <kbd className={style['key']} aria-hidden>/</kbd>
        </UnstyledButton>
        <Group gap="xs" wrap="nowrap">
          <Waiting />
          {actions.map(({ name, texts, key, icon: Icon }) => (
            <Button key={name} size="sm" leftSection={<Icon size={16} aria-hidden />} onClick={() => openOverlay(name)} aria-keyshortcuts={key} aria-label={t('action', { ns: texts })} className={style['action']}>
              <span className={style['actionText']}>{t('action', { ns: texts })}</span>
            </Button>
          ))}
          <AccountMenu showKeys={help.open} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" id="screens" aria-label={t('navigation')} className={style['navbar']}>
        {shown.map(({ path, texts, navigation }) => {
          const Icon = navigation!.icon;
          const isHere = path === '/' ? pathname === '/' : pathname === path || pathname.startsWith(`${path}/`);
          return <NavLink key={path} component={Link} to={path} label={t('title', { ns: texts })} leftSection={<Icon size={18} aria-hidden />} active={isHere} aria-current={isHere ? 'page' : undefined} className={style['link']} onClick={close} />;
        })}
      </AppShell.Navbar>
      <AppShell.Main ref={main} id="content" tabIndex={-1}>
        <div role="status">
          {(asOf !== null || !online) && <Group gap="xs" className={style['offline']} wrap="nowrap"><IconWifiOff size={18} aria-hidden /><Text size="sm">{asOf === null ? t('offline') : t('offline.asOf', { ns: 'log', at: sayInstant(asOf) })}</Text></Group>}
          {isNewer && <Group gap="xs" className={style['offline']} justify="space-between"><Text size="sm">{t('offline.newVersion', { ns: 'log' })}</Text><Button size="compact-sm" variant="default" onClick={() => location.reload()}>{t('offline.reload', { ns: 'log' })}</Button></Group>}
        </div>
        <Outlet />
      </AppShell.Main>
      <Search />
      <Overlays />
      <KeyHelp isOpen={help.isOpen} close={help.close} />
    </AppShell>
  );
}
