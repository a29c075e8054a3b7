import type { Screen } from '../../app/screens.js';

export const screens: readonly Screen[] = [{ path: '/customers/$id', texts: 'customer', asks: 'GET /api/v1/customers/:id', load: () => import('./customer.js') }];
