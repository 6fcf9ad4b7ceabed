import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import type { StreamedList } from './streamed-list.ts';

const MAX_UNREAD_MS = new WeakMap<ServerResponse, number>();

/** Middleware. Sets how long a client may read nothing of an answer (`PLATTER_UPLOAD_IDLE`). */
export function setUnreadLimit(idleSeconds: number): RequestHandler {
  return (_request, response, next) => {
    MAX_UNREAD_MS.set(response, idleSeconds * 1000);
    next();
  };
}

/**
 * Middleware. Forbids caches to store answers: they may hold secrets, such as authkeys and console
 * passwords. Answers that may be cached overwrite the header.
 */
export const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

/** Answers JSON. The body of the request need not have been read. */
export function answerJson(
  request: Request,
  response: Response,
  status: number,
  body: object,
  type = 'application/json; charset=utf-8',
): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.status(status).set({ 'Content-Type': type, 'Content-Length': String(bytes.length) });
  limitUnreadTime(response);
  // The rest of the body is dropped: see `Lingering`.
  if (announcesBody(request) && !request.readableEnded) response.set('Connection', 'close');
  response.end(bytes);
}

/**
 * Answers JSON in chunks. Takes the next chunk when the connection has taken the one before, so
 * that memory stays constant.
 *
 * Rejects when the chunks do. The connection is then destroyed, so that the client sees an
 * incomplete answer.
 */
export async function answerStreamed(
  request: Request,
  response: Response,
  status: number,
  { chunks: parts, end }: StreamedList,
): Promise<void> {
  response.status(status).set('Content-Type', 'application/json; charset=utf-8');
  if (!request.readableEnded && announcesBody(request)) response.set('Connection', 'close');
  limitUnreadTime(response);
  try {
    for await (const part of parts) {
      if (response.destroyed) return;
      if (!response.write(part)) await drainedOrClosed(response);
    }
    response.end();
  } finally {
    end();
  }
}

async function drainedOrClosed(response: Response): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.once('drain', done).once('close', done);
    if (response.destroyed) done();
  });
}

/**
 * Destroys the connection of a client that reads nothing of its answer for `milliseconds`; by
 * default the limit of `setUnreadLimit`. Without either there is no limit. Time in which nothing
 * waits for the client, such as that of a slow database, does not count.
 */
export function limitUnreadTime(response: ServerResponse, milliseconds = MAX_UNREAD_MS.get(response)): void {
  if (milliseconds === undefined) return;
  const { socket } = response.req;
  response.setTimeout(milliseconds, () => {
    if (socket.writableLength > 0) socket.destroy();
    else socket.setTimeout(milliseconds);
  });
  // Before the other listeners, which may take time.
  response.prependOnceListener('finish', () => socket.setTimeout(0));
}

/** Sends `100 Continue` to a client that waits for it (`Expect: 100-continue`). Idempotent. */
export function sendContinue(request: Request, response: Response): void {
  if (expectsContinue(request) && !CONTINUED.has(response)) {
    CONTINUED.add(response);
    response.writeContinue();
  }
}

const EXPECTATION = /(?:^|,)\s*100-continue\s*(?:,|$)/i;
const CONTINUED = new WeakSet<Response>();

/** HTTP/1.0 does not have `100 Continue` (RFC 9110, section 10.1.1). */
function expectsContinue({ headers, httpVersion }: Request): boolean {
  return httpVersion !== '1.0' && EXPECTATION.test(headers.expect ?? '');
}

/** Returns whether the head of a request announces a body that is not empty. */
export function announcesBody(request: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  return encoding !== undefined || (length !== undefined && length !== '0');
}
