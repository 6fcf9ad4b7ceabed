import type { ErrorRequestHandler, Request, Response } from 'express';
import { isDomainError, isFailure } from '../../../domain/shared/domain-error.ts';
import { answerJson } from '../shared/answer.ts';
import { UnreadableBody } from '../shared/json-body.ts';
import { UnsoundHead } from '../shared/request-head.ts';
import { countFailure } from '../shared/request-count.ts';
import { reportFailure } from '../shared/request-log.ts';
import { OUTSIDE, rowOf, type Row } from './errors.ts';
import type { Operation } from './operations.ts';
import { sentenceOf } from './sentences.ts';
import { WireFault } from './wire-fault.ts';

/** Bytes that are gone come back when an operator brings them back. */
const MISSING_RETRY_SECONDS = 60;

/** The body of an error answer (velocity.md, "Errors"): on a 400 it is said twice, because one client reads only `reason`. */
export function failureBody([code, status]: Row, message: string): object {
  return status === 400 ? { code, message, error: true, reason: message } : { code, message };
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
  const [row, message] = meaningOf(error, (response.locals.operation as Operation | undefined) ?? null);
  if (row === OUTSIDE.unknown || isDomainError(error)) countFailure(response, error);
  if (row === OUTSIDE.unknown) reportFailure(response, 'error', error, 'a request failed unexpectedly');
  if (isFailure(error, 'unavailable')) reportFailure(response, 'warn', error, 'a request found something unavailable');
  if (isFailure(error, 'unavailable') || isFailure(error, 'too-many-logins')) {
    response.set('Retry-After', String(error.detail.retryAfterSeconds));
  }
  // Velocity.md, "Errors": every 503 says when to come back.
  if (isFailure(error, 'bytes-missing')) response.set('Retry-After', String(MISSING_RETRY_SECONDS));
  if (row[1] === 401) response.set('WWW-Authenticate', 'Bearer realm="platter"');
  answerJson(request, response, row[1], failureBody(row, message));
};

function meaningOf(error: unknown, operation: Operation | null): readonly [Row, string] {
  if (error instanceof WireFault) return [error.row, error.message];
  if (error instanceof UnreadableBody) {
    return [error.kind === 'too-large' ? OUTSIDE['body-too-large'] : OUTSIDE.malformed, error.message];
  }
  if (error instanceof UnsoundHead) return [OUTSIDE.malformed, error.message];
  if (error instanceof URIError) return [OUTSIDE.malformed, 'the path is not well encoded'];
  if (!isDomainError(error)) return [OUTSIDE.unknown, 'internal error'];
  const row = rowOf(operation, error.code);
  return row === null ? [OUTSIDE.unknown, 'internal error'] : [row, sentenceOf(error)];
}
