import { isUnderWay } from '../../domain/media/media-states.ts';
import type { Media } from '../../domain/media/media.ts';
import { ownBlobOf } from '../../domain/media/own-blob.ts';
import type { BlobId, InstanceId, MediaId } from '../../domain/shared/ids.ts';
import type { Upload } from '../../domain/uploads/upload.ts';
import { markCopyForDeletion } from '../media/mark-copy-for-deletion.ts';
import { markForDeletionIf } from '../media/mark-for-deletion.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';

const BATCH = 100;
/**
 * Takes a lease over regardless of its expiry: the process that held it when the backup was taken
 * is not the one that runs now.
 */
const ANY_LEASE_SECONDS = -1e9;
/** Longer than the statements that need the lease. */
const LEASE_SECONDS = 60;

/**
 * Reconciles unfinished items after a database was restored from a backup. Since the backup their
 * work ended in a way that this database does not know, and their bytes may be complete or written
 * to; a sweep would delete them, a job copy them again, an unfinished resize truncate them. So the
 * rows of unfinished items are deleted and their bytes kept: the doctor reports them as unowned. An
 * item in `resizing` keeps its bytes, extended to the size in its row. Removals that had begun
 * continue.
 *
 * No other process may use the database meanwhile.
 */
export class ReconcileRestored {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<BlobContent>;
  readonly #holder: InstanceId;
  readonly #expirySeconds: number;

  /** `expirySeconds` is how long a resumable upload stays open. */
  constructor(work: UnitOfWork, stores: BlobStores<BlobContent>, holder: InstanceId, expirySeconds: number) {
    this.#work = work;
    this.#stores = stores;
    this.#holder = holder;
    this.#expirySeconds = expirySeconds;
  }

  /**
   * Calls `report` with each reconciled item, as it was before. Idempotent.
   *
   * @throws `unavailable` without having lost anything
   */
  async run(report: (media: Media) => void): Promise<void> {
    let after: MediaId | null = null;
    for (;;) {
      const batch: readonly Media[] = await this.#work.run((tx) => tx.media.unfinished(BATCH, after));
      for (const media of batch) if (await this.#reconcile(media)) report(media);
      after = batch.at(-1)?.id ?? null;
      if (batch.length < BATCH) return;
    }
  }

  /**
   * Returns whether the item needed it. A clone that shares the bytes of another item is finished
   * by its job, which writes no bytes.
   */
  async #reconcile(media: Media): Promise<boolean> {
    if (media.state === 'resizing') return this.#extendBlob(media);
    if (!ownsBytes(media) || (await this.#continues(media))) return false;
    return this.#work.run(async (tx) => {
      if (!(await markUnfinished(tx, media))) return false;
      for (const job of await tx.jobs.about([media.id])) await tx.jobs.end(job.id, 'error', 'restored');
      const deleted = await tx.media.forget(media.id);
      if (deleted !== null) await tx.pools.refund(deleted.pool, deleted.size);
      return true;
    });
  }

  /**
   * Returns whether a resumable upload continues where the saved database knows it, with its whole
   * expiry before it. Bytes that were recorded never change, but the upload may have been finished
   * or ended since.
   */
  async #continues({ id, pool, location, blob, state }: Media): Promise<boolean> {
    if (state !== 'uploading') return false;
    const upload = await this.#work.read(async (tx) => tx.uploads.find(id));
    if (upload === null || upload.state === 'ended') return false;
    const store = this.#stores.of(pool, location);
    const isFinished = (await store.stat(blob)) !== null;
    if (isFinished || !(await this.#holdsRecorded(store, upload, blob))) return false;
    await this.#work.run(async (tx) => tx.uploads.postponeExpiry(id, this.#expirySeconds));
    return true;
  }

  async #holdsRecorded(store: BlobContent, { id, offset, length }: Upload, blob: BlobId): Promise<boolean> {
    const chunked = await this.#work.read(async (tx) => {
      const upload = await tx.chunks.find(id);
      return upload && { chunkSize: upload.chunkSize, ranges: await tx.chunks.rangesOf(id) };
    });
    if (chunked === null) return ((await store.resumable.partialBytes(blob)) ?? 0) >= offset;
    const { chunkSize, ranges } = chunked;
    return chunkSize === null || store.chunked.chunks(blob, length, chunkSize, true).holds(ranges);
  }

  /** Extends the blob to the size in the row; never shortens it. */
  async #extendBlob({ id, pool, location, blob, size }: Media): Promise<boolean> {
    const store = this.#stores.of(pool, location);
    const stat = await store.stat(blob);
    if (stat !== null && stat.storedBytes < size) await store.resize(blob, size);
    return this.#work.run(async (tx) => {
      const terms = { holder: this.#holder, seconds: LEASE_SECONDS };
      if (!(await tx.changes.takeOver(id, ANY_LEASE_SECONDS, terms))) return false;
      return tx.changes.endResizing(id, this.#holder, null);
    });
  }
}

async function markUnfinished(tx: Transaction, { id, state }: Media): Promise<boolean> {
  if (state === 'unsharing') return markPrivateCopy(tx, id);
  return state === 'moving' ? markCopyForDeletion(tx, id) : markForDeletionIf(tx, id, isStillUnderWay);
}

function isStillUnderWay({ state }: Media): boolean {
  return isUnderWay(state);
}

/** An item that holds a private copy always owns its blob, and no group is charged for it. */
async function markPrivateCopy(tx: Transaction, id: MediaId): Promise<boolean> {
  const media = await tx.media.lock(id);
  if (media?.state !== 'unsharing') return false;
  await tx.media.beginRemoval(id);
  return true;
}

function ownsBytes({ id, blob, state }: Media): boolean {
  return state === 'unsharing' || state === 'moving' || blob === ownBlobOf(id);
}
