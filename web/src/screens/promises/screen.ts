import { IconHeartHandshake } from '@tabler/icons-react';
import type { Overlay, Screen } from '../../app/screens.js';

export const screens: readonly Screen[] = [{ path: '/promises', texts: 'promises', asks: 'GET /api/v1/promises', navigation: { order: 24, icon: IconHeartHandshake, key: 'm' }, load: () => import('./list.js') }];

/** `openOverlay('promise', { customer })`. */
export const overlays: readonly Overlay[] = [{ name: 'promise', texts: 'promises', asks: 'POST /api/v1/customers/:id/promises', load: () => import('./make.js') }];
