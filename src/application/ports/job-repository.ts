import type { Caller } from '../../domain/access/caller.ts';
import type { Job, JobEnd, JobOperation } from '../../domain/jobs/job.ts';
import type { TenantId } from '../../domain/access/tenant.ts';
import type { ImageFacts } from '../../domain/media/formats/inspect-image.ts';
import type { Media, StoredBlob } from '../../domain/media/media.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { BlobId, InstanceId, JobId, MediaId, PoolId, UserUuid } from '../../domain/shared/ids.ts';
import type { Batch, FirstBatch, ListCursor, PageTerms } from '../../domain/shared/page.ts';
import type { LeaseTerms } from './media-repository.ts';

/** A job that is about to be asked for. */
export interface NewJob {
  readonly id: JobId;
  readonly operation: JobOperation;
  readonly owner: UserUuid;
  /** Whose share of the copies it takes. */
  readonly tenant: TenantId;
  readonly source: MediaId;
  /** The bytes that are read; the caller has kept media that own them. */
  readonly sourceBlob: BlobId;
  /** Media in `cloning`, or in `parting`. */
  readonly target: MediaId;
  readonly total: Bytes;
}

/** A job that somebody is about to do. */
export interface ClaimedJob {
  readonly id: JobId;
  readonly operation: JobOperation;
  /** Who asked for it, as they are now; null once they are gone. */
  readonly owner: Caller | null;
  /** Whose share of the copies it takes. */
  readonly tenant: TenantId;
  /** How often it has been begun, this time included. */
  readonly attempts: number;
  readonly total: Bytes;
  /** The bytes to read, as they came in. */
  readonly source: {
    readonly media: MediaId;
    readonly blob: BlobId;
    readonly pool: PoolId;
    readonly location: number;
    readonly stored: StoredBlob;
  };
  /** What is to be made; null once nobody wants it any more. */
  readonly target: { readonly media: Media; readonly facts: ImageFacts } | null;
}

/** Which tenants a job is looked for. */
export interface Turns {
  /** Those that have all that they may at once. */
  readonly without: readonly TenantId[];
  /** Those that had a job already, the latest last: any other comes before them. */
  readonly after: readonly TenantId[];
}

/** How a job is let go. */
export interface Postponement {
  readonly holder: InstanceId;
  /** How long nobody begins it again. */
  readonly seconds: number;
  /** Whether the attempt counts; else it is taken off again. */
  readonly counts: boolean;
  /** The code of why, or null. */
  readonly failure: string | null;
}

/** The jobs that are not ended, of everybody. */
export interface OpenJobs {
  /** Those that nobody is at. */
  readonly waiting: number;
  readonly underway: number;
}

/** Jobs. A row is locked after those of media, except by `claim`, which waits for nobody's job. */
export interface JobRepository {
  /** Stores a job that may be begun at once. From here on the bytes that it reads stay. */
  insert(job: NewJob): Promise<void>;
  /**
   * Hands the job that is due for the longest time, of the tenant whose turn it is, to one caller,
   * with a lease on its target that nobody else holds (one that ended more than `graceSeconds` ago
   * counts as none), and counts the attempt. Null when there is nothing to do. No two callers ever
   * hold the same job at once, and none waits for another.
   */
  claim(lease: LeaseTerms, graceSeconds: number, turns: Turns): Promise<ClaimedJob | null>;
  /** Notes how many bytes are copied. */
  advance(id: JobId, copied: Bytes): Promise<void>;
  /**
   * Lets a job that is not ended go, to be begun again by anybody: the lease on its target ends, if
   * the holder has it.
   */
  postpone(id: JobId, terms: Postponement): Promise<void>;
  /**
   * Ends a job: what it read may go. Does nothing to one that has ended, and answers false.
   * `failure` is the code of why, or null.
   */
  end(id: JobId, end: JobEnd, failure: string | null): Promise<boolean>;
  /** A job of this user, or null. */
  find(id: JobId, owner: UserUuid): Promise<Job | null>;
  /** The jobs of a user, newest last, then by id. */
  list(owner: UserUuid, page: PageTerms): Promise<FirstBatch<Job>>;
  /** What `list` finds behind `after`, at most so many. */
  listBehind(owner: UserUuid, after: ListCursor, max: number): Promise<Batch<Job>>;
  /** The jobs that are not ended and read or make any of these media, oldest first. */
  about(media: readonly MediaId[]): Promise<readonly Pick<Job, 'id' | 'owner' | 'source' | 'target'>[]>;
  /** How many jobs are not ended; of more than `most`, those that have been due longest. */
  countOpen(max: number): Promise<OpenJobs>;
  /**
   * Forgets jobs that ended longer than `seconds` ago, at most a thousand at once. Answers how
   * many.
   */
  forgetEnded(seconds: number): Promise<number>;
}
