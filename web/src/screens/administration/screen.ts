import { IconSettings } from '@tabler/icons-react';
import type { Screen } from '../../app/screens.js';

/** The order of the pages in the screen's own navigation. */
export const screens: readonly Screen[] = [
  { path: '/administration', texts: 'administration', asks: 'GET /api/v1/accounts', navigation: { order: 90, icon: IconSettings, key: 'a' }, load: () => import('./accounts.js') },
  { path: '/administration/requests', texts: 'person-requests', asks: 'GET /api/v1/requests', load: () => import('./requests.js') },
  { path: '/administration/erasure', texts: 'erasure', asks: 'GET /api/v1/erasures', load: () => import('./erasure.js') },
  { path: '/administration/settings', texts: 'settings', asks: 'GET /api/v1/settings', load: () => import('./settings.js') },
  { path: '/administration/audit', texts: 'audit', asks: 'GET /api/v1/audit', load: () => import('./audit.js') },
  { path: '/administration/health', texts: 'health', asks: 'GET /api/v1/status', load: () => import('./health.js') },
];
