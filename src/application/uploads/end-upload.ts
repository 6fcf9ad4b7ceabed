import type { Actor, AuditEvent } from '../../domain/audit/audit-event.ts';
import { ownBlobOf } from '../../domain/media/own-blob.ts';
import type { Upload } from '../../domain/uploads/upload.ts';
import { markForDeletionIf } from '../media/mark-for-deletion.ts';
import { purgeNow, type PurgeNowDependencies } from '../media/purge-now.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { UploadLeases } from './upload-leases.ts';
import type { UploadSessions } from './upload-sessions.ts';

/** Finished uploads, and those that ended without an item, are remembered for a day. */
export const REMEMBER_SECONDS = 86_400;

interface Dependencies extends PurgeNowDependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly uploadLeases: UploadLeases;
  readonly uploadSessions: UploadSessions;
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
    const { work, uploadLeases, uploadSessions } = this.#dependencies;
    const isEnded = await work.run(async (tx) => {
      const isMarked = await markForDeletionIf(
        tx,
        id,
        async ({ state }) => state === 'uploading' && (await condition(tx)),
        end,
      );
      if (isMarked) await tx.uploads.end(id, REMEMBER_SECONDS);
      return isMarked;
    });
    if (!isEnded) return false;
    uploadLeases.lose(id);
    await uploadSessions.forget(id);
    return true;
  }

  /** Deletes what a request wrote after the item of its upload was deleted. */
  async clean({ id, pool, location }: Upload): Promise<void> {
    const { work, stores } = this.#dependencies;
    await purgeNow([id], this.#dependencies);
    const media = await work.read(async (tx) => tx.media.find(id));
    if (media === null) await stores.of(pool, location).remove(ownBlobOf(id));
  }
}

async function always(): Promise<boolean> {
  return Promise.resolve(true);
}
