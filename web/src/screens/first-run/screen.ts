import type { Screen } from '../../app/screens.js';

export const screens: readonly Screen[] = [{ path: '/first-run', texts: 'first-run', asks: 'POST /api/v1/rules', load: () => import('./first-run.js') }];
