/** Prometheus metrics: requests by route and status, the log, the views. */
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { StoreStatus } from '../kernel/event-store.js';
import { type Operations } from './operations.js';

/** A number that is read when somebody asks for the metrics. */
export interface Measured {
  readonly name: string;
  readonly help: string;
  readonly read: () => number | Promise<number>;
}

export class Metrics {
  private readonly registry = new Registry();
  private readonly requests: Histogram;

  constructor(operations: Operations, more: readonly Measured[] = []) {
    collectDefaultMetrics({ register: this.registry });
    this.requests = new Histogram({ name: 'five_ring_http_request_seconds', help: 'Requests by method, route and status.', labelNames: ['method', 'route', 'status'], registers: [this.registry] });
    const gauge = (name: string, help: string, read: () => number | Promise<number>): void => {
      new Gauge({ name, help, registers: [this.registry], collect: async function (this: Gauge) { this.set(await measured(read)); } });
    };
    gauge('five_ring_views_caught_up', 'Whether the views speak for the whole log (1) or lag behind (0).', async () => Number(await operations.caughtUp()));
    gauge('five_ring_views_leads', 'Whether this process writes the views (1) or follows another that does (0).', () => Number(operations.isLeading()));
    gauge('five_ring_views_lag_seconds', 'Age of the oldest event that the views do not have yet; 0 when they have all.', () => operations.lagSeconds());
    if (operations.storeStatus() !== undefined) {
      const status = (): StoreStatus => operations.storeStatus()!;
      gauge('five_ring_store_connected', 'Whether the log on another machine answers (1) or not (0).', () => Number(status().connected));
      gauge('five_ring_store_last_contact_timestamp_seconds', 'When the log on another machine last answered.', () => status().lastContact / 1000);
      gauge('five_ring_store_reconnects', 'Connections to the log given up and made anew since the start.', () => status().reconnects);
    }
    gauge('five_ring_parked_streams', 'Streams that a view could not project.', async () => (await operations.parked()).length);
    for (const { name, help, read } of more) gauge(name, help, read);
  }

  observe(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status: String(status) }, seconds);
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}

/** NaN where it cannot be told now: the other figures are wanted all the more. */
async function measured(read: () => number | Promise<number>): Promise<number> {
  try {
    return await read();
  } catch {
    return NaN;
  }
}
