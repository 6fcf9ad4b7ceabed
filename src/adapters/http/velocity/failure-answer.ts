import { isDomainError } from '../../../domain/shared/domain-error.ts';
import { answerFailures } from '../shared/failures.ts';
import { RequestError } from '../shared/request-error.ts';
import { errorCodeOf, PROTOCOL_ERRORS, protocolErrorOf, UPLOAD_HEADERS, type ErrorCode } from './errors.ts';
import type { Operation } from './operations.ts';
import { UploadHeaderError } from './m/upload-headers.ts';
import { sentenceOf } from './sentences.ts';

/**
 * Returns the body of an error (docs/velocity.md#errors). A 400 repeats the message as `reason`,
 * because one client reads only that.
 */
export function failureBody([code, status]: ErrorCode, message: string): object {
  return status === 400 ? { code, message, error: true, reason: message } : { code, message };
}

/** Error middleware of this dialect. */
export const failureAnswer = answerFailures((error, response) => {
  const [row, message] = meaningOf(error, (response.locals.operation as Operation | undefined) ?? null);
  return {
    status: row[1],
    body: failureBody(row, message),
    headers: {
      // Also on errors before the routes: see `crossOrigin`.
      'Access-Control-Allow-Origin': '*',
      ...(row[1] === 401 ? { 'WWW-Authenticate': 'Bearer realm="platter"' } : {}),
    },
    isUnexpected: row === PROTOCOL_ERRORS.unknown,
  };
});

function meaningOf(error: unknown, operation: Operation | null): readonly [ErrorCode, string] {
  if (error instanceof UploadHeaderError) return [UPLOAD_HEADERS[error.header], error.message];
  if (error instanceof RequestError) return [protocolErrorOf(error.kind), error.message];
  const row = isDomainError(error) ? errorCodeOf(operation, error.code) : null;
  return isDomainError(error) && row !== null ? [row, sentenceOf(error)] : [PROTOCOL_ERRORS.unknown, 'internal error'];
}
