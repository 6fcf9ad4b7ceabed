import { isFailure, type DomainError, type FailureCode } from '../../../domain/shared/domain-error.ts';
import type { RequestErrorKind } from '../shared/request-error.ts';

/** The category of an error, for clients that read nothing else (docs/cloudsigma.md#manners). */
export type ErrorType = 'validation' | 'permission' | 'notexist' | 'concurrency' | 'billing' | 'backend' | 'database';

/** The type and the status of an answer. */
export type ErrorCode = readonly [type: ErrorType, status: number];

/** `point` is the field at fault. */
type FailureRow = readonly [type: ErrorType, status: number, point?: string];

/** Errors of requests that reach no use case, and `unknown` for unexpected failures. */
export const PROTOCOL_ERRORS = {
  malformed: ['validation', 400],
  'foreign-origin': ['permission', 403],
  'no-such-path': ['notexist', 404],
  'wrong-method': ['validation', 405],
  'not-acceptable': ['validation', 406],
  'body-too-large': ['validation', 413],
  'precondition-failed': ['validation', 412],
  'unsupported-content': ['validation', 415],
  'range-refused': ['validation', 416],
  'not-implemented': ['backend', 501],
  unknown: ['backend', 500],
} as const satisfies Record<RequestErrorKind | 'unknown', ErrorCode>;

/** The table of the dialect. The compiler checks that it has every failure. */
const FAILURES: Readonly<Record<FailureCode, FailureRow>> = {
  'not-authenticated': ['permission', 401],
  'wrong-credentials': ['permission', 401],
  'too-many-logins': ['permission', 429],
  'authkey-unknown': ['permission', 401],
  'authkey-expired': ['permission', 401],
  'token-not-found': ['notexist', 404],
  'scope-missing': ['permission', 403],
  'permission-missing': ['permission', 403],
  'permission-above-own': ['permission', 403],
  protected: ['permission', 403],
  'home-group-missing': ['permission', 403],
  'home-group-forbidden': ['permission', 403],
  'root-rights-fixed': ['permission', 403],
  'user-not-found': ['notexist', 404],
  'group-not-found': ['notexist', 404],
  'pool-not-found': ['notexist', 404],
  'media-not-found': ['notexist', 404],
  'link-not-found': ['notexist', 404],
  'idempotency-key-reused': ['validation', 400],
  'idempotency-key-busy': ['concurrency', 409],
  'job-not-found': ['notexist', 404],
  'server-not-found': ['notexist', 404],
  'tag-not-found': ['notexist', 404],
  'named-tag-not-found': ['notexist', 404, 'tags'],
  'resource-not-found': ['notexist', 404, 'resources'],
  'permission-not-found': ['notexist', 404],
  'user-name-taken': ['validation', 400, 'name'],
  'group-name-taken': ['validation', 400, 'name'],
  'digest-mismatch': ['validation', 400],
  'unknown-upload': ['notexist', 404],
  'upload-gone': ['notexist', 404],
  'upload-offset-mismatch': ['concurrency', 409],
  // Clients of resumable.js give up after a 409, and repeat after a 503.
  'upload-locked': ['concurrency', 503],
  'upload-verifying': ['concurrency', 503],
  'chunk-refused': ['validation', 400],
  'chunk-not-found': ['notexist', 404],
  'chunk-stored': ['validation', 416],
  'chunk-link-refused': ['permission', 403],
  'checksum-mismatch': ['validation', 400],
  'media-name-taken': ['concurrency', 409, 'name'],
  'name-invalid': ['validation', 400, 'name'],
  'password-invalid': ['validation', 400],
  'too-many-possessions': ['permission', 403],
  'definitions-too-large': ['permission', 403],
  'groups-too-deep': ['validation', 400],
  'not-manager': ['permission', 403],
  'not-writer': ['permission', 403],
  'quota-exceeded': ['billing', 402, 'size'],
  'media-in-use': ['concurrency', 409],
  'media-protected': ['permission', 403],
  'group-protected': ['permission', 403],
  'job-ended': ['concurrency', 409],
  'media-busy': ['concurrency', 409],
  'media-published': ['permission', 403],
  'attachment-not-found': ['notexist', 404, 'drives'],
  'library-disk': ['permission', 403, 'drives'],
  'attached-elsewhere': ['concurrency', 409, 'drives'],
  'attached-twice': ['validation', 400, 'drives'],
  'slots-invalid': ['validation', 400, 'drives'],
  'media-not-empty': ['validation', 400, 'size'],
  'image-not-growable': ['validation', 400, 'size'],
  'clone-too-small': ['validation', 400, 'size'],
  'body-too-short': ['validation', 400],
  'body-too-long': ['validation', 413],
  'body-cut-off': ['validation', 400],
  'format-refused': ['validation', 400],
  'body-too-slow': ['validation', 408],
  'imports-off': ['permission', 403],
  'url-invalid': ['validation', 400],
  'source-unreachable': ['validation', 400],
  'source-refused': ['validation', 400],
  'source-changed': ['validation', 400],
  'length-required': ['validation', 400],
  'source-too-large': ['validation', 400],
  'source-cut-off': ['validation', 400],
  'checksum-differs': ['validation', 400],
  'checksum-not-found': ['validation', 400],
  'import-expired': ['validation', 400],
  'bytes-missing': ['backend', 503],
  'bytes-damaged': ['backend', 503],
  'no-space': ['backend', 507],
  'search-too-broad': ['database', 503],
  unavailable: ['backend', 503],
};

/** The type and the status of each failure. */
export const ERROR_CODES = Object.fromEntries(
  Object.entries(FAILURES).map(([code, [type, status]]) => [code, [type, status]]),
) as unknown as Readonly<Record<FailureCode, ErrorCode>>;

/** Returns the row of a failure, with the field at fault or null. */
export function failureRow(error: DomainError): { readonly row: ErrorCode; readonly point: string | null } {
  const [type, status, point = null] = FAILURES[error.code];
  // Only the lack of the database has a type of its own.
  const lacksDatabase = isFailure(error, 'unavailable') && error.detail.lacking === 'database';
  return { row: [lacksDatabase ? 'database' : type, status], point };
}
