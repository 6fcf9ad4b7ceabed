import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import { announcesBody } from './answer.ts';
import { countReceived } from './request-count.ts';
import { BODY_CHUNKS } from './chunk-budget.ts';

/** How long, how slow and how many connections may linger. */
export interface LingerLimits {
  /** No connection lingers longer. */
  readonly maxSeconds: number;
  /** The rate is judged over windows of this length. */
  readonly windowSeconds: number;
  /** A connection ends whose client sent less in a window. */
  readonly minBytesPerSecond: number;
  /** One connection more ends the one that has lingered longest. */
  readonly maxConnections: number;
}

const LIMITS: LingerLimits = { maxSeconds: 60, windowSeconds: 5, minBytesPerSecond: 16 * 1024, maxConnections: 256 };

/**
 * Closes connections so that a client that is still sending can read its answer (RFC 9112, section
 * 9.6). Closing at once would make its system discard the answer. So only our half is closed, and
 * what comes is dropped until the client has sent all or closes its half. Whatever a client does,
 * its connection ends within the limits.
 */
export class Lingering {
  readonly #limits: LingerLimits;
  readonly #sockets = new Set<Socket>();

  constructor(limits = LIMITS) {
    this.#limits = limits;
  }

  /** Whether a connection was answered for the last time. */
  has(socket: Socket): boolean {
    return this.#sockets.has(socket);
  }

  /**
   * Middleware. Lets a connection linger after an answer that came before the body of its request.
   */
  get afterAnswers(): RequestHandler {
    return (request, response, next) => {
      // A request that comes while a connection lingers comes too late.
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
   * Closes our half of a connection after what was written to it, and lets it linger. Idempotent.
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
    // Node forgets a request that was answered; what still waits for its body must not wait out its
    // patience.
    request.socket.once('close', () => request.destroy());
    void discard(request, response);
  }

  /** Ends a connection at its limits. Returns what stops that. */
  #limit(socket: Socket): () => void {
    const { maxSeconds, windowSeconds, minBytesPerSecond } = this.#limits;
    let received = socket.bytesRead;
    const judge = (): void => {
      if (socket.bytesRead - received < minBytesPerSecond * windowSeconds) socket.destroy();
      received = socket.bytesRead;
    };
    // After what waits to be read: this process may have been busy itself.
    const window = setInterval(() => setImmediate(judge), windowSeconds * 1000);
    const whole = setTimeout(() => socket.destroy(), maxSeconds * 1000);
    return () => {
      clearInterval(window);
      clearTimeout(whole);
    };
  }
}

/**
 * Drops what still comes of a body, in turn with the bodies that are stored. Resolves when the
 * connection is closed.
 */
async function discard(request: Request, response: Response): Promise<void> {
  const closed = new AbortController();
  request.socket.once('close', () => closed.abort());
  try {
    for (;;) {
      // At first at once: of a body that no one began to read Node would take all, out of turn.
      const chunk = request.read() as Uint8Array | null;
      if (chunk !== null) countReceived(response, chunk.length);
      if (request.readableLength === 0) await once(request, 'readable', { signal: closed.signal });
      await BODY_CHUNKS.acquire();
    }
  } catch {
    // It is closed.
  }
}
