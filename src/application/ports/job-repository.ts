import type { Caller } from '../../domain/access/caller.ts';
import type { Job, JobEnd, JobOperation, JobState } from '../../domain/jobs/job.ts';
import type { ListedJob } from '../../domain/jobs/job-listing.ts';
import type { Viewer } from '../../domain/media/media-listing.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { TenantId } from '../../domain/access/tenant.ts';
import type { ImageFacts } from '../../domain/media/formats/inspect-image.ts';
import type { Media, StoredBlob } from '../../domain/media/media.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { BlobId, InstanceId, JobId, MediaId, PoolId, UserUuid } from '../../domain/shared/ids.ts';
import type { Batch, FirstBatch, ListCursor, PageTerms } from '../../domain/shared/page.ts';
import type { LeaseTerms } from './media-repository.ts';

/** A copy to be queued; imports have a repository of their own. */
export interface NewJob {
  readonly id: JobId;
  readonly operation: Exclude<JobOperation, 'import'>;
  readonly owner: UserUuid;
  /** The tenant whose share of copies it takes. */
  readonly tenant: TenantId;
  readonly source: MediaId;
  /** The blob that is read. The caller has locked an item that owns it. */
  readonly sourceBlob: BlobId;
  /** An item in `cloning`, `unsharing` or `moving`. */
  readonly target: MediaId;
  readonly total: Bytes;
}

/** A job that a worker has claimed. */
export interface ClaimedJob {
  readonly id: JobId;
  readonly operation: JobOperation;
  /** The user who requested it, as it is now; null if it was removed. */
  readonly owner: Caller | null;
  /** The tenant whose share of copies it takes. */
  readonly tenant: TenantId;
  /** How many attempts were begun, including this one. */
  readonly attempts: number;
  readonly total: Bytes;
  /** The blob to read, with what was recorded when it was stored. */
  readonly source: {
    readonly media: MediaId;
    readonly blob: BlobId;
    readonly pool: PoolId;
    readonly location: number;
    readonly stored: StoredBlob;
  };
  /** The item to create; null if it was removed. */
  readonly target: JobTarget | null;
}

/** The item that a job fills. */
export interface JobTarget {
  readonly media: Media;
  readonly facts: ImageFacts;
}

/** The order in which tenants get a job. */
export interface TenantOrder {
  /** Tenants that have used up their share: they get none. */
  readonly excluded: readonly TenantId[];
  /** Tenants that had a job already, the latest last: all others come first. */
  readonly served: readonly TenantId[];
}

/** A job that reads, creates or changes an item. */
export type JobAbout = Pick<Job, 'id' | 'operation' | 'owner' | 'source' | 'target'>;

/** How a worker gives a job up. */
export interface Postponement {
  readonly holder: InstanceId;
  /** The earliest time of the next attempt, from now. */
  readonly seconds: number;
  /** Whether the attempt counts. */
  readonly counts: boolean;
  /** The code of the failure, or null. */
  readonly failure: string | null;
}

/** The number of jobs that have not ended, of all users. */
export interface OpenJobs {
  /** Jobs that no worker has claimed. */
  readonly waiting: number;
  readonly underway: number;
}

/**
 * The jobs. Lock media items before jobs; only `claim` does it the other way, and skips jobs that
 * are locked.
 */
export interface JobRepository {
  /** Queues a job. It pins the source blob until it ends. */
  insert(job: NewJob): Promise<void>;
  /**
   * Claims the job that is due for the longest time, of the tenant whose turn it is: sets a lease
   * on its target, unless another holder has one that ended less than `graceSeconds` ago, and
   * counts the attempt. Returns null if there is no such job. No two callers have the same job, and
   * none waits for another.
   */
  order(lease: LeaseTerms, graceSeconds: number, order: TenantOrder): Promise<ClaimedJob | null>;
  /** Records how many bytes are copied. */
  advance(id: JobId, copied: Bytes): Promise<void>;
  /**
   * Releases a job that has not ended, so that any worker can begin it again: ends the lease of
   * `holder` on its target.
   */
  postpone(id: JobId, terms: Postponement): Promise<void>;
  /**
   * Ends a job, unpins its source blob, and forgets the URL of an import. `failure` is the code of
   * the failure, or null, with its details. Returns false, and does nothing, if it has ended.
   */
  end(id: JobId, end: JobEnd, failure: string | null, detail?: object | null): Promise<boolean>;
  /** Returns a job of this user, or null. */
  find(id: JobId, owner: UserUuid): Promise<Job | null>;
  /** Returns the jobs of a user, newest last, then by id. */
  list(owner: UserUuid, page: PageTerms): Promise<FirstBatch<Job>>;
  /** Continues `list` after `after`, with at most `max` jobs. */
  listBehind(owner: UserUuid, after: ListCursor, max: number): Promise<Batch<Job>>;
  /**
   * Returns a page of the jobs that the viewer sees: its own, and those that have not ended and
   * create or change an item of a group on which it holds `velocity.media.list`.
   */
  page(viewer: Viewer, state: JobState | null, terms: KeysetTerms<'created'>): Promise<KeysetPage<ListedJob>>;
  /** Returns a job of that list; null if it has none. */
  findListed(viewer: Viewer, id: JobId): Promise<ListedJob | null>;
  /** Returns the jobs that have not ended and read or create one of these items, oldest first. */
  about(media: readonly MediaId[]): Promise<readonly JobAbout[]>;
  /**
   * Counts jobs that have not ended, without imports; of more than `max`, those that have been due
   * longest.
   */
  countOpen(max: number): Promise<OpenJobs>;
  /** Deletes jobs that ended more than `seconds` ago, at most 1000 per call. Returns how many. */
  forgetEnded(seconds: number): Promise<number>;
}
