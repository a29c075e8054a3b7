import { IconSpeakerphone } from '@tabler/icons-react';
import type { Overlay, Screen } from '../../app/screens.js';

/** The order of the pages in the screen's own navigation. */
export const screens: readonly Screen[] = [
  { path: '/advocates', texts: 'advocates', asks: 'GET /api/v1/advocates', navigation: { order: 28, icon: IconSpeakerphone, key: 'v' }, load: () => import('./board.js') },
  { path: '/advocates/whom-to-ask', texts: 'advocates-whom', asks: 'GET /api/v1/whom-to-ask', load: () => import('./whom.js') },
  { path: '/advocates/asks', texts: 'advocates-asks', asks: 'GET /api/v1/asks', load: () => import('./asks.js') },
  { path: '/advocates/referrals', texts: 'referrals', asks: 'GET /api/v1/referrals', load: () => import('./referrals.js') },
];

/** `openOverlay('ask', { customer, person, act, offering })`. */
export const overlays: readonly Overlay[] = [{ name: 'ask', texts: 'advocates-ask', asks: 'POST /api/v1/customers/:id/asks', load: () => import('./ask.js') }];
