import { isDomainError } from '../../../domain/shared/domain-error.ts';
import { answerFailures } from '../shared/failures.ts';
import { UnreadableBody } from '../shared/json-body.ts';
import { PreconditionFailed } from '../shared/preconditions.ts';
import { ProtocolError } from '../shared/protocol-error.ts';
import { RangeRefused } from '../shared/ranges.ts';
import { failureOf, OUTSIDE, type Row } from './errors.ts';
import { WireFault, type Fault } from './wire-fault.ts';

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
    isUnexpected: row === OUTSIDE.unknown,
  };
});

function meaningOf(error: unknown): readonly [Row, readonly Fault[]] {
  if (error instanceof WireFault) return [error.row, error.faults];
  if (error instanceof ProtocolError) return [OUTSIDE[error.kind], only(error.message)];
  if (error instanceof UnreadableBody) {
    return [error.kind === 'too-large' ? OUTSIDE['body-too-large'] : OUTSIDE.malformed, only(error.message)];
  }
  if (error instanceof PreconditionFailed) return [OUTSIDE['precondition-failed'], only(error.message)];
  if (error instanceof RangeRefused) return [OUTSIDE['range-refused'], only(error.message)];
  if (error instanceof URIError) return [OUTSIDE.malformed, only('the path is not well encoded')];
  if (!isDomainError(error)) return [OUTSIDE.unknown, only('internal error')];
  const { row, message, point } = failureOf(error);
  return [row, [{ message, point }]];
}

function only(message: string): readonly Fault[] {
  return [{ message, point: null }];
}
