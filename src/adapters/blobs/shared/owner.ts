import type { MarkerStanding, PlaceOwner } from '../../../application/ports/blob-store.ts';

/** What marks the place of a pool, so that no other pool takes it for its own. */
export const MARKER = '.platter-pool.json';

/** The text of a marker. */
export function writeOwner({ installation, pool, place }: PlaceOwner): string {
  return `${JSON.stringify({ installation, pool, place })}\n`;
}

/**
 * Who a marker names. What can't be understood is nobody's, and must not be taken for no marker at
 * all: it fails with an Error for the operator, in which `where` says which marker it is.
 */
export function readOwner(text: string, where: string): PlaceOwner {
  try {
    return ownerIn(text);
  } catch (error) {
    throw new Error(`the marker ${where} can't be read: restore it from a backup`, { cause: error });
  }
}

function ownerIn(text: string): PlaceOwner {
  // The first markers were written when a pool had one place.
  const { installation, pool, place = 0 } = (JSON.parse(text) ?? {}) as Partial<PlaceOwner>;
  const isOwner = typeof installation === 'string' && typeof pool === 'number' && typeof place === 'number';
  if (!isOwner) throw new SyntaxError('it names no owner');
  return { installation, pool, place };
}

export function isSameOwner(left: PlaceOwner, right: PlaceOwner): boolean {
  return isSamePool(left, right) && left.place === right.place;
}

function isSamePool(left: PlaceOwner, right: PlaceOwner): boolean {
  return left.installation === right.installation && left.pool === right.pool;
}

/** What the text of a marker, null for none, says to `own`. */
export function standingOf(text: string | null, own: PlaceOwner): MarkerStanding {
  if (text === null) return 'missing';
  try {
    return isSameOwner(ownerIn(text), own) ? 'own' : 'foreign';
  } catch {
    return 'unreadable';
  }
}

/** How an operator of `own`'s installation would call the owner that a marker names. */
export function nameOwner(found: PlaceOwner, own: PlaceOwner): string {
  if (found.installation !== own.installation) return 'another installation';
  const pool = `pool ${found.pool} of this installation`;
  return found.pool === own.pool ? `place ${found.place} of ${pool}, and not place ${own.place}` : pool;
}

/**
 * What an operator of `own`'s installation can do about a place that bears the marker of `found`;
 * `otherwise` where another pool has it.
 */
export function adviceOn(found: PlaceOwner, own: PlaceOwner, otherwise: string): string {
  if (!isSamePool(found, own)) return otherwise;
  return `the pools file has to say "place: ${found.place}" beside it; where two places were mixed up, correct them`;
}
