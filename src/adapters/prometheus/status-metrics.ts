import { Gauge, type Registry } from 'prom-client';
import type { ServiceStatus } from '../../application/ports/service-status.ts';

/** Limits and use of this process at one moment. */
export interface ProcessStatus {
  readonly maxUploads: number;
  readonly maxDownloads: number;
  /** Uploads that wait for memory for their parts. */
  readonly uploadsWaiting: number;
  readonly connections: {
    readonly used: number;
    readonly free: number;
    readonly waiting: number;
    readonly max: number;
  };
}

/**
 * Registers the gauges that are set when metrics are read. A value that could not be read is left
 * out, so that no old value is shown.
 */
export class PrometheusStatusMetrics {
  readonly #ready: Gauge;
  readonly #databaseUp: Gauge;
  readonly #connections: Gauge<'state'>;
  readonly #connectionsMax: Gauge;
  readonly #connectionsWaiting: Gauge;
  readonly #uploadsMax: Gauge;
  readonly #uploadsWaiting: Gauge;
  readonly #downloadsMax: Gauge;
  readonly #usable: Gauge<'pool'>;
  readonly #used: Gauge<'pool'>;
  readonly #capacity: Gauge<'pool'>;
  readonly #damaged: Gauge<'pool'>;
  readonly #jobs: Gauge<'state'>;
  readonly #openUploads: Gauge;
  readonly #openUploadBytes: Gauge;

  constructor(registry: Registry) {
    function gauge<Label extends string = never>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> {
      return new Gauge({ name, help, labelNames, registers: [registry] });
    }
    this.#ready = gauge('platter_ready', '1 when /readyz answers 200, else 0');
    this.#databaseUp = gauge('platter_database_up', '1 when the database answered, else 0');
    this.#connections = gauge('platter_database_connections', 'Connections of this process to the database', 'state');
    this.#connectionsMax = gauge(
      'platter_database_connections_limit',
      'How many connections to the database this process may open',
    );
    this.#connectionsWaiting = gauge('platter_database_connections_waiting', 'Transactions that wait for a connection');
    this.#uploadsMax = gauge('platter_uploads_limit', 'How many uploads this process receives at once, at most');
    this.#uploadsWaiting = gauge('platter_uploads_waiting', 'Uploads to S3 that wait for memory for their parts');
    this.#downloadsMax = gauge('platter_downloads_limit', 'How many downloads this process sends at once, at most');
    this.#usable = gauge(
      'platter_pool_usable',
      '1 when this process can reach and write the pool and its marker is right, else 0',
      'pool',
    );
    this.#used = gauge(
      'platter_pool_used_bytes',
      'Bytes of the media of a pool that count against its capacity',
      'pool',
    );
    this.#capacity = gauge(
      'platter_pool_capacity_bytes',
      'Capacity of a pool. A pool without a capacity is left out',
      'pool',
    );
    this.#damaged = gauge('platter_pool_damaged_blobs', 'Blobs of a pool that a scrub found damaged', 'pool');
    this.#openUploads = gauge('platter_uploads_open', 'Open resumable uploads of all replicas');
    this.#openUploadBytes = gauge('platter_uploads_open_bytes', 'Durable bytes of open resumable uploads');
    this.#jobs = gauge('platter_jobs', 'Unfinished jobs of all replicas. Counted up to 10000', 'state');
  }

  set(
    { ready, databaseUp, pools, jobs, uploads }: ServiceStatus,
    { maxUploads, uploadsWaiting, maxDownloads, connections: { used, free, waiting, max } }: ProcessStatus,
  ): void {
    this.#ready.set(Number(ready));
    this.#databaseUp.set(Number(databaseUp));
    this.#connections.set({ state: 'used' }, used);
    this.#connections.set({ state: 'free' }, free);
    this.#connectionsMax.set(max);
    this.#connectionsWaiting.set(waiting);
    this.#uploadsMax.set(maxUploads);
    this.#uploadsWaiting.set(uploadsWaiting);
    this.#downloadsMax.set(maxDownloads);

    for (const gauge of [this.#usable, this.#used, this.#capacity, this.#damaged, this.#jobs]) gauge.reset();
    for (const { id: pool, usable, used, capacity, damaged } of pools) {
      this.#usable.set({ pool }, Number(usable));
      if (used !== null) this.#used.set({ pool }, used);
      if (capacity !== null) this.#capacity.set({ pool }, capacity);
      if (damaged !== null) this.#damaged.set({ pool }, damaged);
    }
    for (const gauge of [this.#openUploads, this.#openUploadBytes]) gauge.remove();
    if (uploads !== null) {
      this.#openUploads.set(uploads.uploads);
      this.#openUploadBytes.set(uploads.bytes);
    }
    if (jobs === null) return;
    this.#jobs.set({ state: 'waiting' }, jobs.waiting);
    this.#jobs.set({ state: 'under-way' }, jobs.underway);
  }
}
