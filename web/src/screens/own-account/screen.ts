import type { Screen } from '../../app/screens.js';

export const screens: readonly Screen[] = [{ path: '/account', texts: 'own-account', load: () => import('./own-account.js') }];
