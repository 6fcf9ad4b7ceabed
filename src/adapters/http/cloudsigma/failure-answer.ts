import { isDomainError } from '../../../domain/shared/domain-error.ts';
import { answerFailures } from '../shared/failures.ts';
import { RequestError, type Fault } from '../shared/request-error.ts';
import { failureRow, PROTOCOL_ERRORS, type ErrorCode } from './errors.ts';
import { sentenceOf } from './sentences.ts';

/** Returns the body of an error: a list with every fault (docs/cloudsigma.md#manners). */
export function failureBody([type]: ErrorCode, faults: readonly Fault[]): object {
  return faults.map(({ message, point }) => ({ error_type: type, error_message: message, error_point: point }));
}

/** Error middleware of this dialect. */
export const failureAnswer = answerFailures((error) => {
  const [row, faults] = meaningOf(error);
  return {
    status: row[1],
    body: failureBody(row, faults),
    headers: row[1] === 401 ? { 'WWW-Authenticate': 'Basic realm="platter", charset="UTF-8"' } : {},
    isUnexpected: row === PROTOCOL_ERRORS.unknown,
  };
});

function meaningOf(error: unknown): readonly [ErrorCode, readonly Fault[]] {
  if (error instanceof RequestError) return [PROTOCOL_ERRORS[error.kind], error.faults];
  if (!isDomainError(error)) return [PROTOCOL_ERRORS.unknown, [{ message: 'internal error', point: null }]];
  const { row, point } = failureRow(error);
  return [row, [{ message: sentenceOf(error), point }]];
}
