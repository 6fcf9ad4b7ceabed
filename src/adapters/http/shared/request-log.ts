import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { Log } from '../../../application/ports/log.ts';
import { abbreviate } from '../../../domain/shared/truncate-utf8.ts';

/** The most of a path that a line holds. Clients choose how long it is. */
const MAX_PATH_BYTES = 1024;

/**
 * Gives every request an id, shows it to the client and writes one line when the answer has ended.
 * Queries and headers stay out of it.
 */
export function requestLog(log: Log): RequestHandler {
  return (request, response, next) => {
    const id = randomUUID();
    const begun = process.hrtime.bigint();
    const { method } = request;
    const path = abbreviate(request.path, MAX_PATH_BYTES);
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

/** The id that a request was given; null before that. */
export function requestIdOf(response: Response): string | null {
  return REQUESTS.get(response)?.id ?? null;
}

/** Logs a warning about a request that goes on. */
export function warnOf(response: Response, message: string): void {
  const request = REQUESTS.get(response);
  request?.log.warn({ request: request.id }, message);
}

/** Writes down what a request failed with, once, together with the chain of its causes. */
export function reportFailure(response: Response, level: 'warn' | 'error', error: unknown, message: string): void {
  const request = REQUESTS.get(response);
  request?.log[level]({ request: request.id, err: error }, message);
}

/** Writes down that a request was refused for a reason that the message says in full. */
export function reportRefusal(response: Response, message: string): void {
  const request = REQUESTS.get(response);
  request?.log.warn({ request: request.id }, message);
}

const REQUESTS = new WeakMap<Response, { readonly id: string; readonly log: Log }>();
