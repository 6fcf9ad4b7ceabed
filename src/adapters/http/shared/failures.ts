import type { ErrorRequestHandler, Request, Response } from 'express';
import { isDomainError, isFailure, type DomainError } from '../../../domain/shared/domain-error.ts';
import { answerJson } from './answer.ts';
import { RequestError } from './request-error.ts';
import { countFailure } from './request-count.ts';
import { reportFailure, reportRefusal } from './request-log.ts';

/** What a failure is to the clients of a dialect. */
export interface FailureAnswer {
  readonly status: number;
  readonly body: object;
  /** Besides those that every dialect has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether nobody saw it coming. */
  readonly isUnexpected: boolean;
}

/** Bytes that are gone come back when an operator brings them back. */
const MISSING_RETRY_SECONDS = 60;
/** Those that are damaged have to be read from end to end besides. */
const DAMAGED_RETRY_SECONDS = 3600;

/**
 * Turns whatever a call failed with into the answer that the dialect has for it. What nobody
 * expected is logged, once.
 */
export function answerFailures(answerTo: (error: unknown, response: Response) => FailureAnswer): ErrorRequestHandler {
  return (error: unknown, request: Request, response: Response, _next) => {
    // Whoever hung up is not there to be told, and has not found a fault of ours.
    if (request.socket.destroyed) return;
    if (response.headersSent) {
      reportFailure(response, 'error', error, 'an answer broke off');
      request.socket.destroy();
      return;
    }
    const failure = error instanceof URIError ? new RequestError('malformed', 'the path is not well encoded') : error;
    const { status, body, headers = {}, isUnexpected } = answerTo(failure, response);
    if (isUnexpected || isDomainError(error)) countFailure(response, error);
    if (isUnexpected) reportFailure(response, 'error', error, 'a request failed unexpectedly');
    if (isFailure(error, 'unavailable')) reportUnavailable(response, error);
    const seconds = secondsUntilRetry(error);
    if (seconds !== null) response.set('Retry-After', String(seconds));
    if (error instanceof RequestError) response.set(error.headers);
    answerJson(request, response.set(headers), status, body);
  };
}

/**
 * Without a cause Platter itself had no room, as is expected under load: that takes a line, and no
 * stack.
 */
function reportUnavailable(response: Response, error: DomainError): void {
  const { cause } = error;
  if (cause === undefined) reportRefusal(response, 'a request found no room');
  else reportFailure(response, 'warn', error, 'a request found something unavailable');
}

/** Every 503 says when to come back. */
function secondsUntilRetry(error: unknown): number | null {
  if (isFailure(error, 'unavailable') || isFailure(error, 'too-many-logins') || isFailure(error, 'search-too-broad')) {
    return error.detail.retryAfterSeconds;
  }
  if (isFailure(error, 'bytes-damaged')) return DAMAGED_RETRY_SECONDS;
  return isFailure(error, 'bytes-missing') ? MISSING_RETRY_SECONDS : null;
}
