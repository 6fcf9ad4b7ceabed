import { DomainError } from '../../domain/shared/domain-error.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { BlobStore, LocationOwner } from '../ports/blob-store.ts';

/** A pool or database that could not be checked, and the reason. */
export interface Unchecked {
  /** Null for the database. */
  readonly pool: PoolId | null;
  readonly reason: string;
}

/** A location of a pool, with its store. */
export interface ClaimedStore {
  readonly owner: LocationOwner;
  readonly store: BlobStore;
}

/**
 * Checks that the location still bears this installation's marker: the bytes of an unmounted
 * location only seem to be missing.
 *
 * @throws `unavailable`
 */
export async function requireOwnMarker({ store, owner }: ClaimedStore): Promise<void> {
  if ((await store.readMarker(owner)) === 'own') return;
  throw new DomainError('unavailable', { retryAfterSeconds: 0 }, { cause: new Error('its marker disappeared') });
}

/** Returns the cause of an error as the end of a sentence; empty if it has none. */
export function causeSuffix({ cause }: Error): string {
  return cause instanceof Error && cause.message !== '' ? `: ${cause.message}` : '';
}
