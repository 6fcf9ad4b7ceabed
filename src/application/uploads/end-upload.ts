import type { Actor, AuditEvent } from '../../domain/audit/audit-event.ts';
import { DomainError, isDomainError, isFailure, type FailureCode } from '../../domain/shared/domain-error.ts';
import type { Upload, UploadId } from '../../domain/uploads/upload.ts';
import { markForDeletionIf } from '../media/mark-for-deletion.ts';
import { purgeNow, type PurgeNowDependencies } from '../media/purge-now.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { ChunkLeases } from './chunk-leases.ts';
import type { ChunkSessions } from './chunk-sessions.ts';
import type { UploadLeases } from './upload-leases.ts';
import type { UploadSessions } from './upload-sessions.ts';

/** Finished uploads, and those that ended without an item, are remembered for a day. */
export const REMEMBER_SECONDS = 86_400;

/** Failures with which an upload ends. */
const REFUSALS: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'digest-mismatch',
  'format-refused',
  'quota-exceeded',
  'permission-missing',
  'not-manager',
  'group-not-found',
  'bytes-missing',
]);

interface Dependencies extends PurgeNowDependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly uploadLeases: UploadLeases;
  readonly uploadSessions: UploadSessions;
  readonly chunkLeases: ChunkLeases;
  readonly chunkSessions: ChunkSessions;
}

/** Why an upload ends without an item, for the audit. */
export type UploadEnd = { readonly by: Actor } & Pick<AuditEvent, 'action' | 'result'>;

/** Ends uploads without an item: name and charge are free, then the bytes are deleted. */
export class EndUpload {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** Ends an upload unless it is finished or ended; deletes its bytes. Returns whether it did. */
  async run(upload: Pick<Upload, 'id'>, end: UploadEnd): Promise<boolean> {
    if (!(await this.withoutPurge(upload, end))) return false;
    await purgeNow([upload.id], this.#dependencies);
    return true;
  }

  /**
   * Ends an upload unless it is finished, ended, or `condition` does not hold. Leaves its bytes to
   * the sweeper. Returns whether it did.
   */
  async withoutPurge(
    { id }: Pick<Upload, 'id'>,
    end: UploadEnd,
    condition: (tx: Transaction) => Promise<boolean> = always,
  ): Promise<boolean> {
    const { work, uploadLeases } = this.#dependencies;
    const isEnded = await work.run(async (tx) => {
      const isMarked = await markForDeletionIf(
        tx,
        id,
        async ({ state }) => state === 'uploading' && (await condition(tx)),
        end,
      );
      if (isMarked) await tx.uploads.end(id, uploadLeases.holder, REMEMBER_SECONDS);
      return isMarked;
    });
    if (!isEnded) return false;
    await this.forget(id);
    return true;
  }

  /** Stops what this process does for an upload that has ended. */
  async forget(id: UploadId): Promise<void> {
    const { uploadLeases, uploadSessions, chunkLeases, chunkSessions } = this.#dependencies;
    uploadLeases.lose(id);
    chunkLeases.lose(id);
    chunkSessions.forget(id);
    await uploadSessions.forget(id);
  }

  /** Deletes the bytes of an upload that has ended, which this process wrote to. */
  async purge({ id, pool, location }: Upload): Promise<void> {
    await purgeNow([id], this.#dependencies, this.#dependencies.stores.of(pool, location));
  }

  /**
   * Ends an upload whose failure every other request would meet as well, and deletes what was
   * written to one that had ended before. Nothing may have told that of the first bytes. Returns
   * the failure that its client is told.
   */
  async after(failure: unknown, upload: Upload, end: Omit<UploadEnd, 'result'>): Promise<unknown> {
    if (isFailure(failure, 'upload-gone') || upload.offset === 0) {
      await this.purge(upload);
    }
    if (!isRefusal(failure)) return failure;
    await this.run(upload, { ...end, result: failure.code });
    return isFailure(failure, 'bytes-missing')
      ? new DomainError('upload-gone', undefined, { cause: failure })
      : failure;
  }
}

/** Whether an upload that fails with this ends, because another request would fail as well. */
export function isRefusal(error: unknown): error is DomainError {
  if (!isDomainError(error) || !REFUSALS.has(error.code)) return false;
  // A backend that cannot store a file of this size says so before the last byte.
  return error.code !== 'quota-exceeded' || 'growsTo' in (error.detail as object);
}

async function always(): Promise<boolean> {
  return Promise.resolve(true);
}
