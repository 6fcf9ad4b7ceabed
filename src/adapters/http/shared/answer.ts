import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import type { StreamedList } from './streamed-list.ts';

const MAX_UNREAD_MS = new WeakMap<ServerResponse, number>();

/** Middleware. Sets how long a client may take nothing of an answer (`PLATTER_UPLOAD_IDLE`). */
export function setUnreadLimit(idleSeconds: number): RequestHandler {
  return (_request, response, next) => {
    MAX_UNREAD_MS.set(response, idleSeconds * 1000);
    next();
  };
}

/**
 * Lets nobody keep answers, which may hold secrets: authkeys, passwords of consoles. Those that may
 * be kept say so.
 */
export const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

/** Answers JSON, whether or not the body of the request was read. */
export function answerJson(request: Request, response: Response, status: number, body: object): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response
    .status(status)
    .set('Content-Type', 'application/json; charset=utf-8')
    .set('Content-Length', String(bytes.length));
  limitUnreadTime(response);
  // The rest of the body is not read: see `Lingering`.
  if (announcesBody(request) && !request.readableEnded) response.set('Connection', 'close');
  response.end(bytes);
}

/**
 * Answers JSON whose text comes in parts: the next one is asked for once the connection has taken
 * those before it, so that it never holds much of a long answer. Fails as its parts do; what has
 * begun to be answered then ends with the connection, so that no client takes a half for the whole.
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
 * Breaks the connection of a client that takes nothing of its answer for so long: by default for as
 * long as `limitUnread` set. Without either, no limit holds.
 */
export function limitUnreadTime(response: ServerResponse, milliseconds = MAX_UNREAD_MS.get(response)): void {
  if (milliseconds === undefined) return;
  const { socket } = response.req;
  response.setTimeout(milliseconds, () => socket.destroy());
  // First of all: what the connection does next may take its time.
  response.prependOnceListener('finish', () => socket.setTimeout(0));
}

/** Lets a client that asked first (`Expect: 100-continue`) send its body. */
export function sendContinue(request: Request, response: Response): void {
  if (expectsContinue(request) && !CONTINUED.has(response)) {
    CONTINUED.add(response);
    response.writeContinue();
  }
}

const EXPECTATION = /(?:^|,)\s*100-continue\s*(?:,|$)/i;
const CONTINUED = new WeakSet<Response>();

/** HTTP/1.0 has no invitations (RFC 9110, section 10.1.1). */
function expectsContinue({ headers, httpVersion }: Request): boolean {
  return httpVersion !== '1.0' && EXPECTATION.test(headers.expect ?? '');
}

/** Whether the head of a request promises a body that is not empty. */
export function announcesBody(request: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  return encoding !== undefined || (length !== undefined && length !== '0');
}
