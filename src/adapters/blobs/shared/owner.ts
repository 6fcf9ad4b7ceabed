import type { MarkerState, LocationOwner } from '../../../application/ports/blob-store.ts';

/** What marks the place of a pool, so that no other pool takes it for its own. */
export const MARKER = '.platter-pool.json';

/** An owner as its marker stores it. */
type StoredOwner = Omit<LocationOwner, 'location'> & { readonly place: number };

/** The text of a marker. */
export function writeOwner({ installation, pool, location }: LocationOwner): string {
  return `${JSON.stringify({ installation, pool, place: location })}\n`;
}

/**
 * Who a marker names. What can't be understood is nobody's, and must not be taken for no marker at
 * all: it fails with an Error for the operator, in which `where` says which marker it is.
 */
export function readOwner(text: string, where: string): LocationOwner {
  try {
    return ownerIn(text);
  } catch (error) {
    throw new Error(`the marker ${where} can't be read: restore it from a backup`, { cause: error });
  }
}

function ownerIn(text: string): LocationOwner {
  // The key on disk is `place`; the first markers were written when a pool had one location.
  const { installation, pool, place: location = 0 } = (JSON.parse(text) ?? {}) as Partial<StoredOwner>;
  const isOwner = typeof installation === 'string' && typeof pool === 'number' && typeof location === 'number';
  if (!isOwner) throw new SyntaxError('it names no owner');
  return { installation, pool, location };
}

export function isSameOwner(left: LocationOwner, right: LocationOwner): boolean {
  return isSamePool(left, right) && left.location === right.location;
}

function isSamePool(left: LocationOwner, right: LocationOwner): boolean {
  return left.installation === right.installation && left.pool === right.pool;
}

/** What the text of a marker, null for none, says to `own`. */
export function markerStateOf(text: string | null, own: LocationOwner): MarkerState {
  if (text === null) return 'missing';
  try {
    return isSameOwner(ownerIn(text), own) ? 'own' : 'foreign';
  } catch {
    return 'unreadable';
  }
}

/** How an operator of `own`'s installation would call the owner that a marker names. */
export function nameOwner(found: LocationOwner, own: LocationOwner): string {
  if (found.installation !== own.installation) return 'another installation';
  const pool = `pool ${found.pool} of this installation`;
  return found.pool === own.pool ? `location ${found.location} of ${pool}, and not location ${own.location}` : pool;
}

/**
 * What an operator of `own`'s installation can do about a place that bears the marker of `found`;
 * `otherwise` where another pool has it.
 */
export function adviceOn(found: LocationOwner, own: LocationOwner, otherwise: string): string {
  if (!isSamePool(found, own)) return otherwise;
  return `the pools file has to say "location: ${found.location}" beside it; where two locations were mixed up, correct them`;
}
