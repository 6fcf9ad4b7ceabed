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

/** Media that come with their bytes. */
export type UploadOrder = IngestOrder & {
  /** What whoever sends them says of them: SHA-256 in lower-case hex, any number of times. */
  readonly sha256?: readonly string[];
};

const RETRY_AFTER_SECONDS = 10;
/**
 * What of the uploads at once may go to one pool where there are others: when its disk or server
 * hangs, theirs go on.
 */
const SHARE = 3 / 4;

interface Dependencies {
  readonly ingest: Ingest;
  readonly pools: Pools;
  readonly maxAtOnce: number;
  readonly metrics: Metrics;
}

/** Stores the bytes of a body as new media. */
export class UploadMedia {
  readonly #ingest: Ingest;
  readonly #slots: FairSlots;
  readonly #maxPerCaller: number;
  readonly #metrics: Metrics;
  readonly #underWayTo = new Map<PoolId, number>();

  constructor({ ingest, pools, maxAtOnce, metrics }: Dependencies) {
    this.#ingest = ingest;
    this.#slots = new FairSlots(maxAtOnce);
    this.#maxPerCaller = pools.length > 1 ? Math.ceil(maxAtOnce * SHARE) : maxAtOnce;
    this.#metrics = metrics;
  }

  /**
   * `openBody` is called, and the body so begun to be read, only once the media are admitted.
   * Resolves when the bytes are durable and the media are listed; from then on, or when it fails,
   * nothing is under way any more. Bytes that are not those of the digests are never seen by
   * anybody. More uploads at once than this process takes, in all, to one pool, of one user or of
   * one tenant, fail with `unavailable`.
   */
  async run(caller: Caller, order: UploadOrder, openBody: () => ByteSource, signal: AbortSignal): Promise<MediaId> {
    const hasRoom = (this.#underWayTo.get(order.pool) ?? 0) < this.#maxPerCaller;
    const release = hasRoom ? this.#slots.tryAcquire(shareholderOf(caller)) : null;
    if (release === null) {
      this.#metrics.uploadTurnedAway();
      throw new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    this.#count(order.pool, 1);
    const ended = this.#metrics.uploadBegun();
    try {
      return await this.#take(caller, order, openBody, signal);
    } finally {
      this.#count(order.pool, -1);
      release();
      ended();
    }
  }

  #count(pool: PoolId, uploads: number): void {
    const underway = (this.#underWayTo.get(pool) ?? 0) + uploads;
    // Anybody may name a pool that there is not: nothing of it is to stay.
    if (underway === 0) this.#underWayTo.delete(pool);
    else this.#underWayTo.set(pool, underway);
  }

  async #take(
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
            const found = await writer.write(inspection.through(openBody()), stop);
            if (sha256.some((promised) => promised !== found)) throw new DomainError('digest-mismatch');
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
