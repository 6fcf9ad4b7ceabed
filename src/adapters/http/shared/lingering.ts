import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import { announcesBody } from './answer.ts';
import { countReceived } from './request-count.ts';
import { BODY_CHUNKS } from '../../shared/chunk-budget.ts';

/** Limits of lingering connections. */
export interface LingerLimits {
  /** The longest time that a connection lingers. */
  readonly maxSeconds: number;
  /** The window over which the rate is measured. */
  readonly windowSeconds: number;
  /** A client that sends less in a window is disconnected. */
  readonly minBytesPerSecond: number;
  /** One more connection destroys the one that has lingered longest. */
  readonly maxConnections: number;
}

const LIMITS: LingerLimits = { maxSeconds: 60, windowSeconds: 5, minBytesPerSecond: 16 * 1024, maxConnections: 256 };

/**
 * Closes connections so that a client that is still sending can read its answer (RFC 9112, section
 * 9.6). If both halves were closed at once, the system of the client would discard the answer. So
 * only the server's half is closed, and incoming bytes are dropped until the client has sent
 * everything or closes its half. Every connection ends within the limits.
 */
export class Lingering {
  readonly #limits: LingerLimits;
  readonly #sockets = new Set<Socket>();

  constructor(limits = LIMITS) {
    this.#limits = limits;
  }

  /** Returns whether a connection has had its last answer. */
  has(socket: Socket): boolean {
    return this.#sockets.has(socket);
  }

  /** Middleware. Lets a connection linger when the answer comes before the body of the request. */
  get afterAnswers(): RequestHandler {
    return (request, response, next) => {
      // A request on a lingering connection is not answered.
      if (this.has(request.socket)) return;
      if (announcesBody(request)) {
        response.prependOnceListener('finish', () => {
          if (!request.complete) this.#afterAnswer(request, response);
        });
      }
      next();
    };
  }

  /**
   * Closes the server's half of a connection after the pending writes, and lets it linger.
   * Idempotent.
   */
  begin(socket: Socket): void {
    if (this.has(socket)) return;
    this.#sockets.add(socket);
    const [longest] = this.#sockets;
    if (this.#sockets.size > this.#limits.maxConnections) longest?.destroy();
    // Node calls it after the last answer.
    socket.destroySoon = () => socket.end();
    socket.end();
    const stop = this.#limit(socket);
    socket
      .once('end', () => socket.destroy())
      .once('close', () => {
        stop();
        this.#sockets.delete(socket);
      });
  }

  #afterAnswer(request: Request, response: Response): void {
    this.begin(request.socket);
    request.once('end', () => request.socket.destroy());
    // Node does not destroy a request that was answered; a reader of its body would wait until its
    // time limit.
    request.socket.once('close', () => request.destroy());
    void discard(request, response);
  }

  /** Destroys a connection at its limits. Returns the function that removes them. */
  #limit(socket: Socket): () => void {
    const { maxSeconds, windowSeconds, minBytesPerSecond } = this.#limits;
    let received = socket.bytesRead;
    const judge = (): void => {
      if (socket.bytesRead - received < minBytesPerSecond * windowSeconds) socket.destroy();
      received = socket.bytesRead;
    };
    // After the pending reads: this process may have been busy.
    const window = setInterval(() => setImmediate(judge), windowSeconds * 1000);
    const total = setTimeout(() => socket.destroy(), maxSeconds * 1000);
    return () => {
      clearInterval(window);
      clearTimeout(total);
    };
  }
}

/**
 * Drops the rest of a body, within the budget of stored bodies. Resolves when the connection is
 * closed.
 */
async function discard(request: Request, response: Response): Promise<void> {
  const closed = new AbortController();
  request.socket.once('close', () => closed.abort());
  try {
    for (;;) {
      // Read once before waiting: Node would read all of an unread body, outside the budget.
      const chunk = request.read() as Uint8Array | null;
      if (chunk !== null) countReceived(response, chunk.length);
      if (request.readableLength === 0) await once(request, 'readable', { signal: closed.signal });
      await BODY_CHUNKS.acquire();
    }
  } catch {
    // The connection is closed.
  }
}
