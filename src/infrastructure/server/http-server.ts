import { createServer, type RequestListener, type Server } from 'node:http';
import { answerBrokenRequests, type BrokenRequestAnswer } from '../../adapters/http/shared/broken-request.ts';
import type { Lingering } from '../../adapters/http/shared/lingering.ts';

/**
 * A request's line and headers have to arrive within this time, and an idle connection is closed
 * after it. Milliseconds.
 */
const HEADERS_TIMEOUT_MS = 30_000;
const IDLE_CONNECTION_TIMEOUT_MS = 75_000;
/** How often Node looks for heads that are late. Milliseconds. */
const LATE_HEADS_INTERVAL_MS = 1_000;
/** All the headers of a request together. */
const MAX_HEADERS_BYTES = 16 * 1024;

/**
 * A server whose limits are those of the documentation; `app` says in its own form what Node would
 * answer by itself.
 */
export function createHttpServer(
  app: RequestListener,
  answerBroken: BrokenRequestAnswer,
  lingering: Lingering,
  headersTimeoutMs = HEADERS_TIMEOUT_MS,
): Server {
  const server = createServer(
    {
      // Node's own limit on whole requests would cut uploads off; bodies have limits of their own.
      requestTimeout: 0,
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: LATE_HEADS_INTERVAL_MS,
      keepAliveTimeout: IDLE_CONNECTION_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADERS_BYTES,
      requireHostHeader: false,
    },
    app,
  );
  // Beyond a number of its own Node leaves headers out without a word.
  server.maxHeadersCount = 0;
  // A client that closes its half of a connection after its request still gets its answer.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on('checkContinue', app);
  // An expectation that we don't know is one that we may pass over (RFC 9110, section 10.1.1).
  server.on('checkExpectation', app);
  server.on('clientError', answerBrokenRequests(answerBroken, lingering));
  return server;
}
