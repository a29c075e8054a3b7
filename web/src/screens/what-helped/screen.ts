import { IconBulb } from '@tabler/icons-react';
import type { Screen } from '../../app/screens.js';

export const screens: readonly Screen[] = [{ path: '/what-helped', texts: 'what-helped', asks: 'GET /api/v1/helped', navigation: { order: 46, icon: IconBulb, key: 'h' }, load: () => import('./what-helped.js') }];
