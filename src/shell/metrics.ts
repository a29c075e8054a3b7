/** Prometheus metrics: requests by route and status, the log, the views. */
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type Operations } from './operations.js';

export class Metrics {
  private readonly registry = new Registry();
  private readonly requests: Histogram;

  constructor(operations: Operations) {
    collectDefaultMetrics({ register: this.registry });
    this.requests = new Histogram({ name: 'five_ring_http_request_seconds', help: 'Requests by method, route and status.', labelNames: ['method', 'route', 'status'], registers: [this.registry] });
    const gauge = (name: string, help: string, read: () => number | Promise<number>): void => {
      new Gauge({ name, help, registers: [this.registry], collect: async function (this: Gauge) { this.set(await read()); } });
    };
    gauge('five_ring_views_caught_up', 'Whether the views speak for the whole log (1) or lag behind (0).', async () => Number(await operations.caughtUp()));
    gauge('five_ring_parked_streams', 'Streams that a view could not project.', () => operations.parked().length);
  }

  observe(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status: String(status) }, seconds);
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
