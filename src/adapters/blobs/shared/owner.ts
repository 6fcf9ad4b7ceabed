import type { MarkerState, LocationOwner } from '../../../application/ports/blob-store.ts';

/** The marker of a location, so that no other pool uses it. */
export const MARKER = '.platter-pool.json';

/** The owner as stored in the marker. */
type StoredOwner = Omit<LocationOwner, 'location'> & { readonly place: number };

/** Returns the text of a marker. */
export function writeOwner({ installation, pool, location }: LocationOwner): string {
  return `${JSON.stringify({ installation, pool, place: location })}\n`;
}

/**
 * Parses a marker. An unreadable marker must not count as a missing one; `where` names the marker
 * in the error.
 *
 * @throws an Error for the operator
 */
export function readOwner(text: string, where: string): LocationOwner {
  try {
    return ownerIn(text);
  } catch (error) {
    throw new Error(`the marker ${where} cannot be read: restore it from a backup`, { cause: error });
  }
}

function ownerIn(text: string): LocationOwner {
  // The key on disk is `place`; the first markers have none, since a pool had one location then.
  const { installation, pool, place: location = 0 } = (JSON.parse(text) ?? {}) as Partial<StoredOwner>;
  const isOwner = typeof installation === 'string' && typeof pool === 'number' && typeof location === 'number';
  if (!isOwner) throw new SyntaxError('it does not name an owner');
  return { installation, pool, location };
}

export function isSameOwner(left: LocationOwner, right: LocationOwner): boolean {
  return isSamePool(left, right) && left.location === right.location;
}

function isSamePool(left: LocationOwner, right: LocationOwner): boolean {
  return left.installation === right.installation && left.pool === right.pool;
}

/** Returns the state of a marker's text, null for a missing marker, for `own`. */
export function markerStateOf(text: string | null, own: LocationOwner): MarkerState {
  if (text === null) return 'missing';
  try {
    return isSameOwner(ownerIn(text), own) ? 'own' : 'foreign';
  } catch {
    return 'unreadable';
  }
}

/** Returns how to name the owner of a marker to the operator of `own`'s installation. */
export function nameOwner(found: LocationOwner, own: LocationOwner): string {
  if (found.installation !== own.installation) return 'another installation';
  const pool = `pool ${found.pool} of this installation`;
  return found.pool === own.pool ? `location ${found.location} of ${pool}, and not location ${own.location}` : pool;
}

/**
 * Returns what the operator of `own`'s installation can do about a location with the marker of
 * `found`; `otherwise` when another pool owns it.
 */
export function adviceOn(found: LocationOwner, own: LocationOwner, otherwise: string): string {
  if (!isSamePool(found, own)) return otherwise;
  return `the pools file has to say "location: ${found.location}" beside it; where two locations were mixed up, correct them`;
}
