import { RequestError } from '../shared/request-error.ts';

/**
 * So many objects are made or deleted with one request at most, since all of them are or none is.
 */
const MAX_OBJECTS = 100;

/** Refuses more objects than one request may have. */
export function requireMaxObjects<T>(objects: readonly T[]): readonly T[] {
  if (objects.length <= MAX_OBJECTS) return objects;
  throw new RequestError('malformed', `there may be ${MAX_OBJECTS} objects at most`);
}
