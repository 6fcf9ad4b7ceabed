import { collectDefaultMetrics, Registry } from 'prom-client';
import type { ServiceStatus } from '../../application/ports/service-status.ts';
import type { RequestMetrics, Metrics } from '../../application/ports/metrics.ts';
import { PrometheusRequestMetrics } from './request-metrics.ts';
import { PrometheusStatusMetrics, type Momentary } from './status-metrics.ts';
import { PrometheusWorkMetrics } from './work-metrics.ts';

/**
 * What prom-client tells of the process that nobody needs to know, or that has labels of the inside
 * of Node.
 */
const LEFT_OUT = ['nodejs_version_info'].concat(
  ['resources', 'handles', 'requests'].flatMap((what) => [`nodejs_active_${what}`, `nodejs_active_${what}_total`]),
);

/** All that this process counts, in the text form of Prometheus. */
export class PrometheusMetrics {
  readonly #registry = new Registry();
  readonly #status = new PrometheusStatusMetrics(this.#registry);
  readonly requests: RequestMetrics = new PrometheusRequestMetrics(this.#registry);
  readonly work: Metrics = new PrometheusWorkMetrics(this.#registry);

  /** Also begins to watch the process itself: its event loop, its memory, its processor time. */
  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    for (const name of LEFT_OUT) this.#registry.removeSingleMetric(name);
  }

  /** Everything as it stands now, together with what was found out by asking. */
  async expose(
    status: ServiceStatus,
    momentary: Momentary,
  ): Promise<{ readonly contentType: string; readonly text: string }> {
    this.#status.set(status, momentary);
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
