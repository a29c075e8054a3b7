import { IconPencilPlus } from '@tabler/icons-react';
import type { Overlay } from '../../app/screens.js';

const LOG = 'POST /api/v1/customers/:id/interactions';

export const overlays: readonly Overlay[] = [
  { name: 'log', texts: 'log', asks: LOG, key: 'l', icon: IconPencilPlus, load: () => import('./log.js') },
  { name: 'correct', texts: 'log', asks: 'PUT /api/v1/customers/:id/interactions/:interaction', load: () => import('./correct.js') },
  { name: 'retract', texts: 'log', asks: 'POST /api/v1/customers/:id/interactions/:interaction/retract', load: () => import('./retract.js') },
  { name: 'move', texts: 'log', asks: 'POST /api/v1/customers/:id/interactions/:interaction/move', load: () => import('./move.js') },
  { name: 'waiting', texts: 'log', asks: LOG, load: () => import('./waiting-list.js') },
];
