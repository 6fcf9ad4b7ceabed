import type { Caller } from '../../domain/access/caller.ts';
import type { ListedJob } from '../../domain/jobs/job-listing.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { JobId } from '../../domain/shared/ids.ts';
import { markCopyForDeletion } from '../media/mark-copy-for-deletion.ts';
import { REMEMBER_SECONDS } from '../uploads/end-upload.ts';
import type { UploadLeases } from '../uploads/upload-leases.ts';
import { markForDeletionIf } from '../media/mark-for-deletion.ts';
import { viewerOf } from '../media/view-item.ts';
import { withPace, type VisibleJob } from '../media/visible-job.ts';
import type { Removals } from '../ports/removals.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';

export type CancelJobFailure = 'job-not-found' | 'permission-missing' | 'job-ended';

const PERMISSION = 'velocity.media.remove';
/** The failure that a cancelled job has. */
export const CANCELLED = 'cancelled';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly removals: Removals;
  readonly uploadLeases: Pick<UploadLeases, 'holder'>;
}

/** Cancels jobs: nothing of their items remains. */
export class CancelJob {
  readonly #work: UnitOfWork;
  readonly #removals: Removals;
  readonly #uploadLeases: Dependencies['uploadLeases'];

  constructor({ work, removals, uploadLeases }: Dependencies) {
    this.#work = work;
    this.#removals = removals;
    this.#uploadLeases = uploadLeases;
  }

  /**
   * Resolves when the job has ended, and the name and the charge of its item are free. A worker
   * that copies its bytes stops and deletes them; if none does, the sweeper deletes them.
   *
   * `precondition` throws unless the job is as the caller knows it.
   *
   * @throws `permission-missing` for a job of another user, without `velocity.media.remove`
   */
  async run(caller: Caller, id: JobId | null, precondition?: ((job: VisibleJob) => void) | null): Promise<void> {
    if (id === null) throw new DomainError('job-not-found');
    await this.#work.onBehalfOf(caller).run(async (tx) => {
      const job = await tx.jobs.findListed(viewerOf(caller), id);
      if (job === null) throw new DomainError('job-not-found');
      await requireCancelling(tx, caller, job);
      precondition?.(withPace(job));
      // Locks the item before the job, as the workers do.
      if (job.operation === 'clone' || job.operation === 'import') {
        const by = { by: caller, action: 'job.cancel' } as const;
        const underway = job.operation === 'import' ? 'uploading' : 'cloning';
        if (!(await markForDeletionIf(tx, job.target, ({ state }) => state === underway, by))) {
          throw new DomainError('job-ended');
        }
        if (job.operation === 'import') await tx.uploads.end(job.target, this.#uploadLeases.holder, REMEMBER_SECONDS);
      } else if (job.operation === 'move') {
        if (!(await markCopyForDeletion(tx, job.target))) throw new DomainError('job-ended');
        await tx.audit.record(caller, { action: 'job.cancel', media: job.source });
      } else {
        const copy = await tx.media.lock(job.target);
        if (copy?.state !== 'unsharing') throw new DomainError('job-ended');
        await tx.media.beginRemoval(copy.id);
        await tx.audit.record(caller, { action: 'job.cancel', media: job.source });
      }
      if (!(await tx.jobs.end(id, 'error', CANCELLED))) throw new DomainError('job-ended');
    });
    this.#removals.wake();
  }
}

async function requireCancelling(tx: Transaction, caller: Caller, { owner, group: id }: ListedJob): Promise<void> {
  if (owner?.id === caller.id) return;
  const group = id === null ? null : await tx.groups.find(id);
  const may = group !== null && (await tx.grants.holds(caller.id, PERMISSION, group.path));
  if (!may) throw new DomainError('permission-missing', { permission: PERMISSION });
}
