import { NOBODY } from '../../domain/audit/audit-event.ts';
import { purgeNow, type PurgeNowDependencies } from '../media/purge-now.ts';
import { markForDeletionIf } from '../media/mark-for-deletion.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

interface Dependencies extends PurgeNowDependencies {
  readonly work: UnitOfWork;
}

/** Lets go of the library drives that were withdrawn and that nothing holds any more. */
export class ReleaseWithdrawn {
  readonly #work: UnitOfWork;
  readonly #purging: PurgeNowDependencies;

  constructor({ work, purge, removals, log }: Dependencies) {
    this.#work = work;
    this.#purging = { purge, removals, log };
  }

  /**
   * Their bytes go at once where the pool can be reached, else as soon as it can. Fails with
   * `unavailable`.
   */
  async run(): Promise<void> {
    for (const id of await this.#work.run((tx) => tx.library.releasable())) {
      const isMarked = await this.#work.run((tx) =>
        markForDeletionIf(tx, id, () => tx.library.isReleasable(id), { by: NOBODY, action: 'library.release' }),
      );
      if (isMarked) await purgeNow([id], this.#purging);
    }
  }
}
