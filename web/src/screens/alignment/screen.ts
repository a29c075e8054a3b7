import { IconTarget } from '@tabler/icons-react';
import type { Screen } from '../../app/screens.js';

/** The order of the pages in the screen's own navigation. */
export const screens: readonly Screen[] = [
  { path: '/alignment', texts: 'alignment', asks: 'GET /api/v1/alignment', navigation: { order: 44, icon: IconTarget, key: 'l' }, load: () => import('./detectors.js') },
  { path: '/alignment/checks', texts: 'alignment-checks', asks: 'GET /api/v1/checks', load: () => import('./checks.js') },
  { path: '/alignment/campaigns', texts: 'alignment-campaigns', asks: 'GET /api/v1/campaigns', load: () => import('./campaigns.js') },
];
