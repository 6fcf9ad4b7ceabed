import { isDomainError, isFailure } from '../../domain/shared/domain-error.ts';

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
  return { name, reason: reasonOf(error), mayPass: isFailure(error, 'unavailable') };
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
  return error.code;
}
