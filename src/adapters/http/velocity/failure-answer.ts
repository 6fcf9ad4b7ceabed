import { isDomainError } from '../../../domain/shared/domain-error.ts';
import { answerFailures } from '../shared/failures.ts';
import { UnreadableBody } from '../shared/json-body.ts';
import { ProtocolError } from '../shared/protocol-error.ts';
import { PROTOCOL_ERRORS, rowOf, type ErrorCode } from './errors.ts';
import type { Operation } from './operations.ts';
import { sentenceOf } from './sentences.ts';
import { RequestError } from './request-error.ts';

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
  if (error instanceof RequestError) return [error.row, error.message];
  if (error instanceof ProtocolError) return [PROTOCOL_ERRORS[error.kind], error.message];
  if (error instanceof UnreadableBody) {
    return [error.kind === 'too-large' ? PROTOCOL_ERRORS['body-too-large'] : PROTOCOL_ERRORS.malformed, error.message];
  }
  if (error instanceof URIError) return [PROTOCOL_ERRORS.malformed, 'the path is not well encoded'];
  if (!isDomainError(error)) return [PROTOCOL_ERRORS.unknown, 'internal error'];
  const row = rowOf(operation, error.code);
  return row === null ? [PROTOCOL_ERRORS.unknown, 'internal error'] : [row, sentenceOf(error)];
}
