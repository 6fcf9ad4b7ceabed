import { DomainError } from '../../domain/shared/domain-error.ts';
import { UNIQUE_VIOLATIONS } from './constraints.ts';

const UNIQUE_VIOLATION = '23505';
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';

/**
 * SQLSTATEs that say nothing of the work itself: the database is not there, is going or coming, has
 * no room for us, or was too slow.
 */
const AWAY = /^(08|57P0|53|57014|55P03|25P0[34])/;
const SOCKET = new Set([
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
/** pg and knex report these in words only. */
const IN_WORDS =
  /Connection terminated|timeout exceeded|Timeout acquiring|Query read timeout|not queryable|Unable to acquire|timeout expired/i;

const QUERY_CANCELED = '57014';
const RETRY_AFTER_SECONDS = 5;

/** Whether running the same transaction again may go better. */
export function isWorthRetrying(error: unknown): boolean {
  const code = codeOf(error);
  return code === SERIALIZATION_FAILURE || code === DEADLOCK;
}

/** What an error of the database means to the application; anything unknown stays what it is. */
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
  return isAway(error, code)
    ? new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS, lacking: 'database' }, { cause: error })
    : error;
}

/** As `translate`, for a search: the server ends a statement of it that takes too long. */
export function translateSearch(error: unknown): unknown {
  if (codeOf(error) !== QUERY_CANCELED) return translate(error);
  return new DomainError('search-too-broad', { retryAfterSeconds: RETRY_AFTER_SECONDS }, { cause: error });
}

function isAway(error: unknown, code: string): boolean {
  return AWAY.test(code) || SOCKET.has(code) || isWorthRetrying(error) || IN_WORDS.test(wordsOf(error));
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

function wordsOf(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : '';
}
