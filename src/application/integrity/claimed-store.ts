import { DomainError } from '../../domain/shared/domain-error.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { BlobStore, LocationOwner } from '../ports/blob-store.ts';

/** What could not be looked at, and why. */
export interface Unchecked {
  /** Null for the database. */
  readonly pool: PoolId | null;
  readonly reason: string;
}

/** One pool, where it lies. */
export interface ClaimedStore {
  readonly owner: LocationOwner;
  readonly store: BlobStore;
}

/**
 * The bytes of a place that went away only seem to be gone.
 *
 * @throws DomainError `unavailable`
 */
export async function requireOwnMarker({ store, owner }: ClaimedStore): Promise<void> {
  if ((await store.readMarker(owner)) === 'own') return;
  throw new DomainError('unavailable', { retryAfterSeconds: 0 }, { cause: new Error('its marker went away') });
}

/** What stands behind a failure, to be put behind a sentence; empty where nobody knows. */
export function causeSuffix({ cause }: Error): string {
  return cause instanceof Error && cause.message !== '' ? `: ${cause.message}` : '';
}
