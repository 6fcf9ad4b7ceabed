import { RequestError } from '../shared/request-error.ts';

/** The most objects that one request creates or deletes; it does so with all of them or none. */
const MAX_OBJECTS = 100;

/**
 * Returns the objects of a request.
 *
 * @throws RequestError `malformed` for more than one request may have
 */
export function requireMaxObjects<T>(objects: readonly T[]): readonly T[] {
  if (objects.length <= MAX_OBJECTS) return objects;
  throw new RequestError('malformed', `a request has at most ${MAX_OBJECTS} objects: send several requests`);
}
