import { isDomainError, isFailure, type DomainError, type FailureCode } from '../../domain/shared/domain-error.ts';
import { SourceFailure, SourceLost } from '../imports/source-bytes.ts';

/** Failures that another try may not have. */
const TRANSIENT: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'unavailable',
  'source-unreachable',
  'source-changed',
]);

/** Why a library drive cannot be published, for the operator. */
export class LibraryFault extends Error {
  override readonly name = 'LibraryFault';
}

/** A library drive or licence that differs from its declaration. */
export interface FaultReport {
  readonly name: string;
  readonly reason: string;
  /** Whether the next attempt may succeed without the operator. */
  readonly mayPass: boolean;
}

/** Describes a failure to publish, for the operator. */
export function reportOf(name: string, error: unknown): FaultReport {
  // Any failure of a source for which an import would be tried again.
  if (error instanceof SourceFailure || error instanceof SourceLost) {
    return { name, reason: reasonOf(error.failure), mayPass: true };
  }
  return { name, reason: reasonOf(error), mayPass: isDomainError(error) && TRANSIENT.has(error.code) };
}

function reasonOf(error: unknown): string {
  if (!isDomainError(error)) return error instanceof Error ? error.message : String(error);
  if (isFailure(error, 'format-refused')) return `the image is refused: ${error.detail.reason}`;
  if (isFailure(error, 'quota-exceeded')) {
    if (error.detail.limitedBy === 'items') return `the group has reached its limit of ${error.detail.max} items`;
    const { needed, left, limitedBy } = error.detail;
    return `the ${limitedBy} has no room for ${needed} bytes${left === null ? '' : `, only for ${left}`}`;
  }
  if (isFailure(error, 'body-too-short') || isFailure(error, 'body-too-long'))
    return 'its bytes changed while they were read';
  if (isFailure(error, 'no-space')) return 'the storage of the pool is full';
  if (isFailure(error, 'bytes-missing')) return 'the bytes of its media item are missing from the pool';
  if (isFailure(error, 'bytes-damaged')) return 'the bytes of its media item are damaged';
  if (isFailure(error, 'media-not-found')) return 'the media item named as its source does not exist';
  if (isFailure(error, 'unavailable')) return 'the database or the pool cannot be reached at the moment';
  return sourceReasonOf(error);
}

function sourceReasonOf(error: DomainError): string {
  if (isFailure(error, 'url-invalid')) return `its URL cannot be imported: ${error.detail.reason}`;
  if (isFailure(error, 'source-unreachable')) return 'its URL cannot be reached, or may not be imported from';
  if (isFailure(error, 'source-refused')) return `the server of its URL responded with status ${error.detail.status}`;
  if (isFailure(error, 'source-changed')) return 'the bytes at its URL changed while they were read';
  if (isFailure(error, 'source-cut-off')) {
    const { received, length } = error.detail;
    return `the server of its URL broke off: received ${received} of ${length} bytes`;
  }
  return error.code;
}
