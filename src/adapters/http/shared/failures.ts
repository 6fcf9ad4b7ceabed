import type { ErrorRequestHandler, Request, Response } from 'express';
import { isDomainError, isFailure, type DomainError } from '../../../domain/shared/domain-error.ts';
import { answerJson } from './answer.ts';
import { RequestError } from './request-error.ts';
import { countFailure } from './request-count.ts';
import { reportFailure, reportRefusal } from './request-log.ts';

/** The answer of a dialect to a failure. */
export interface FailureAnswer {
  readonly status: number;
  readonly body: object;
  /** The media type of `body`; JSON by default. */
  readonly type?: string;
  /** Besides the headers that every dialect has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it is a fault of the server, to be logged with its causes. */
  readonly isUnexpected: boolean;
}

/** An operator restores missing bytes. */
const MISSING_RETRY_SECONDS = 60;
/** After a restore, a scrub reads damaged items from end to end. */
const DAMAGED_RETRY_SECONDS = 3600;

/** Returns the error middleware of a dialect. Logs unexpected failures once. */
export function answerFailures(answerTo: (error: unknown, response: Response) => FailureAnswer): ErrorRequestHandler {
  return (error: unknown, request: Request, response: Response, _next) => {
    // The client has disconnected, which is not a fault of the server.
    if (request.socket.destroyed) return;
    if (response.headersSent) {
      reportFailure(response, 'error', error, 'an answer was cut off');
      request.socket.destroy();
      return;
    }
    const failure = error instanceof URIError ? new RequestError('malformed', 'the path is not well encoded') : error;
    const { status, body, type, headers = {}, isUnexpected } = answerTo(failure, response);
    if (isUnexpected || isDomainError(error)) countFailure(response, error);
    if (isUnexpected) reportFailure(response, 'error', error, 'a request failed unexpectedly');
    if (isFailure(error, 'unavailable')) reportUnavailable(response, error);
    const seconds = secondsUntilRetry(error);
    if (seconds !== null) response.set('Retry-After', String(seconds));
    if (error instanceof RequestError) response.set(error.headers);
    answerJson(request, response.set(headers), status, body, type);
  };
}

/**
 * Without a cause Platter itself was at its limits, as is expected under load: one line, no stack.
 */
function reportUnavailable(response: Response, error: DomainError): void {
  const { cause } = error;
  if (cause === undefined) reportRefusal(response, 'a request was refused: Platter is at its limits');
  else reportFailure(response, 'warn', error, 'a request failed: something that it needs is unavailable');
}

/** Returns the value of `Retry-After`, which every 423, 429 and 503 has. */
function secondsUntilRetry(error: unknown): number | null {
  if (isFailure(error, 'unavailable') || isFailure(error, 'too-many-logins') || isFailure(error, 'search-too-broad')) {
    return error.detail.retryAfterSeconds;
  }
  if (isFailure(error, 'upload-locked') || isFailure(error, 'upload-verifying')) return error.detail.retryAfterSeconds;
  if (isFailure(error, 'bytes-damaged')) return DAMAGED_RETRY_SECONDS;
  return isFailure(error, 'bytes-missing') ? MISSING_RETRY_SECONDS : null;
}
