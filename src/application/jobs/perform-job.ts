import type { Lease } from '../leases/held-leases.ts';
import type { ClaimedJob, JobTarget } from '../ports/job-repository.ts';
import type { PerformClone } from './perform-clone.ts';
import type { PerformMove } from './perform-move.ts';
import type { JobPerformer } from './run-jobs.ts';

/** Does the work of jobs of every kind. */
export class PerformJob implements JobPerformer {
  readonly #clone: PerformClone;
  readonly #move: PerformMove;

  constructor(clone: PerformClone, move: PerformMove) {
    this.#clone = clone;
    this.#move = move;
  }

  /** Resolves when the job has ended; throws as `PerformClone` and `PerformMove`. */
  async run(job: ClaimedJob, target: JobTarget, lease: Lease, signal: AbortSignal): Promise<void> {
    const performer = job.operation === 'move' ? this.#move : this.#clone;
    await performer.run(job, target, lease, signal);
  }
}
