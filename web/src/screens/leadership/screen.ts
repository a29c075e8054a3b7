import { IconChartLine } from '@tabler/icons-react';
import type { Screen } from '../../app/screens.js';

const asks = 'GET /api/v1/figures';

export const screens: readonly Screen[] = [
  { path: '/leadership', texts: 'leadership', asks, navigation: { order: 40, icon: IconChartLine, key: 'f' }, load: () => import('./leadership.js') },
  { path: '/leadership/figure/$name', texts: 'leadership-figure', asks, load: () => import('./figure/figure.js') },
  { path: '/leadership/kept', texts: 'leadership-kept', asks, load: () => import('./kept/kept-list.js') },
  { path: '/leadership/kept/$id', texts: 'leadership-kept', asks, load: () => import('./kept/kept.js') },
  { path: '/leadership/report', texts: 'leadership-report', asks, load: () => import('./report/report.js') },
];
