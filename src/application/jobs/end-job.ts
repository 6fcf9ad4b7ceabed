import { SYSTEM, type Action, type AuditEvent, type Result } from '../../domain/audit/audit-event.ts';
import { isAboutSource, type JobOperation } from '../../domain/jobs/job.ts';
import type { ClaimedJob } from '../ports/job-repository.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

const ACTIONS: Readonly<Record<JobOperation, Action>> = {
  clone: 'media.clone-end',
  unshare: 'media.part-end',
  import: 'media.import-end',
  move: 'media.move-end',
};

/**
 * Ends a job and records its result, in the name of the user who started it. Does nothing if the
 * job has ended.
 */
export async function endJob(tx: Transaction, job: ClaimedJob, result: Result): Promise<void> {
  const isDone = result === 'done';
  const ended = await tx.jobs.end(job.id, isDone ? 'success' : 'error', isDone ? null : result);
  if (ended) await tx.audit.record(job.owner ?? SYSTEM, { action: ACTIONS[job.operation], result, ...subjectOf(job) });
}

/** Adds what the row of the clone may no longer say, because its removal clears it. */
function subjectOf({ operation, source, target }: ClaimedJob): Omit<AuditEvent, 'action'> {
  if (isAboutSource(operation)) return { media: source.media };
  const details = { source: source.media };
  if (target === null) return { details };
  const { id, group, pool } = target.media;
  return { media: id, pool, ...(group === null ? {} : { group }), details };
}
