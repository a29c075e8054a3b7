import { IconCalendarDue } from '@tabler/icons-react';
import type { Screen } from '../../app/screens.js';

export const screens: readonly Screen[] = [{ path: '/contracts', texts: 'contracts', asks: 'GET /api/v1/contracts-ahead', navigation: { order: 26, icon: IconCalendarDue, key: 'c' }, load: () => import('./contracts.js') }];
