import { entityTag } from '../shared/entity-tag.ts';
import { isNotModified } from '../shared/preconditions.ts';
import { RequestError } from '../shared/request-error.ts';
import type { Call, Reply } from './call.ts';

/** Returns the ETag of a representation: equal ones have equal tags. */
export function tagOf(representation: object): string {
  return entityTag(Buffer.from(JSON.stringify(representation)));
}

/**
 * Answers a resource or a page of a list with its ETag; 304 to a client that has it already
 * (`If-None-Match`).
 *
 * @throws RequestError `precondition-failed` when `If-Match` names another representation
 */
export function tagged({ request }: Pick<Call, 'request'>, representation: object): Reply {
  const etag = tagOf(representation);
  const headers = { ETag: etag, 'Cache-Control': 'private, no-cache' };
  return isNotModified(request, etag)
    ? { status: 304, body: null, headers }
    : { status: 200, body: representation, headers };
}

/**
 * Returns a check that the use case of a change runs on the locked resource: it throws unless
 * `If-Match` names the representation of the resource. Null without `If-Match`.
 */
export function matching<View>(
  { request }: Pick<Call, 'request'>,
  present: (view: View) => object,
): ((view: View) => void) | null {
  const { 'if-match': match } = request.headers;
  if (match === undefined) return null;
  return (view) => {
    const tags: readonly string[] = match.match(/"[^"]*"/g) ?? [];
    if (match.trim() === '*' || tags.includes(tagOf(present(view)))) return;
    throw new RequestError('precondition-failed', 'the resource has changed since: read it again');
  };
}
