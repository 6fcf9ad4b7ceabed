import { SYSTEM } from '../../domain/audit/audit-event.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { EndUpload } from './end-upload.ts';
import type { FinishUpload } from './finish-upload.ts';
import type { UploadCompletion } from './upload-completion.ts';
import type { UploadLeases } from './upload-leases.ts';
import type { UploadSessions } from './upload-sessions.ts';

const BATCH = 100;
/** One pass forgets no more, so that its transaction stays short. */
const MAX_FORGOTTEN = 1_000;
/** So many of a pool are verified at once, since each reads all its bytes. */
const VERIFIED_AT_ONCE = 2;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly uploadLeases: UploadLeases;
  readonly uploadSessions: UploadSessions;
  readonly uploadCompletion: UploadCompletion;
  readonly finishUpload: FinishUpload;
  readonly endUpload: EndUpload;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** An upload that cannot be verified is tried again after at most 2 to this power passes. */
const MAX_BACKOFF = 6;

/**
 * Ends uploads that expired, finishes those that a dead process left, forgets old ones. Leaves the
 * bytes of those that ended to the sweeper, which no hanging pool stops.
 */
export class TendUploads {
  readonly #dependencies: Dependencies;
  /** With their pools; null before that is known. */
  readonly #verifying = new Map<UploadId, PoolId | null>();
  /** How often the verification of an upload has failed. */
  readonly #failures = new Map<UploadId, number>();
  #passes = 0;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * One pass. Any number of replicas may do it at once. Verifications go on after it.
   *
   * @throws DomainError `unavailable`
   */
  async run(): Promise<void> {
    const { work } = this.#dependencies;
    const { expired, unverified } = await work.run(async (tx) => ({
      expired: await tx.uploads.expired(BATCH),
      unverified: await tx.uploads.unverified(BATCH, this.#busyPools()),
    }));
    for (const id of expired) await this.#expire(id);
    for (const id of this.#due(unverified)) {
      if (this.#verifyingIn(null) < VERIFIED_AT_ONCE && !this.#verifying.has(id)) void this.#verify(id);
    }
    await work.run(async (tx) => tx.uploads.forget(MAX_FORGOTTEN));
  }

  /** A pool that hangs keeps no other one waiting. */
  #busyPools(): readonly PoolId[] {
    const pools = [...this.#verifying.values()].filter((pool) => pool !== null);
    return pools.filter((pool) => this.#verifyingIn(pool) >= VERIFIED_AT_ONCE);
  }

  #verifyingIn(pool: PoolId | null): number {
    return [...this.#verifying.values()].filter((other) => other === pool).length;
  }

  /** Uploads that cannot be verified, because their pool is away, do not keep others waiting. */
  #due(unverified: readonly UploadId[]): readonly UploadId[] {
    this.#passes += 1;
    for (const id of this.#failures.keys()) {
      if (!unverified.includes(id) && !this.#verifying.has(id)) this.#failures.delete(id);
    }
    return unverified.filter((id) => {
      const failures = this.#failures.get(id) ?? 0;
      return this.#passes % 2 ** Math.min(failures, MAX_BACKOFF) === 0;
    });
  }

  async #expire(id: UploadId): Promise<void> {
    const { endUpload, metrics, log } = this.#dependencies;
    const end = { by: SYSTEM, action: 'upload.expire' } as const;
    if (!(await endUpload.withoutPurge({ id }, end, async (tx) => tx.uploads.isExpired(id)))) return;
    metrics.uploadExpired();
    log.info({ media: id }, 'an upload to which no bytes were sent expired');
  }

  async #verify(id: UploadId): Promise<void> {
    const { uploadLeases, uploadSessions, uploadCompletion, finishUpload, endUpload, log } = this.#dependencies;
    this.#verifying.set(id, null);
    try {
      const lease = await uploadLeases.acquire(id);
      this.#verifying.set(id, lease.upload.pool);
      try {
        const { upload } = lease;
        const session = await (upload.chunked ? uploadCompletion.open(upload) : uploadSessions.open(lease));
        await finishUpload.run(lease, session, null);
        log.info({ media: id }, 'finished an upload that another process had left');
      } catch (error) {
        await lease.release();
        throw await endUpload.after(error, lease.upload, { by: SYSTEM, action: 'media.upload' });
      }
      this.#failures.delete(id);
    } catch (error) {
      this.#failures.set(id, (this.#failures.get(id) ?? 0) + 1);
      log.warn({ media: id, err: error }, 'an upload could not be finished');
    } finally {
      this.#verifying.delete(id);
    }
  }
}
