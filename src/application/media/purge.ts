import { findPool, type Pools } from '../../domain/pools/pool.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { BlobStores } from '../ports/blob-store.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';

/** Takes away the bytes of media that were taken out of use, then their row, and then gives the pool its room back. */
export class Purge {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores;
  readonly #pools: Pools;

  constructor(work: UnitOfWork, stores: BlobStores, pools: Pools) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
  }

  /**
   * Doing it twice, or on two replicas at once, is fine; media that are not in `removing` stay as they are. Bytes that other media own too stay; while a
   * job reads them, the media stay as well, and whoever comes by after it takes them away. Fails with `unavailable`, having
   * lost nothing: the row stays until the bytes are gone. Where a bringer died, and its last requests may be carried out after it, that is only certain
   * once the bytes were taken away a second time, some time later.
   */
  async run(id: MediaId): Promise<void> {
    const media = await this.#work.run((tx) => tx.media.find(id));
    if (media?.state !== 'removing' || findPool(this.#pools, media.pool) === null) return;

    const use = await this.#work.run(async (tx) => {
      const use = await tx.media.useOfBlob(id);
      if (use === 'shared') await forget(tx, id);
      return use;
    });
    if (use !== 'none') return;

    // From here on nobody can come to need the bytes: only what is finished can be cloned.
    const store = this.#stores.of(media.pool, media.place);
    // While the pool moves a copy may lie in its other place, whole or half made.
    for (const place of this.#stores.places(media.pool)) await this.#stores.of(media.pool, place).remove(media.blob);
    await this.#work.run(async (tx) => {
      if (store.settleSeconds > 0 && (await tx.media.letSettle(id, store.settleSeconds))) return;
      await forget(tx, id);
    });
  }
}

async function forget(tx: Transaction, id: MediaId): Promise<void> {
  const gone = await tx.media.forget(id);
  if (gone !== null) await tx.pools.giveBack(gone.pool, gone.size);
}
