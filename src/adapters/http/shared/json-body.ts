import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { announcesBody, sendContinue } from './answer.ts';
import { RequestError } from './request-error.ts';
import { requireWholeBody } from './storable-body.ts';

/** The largest JSON body of a call, unless it says otherwise. */
export const MAX_JSON_BYTES = 64 * 1024;
/** The longest time for a body to arrive. */
const TIMEOUT_MS = 30_000;

/**
 * Middleware. Reads a JSON body into `request.body`; an absent body is an empty object. Ignores the
 * declared type and charset: JSON is UTF-8 (RFC 8259, section 8.1).
 *
 * @throws RequestError `malformed` or `body-too-large`
 */
export const jsonBody: RequestHandler = jsonBodyUpTo(MAX_JSON_BYTES);

/** As `jsonBody`, for a call with another largest body. */
export function jsonBodyUpTo(maxBytes: number): RequestHandler {
  return (request, response, next) => readJson(request, response, next, maxBytes);
}

function readJson(request: Request, response: Response, next: NextFunction, maxBytes: number): void {
  request.body = {};
  if (!announcesBody(request)) {
    next();
    return;
  }
  requireWholeBody(request);
  requireUncompressed(request);
  sendContinue(request, response);
  readBody(request, maxBytes).then(
    (bytes) => {
      try {
        if (bytes.length > 0) request.body = parseJson(bytes);
      } catch (error) {
        next(new RequestError('malformed', 'the body is not valid JSON in UTF-8', { cause: error }));
        return;
      }
      next();
    },
    (error: unknown) => next(error),
  );
}

function requireUncompressed({ headers }: Request): void {
  const { 'content-encoding': encoding = 'identity' } = headers;
  if (encoding.toLowerCase() !== 'identity')
    throw new RequestError('malformed', 'a compressed JSON body is not supported: send it without content-encoding');
}

/**
 * Throws for bytes that are not UTF-8; otherwise each of them would be replaced by the same
 * character and stored.
 */
function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

async function readBody(request: Request, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const timer = setTimeout(() => {
      conclude(new RequestError('malformed', `the body did not arrive within ${TIMEOUT_MS / 1000} s: send it again`));
    }, TIMEOUT_MS);
    function conclude(failure?: RequestError): void {
      clearTimeout(timer);
      request.off('data', append).off('end', complete).off('close', cutOff);
      // The rest is dropped.
      request.pause();
      if (failure === undefined) resolve(Buffer.concat(chunks, length));
      else reject(failure);
    }
    function append(chunk: Buffer): void {
      length += chunk.length;
      chunks.push(chunk);
      if (length > maxBytes) conclude(tooLarge(maxBytes));
    }
    function complete(): void {
      conclude();
    }
    function cutOff(): void {
      conclude(new RequestError('malformed', 'the body was cut off: send it again'));
    }
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) conclude(tooLarge(maxBytes));
    else if (request.destroyed) cutOff();
    else request.on('data', append).on('end', complete).on('close', cutOff);
  });
}

function tooLarge(maxBytes: number): RequestError {
  return new RequestError('body-too-large', `a JSON body has at most ${maxBytes} bytes`);
}
