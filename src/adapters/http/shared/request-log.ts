import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { Log } from '../../../application/ports/log.ts';
import { abbreviate } from '../../../domain/shared/truncate-utf8.ts';

/** The longest path in a log line. Clients choose the length. */
const MAX_PATH_BYTES = 1024;

/**
 * Middleware. Gives every request an id, sends it as `X-Request-Id`, and logs one line when the
 * response has closed. Never logs queries or headers.
 */
export function requestLog(log: Log): RequestHandler {
  return (request, response, next) => {
    const id = randomUUID();
    const begun = process.hrtime.bigint();
    const { method } = request;
    const path = abbreviate(withoutSecret(request.path), MAX_PATH_BYTES);
    REQUESTS.set(response, { id, log });
    response.set('X-Request-Id', id);
    response.once('close', () => {
      const milliseconds = Number(process.hrtime.bigint() - begun) / 1e6;
      const { statusCode: status, writableFinished: whole } = response;
      log.info({ request: id, method, path, status, whole, milliseconds }, 'request');
    });
    next();
  };
}

/** Returns the id of a request; null before `requestLog`. */
export function requestIdOf(response: Response): string | null {
  return REQUESTS.get(response)?.id ?? null;
}

/** Logs a warning about a request that continues. */
export function warnOf(response: Response, message: string): void {
  const request = REQUESTS.get(response);
  request?.log.warn({ request: request.id }, message);
}

/** Logs the failure of a request with the chain of its causes. */
export function reportFailure(response: Response, level: 'warn' | 'error', error: unknown, message: string): void {
  const request = REQUESTS.get(response);
  request?.log[level]({ request: request.id, err: error }, message);
}

/** Logs a refused request, whose reason is in the message. */
export function reportRefusal(response: Response, message: string): void {
  const request = REQUESTS.get(response);
  request?.log.warn({ request: request.id }, message);
}

/**
 * The paths of links have a secret (docs/api.md#links), and so have those to chunks
 * (docs/cloudsigma.md#uploads-in-chunks).
 */
const LINK = /^(\/+l\/+|\/+api\/+2\.0\/+chunks\/+)[^/]+/i;

function withoutSecret(path: string): string {
  return path.replace(LINK, '$1***');
}

const REQUESTS = new WeakMap<Response, { readonly id: string; readonly log: Log }>();
