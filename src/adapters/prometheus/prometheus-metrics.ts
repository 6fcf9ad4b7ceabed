import { collectDefaultMetrics, Registry } from 'prom-client';
import type { ServiceStatus } from '../../application/ports/service-status.ts';
import type { RequestMetrics, Metrics } from '../../application/ports/metrics.ts';
import { PrometheusRequestMetrics } from './request-metrics.ts';
import { PrometheusStatusMetrics, type ProcessStatus } from './status-metrics.ts';
import { PrometheusWorkMetrics } from './work-metrics.ts';

/** Default metrics of prom-client that say nothing useful or have labels with Node's internals. */
const REMOVED_METRICS = ['nodejs_version_info'].concat(
  ['resources', 'handles', 'requests'].flatMap((what) => [`nodejs_active_${what}`, `nodejs_active_${what}_total`]),
);

/** The metrics of this process, in the text format of Prometheus. */
export class PrometheusMetrics {
  readonly #registry = new Registry();
  readonly #status = new PrometheusStatusMetrics(this.#registry);
  readonly requests: RequestMetrics = new PrometheusRequestMetrics(this.#registry);
  readonly work: Metrics = new PrometheusWorkMetrics(this.#registry);

  /** Also starts to measure the process: its event loop, memory and processor time. */
  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    for (const name of REMOVED_METRICS) this.#registry.removeSingleMetric(name);
  }

  /** Returns all metrics, with the gauges set from `status` and `process`. */
  async expose(
    status: ServiceStatus,
    process: ProcessStatus,
  ): Promise<{ readonly contentType: string; readonly text: string }> {
    this.#status.set(status, process);
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
