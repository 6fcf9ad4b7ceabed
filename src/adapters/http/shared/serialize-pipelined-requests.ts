import type { Socket } from 'node:net';
import type { RequestHandler } from 'express';

/** The most requests that wait on one connection. */
const MAX_WAITING_REQUESTS = 100;

const WAITING = new WeakMap<Socket, (() => void)[]>();

/**
 * Middleware. Runs the pipelined requests of a connection one after the other, so that a connection
 * uses no more of the database than one request. Destroys a connection with too many waiting
 * requests.
 */
export const serializePipelinedRequests: RequestHandler = (request, response, next) => {
  const { socket } = request;
  const before = WAITING.get(socket);
  const waiting = before ?? [];
  WAITING.set(socket, waiting);
  response.once('close', () => {
    // Nothing more runs on a connection that its answer has ended.
    const following = socket.writable ? waiting.shift() : undefined;
    if (following === undefined) WAITING.delete(socket);
    else following();
  });
  if (before === undefined) next();
  else if (waiting.length < MAX_WAITING_REQUESTS) waiting.push(next);
  else socket.destroy();
};
