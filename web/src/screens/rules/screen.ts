import { IconScale } from '@tabler/icons-react';
import type { Screen } from '../../app/screens.js';

export const screens: readonly Screen[] = [{ path: '/rules', texts: 'rules', asks: 'GET /api/v1/rules', navigation: { order: 60, icon: IconScale, key: 'r' }, load: () => import('./rules.js') }];
