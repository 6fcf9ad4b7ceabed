import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Request, RequestHandler, Response } from 'express';
import { bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { abortRequest } from './abort.ts';
import type { Lingering } from './lingering.ts';

/** The request that a connection serves, and its response. */
interface Exchange {
  readonly request: Request;
  readonly response: Response;
}

const EXCHANGES = new WeakMap<Duplex, Exchange>();
const OVERLONG = new WeakSet<Request>();

/** Middleware. Remembers the request that a connection serves. */
export const rememberRequest: RequestHandler = (request, response, next) => {
  EXCHANGES.set(request.socket, { request, response });
  next();
};

/** A request that Node could not parse. */
export interface BrokenRequest {
  /** Node's code, such as `HPE_HEADER_OVERFLOW`. */
  readonly code: string;
  /** The method and path as far as they arrived; may be empty. */
  readonly beginning: string;
}

/** Returns the answer to a request that Node could not parse, in the form of a dialect. */
export type BrokenRequestAnswer = (broken: BrokenRequest) => {
  readonly status: number;
  readonly body: object;
  /** The media type of `body`; JSON by default. */
  readonly type?: string;
};

/**
 * Returns the handler for requests that Node's parser rejects; it replaces Node's bare default.
 * Bytes that follow an upload beyond its Content-Length are not a new request but too long a body:
 * they abort that upload with `body-too-long` (docs/velocity.md#media).
 */
export function answerBrokenRequests(
  answer: BrokenRequestAnswer,
  lingering: Lingering,
): (error: Error, connection: Duplex) => void {
  return (error, connection) => {
    const socket = connection as Socket;
    // More bytes after a broken request.
    if (lingering.has(socket)) return;
    const exchange = EXCHANGES.get(socket);
    if (
      exchange !== undefined &&
      !exchange.response.writableEnded &&
      (exchange.request.complete || exchange.response.headersSent)
    ) {
      endOverlong(exchange, lingering);
      return;
    }
    // The answer is written; the connection lingers once it is sent.
    if (exchange?.response.writableEnded === true && !exchange.request.complete) return;
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const { code = '', rawPacket } = error as { code?: string; rawPacket?: Buffer };
    const beginning = rawPacket?.toString('latin1', 0, 256).split(/[\r\n]/)[0] ?? '';
    const { status, body, type = 'application/json; charset=utf-8' } = answer({ code, beginning });
    const bytesOut = Buffer.from(JSON.stringify(body));
    socket.write(
      `HTTP/1.1 ${status} Bad Request\r\nContent-Type: ${type}\r\nAccess-Control-Allow-Origin: *\r\n` +
        `Cache-Control: no-store\r\nConnection: close\r\nContent-Length: ${bytesOut.length}\r\n\r\n${bytesOut.toString()}`,
    );
    lingering.begin(socket);
  };
}

/**
 * Aborts a request whose body is too long; its handler answers. Nothing more is read from the
 * connection.
 */
function endOverlong({ request, response }: Exchange, lingering: Lingering): void {
  if (OVERLONG.has(request)) return;
  OVERLONG.add(request);
  if (response.headersSent) {
    request.socket.destroy();
    return;
  }
  response.set('Connection', 'close').prependOnceListener('finish', () => lingering.begin(request.socket));
  const promised = bytes(Number(request.headers['content-length'] ?? 0));
  abortRequest(request, response, new DomainError('body-too-long', { promised }));
}
