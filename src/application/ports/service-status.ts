import type { Bytes } from '../../domain/shared/bytes.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { OpenJobs } from './job-repository.ts';
import type { OpenUploads } from './upload-repository.ts';

/** The status of a pool, as far as it was known in time. */
export interface PoolStatus {
  readonly id: PoolId;
  readonly usable: boolean;
  /** The bytes of all its items; null if the database did not respond. */
  readonly used: Bytes | null;
  /** Its capacity in bytes; null for no limit, and if the database did not respond. */
  readonly capacity: Bytes | null;
  /** The number of damaged blobs; null if the database did not respond. */
  readonly damaged: number | null;
}

/** The current status of the service; the numbers cover all replicas. */
export interface ServiceStatus {
  readonly ready: boolean;
  readonly databaseUp: boolean;
  readonly pools: readonly PoolStatus[];
  /** Null if the database did not respond. */
  readonly jobs: OpenJobs | null;
  /** Null if the database did not answer. */
  readonly uploads: OpenUploads | null;
}
