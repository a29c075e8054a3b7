import { IconUsersGroup } from '@tabler/icons-react';
import type { Screen } from '../../app/screens.js';

export const screens: readonly Screen[] = [{ path: '/portfolio', texts: 'portfolio', asks: 'GET /api/v1/portfolio', navigation: { order: 20, icon: IconUsersGroup, key: 'p' }, load: () => import('./portfolio.js') }];
