import { IconFileImport } from '@tabler/icons-react';
import type { Screen } from '../../app/screens.js';

export const screens: readonly Screen[] = [{ path: '/import', texts: 'import', asks: 'POST /api/v1/imports', navigation: { order: 70, icon: IconFileImport, key: 'i' }, load: () => import('./import.js') }];
