import { DomainError } from '../../../domain/shared/domain-error.ts';
import { unavailable } from '../shared/unavailable.ts';

/** Error codes of servers that have no space left. */
const FULL = new Set(['QuotaExceeded', 'InsufficientStorage', 'InsufficientCapacity', 'XMinioStorageFull']);

/**
 * Returns the error code of a server's response, such as `NoSuchKey`, or '' for any other error.
 */
export function codeOf(error: unknown): string {
  return error instanceof Error && statusOf(error) !== null ? error.name : '';
}

/** Returns the status of a server's response, or null when there was none. */
export function statusOf(error: unknown): number | null {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode ?? null;
}

/**
 * Returns whether the server reported that the object or upload does not exist. `what` is the code
 * of a response with a body.
 */
export function isMissing(error: unknown, what: 'NoSuchKey' | 'NoSuchUpload'): boolean {
  return codeOf(error) === what || (codeOf(error) === 'NotFound' && statusOf(error) === 404);
}

/**
 * Returns an error for bytes of an open upload that are lost: the server has forgotten the upload,
 * as its lifecycle rules may demand, or has other parts than it was sent.
 */
export function partsMissing(error: unknown): DomainError | null {
  const cause = error instanceof DomainError ? error.cause : error;
  // Ceph has no such key when it lists the parts of an upload that it has forgotten.
  const isForgotten = isMissing(cause, 'NoSuchUpload') || isMissing(cause, 'NoSuchKey');
  const isLost = isForgotten || codeOf(cause) === 'InvalidPart';
  return isLost ? new DomainError('bytes-missing', undefined, { cause }) : null;
}

/** Translates the error of a call into an error of the domain. */
export function translate(error: unknown): DomainError {
  if (FULL.has(codeOf(error)) || statusOf(error) === 507)
    return new DomainError('no-space', undefined, { cause: error });
  return unavailable(error);
}
