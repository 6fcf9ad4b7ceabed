import { isDomainError } from '../../../domain/shared/domain-error.ts';
import { answerFailures } from '../shared/failures.ts';
import { UnreadableBody } from '../shared/json-body.ts';
import { PreconditionFailed } from '../shared/preconditions.ts';
import { ProtocolError } from '../shared/protocol-error.ts';
import { RangeRefused } from '../shared/ranges.ts';
import { failureOf, PROTOCOL_ERRORS, type Row } from './errors.ts';
import { RequestError, type Fault } from './request-error.ts';

/** The body of an error answer: a list, with every fault there is (docs/cloudsigma.md#manners). */
export function failureBody([type]: Row, faults: readonly Fault[]): object {
  return faults.map(({ message, point }) => ({ error_type: type, error_message: message, error_point: point }));
}

/** The dialect's answer to whatever a call failed with. */
export const failureAnswer = answerFailures((error) => {
  const [row, faults] = meaningOf(error);
  return {
    status: row[1],
    body: failureBody(row, faults),
    headers: {
      ...(error instanceof RangeRefused ? { 'Content-Range': `bytes */${error.size}` } : {}),
      ...(row[1] === 401 ? { 'WWW-Authenticate': 'Basic realm="platter", charset="UTF-8"' } : {}),
    },
    isUnexpected: row === PROTOCOL_ERRORS.unknown,
  };
});

function meaningOf(error: unknown): readonly [Row, readonly Fault[]] {
  if (error instanceof RequestError) return [error.row, error.faults];
  if (error instanceof ProtocolError) return [PROTOCOL_ERRORS[error.kind], only(error.message)];
  if (error instanceof UnreadableBody) {
    return [
      error.kind === 'too-large' ? PROTOCOL_ERRORS['body-too-large'] : PROTOCOL_ERRORS.malformed,
      only(error.message),
    ];
  }
  if (error instanceof PreconditionFailed) return [PROTOCOL_ERRORS['precondition-failed'], only(error.message)];
  if (error instanceof RangeRefused) return [PROTOCOL_ERRORS['range-refused'], only(error.message)];
  if (error instanceof URIError) return [PROTOCOL_ERRORS.malformed, only('the path is not well encoded')];
  if (!isDomainError(error)) return [PROTOCOL_ERRORS.unknown, only('internal error')];
  const { row, message, point } = failureOf(error);
  return [row, [{ message, point }]];
}

function only(message: string): readonly Fault[] {
  return [{ message, point: null }];
}
