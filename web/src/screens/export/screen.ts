import { IconFileExport } from '@tabler/icons-react';
import type { Screen } from '../../app/screens.js';

export const screens: readonly Screen[] = [{ path: '/export', texts: 'export', asks: 'GET /api/v1/export/interactions', navigation: { order: 72, icon: IconFileExport, key: 'e' }, load: () => import('./export.js') }];
