import type { PoolId } from '../../../domain/shared/ids.ts';

/** What marks the place of a pool, so that no other pool takes it for its own. */
export const MARKER = '.platter-pool.json';

/** Whose place it is: one pool of one installation. */
export interface Owner {
  readonly installation: string;
  readonly pool: PoolId;
}

/** The text of a marker. */
export function writeOwner({ installation, pool }: Owner): string {
  return `${JSON.stringify({ installation, pool })}\n`;
}

/**
 * Who a marker names. What can't be understood is nobody's, and must not be taken for no marker at all: it fails with an Error for the operator, in
 * which `where` says which marker it is.
 */
export function readOwner(text: string, where: string): Owner {
  try {
    return ownerIn(text);
  } catch (error) {
    throw new Error(`the marker ${where} can't be read: restore it from a backup`, { cause: error });
  }
}

function ownerIn(text: string): Owner {
  const { installation, pool } = (JSON.parse(text) ?? {}) as Partial<Owner>;
  if (typeof installation !== 'string' || typeof pool !== 'number') throw new SyntaxError('it names no owner');
  return { installation, pool };
}

export function isSameOwner(left: Owner, right: Owner): boolean {
  return left.installation === right.installation && left.pool === right.pool;
}

/** How an operator of `own`'s installation would call the owner that a marker names. */
export function nameOwner(found: Owner, own: Owner): string {
  return found.installation === own.installation ? `pool ${found.pool} of this installation` : 'another installation';
}
