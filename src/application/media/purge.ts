import { findPool, type Pools } from '../../domain/pools/pool.ts';
import type { Media } from '../../domain/media/media.ts';
import { ownBlobOf } from '../../domain/media/own-blob.ts';
import type { BlobId, MediaId } from '../../domain/shared/ids.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';

/** Deletes the bytes of a removed media item, then its row, and then refunds the pool. */
export class Purge {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<BlobContent>;
  readonly #pools: Pools;

  constructor(work: UnitOfWork, stores: BlobStores<BlobContent>, pools: Pools) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
  }

  /**
   * Idempotent, also on several replicas at once. Does nothing unless the item is in `removing`.
   * Keeps bytes that another item owns; while a job reads the bytes, keeps the row as well. After
   * an S3 writer crashed, deletes again once `purgeDelay` has passed, because its last requests may
   * still arrive. If the row is gone already, deletes what the item has in `written`: a sweeper
   * that considered the writer dead deleted it, and the writer went on.
   *
   * @throws `unavailable`, having lost nothing: the row stays until the bytes are deleted
   */
  async run(id: MediaId, written?: BlobContent): Promise<void> {
    const media = await this.#work.read((tx) => tx.media.find(id));
    if (media === null) await written?.remove(ownBlobOf(id));
    if (media?.state !== 'removing' || findPool(this.#pools, media.pool) === null) return;

    const use = await this.#work.run(async (tx) => {
      const use = await tx.media.useOfBlob(id);
      if (use === 'shared') await deleteRow(tx, id);
      return use;
    });
    if (use === 'borrowed') return this.#purgeBorrowed(media);
    if (use !== 'none') return;

    // No item can start to share these bytes now: only finished items are cloned.
    const store = this.#stores.of(media.pool, media.location);
    // While the pool moves, its other location may hold a copy, complete or not.
    const locations = this.#stores.locations(media.pool);
    for (const location of locations) await this.#stores.of(media.pool, location).remove(media.blob);
    const copy = locations.length > 1 ? await this.#privateCopy(media) : null;
    if (copy !== null) for (const location of locations) await this.#stores.of(media.pool, location).remove(copy);
    await this.#work.run(async (tx) => {
      if (store.purgeDelaySeconds > 0 && (await tx.media.delayPurge(id, store.purgeDelaySeconds))) return;
      await deleteRow(tx, id);
    });
  }

  /**
   * Deletes bytes with the id of another item, which may move back: then its file has this name
   * again. So they are deleted while the row, which keeps the item away, is locked.
   */
  async #purgeBorrowed({ id, pool, location, blob }: Media): Promise<void> {
    const { purgeDelaySeconds } = this.#stores.of(pool, location);
    await this.#work.run(async (tx) => {
      if ((await tx.media.lock(id))?.state !== 'removing') return;
      for (const location of this.#stores.locations(pool)) await this.#stores.of(pool, location).remove(blob);
      if (purgeDelaySeconds > 0 && (await tx.media.delayPurge(id, purgeDelaySeconds))) return;
      await deleteRow(tx, id);
    });
  }

  /**
   * Returns the blob id under which an item that shares its bytes may have a private copy in the
   * other location, if no row names that blob.
   */
  async #privateCopy({ id, blob }: Media): Promise<BlobId | null> {
    const own = ownBlobOf(id);
    if (blob === own) return null;
    return this.#work.run(async (tx) => ((await tx.moves.find(own)) === null ? own : null));
  }
}

async function deleteRow(tx: Transaction, id: MediaId): Promise<void> {
  const deleted = await tx.media.forget(id);
  if (deleted !== null) await tx.pools.refund(deleted.pool, deleted.size);
}
