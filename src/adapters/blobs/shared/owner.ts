import type { MarkerStanding, PlaceOwner } from '../../../application/ports/blob-store.ts';

/** What marks the place of a pool, so that no other pool takes it for its own. */
export const MARKER = '.platter-pool.json';

/** The text of a marker. */
export function writeOwner({ installation, pool }: PlaceOwner): string {
  return `${JSON.stringify({ installation, pool })}\n`;
}

/**
 * Who a marker names. What can't be understood is nobody's, and must not be taken for no marker at all: it fails with an Error for the operator, in
 * which `where` says which marker it is.
 */
export function readOwner(text: string, where: string): PlaceOwner {
  try {
    return ownerIn(text);
  } catch (error) {
    throw new Error(`the marker ${where} can't be read: restore it from a backup`, { cause: error });
  }
}

function ownerIn(text: string): PlaceOwner {
  const { installation, pool } = (JSON.parse(text) ?? {}) as Partial<PlaceOwner>;
  if (typeof installation !== 'string' || typeof pool !== 'number') throw new SyntaxError('it names no owner');
  return { installation, pool };
}

export function isSameOwner(left: PlaceOwner, right: PlaceOwner): boolean {
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
  return found.installation === own.installation ? `pool ${found.pool} of this installation` : 'another installation';
}
