/** The map of addresses, made of the screens that are there. */
import { Center, Loader } from '@mantine/core';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate, Outlet, type AnyRoute, type RouteComponent } from '@tanstack/react-router';
import { useEffect, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { NoRight } from '../parts/states.js';
import { Broke, Missing, Nowhere } from './fallbacks.js';
import { Layout, letIn } from './layout.js';
import { inNavigation, screens, type Screen } from './screens.js';
import { may, useSession } from './session.js';

function useTitle(screen: Screen): void {
  const { t } = useTranslation(screen.texts);
  const title = t('title');
  useEffect(() => {
    document.title = `${title} · Five-Ring`;
  }, [title]);
}

/** A screen with its title in the window, for whoever may see it. */
function guarded(screen: Screen): RouteComponent {
  const Content = lazyRouteComponent(screen.load) as ComponentType & { readonly preload?: () => Promise<void> };
  const Titled = () => {
    useTitle(screen);
    return <Content />;
  };
  const { asks, open } = screen;
  const Guarded = () => (may(useSession(), asks!) ? <Titled /> : <NoRight />);
  // The router loads the code of a screen while a link to it is pointed at.
  return Object.assign(open === true || asks === undefined ? Titled : Guarded, { preload: Content.preload });
}

/** Where there is no screen for `/`: the first one of the navigation that is open to the role. */
function Front() {
  const session = useSession();
  const first = inNavigation.find(({ asks }) => asks === undefined || may(session, asks));
  return first === undefined ? <Nowhere /> : <Navigate to={first.path} replace />;
}

const root = createRootRoute({ component: Outlet, errorComponent: Broke });
const shell = createRoute({ getParentRoute: () => root, id: 'shell', beforeLoad: letIn, component: Layout, errorComponent: Broke });
const routeOf = (screen: Screen): AnyRoute => createRoute({ getParentRoute: (): AnyRoute => (screen.open === true ? root : shell), path: screen.path, component: guarded(screen), errorComponent: Broke });

const inShell = screens.filter(({ open }) => open !== true).map(routeOf);
const front: AnyRoute[] = screens.some(({ path }) => path === '/') ? [] : [createRoute({ getParentRoute: () => shell, path: '/', component: Front })];
const missing = createRoute({ getParentRoute: () => shell, path: '$', component: Missing });

export const router = createRouter({
  routeTree: root.addChildren([shell.addChildren([...inShell, ...front, missing] as AnyRoute[]), ...screens.filter(({ open }) => open === true).map(routeOf)]),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingComponent: () => <Center mih="40vh"><Loader /></Center>,
  defaultNotFoundComponent: Missing,
});
