import type { Caller } from '../../domain/access/caller.ts';
import { paceOf, type JobPace, type ListedJob } from '../../domain/jobs/job-listing.ts';
import { isAboutSource } from '../../domain/jobs/job.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { JobId, MediaId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { viewerOf } from './view-item.ts';

/** A job with its pace, and the item that it creates or changes. */
export type VisibleJob = ListedJob & JobPace & { readonly subject: MediaId };

/**
 * Finds a job that a caller sees.
 *
 * @throws `job-not-found`
 */
export async function requireJob(tx: Transaction, caller: Caller, id: JobId): Promise<VisibleJob> {
  const found = await tx.jobs.findListed(viewerOf(caller), id);
  if (found === null) throw new DomainError('job-not-found');
  return withPace(found);
}

/** Returns a job with its pace. */
export function withPace(job: ListedJob): VisibleJob {
  return { ...job, ...paceOf(job), subject: isAboutSource(job.operation) ? job.source : job.target };
}
