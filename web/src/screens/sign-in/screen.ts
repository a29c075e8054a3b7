import type { Screen } from '../../app/screens.js';

export const screens: readonly Screen[] = [{ path: '/sign-in', texts: 'sign-in', open: true, load: () => import('./sign-in.js') }];
