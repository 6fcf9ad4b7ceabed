import type { Caller } from '../../domain/access/caller.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId, PoolId } from '../../domain/shared/ids.ts';
import type { ByteSource } from '../ports/blob-store.ts';
import type { Metrics } from '../ports/metrics.ts';
import { FairSlots } from '../shares/fair-slots.ts';
import { shareholderOf } from '../shares/shareholder.ts';
import type { AdmissionFailure } from './admit.ts';
import type { Ingest, IngestFailure, IngestOrder } from './ingest.ts';

export type UploadMediaFailure =
  | AdmissionFailure
  | IngestFailure
  | 'body-too-short'
  | 'body-too-long'
  | 'body-cut-off'
  | 'body-too-slow'
  | 'digest-mismatch'
  | 'format-refused';

/** An item to upload. */
export type UploadOrder = IngestOrder & {
  /** The SHA-256 digests that the client sent, in lower-case hex; all must match. */
  readonly sha256?: readonly string[];
};

const RETRY_AFTER_SECONDS = 10;
/**
 * The share of the upload slots that one pool may use if there are others, so that a hanging pool
 * does not block uploads to them.
 */
const MAX_SHARE_PER_POOL = 3 / 4;

interface Dependencies {
  readonly ingest: Ingest;
  readonly pools: Pools;
  readonly maxUploads: number;
  readonly metrics: Metrics;
}

/** Stores a request body as a new media item. */
export class UploadMedia {
  readonly #ingest: Ingest;
  readonly #slots: FairSlots;
  readonly #maxPerPool: number;
  readonly #metrics: Metrics;
  readonly #underWayTo = new Map<PoolId, number>();

  constructor({ ingest, pools, maxUploads, metrics }: Dependencies) {
    this.#ingest = ingest;
    this.#slots = new FairSlots(maxUploads);
    this.#maxPerPool = pools.length > 1 ? Math.ceil(maxUploads * MAX_SHARE_PER_POOL) : maxUploads;
    this.#metrics = metrics;
  }

  /**
   * Calls `openBody` once the item is admitted. Resolves when the bytes are durable and the item is
   * listed. After it settles, nothing is in progress any more. Bytes that do not match the digests
   * are never visible.
   *
   * @throws `unavailable` when the upload slots of this process, of the pool, of the user or of
   *   the tenant are in use
   */
  async run(caller: Caller, order: UploadOrder, openBody: () => ByteSource, signal: AbortSignal): Promise<MediaId> {
    const hasRoom = (this.#underWayTo.get(order.pool) ?? 0) < this.#maxPerPool;
    const release = hasRoom ? this.#slots.tryAcquire(shareholderOf(caller)) : null;
    if (release === null) {
      this.#metrics.uploadTurnedAway();
      throw new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    this.#count(order.pool, 1);
    const ended = this.#metrics.uploadBegun();
    try {
      return await this.#store(caller, order, openBody, signal);
    } finally {
      this.#count(order.pool, -1);
      release();
      ended();
    }
  }

  #count(pool: PoolId, uploads: number): void {
    const underway = (this.#underWayTo.get(pool) ?? 0) + uploads;
    // The pool id comes from the client and may not exist: keep no entry for it.
    if (underway === 0) this.#underWayTo.delete(pool);
    else this.#underWayTo.set(pool, underway);
  }

  async #store(
    caller: Caller,
    { sha256 = [], ...order }: UploadOrder,
    openBody: () => ByteSource,
    signal: AbortSignal,
  ): Promise<MediaId> {
    return this.#ingest.run(
      caller,
      order,
      'uploading',
      (store, blob, inspection) => {
        const writer = store.writer(blob, order.size, { writable: !order.readOnly });
        return {
          writeBytes: async (stop) => {
            const sha256OfBody = await writer.write(inspection.through(openBody()), stop);
            if (sha256.some((expected) => expected !== sha256OfBody)) throw new DomainError('digest-mismatch');
            return inspection.facts();
          },
          commit: () => writer.commit(),
          cancel: () => writer.cancel(),
        };
      },
      signal,
    );
  }
}
