import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Stock } from '../../application/ports/stock.ts';
import type { RequestTally, Tally } from '../../application/ports/tally.ts';
import { RequestMetrics } from './request-metrics.ts';
import { StockMetrics, type Momentary } from './stock-metrics.ts';
import { WorkMetrics } from './work-metrics.ts';

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
  readonly #stock = new StockMetrics(this.#registry);
  readonly requests: RequestTally = new RequestMetrics(this.#registry);
  readonly work: Tally = new WorkMetrics(this.#registry);

  /** Also begins to watch the process itself: its event loop, its memory, its processor time. */
  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    for (const name of LEFT_OUT) this.#registry.removeSingleMetric(name);
  }

  /** Everything as it stands now, together with what was found out by asking. */
  async expose(stock: Stock, momentary: Momentary): Promise<{ readonly contentType: string; readonly text: string }> {
    this.#stock.set(stock, momentary);
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
