import { DomainError } from '../../../domain/shared/domain-error.ts';
import { unavailable } from '../shared/unavailable.ts';

/** What servers call it when they have no room left. */
const FULL = new Set(['QuotaExceeded', 'InsufficientStorage', 'InsufficientCapacity', 'XMinioStorageFull']);

/**
 * The code that a server gave for its refusal, such as `NoSuchKey`; empty for anything that no
 * server said.
 */
export function codeOf(error: unknown): string {
  return error instanceof Error && statusOf(error) !== null ? error.name : '';
}

/** The status of a server's answer, or null where none came. */
export function statusOf(error: unknown): number | null {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode ?? null;
}

/**
 * Whether the server said that what was asked for is not there. `what` is the code that says so
 * where the answer has a body.
 */
export function isMissing(error: unknown, what: 'NoSuchKey' | 'NoSuchUpload'): boolean {
  return codeOf(error) === what || (codeOf(error) === 'NotFound' && statusOf(error) === 404);
}

/** What a failed call means to the application. */
export function translate(error: unknown): DomainError {
  if (FULL.has(codeOf(error)) || statusOf(error) === 507)
    return new DomainError('no-space', undefined, { cause: error });
  return unavailable(error);
}
