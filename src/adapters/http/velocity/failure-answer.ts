import { isDomainError } from '../../../domain/shared/domain-error.ts';
import { answerFailures } from '../shared/failures.ts';
import { UnreadableBody } from '../shared/json-body.ts';
import { ProtocolError } from '../shared/protocol-error.ts';
import { OUTSIDE, rowOf, type Row } from './errors.ts';
import type { Operation } from './operations.ts';
import { sentenceOf } from './sentences.ts';
import { WireFault } from './wire-fault.ts';

/**
 * The body of an error answer (docs/velocity.md#errors): on a 400 it is said twice, because one
 * client reads only `reason`.
 */
export function failureBody([code, status]: Row, message: string): object {
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
    isUnexpected: row === OUTSIDE.unknown,
  };
});

function meaningOf(error: unknown, operation: Operation | null): readonly [Row, string] {
  if (error instanceof WireFault) return [error.row, error.message];
  if (error instanceof ProtocolError) return [OUTSIDE[error.kind], error.message];
  if (error instanceof UnreadableBody) {
    return [error.kind === 'too-large' ? OUTSIDE['body-too-large'] : OUTSIDE.malformed, error.message];
  }
  if (error instanceof URIError) return [OUTSIDE.malformed, 'the path is not well encoded'];
  if (!isDomainError(error)) return [OUTSIDE.unknown, 'internal error'];
  const row = rowOf(operation, error.code);
  return row === null ? [OUTSIDE.unknown, 'internal error'] : [row, sentenceOf(error)];
}
