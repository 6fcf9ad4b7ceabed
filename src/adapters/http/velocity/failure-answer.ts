import { isDomainError } from '../../../domain/shared/domain-error.ts';
import { answerFailures } from '../shared/failures.ts';
import { RequestError } from '../shared/request-error.ts';
import { errorCodeOf, PROTOCOL_ERRORS, protocolErrorOf, UPLOAD_HEADERS, type ErrorCode } from './errors.ts';
import type { Operation } from './operations.ts';
import { UploadHeaderError } from './m/upload-headers.ts';
import { sentenceOf } from './sentences.ts';

/**
 * The body of an error answer (docs/velocity.md#errors): on a 400 it is said twice, because one
 * client reads only `reason`.
 */
export function failureBody([code, status]: ErrorCode, message: string): object {
  return status === 400 ? { code, message, error: true, reason: message } : { code, message };
}

/** The dialect's answer to whatever a call failed with. */
export const failureAnswer = answerFailures((error, response) => {
  const [row, message] = meaningOf(error, (response.locals.operation as Operation | undefined) ?? null);
  return {
    status: row[1],
    body: failureBody(row, message),
    headers: {
      // Of what failed before the routes, too: see `crossOrigin`.
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
