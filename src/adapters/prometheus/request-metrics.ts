import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { RequestMetrics } from '../../application/ports/metrics.ts';

/** Any other method is counted as `other`, so that clients cannot add labels. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** From a read of metadata to the upload of a large disk. */
const DURATION_BUCKETS_SECONDS = [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 600, 3600];

/** Failures that alerts use. They start at 0, so that the first one counts as an increase. */
const WATCHED_FAILURES = [
  'unexpected',
  'unavailable',
  'bytes-missing',
  'bytes-damaged',
  'no-space',
  'wrong-credentials',
];

/** Registers the metrics of requests. */
export class PrometheusRequestMetrics implements RequestMetrics {
  readonly #requests: Counter<'method' | 'route' | 'status'>;
  readonly #durations: Histogram<'method' | 'route'>;
  readonly #underway: Gauge;
  readonly #received: Counter<'route'>;
  readonly #sent: Counter<'route'>;
  readonly #failures: Counter<'code'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#requests = new Counter({
      name: 'platter_http_requests_total',
      help: 'Requests that ended, by route pattern. Status "none": the client disconnected before a status was sent',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'platter_http_request_duration_seconds',
      help: 'Time from the head of a request to the end of its response',
      labelNames: ['method', 'route'],
      buckets: DURATION_BUCKETS_SECONDS,
      registers,
    });
    this.#underway = new Gauge({
      name: 'platter_http_requests_in_progress',
      help: 'Requests whose response has not ended',
      registers,
    });
    this.#received = new Counter({
      name: 'platter_http_received_bytes_total',
      help: 'Bytes of request bodies. Those of uploads are counted as they arrive',
      labelNames: ['route'],
      registers,
    });
    this.#sent = new Counter({
      name: 'platter_http_sent_bytes_total',
      help: 'Bytes of response bodies. Those of downloads are counted as they are sent',
      labelNames: ['route'],
      registers,
    });
    this.#failures = new Counter({
      name: 'platter_http_failures_total',
      help: 'Calls that were refused or failed, by error code. Code "unexpected": the log holds the error',
      labelNames: ['code'],
      registers,
    });
    for (const code of WATCHED_FAILURES) this.#failures.inc({ code }, 0);
  }

  requestBegun(): void {
    this.#underway.inc();
  }

  requestEnded({ method, route, status, seconds }: Parameters<RequestMetrics['requestEnded']>[0]): void {
    const known = METHODS.has(method) ? method : 'other';
    this.#underway.dec();
    this.#requests.inc({ method: known, route, status: status ?? 'none' });
    this.#durations.observe({ method: known, route }, seconds);
  }

  bytesReceived(route: string, bytes: number): void {
    this.#received.inc({ route }, bytes);
  }

  bytesSent(route: string, bytes: number): void {
    this.#sent.inc({ route }, bytes);
  }

  failed(code: string): void {
    this.#failures.inc({ code });
  }
}
