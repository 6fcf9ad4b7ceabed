import type { CopyProgress } from '../ports/blob-store.ts';
import type { MonotonicClock } from '../ports/clock.ts';
import type { ClaimedJob } from '../ports/job-repository.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { Lease } from '../leases/held-leases.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';

/** How often the progress of a copy is stored. */
const PROGRESS_INTERVAL_MS = 1000;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly rateLimiter: RateLimiter;
  readonly clock: MonotonicClock;
}

/**
 * Returns the progress of the copy of a job, which limits the rate, confirms the lease, and stores
 * the progress from time to time, with a `check` that ends the copy. A copy continues during an
 * outage of the database, while its lease lasts.
 */
export function jobProgress(
  { work, rateLimiter, clock }: Dependencies,
  { id, tenant }: Pick<ClaimedJob, 'id' | 'tenant'>,
  lease: Lease,
  signal: AbortSignal,
  check: (tx: Transaction) => Promise<void> = async () => Promise.resolve(),
): CopyProgress {
  let storedAt = clock.now();
  return async (copied, moved) => {
    await rateLimiter.waitFor(moved, signal, tenant);
    await lease.confirm();
    if (clock.now() - storedAt < PROGRESS_INTERVAL_MS) return;
    storedAt = clock.now();
    try {
      await work.run(async (tx) => {
        await check(tx);
        await tx.jobs.advance(id, copied);
      });
    } catch (error) {
      if (!isFailure(error, 'unavailable')) throw error;
    }
  };
}
