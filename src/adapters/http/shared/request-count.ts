import type { RequestHandler, Response } from 'express';
import type { RequestMetrics } from '../../../application/ports/metrics.ts';
import { isDomainError } from '../../../domain/shared/domain-error.ts';

/**
 * The route of requests that reached none: unknown paths, and requests that were answered earlier.
 */
const NO_ROUTE = 'unknown';

interface RequestCounts {
  readonly metrics: RequestMetrics;
  route: string;
  received: number;
  sent: number;
}

const REQUESTS = new WeakMap<Response, RequestCounts>();

/** Middleware. Counts every request under the pattern of its route. */
export function countRequests(metrics: RequestMetrics): RequestHandler {
  return (request, response, next) => {
    const begun = performance.now();
    const counted: RequestCounts = { metrics, route: NO_ROUTE, received: 0, sent: 0 };
    REQUESTS.set(response, counted);
    metrics.requestBegun();
    const { method } = request;
    response.once('close', () => {
      const { route, received, sent } = counted;
      // Bodies that were not counted in transit are small, and were read or written in one piece.
      if (received === 0 && request.complete) metrics.bytesReceived(route, lengthOf(request.headers['content-length']));
      if (sent === 0 && response.writableFinished && method !== 'HEAD') {
        metrics.bytesSent(route, lengthOf(response.getHeader('content-length')));
      }
      const status = response.headersSent ? response.statusCode : null;
      metrics.requestEnded({ method, route, status, seconds: (performance.now() - begun) / 1000 });
    });
    next();
  };
}

/**
 * Middleware. Sets the route of a request by its pattern, so that metrics have one series per
 * route.
 */
export function onRoute(pattern: string): RequestHandler {
  return (_request, response, next) => {
    const counted = REQUESTS.get(response);
    if (counted !== undefined) counted.route = pattern;
    next();
  };
}

/** Counts bytes of a long body while it is received. */
export function countReceived(response: Response, bytes: number): void {
  const counted = REQUESTS.get(response);
  if (counted === undefined) return;
  counted.received += bytes;
  counted.metrics.bytesReceived(counted.route, bytes);
}

/** Counts bytes of a long body while it is sent. */
export function countSent(response: Response, bytes: number): void {
  const counted = REQUESTS.get(response);
  if (counted === undefined) return;
  counted.sent += bytes;
  counted.metrics.bytesSent(counted.route, bytes);
}

/** Counts a failed request by its failure code; unexpected failures as `unexpected`. */
export function countFailure(response: Response, error: unknown): void {
  REQUESTS.get(response)?.metrics.failed(isDomainError(error) ? error.code : 'unexpected');
}

function lengthOf(header: unknown): number {
  const length = Number(header ?? 0);
  return Number.isSafeInteger(length) && length > 0 ? length : 0;
}
