import type { Bytes } from '../shared/bytes.ts';
import type { JobId, MediaId, UserUuid } from '../shared/ids.ts';

export type JobState = 'started' | 'success' | 'error';

/** How a job ends. */
export type JobEnd = Exclude<JobState, 'started'>;

/**
 * `clone` creates a media item; `unshare` gives an item a blob of its own; `import` creates an item
 * with the bytes of a URL; `move` carries an item to another pool.
 */
export type JobOperation = 'clone' | 'unshare' | 'import' | 'move';

/** What a process does for an import. */
export type ImportPhase = 'connecting' | 'downloading' | 'verifying';

/** Work that outlives its request. */
export interface Job {
  readonly id: JobId;
  readonly operation: JobOperation;
  readonly state: JobState;
  /** The user who requested it. Only this user sees it. */
  readonly owner: UserUuid;
  /** The item to read; it may have been removed since. */
  readonly source: MediaId;
  /**
   * The item to create, or, for `unshare` and `move`, the item that holds the copy; it may have
   * been removed since.
   */
  readonly target: MediaId;
  /** The bytes copied so far. */
  readonly copied: Bytes;
  readonly total: Bytes;
  readonly created: Date;
  readonly modified: Date;
}

/**
 * Returns the progress of a job in whole percent; 100 only after its success
 * (docs/cloudsigma.md#clones-and-jobs).
 */
export function progressOf({ state, copied, total }: Pick<Job, 'state' | 'copied' | 'total'>): number {
  if (state === 'success') return 100;
  return total === 0 ? 0 : Math.min(99, Math.floor((copied / total) * 100));
}

/** Returns whether a job changes its source, and its target only holds the copy meanwhile. */
export function isAboutSource(operation: JobOperation): boolean {
  return operation === 'unshare' || operation === 'move';
}
