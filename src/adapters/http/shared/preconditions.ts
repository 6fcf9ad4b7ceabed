import type { Request } from 'express';
import { RequestError } from './request-error.ts';

/**
 * Returns whether the answer to a GET or HEAD is 304, by its preconditions in their order (RFC
 * 9110, section 13.2.2). `etag` is strong; null when there is none. `If-Unmodified-Since` and
 * `If-Modified-Since` are ignored, since no resource here has a modification date (sections 13.1.3
 * and 13.1.4).
 *
 * @throws RequestError `precondition-failed` when `If-Match` does not name `etag`
 */
export function isNotModified({ headers }: Request, etag: string | null): boolean {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match !== undefined && !names(match, etag)) {
    throw new RequestError('precondition-failed', 'if-match names other bytes than there are: read them again');
  }
  return noneMatch !== undefined && names(noneMatch.replaceAll('W/"', '"'), etag);
}

const CONDITIONS = ['if-match', 'if-none-match', 'if-range', 'if-modified-since', 'if-unmodified-since'] as const;

/** Returns whether a request has conditions. */
export function hasConditions({ headers }: Request): boolean {
  return CONDITIONS.some((name) => headers[name] !== undefined);
}

const ENTITY_TAG = /(?:W\/)?"[^"]*"/g;

function names(tags: string, etag: string | null): boolean {
  if (tags.trim() === '*') return true;
  const named: readonly string[] = tags.match(ENTITY_TAG) ?? [];
  return etag !== null && named.includes(etag);
}
