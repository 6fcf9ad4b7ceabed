import { isFailure } from '../../domain/shared/domain-error.ts';
import type { ExaminationKind, ExaminationResult } from '../ports/system-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Records the result of a command that examined the installation. */
export class RecordExamination {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** Does nothing if the database cannot be reached: the command reports that itself. */
  async run(kind: ExaminationKind, result: ExaminationResult): Promise<void> {
    try {
      await this.#work.run(async (tx) => tx.system.recordExamination(kind, result));
    } catch (error) {
      if (!isFailure(error, 'unavailable')) throw error;
    }
  }
}
