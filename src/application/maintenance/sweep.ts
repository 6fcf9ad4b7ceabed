import { SYSTEM } from '../../domain/audit/audit-event.ts';
import { isUnderWay } from '../../domain/media/media-states.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { MediaId, PoolId } from '../../domain/shared/ids.ts';
import type { Purge } from '../media/purge.ts';
import type { ResizeDrive } from '../drives/resize-drive.ts';
import { markForDeletionIf } from '../media/mark-for-deletion.ts';
import type { BlobStores, PoolClaim } from '../ports/blob-store.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Grace } from '../leases/grace.ts';
import { waitWithin } from '../leases/time-limit.ts';

const BATCH = 100;
/** A pass waits no longer than this for deletions in the pools. */
const MAX_PURGE_WAIT_MS = 30_000;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<PoolClaim>;
  readonly pools: Pools;
  readonly purge: Purge;
  readonly resize: ResizeDrive;
  readonly grace: Grace;
  readonly metrics: Metrics;
  readonly log: Log;
}

/**
 * Removes items whose writer died, deletes the bytes of removed items, and finishes interrupted
 * resizing. Any number of replicas may sweep at once.
 */
export class Sweep {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<PoolClaim>;
  readonly #pools: Pools;
  readonly #purge: Purge;
  readonly #resize: ResizeDrive;
  readonly #grace: Grace;
  readonly #metrics: Metrics;
  readonly #log: Log;
  /** The pools in which a deletion is in progress. */
  readonly #purging = new Set<PoolId>();
  /** The pools that could not be used at the last attempt. */
  readonly #unreachable = new Set<PoolId>();

  constructor({ work, stores, pools, purge, resize, grace, metrics, log }: Dependencies) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
    this.#purge = purge;
    this.#resize = resize;
    this.#grace = grace;
    this.#metrics = metrics;
    this.#log = log;
  }

  /**
   * Sweeps once. Failures of one pool are logged and tried again by the next pass. A slow pool
   * delays neither the other pools nor, beyond a limit, the next pass: its deletions continue
   * meanwhile, and the next pass skips it until they end.
   *
   * @throws `unavailable` when the database does not respond
   */
  async run(): Promise<void> {
    const grace = this.#grace.seconds;
    try {
      const abandoned = await this.#work.run((tx) => tx.media.abandoned(grace, BATCH));
      this.#grace.databaseResponded();
      for (const id of abandoned) await this.#takeOver(id, grace);
      await this.#resize.resume(grace);
      await this.#purgeAll(grace);
    } catch (error) {
      this.#grace.databaseFailed();
      throw error;
    }
  }

  async #takeOver(id: MediaId, grace: number): Promise<void> {
    const isMarked = await this.#work.run((tx) =>
      markForDeletionIf(tx, id, ({ state }) => isUnderWay(state) && tx.media.isAbandoned(id, grace), {
        by: SYSTEM,
        action: 'media.abandon',
      }),
    );
    if (!isMarked) return;
    this.#metrics.mediaTakenOver();
    this.#log.info({ media: id }, 'removed an unfinished media item whose writer died');
  }

  async #purgeAll(grace: number): Promise<void> {
    const idle = this.#pools.filter(({ id }) => !this.#purging.has(id));
    await waitWithin(Promise.all(idle.map(async ({ id }) => this.#purgeAlone(id, grace))), MAX_PURGE_WAIT_MS);
  }

  async #purgeAlone(pool: PoolId, grace: number): Promise<void> {
    this.#purging.add(pool);
    try {
      await this.#purgePool(pool, grace);
    } finally {
      this.#purging.delete(pool);
    }
  }

  async #purgePool(pool: PoolId, grace: number): Promise<void> {
    let after: MediaId | null = null;
    for (;;) {
      const batch: readonly MediaId[] = await this.#work.run((tx) => tx.media.removable(pool, grace, BATCH, after));
      if (batch.length === 0 || !(await this.#isUsable(pool))) return;
      for (const id of batch) if (!(await this.#tryPurge(id)) && !(await this.#isUsable(pool))) return;
      after = batch.at(-1) ?? null;
      if (batch.length < BATCH) return;
    }
  }

  /**
   * Called once per batch and after a failure, so that an unreachable pool costs one probe and one
   * log line, however many items wait in it.
   */
  async #isUsable(pool: PoolId): Promise<boolean> {
    try {
      for (const location of this.#stores.locations(pool)) await this.#stores.of(pool, location).probe();
    } catch (error) {
      this.#metrics.removalFailed();
      if (!this.#unreachable.has(pool))
        this.#log.warn({ pool, err: error }, 'removals wait until the pool can be used');
      this.#unreachable.add(pool);
      return false;
    }
    if (this.#unreachable.delete(pool)) this.#log.info({ pool }, 'the pool can be used again: removals continue');
    return true;
  }

  async #tryPurge(id: MediaId): Promise<boolean> {
    try {
      await this.#purge.run(id);
      return true;
    } catch (error) {
      this.#metrics.removalFailed();
      this.#log.warn(
        { media: id, err: error },
        'the bytes of a removed media item could not be deleted: the next sweep tries again',
      );
      return false;
    }
  }
}
