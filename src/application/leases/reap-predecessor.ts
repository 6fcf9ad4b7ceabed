import type { InstanceId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/**
 * Ends the leases of a process that is known to be dead, so that the next sweep takes away what it
 * left.
 */
export class ReapPredecessor {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** Null, or a predecessor that left nothing, is fine. */
  async run(predecessor: InstanceId | null): Promise<void> {
    if (predecessor !== null) await this.#work.run(async (tx) => tx.media.endLeases(predecessor));
  }
}
