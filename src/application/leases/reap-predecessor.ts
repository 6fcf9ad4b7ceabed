import type { InstanceId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/**
 * Ends the leases of a predecessor of this process that is known to be dead, so that the next sweep
 * removes its unfinished items, and its uploads can be continued at once.
 */
export class ReapPredecessor {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** Does nothing for null, or if the predecessor held no lease. */
  async run(predecessor: InstanceId | null): Promise<void> {
    if (predecessor === null) return;
    await this.#work.run(async (tx) => {
      await tx.media.endLeases(predecessor);
      await tx.uploads.release(predecessor);
      await tx.chunks.release(predecessor);
    });
  }
}
