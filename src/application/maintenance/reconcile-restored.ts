import { isUnderWay } from '../../domain/media/media-states.ts';
import type { Media } from '../../domain/media/media.ts';
import { ownBlobOf } from '../../domain/media/own-blob.ts';
import type { InstanceId, MediaId } from '../../domain/shared/ids.ts';
import { markForDeletionIf } from '../media/mark-for-deletion.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';

const BATCH = 100;
/**
 * A lease that a backup holds says nothing of anybody who lives now, however long it still lasts.
 * Seconds.
 */
const WHATEVER_THE_LEASE = -1e9;
/** Longer than the statements that it is needed for. Seconds. */
const LEASE = 60;

/**
 * Goes through what was under way when a database was saved that is restored now. Since then it has
 * come to an end that this database knows nothing of, and the bytes may be whole, and written to:
 * they would be taken away as those of a dead bringer, copied anew, or cut to a size that they had
 * once. So the rows of such media are forgotten and their bytes left where they are, for the doctor
 * to report as bytes that nobody owns; media that were about to get another size keep their bytes,
 * and have room for that size. What was being removed goes on going: its removal was answered.
 *
 * For a database that nobody else uses.
 */
export class ReconcileRestored {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<BlobContent>;
  readonly #holder: InstanceId;

  constructor(work: UnitOfWork, stores: BlobStores<BlobContent>, holder: InstanceId) {
    this.#work = work;
    this.#stores = stores;
    this.#holder = holder;
  }

  /**
   * Tells of each piece of media, as it was, once it is settled. Doing it again is fine. Fails with
   * `unavailable`, having lost nothing.
   */
  async run(tell: (media: Media) => void): Promise<void> {
    let after: MediaId | null = null;
    for (;;) {
      const batch: readonly Media[] = await this.#work.run((tx) => tx.media.unfinished(BATCH, after));
      for (const media of batch) if (await this.#settle(media)) tell(media);
      after = batch.at(-1)?.id ?? null;
      if (batch.length < BATCH) return;
    }
  }

  /**
   * Answers whether there was anything to settle. Clones that share the bytes of others are
   * finished by their job without touching any.
   */
  async #settle(media: Media): Promise<boolean> {
    if (media.state === 'resizing') return this.#keepRoom(media);
    if (!ownsBytes(media)) return false;
    return this.#work.run(async (tx) => {
      const taken =
        media.state === 'unsharing'
          ? await takeHolder(tx, media.id)
          : await markForDeletionIf(tx, media.id, isStillUnderWay);
      if (!taken) return false;
      for (const job of await tx.jobs.about([media.id])) await tx.jobs.end(job.id, 'error', 'restored');
      const gone = await tx.media.forget(media.id);
      if (gone !== null) await tx.pools.refund(gone.pool, gone.size);
      return true;
    });
  }

  /** Bytes that are more than that stay. */
  async #keepRoom({ id, pool, location, blob, size }: Media): Promise<boolean> {
    const store = this.#stores.of(pool, location);
    const stat = await store.stat(blob);
    if (stat !== null && stat.storedBytes < size) await store.resize(blob, size);
    return this.#work.run(async (tx) => {
      const terms = { holder: this.#holder, seconds: LEASE };
      if (!(await tx.changes.takeOver(id, WHATEVER_THE_LEASE, terms))) return false;
      return tx.changes.endResizing(id, this.#holder, null);
    });
  }
}

function isStillUnderWay({ state }: Media): boolean {
  return isUnderWay(state);
}

/** What holds a private copy always owns it; it counts for no group. */
async function takeHolder(tx: Transaction, id: MediaId): Promise<boolean> {
  const media = await tx.media.lock(id);
  if (media?.state !== 'unsharing') return false;
  await tx.media.beginRemoval(id);
  return true;
}

function ownsBytes({ id, blob, state }: Media): boolean {
  return state === 'unsharing' || blob === ownBlobOf(id);
}
