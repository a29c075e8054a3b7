import type { Screen } from '../../app/screens.js';

export const screens: readonly Screen[] = [{ path: '/welcome', texts: 'welcome', open: true, load: () => import('./welcome.js') }];
