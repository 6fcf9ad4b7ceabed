import { DomainError } from '../../../domain/shared/domain-error.ts';

const RETRY_AFTER_SECONDS = 30;

/** Returns the error of a pool that cannot be reached or used now. */
export function unavailable(cause: unknown): DomainError {
  return new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS }, { cause });
}
