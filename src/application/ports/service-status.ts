import type { Bytes } from '../../domain/shared/bytes.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { OpenJobs } from './job-repository.ts';

/** One pool, as far as it could be found out in time. */
export interface PoolStatus {
  readonly id: PoolId;
  readonly usable: boolean;
  /** Bytes of all its media; null where the database did not say. */
  readonly used: Bytes | null;
  /** The most bytes that it may hold; null for no limit, and where the database did not say. */
  readonly capacity: Bytes | null;
  /** How many blobs are marked as damaged; null where the database did not say. */
  readonly damaged: number | null;
}

/** How the service stands at this moment, all replicas together. */
export interface ServiceStatus {
  readonly ready: boolean;
  readonly databaseUp: boolean;
  readonly pools: readonly PoolStatus[];
  /** Null where the database did not say. */
  readonly jobs: OpenJobs | null;
}
