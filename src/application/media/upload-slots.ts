import type { Caller } from '../../domain/access/caller.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { Metrics } from '../ports/metrics.ts';
import { FairSlots } from '../shares/fair-slots.ts';
import { shareholderOf } from '../shares/shareholder.ts';

const RETRY_AFTER_SECONDS = 10;
/**
 * The share of the upload slots that one pool may use if there are others, so that a hanging pool
 * does not block uploads to them.
 */
const MAX_SHARE_PER_POOL = 3 / 4;

interface Dependencies {
  readonly pools: Pools;
  readonly maxUploads: number;
  readonly metrics: Metrics;
}

/** The requests that this process receives bytes from at once, whatever kind of upload they are. */
export class UploadSlots {
  readonly #slots: FairSlots;
  readonly #maxPerPool: number;
  readonly #metrics: Metrics;
  readonly #underWayTo = new Map<PoolId, number>();

  constructor({ pools, maxUploads, metrics }: Dependencies) {
    this.#slots = new FairSlots(maxUploads);
    this.#maxPerPool = pools.length > 1 ? Math.ceil(maxUploads * MAX_SHARE_PER_POOL) : maxUploads;
    this.#metrics = metrics;
  }

  /**
   * Takes a slot; call the result once to give it back.
   *
   * @throws `unavailable` when the slots of this process, of the pool, of the user or of the tenant
   *   are in use
   */
  acquire(caller: Caller, pool: PoolId): () => void {
    const hasRoom = (this.#underWayTo.get(pool) ?? 0) < this.#maxPerPool;
    const release = hasRoom ? this.#slots.tryAcquire(shareholderOf(caller)) : null;
    if (release === null) {
      this.#metrics.uploadTurnedAway();
      throw new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    this.#count(pool, 1);
    const ended = this.#metrics.uploadBegun();
    return () => {
      this.#count(pool, -1);
      release();
      ended();
    };
  }

  #count(pool: PoolId, uploads: number): void {
    const underway = (this.#underWayTo.get(pool) ?? 0) + uploads;
    // The pool id comes from the client and may not exist: keep no entry for it.
    if (underway === 0) this.#underWayTo.delete(pool);
    else this.#underWayTo.set(pool, underway);
  }
}
