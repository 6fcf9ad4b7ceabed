import type { Socket } from 'node:net';
import type { RequestHandler } from 'express';

/** More requests than this waiting on one connection are a flood. */
const MAX_WAITING_REQUESTS = 100;

const WAITING = new WeakMap<Socket, (() => void)[]>();

/**
 * Lets in one after the other the requests that a client sends without waiting for their answers
 * (pipelining), so that no connection takes up more of the database than one request does. Breaks
 * the connection of a client that sends a flood of them.
 */
export const serializePipelinedRequests: RequestHandler = (request, response, next) => {
  const { socket } = request;
  const before = WAITING.get(socket);
  const waiting = before ?? [];
  WAITING.set(socket, waiting);
  response.once('close', () => {
    // After an answer that ends the connection nothing more is done for it.
    const following = socket.writable ? waiting.shift() : undefined;
    if (following === undefined) WAITING.delete(socket);
    else following();
  });
  if (before === undefined) next();
  else if (waiting.length < MAX_WAITING_REQUESTS) waiting.push(next);
  else socket.destroy();
};
