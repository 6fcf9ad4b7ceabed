import { DomainError } from '../../domain/shared/domain-error.ts';
import { UNIQUE_VIOLATIONS } from './constraints.ts';

const UNIQUE_VIOLATION = '23505';
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';

/**
 * SQLSTATEs that do not depend on the statement: the database is unreachable, starting, stopping or
 * overloaded, or a timeout ended the statement.
 */
const UNAVAILABLE_STATE = /^(08|57P0|53|57014|55P03|25P0[34])/;
const SOCKET_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);
/** Messages of pg and knex that come without a code. */
const CONNECTION_MESSAGE =
  /Connection terminated|timeout exceeded|Timeout acquiring|Query read timeout|not queryable|Unable to acquire|timeout expired/i;

const QUERY_CANCELED = '57014';
const RETRY_AFTER_SECONDS = 5;

/** Returns whether the same transaction may succeed when it is run again. */
export function isWorthRetrying(error: unknown): boolean {
  const code = codeOf(error);
  return code === SERIALIZATION_FAILURE || code === DEADLOCK;
}

/**
 * Translates an error of the database into an error of the domain. Returns unknown errors
 * unchanged.
 */
export function translate(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  const code = codeOf(error);
  if (code === UNIQUE_VIOLATION) {
    const constraint = (error as { constraint?: string }).constraint ?? '';
    if (constraint in UNIQUE_VIOLATIONS) {
      return new DomainError(UNIQUE_VIOLATIONS[constraint as keyof typeof UNIQUE_VIOLATIONS], undefined, {
        cause: error,
      });
    }
    return error;
  }
  return isUnavailable(error, code)
    ? new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS, lacking: 'database' }, { cause: error })
    : error;
}

/** As `translate`, for a search, whose slow statements the server cancels. */
export function translateSearch(error: unknown): unknown {
  if (codeOf(error) !== QUERY_CANCELED) return translate(error);
  return new DomainError('search-too-broad', { retryAfterSeconds: RETRY_AFTER_SECONDS }, { cause: error });
}

function isUnavailable(error: unknown, code: string): boolean {
  return (
    UNAVAILABLE_STATE.test(code) ||
    SOCKET_ERRORS.has(code) ||
    isWorthRetrying(error) ||
    CONNECTION_MESSAGE.test(messageOf(error))
  );
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : '';
}
