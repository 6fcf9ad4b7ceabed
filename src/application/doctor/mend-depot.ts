import type { PoolId, BlobId } from '../../domain/shared/ids.ts';
import type { Purge } from '../media/purge.ts';
import type { BlobStores } from '../ports/blob-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Finding } from './finding.ts';

/** Does what can be done without harm about what was found. */
export class MendDepot {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores;
  readonly #purge: Purge;

  constructor(work: UnitOfWork, stores: BlobStores, purge: Purge) {
    this.#work = work;
    this.#stores = stores;
    this.#purge = purge;
  }

  /** For what has a remedy, and was just found. Fails with `unavailable`; trying again is fine. */
  async run(finding: Finding): Promise<void> {
    switch (finding.kind) {
      case 'usage':
        return this.#work.run(async (tx) => tx.examination.recount(finding.pool, finding.group));
      case 'bytes-unowned':
        return this.#remove(finding.pool, finding.place, finding.blob);
      case 'half-written':
        if (finding.owned) return this.#stores.of(finding.pool, finding.place).clear(finding.blob);
        return this.#remove(finding.pool, finding.place, finding.blob);
      default:
        throw new Error(`there is no remedy for ${finding.kind}`);
    }
  }

  /** Bytes get a row first, so that nobody writes under their id meanwhile, and that a crash leaves them to the sweeper. */
  async #remove(pool: PoolId, place: number, blob: BlobId): Promise<void> {
    const media = await this.#work.run(async (tx) => tx.examination.adopt(pool, place, blob));
    if (media !== null) await this.#purge.run(media);
  }
}
