import type { Bytes } from '../shared/bytes.ts';
import type { JobId, MediaId, UserUuid } from '../shared/ids.ts';

export type JobState = 'started' | 'success' | 'error';

/** How a job ends. */
export type JobEnd = Exclude<JobState, 'started'>;

/** A clone is new media; to part is to get bytes that are shared with nobody. */
export type JobOperation = 'clone' | 'unshare';

/** Work that outlives the request that asked for it. */
export interface Job {
  readonly id: JobId;
  readonly operation: JobOperation;
  readonly state: JobState;
  /** Who asked for it, and alone gets to see it. */
  readonly owner: UserUuid;
  /** What is read; it may be gone meanwhile. */
  readonly source: MediaId;
  /**
   * What is made; it may be gone meanwhile. Where the source parts, what holds the copy until it is
   * made.
   */
  readonly target: MediaId;
  /** How many bytes are really copied. */
  readonly copied: Bytes;
  readonly total: Bytes;
  readonly created: Date;
  readonly modified: Date;
}

/**
 * How far a job is, in whole percent; 100 only once it has succeeded
 * (docs/cloudsigma.md#clones-and-jobs).
 */
export function progressOf({ state, copied, total }: Pick<Job, 'state' | 'copied' | 'total'>): number {
  if (state === 'success') return 100;
  return total === 0 ? 0 : Math.min(99, Math.floor((copied / total) * 100));
}
