import { SYSTEM } from '../../domain/audit/audit-event.ts';
import { purgeNow, type PurgeNowDependencies } from '../media/purge-now.ts';
import { markForDeletionIf } from '../media/mark-for-deletion.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

interface Dependencies extends PurgeNowDependencies {
  readonly work: UnitOfWork;
}

/** Removes withdrawn library drives that no server or job uses any more. */
export class ReleaseWithdrawn {
  readonly #work: UnitOfWork;
  readonly #purging: PurgeNowDependencies;

  constructor({ work, purge, removals, log }: Dependencies) {
    this.#work = work;
    this.#purging = { purge, removals, log };
  }

  /**
   * Deletes their bytes at once if the pool can be reached, else later.
   *
   * @throws `unavailable`
   */
  async run(): Promise<void> {
    for (const id of await this.#work.run((tx) => tx.library.releasable())) {
      const isMarked = await this.#work.run((tx) =>
        markForDeletionIf(tx, id, () => tx.library.isReleasable(id), { by: SYSTEM, action: 'library.release' }),
      );
      if (isMarked) await purgeNow([id], this.#purging);
    }
  }
}
