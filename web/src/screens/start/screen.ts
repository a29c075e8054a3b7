import { IconSunHigh } from '@tabler/icons-react';
import type { Screen } from '../../app/screens.js';

export const screens: readonly Screen[] = [{ path: '/', texts: 'start', navigation: { order: 10, icon: IconSunHigh, key: 's' }, load: () => import('./start.js') }];
