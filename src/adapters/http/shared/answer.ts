import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';

/** After a refusal this much of a body is still taken, for this long, so that a client that is busy sending gets to read its answer. */
const LINGER_BYTES = 16 * 1024 * 1024;
const LINGER_MS = 10_000;
/** A client that takes nothing of its answer for this long is given up. Milliseconds. */
const UNREAD_MS = 30_000;

/** Answers JSON, whether or not the body of the request was read. */
export function answerJson(request: Request, response: Response, status: number, body: object): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response
    .status(status)
    .set('Content-Type', 'application/json; charset=utf-8')
    .set('Content-Length', String(bytes.length));
  giveUpUnread(response);
  if (request.readableEnded || !announcesBody(request)) {
    response.end(bytes);
    return;
  }
  response.set('Connection', 'close');
  if (holdsBack(request, response)) {
    response.end(bytes);
    return;
  }
  response.write(bytes);
  void drained(request).then(() => response.end());
}

/** Breaks the connection of a client that takes nothing of its answer for so long. */
export function giveUpUnread(response: ServerResponse, milliseconds = UNREAD_MS): void {
  const { socket } = response.req;
  response.setTimeout(milliseconds, () => socket.destroy());
  // First of all: what the connection does next may take its time.
  response.prependOnceListener('finish', () => socket.setTimeout(0));
}

/** Lets a client that asked first (`Expect: 100-continue`) send its body. */
export function inviteBody(request: Request, response: Response): void {
  if (expectsInvitation(request) && !INVITED.has(response)) {
    INVITED.add(response);
    response.writeContinue();
  }
}

const INVITED = new WeakSet<Response>();

function expectsInvitation(request: Request): boolean {
  return request.headers.expect?.toLowerCase() === '100-continue';
}

function holdsBack(request: Request, response: Response): boolean {
  return expectsInvitation(request) && !INVITED.has(response);
}

/** Whether the head of a request promises a body that is not empty. */
export function announcesBody(request: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  return encoding !== undefined || (length !== undefined && length !== '0');
}

async function drained(request: Request): Promise<void> {
  return new Promise((resolve) => {
    let taken = 0;
    const timer = setTimeout(done, LINGER_MS);
    function take(chunk: Buffer): void {
      taken += chunk.length;
      if (taken > LINGER_BYTES) done();
    }
    function done(): void {
      clearTimeout(timer);
      request.off('data', take).off('end', done).off('close', done).off('error', done);
      request.on('error', () => undefined);
      request.pause();
      resolve();
    }
    if (request.destroyed) {
      done();
      return;
    }
    request.on('data', take).once('end', done).once('close', done).once('error', done);
    request.resume();
  });
}
