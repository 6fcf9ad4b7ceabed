import { DomainError } from '../../../domain/shared/domain-error.ts';

const RETRY_AFTER_SECONDS = 30;

/** A pool that can't be reached or used at this moment. */
export function unavailable(cause: unknown): DomainError {
  return new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS }, { cause });
}
