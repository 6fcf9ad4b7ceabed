import { NOBODY } from '../../domain/audit/audit-event.ts';
import { isUnderWay } from '../../domain/media/media-states.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { MediaId, PoolId } from '../../domain/shared/ids.ts';
import type { Purge } from '../media/purge.ts';
import type { ResizeMedia } from '../drives/resize-media.ts';
import { markForDeletionIf } from '../media/mark-for-deletion.ts';
import type { BlobStores, PoolClaim } from '../ports/blob-store.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Grace } from '../leases/grace.ts';
import { orLate } from '../leases/in-time.ts';

const BATCH = 100;
/** A pass waits this long for what is taken away from the pools. Milliseconds. */
const PATIENCE = 30_000;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<PoolClaim>;
  readonly pools: Pools;
  readonly purge: Purge;
  readonly resize: ResizeMedia;
  readonly grace: Grace;
  readonly metrics: Metrics;
  readonly log: Log;
}

/**
 * Takes away what died: media whose bringer fell silent, bytes of media that were removed; and ends
 * the resizing that somebody began. Any number of replicas may sweep at once.
 */
export class Sweep {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<PoolClaim>;
  readonly #pools: Pools;
  readonly #purge: Purge;
  readonly #resize: ResizeMedia;
  readonly #grace: Grace;
  readonly #metrics: Metrics;
  readonly #log: Log;
  /** The pools that something is being taken away from. */
  readonly #purging = new Set<PoolId>();
  /** Those that could not be used when something was to be taken away. */
  readonly #away = new Set<PoolId>();

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
   * One pass. Fails with `unavailable` when the database does not answer; what one pool refuses is
   * logged and tried again next time. A pool that is slow holds up neither the others nor the next
   * pass for long: what is taken away from it goes on meanwhile, once at a time.
   */
  async run(): Promise<void> {
    const grace = this.#grace.seconds;
    try {
      const abandoned = await this.#work.run((tx) => tx.media.abandoned(grace, BATCH));
      this.#grace.answered();
      for (const id of abandoned) await this.#takeOver(id, grace);
      await this.#resize.resume(grace);
      await this.#purgeAll(grace);
    } catch (error) {
      this.#grace.lost();
      throw error;
    }
  }

  async #takeOver(id: MediaId, grace: number): Promise<void> {
    const taken = await this.#work.run((tx) =>
      markForDeletionIf(tx, id, ({ state }) => isUnderWay(state) && tx.media.isAbandoned(id, grace), {
        by: NOBODY,
        action: 'media.abandon',
      }),
    );
    if (!taken) return;
    this.#metrics.mediaTakenOver();
    this.#log.info({ media: id }, 'took over media whose bringer fell silent');
  }

  async #purgeAll(grace: number): Promise<void> {
    const idle = this.#pools.filter(({ id }) => !this.#purging.has(id));
    await orLate(Promise.all(idle.map(async ({ id }) => this.#purgeAlone(id, grace))), PATIENCE);
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
   * Asked once for a whole batch, and after a failure, so that a pool that is away costs little and
   * fills no log, however much waits for it.
   */
  async #isUsable(pool: PoolId): Promise<boolean> {
    try {
      for (const location of this.#stores.locations(pool)) await this.#stores.of(pool, location).probe();
    } catch (error) {
      this.#metrics.removalFailed();
      if (!this.#away.has(pool)) this.#log.warn({ pool, err: error }, 'removals wait until the pool can be used');
      this.#away.add(pool);
      return false;
    }
    if (this.#away.delete(pool)) this.#log.info({ pool }, 'the pool can be used again, and removals go on');
    return true;
  }

  async #tryPurge(id: MediaId): Promise<boolean> {
    try {
      await this.#purge.run(id);
      return true;
    } catch (error) {
      this.#metrics.removalFailed();
      this.#log.warn({ media: id, err: error }, 'the bytes of removed media could not be taken away yet');
      return false;
    }
  }
}
