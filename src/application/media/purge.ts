import { findPool, type Pools } from '../../domain/pools/pool.ts';
import type { Media } from '../../domain/media/media.ts';
import { ownBlobOf } from '../../domain/media/own-blob.ts';
import type { BlobId, MediaId } from '../../domain/shared/ids.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';

/**
 * Takes away the bytes of media that were taken out of use, then their row, and then gives the pool
 * its room back.
 */
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
   * Doing it twice, or on two replicas at once, is fine; media that are not in `removing` stay as
   * they are. Bytes that other media own too stay; while a job reads them, the media stay as well,
   * and whoever comes by after it takes them away. Fails with `unavailable`, having lost nothing:
   * the row stays until the bytes are gone. Where a bringer died, and its last requests may be
   * carried out after it, that is only certain once the bytes were taken away a second time, some
   * time later.
   */
  async run(id: MediaId): Promise<void> {
    const media = await this.#work.read((tx) => tx.media.find(id));
    if (media?.state !== 'removing' || findPool(this.#pools, media.pool) === null) return;

    const use = await this.#work.run(async (tx) => {
      const use = await tx.media.useOfBlob(id);
      if (use === 'shared') await forget(tx, id);
      return use;
    });
    if (use !== 'none') return;

    // From here on nobody can come to need the bytes: only what is finished can be cloned.
    const store = this.#stores.of(media.pool, media.location);
    // While the pool moves a copy may lie in its other place, whole or half made.
    const locations = this.#stores.locations(media.pool);
    for (const location of locations) await this.#stores.of(media.pool, location).remove(media.blob);
    const copy = locations.length > 1 ? await this.#ownCopy(media) : null;
    if (copy !== null) for (const location of locations) await this.#stores.of(media.pool, location).remove(copy);
    await this.#work.run(async (tx) => {
      if (store.purgeDelaySeconds > 0 && (await tx.media.delayPurge(id, store.purgeDelaySeconds))) return;
      await forget(tx, id);
    });
  }

  /**
   * Under which id media that shared bytes may have a copy of their own in the other place, that no
   * row names yet.
   */
  async #ownCopy({ id, blob }: Media): Promise<BlobId | null> {
    const own = ownBlobOf(id);
    if (blob === own) return null;
    return this.#work.run(async (tx) => ((await tx.moves.find(own)) === null ? own : null));
  }
}

async function forget(tx: Transaction, id: MediaId): Promise<void> {
  const gone = await tx.media.forget(id);
  if (gone !== null) await tx.pools.refund(gone.pool, gone.size);
}
