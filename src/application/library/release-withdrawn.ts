import { NOBODY } from '../../domain/audit/audit-event.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { Purge } from '../media/purge.ts';
import { markForDeletionIf } from '../media/mark-for-deletion.ts';
import type { Log } from '../ports/log.ts';
import type { Removals } from '../ports/removals.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly purge: Purge;
  readonly removals: Removals;
  readonly log: Log;
}

/** Lets go of the library drives that were withdrawn and that nothing holds any more. */
export class ReleaseWithdrawn {
  readonly #work: UnitOfWork;
  readonly #purge: Purge;
  readonly #removals: Removals;
  readonly #log: Log;

  constructor({ work, purge, removals, log }: Dependencies) {
    this.#work = work;
    this.#purge = purge;
    this.#removals = removals;
    this.#log = log;
  }

  /**
   * Their bytes go at once where the pool can be reached, else as soon as it can. Fails with
   * `unavailable`.
   */
  async run(): Promise<void> {
    for (const id of await this.#work.run((tx) => tx.library.releasable())) {
      const taken = await this.#work.run((tx) =>
        markForDeletionIf(tx, id, () => tx.library.isReleasable(id), { by: NOBODY, action: 'library.release' }),
      );
      if (taken) await this.#tryPurge(id);
    }
  }

  async #tryPurge(id: MediaId): Promise<void> {
    try {
      await this.#purge.run(id);
    } catch (error) {
      this.#log.warn(
        { media: id, err: error },
        'the bytes of a withdrawn library drive stay until the pool can be reached',
      );
      this.#removals.wake();
    }
  }
}
