import { OUTSIDE } from './errors.ts';
import { WireFault } from './wire-fault.ts';

/**
 * So many objects are made or deleted with one request at most, since all of them are or none is.
 */
const MOST_AT_ONCE = 100;

/** Refuses more objects than one request may have. */
export function fewEnough<T>(objects: readonly T[]): readonly T[] {
  if (objects.length <= MOST_AT_ONCE) return objects;
  throw new WireFault(OUTSIDE.malformed, `there may be ${MOST_AT_ONCE} objects at most`);
}
