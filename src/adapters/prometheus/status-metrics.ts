import { Gauge, type Registry } from 'prom-client';
import type { ServiceStatus } from '../../application/ports/service-status.ts';

/** How things stand inside this process at one moment. */
export interface Momentary {
  readonly maxUploads: number;
  readonly maxDownloads: number;
  /** Uploads under way that wait for memory. */
  readonly uploadsWaiting: number;
  readonly connections: {
    readonly used: number;
    readonly free: number;
    readonly waiting: number;
    readonly max: number;
  };
}

/**
 * What is only known by asking, in a registry. What nobody could say is left out of it, rather than
 * being what it once was.
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

  constructor(registry: Registry) {
    function gauge<Label extends string = never>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> {
      return new Gauge({ name, help, labelNames, registers: [registry] });
    }
    this.#ready = gauge('platter_ready', 'Whether /readyz would answer 200');
    this.#databaseUp = gauge('platter_database_up', 'Whether the database answered');
    this.#connections = gauge('platter_database_connections', 'Connections of this process to the database', 'state');
    this.#connectionsMax = gauge('platter_database_connections_most', 'How many there may be');
    this.#connectionsWaiting = gauge('platter_database_connections_waiting', 'Transactions that wait for one');
    this.#uploadsMax = gauge('platter_uploads_most', 'How many uploads this process receives at once');
    this.#uploadsWaiting = gauge('platter_uploads_waiting', 'Uploads to S3 that wait for memory for their parts');
    this.#downloadsMax = gauge('platter_downloads_most', 'How many downloads this process sends at once');
    this.#usable = gauge('platter_pool_usable', 'Whether a pool is there, is ours and can be written', 'pool');
    this.#used = gauge('platter_pool_used_bytes', 'Bytes of the media of a pool, as its capacity counts them', 'pool');
    this.#capacity = gauge('platter_pool_capacity_bytes', 'The capacity of a pool that has one', 'pool');
    this.#damaged = gauge('platter_pool_damaged_blobs', 'Blobs of a pool that a scrub found damaged', 'pool');
    this.#jobs = gauge('platter_jobs', 'Jobs that are not ended, of all replicas; counted up to ten thousand', 'state');
  }

  set(
    { ready, databaseUp, pools, jobs }: ServiceStatus,
    { maxUploads, uploadsWaiting, maxDownloads, connections: { used, free, waiting, max } }: Momentary,
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

    for (const asked of [this.#usable, this.#used, this.#capacity, this.#damaged, this.#jobs]) asked.reset();
    for (const { id: pool, usable, used, capacity, damaged } of pools) {
      this.#usable.set({ pool }, Number(usable));
      if (used !== null) this.#used.set({ pool }, used);
      if (capacity !== null) this.#capacity.set({ pool }, capacity);
      if (damaged !== null) this.#damaged.set({ pool }, damaged);
    }
    if (jobs === null) return;
    this.#jobs.set({ state: 'waiting' }, jobs.waiting);
    this.#jobs.set({ state: 'under-way' }, jobs.underway);
  }
}
