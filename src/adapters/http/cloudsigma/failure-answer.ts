import type { ErrorRequestHandler, Request, Response } from 'express';
import { isDomainError, isFailure } from '../../../domain/shared/domain-error.ts';
import { answerJson } from '../shared/answer.ts';
import { UnreadableBody } from '../shared/json-body.ts';
import { RangeRefused } from '../shared/ranges.ts';
import { countFailure } from '../shared/request-count.ts';
import { reportFailure } from '../shared/request-log.ts';
import { failureOf, OUTSIDE, type Row } from './errors.ts';
import { WireFault, type Fault } from './wire-fault.ts';

/** The body of an error answer: a list, with every fault there is (cloudsigma.md, "Errors"). */
export function failureBody([type]: Row, faults: readonly Fault[]): object {
  return faults.map(({ message, point }) => ({ error_type: type, error_message: message, error_point: point }));
}

/** Turns whatever a call failed with into the dialect's answer. What nobody expected is logged, once, and answered with 500. */
export const failureAnswer: ErrorRequestHandler = (error: unknown, request: Request, response: Response, _next) => {
  // Whoever hung up is not there to be told, and has not found a fault of ours.
  if (request.socket.destroyed) return;
  if (response.headersSent) {
    reportFailure(response, 'error', error, 'an answer broke off');
    request.socket.destroy();
    return;
  }
  const [row, faults] = meaningOf(error);
  if (row === OUTSIDE.unknown || isDomainError(error)) countFailure(response, error);
  if (row === OUTSIDE.unknown) reportFailure(response, 'error', error, 'a request failed unexpectedly');
  if (isFailure(error, 'unavailable')) reportFailure(response, 'warn', error, 'a request found something unavailable');
  if (isFailure(error, 'unavailable') || isFailure(error, 'too-many-logins')) {
    response.set('Retry-After', String(error.detail.retryAfterSeconds));
  }
  if (error instanceof RangeRefused) response.set('Content-Range', `bytes */${error.size}`);
  if (row[1] === 401) response.set('WWW-Authenticate', 'Basic realm="platter", charset="UTF-8"');
  answerJson(request, response, row[1], failureBody(row, faults));
};

function meaningOf(error: unknown): readonly [Row, readonly Fault[]] {
  if (error instanceof WireFault) return [error.row, error.faults];
  if (error instanceof UnreadableBody) {
    return [error.kind === 'too-large' ? OUTSIDE['body-too-large'] : OUTSIDE.malformed, only(error.message)];
  }
  if (error instanceof RangeRefused) return [OUTSIDE['range-refused'], only(error.message)];
  if (error instanceof URIError) return [OUTSIDE.malformed, only('the path is not well encoded')];
  if (!isDomainError(error)) return [OUTSIDE.unknown, only('internal error')];
  const { row, message, point } = failureOf(error);
  return [row, [{ message, point }]];
}

function only(message: string): readonly Fault[] {
  return [{ message, point: null }];
}
