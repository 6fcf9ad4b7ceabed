import { createServer, type RequestListener, type Server } from 'node:http';
import { answerBrokenRequests, type BrokenRequestAnswer } from '../../adapters/http/shared/broken-request.ts';
import type { Lingering } from '../../adapters/http/shared/lingering.ts';

/** The time for the request line and the headers. */
const HEADERS_TIMEOUT_MS = 30_000;
const IDLE_CONNECTION_TIMEOUT_MS = 75_000;
/** How often Node checks for late headers. */
const LATE_HEADS_INTERVAL_MS = 1_000;
/** Limits all headers of a request together. */
const MAX_HEADERS_BYTES = 16 * 1024;

/**
 * Creates the HTTP server with its limits (docs/velocity.md#requests). `answerBroken` answers
 * requests that Node rejects, in the form of their API.
 */
export function createHttpServer(
  app: RequestListener,
  answerBroken: BrokenRequestAnswer,
  lingering: Lingering,
  headersTimeoutMs = HEADERS_TIMEOUT_MS,
): Server {
  const server = createServer(
    {
      // Node's limit on whole requests would end uploads; bodies have their own limits.
      requestTimeout: 0,
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: LATE_HEADS_INTERVAL_MS,
      keepAliveTimeout: IDLE_CONNECTION_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADERS_BYTES,
      requireHostHeader: false,
    },
    app,
  );
  // Node would silently drop headers beyond its own default count.
  server.maxHeadersCount = 0;
  // A client that half-closes its connection after the request still gets the response.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on('checkContinue', app);
  // Unknown expectations may be ignored (RFC 9110, section 10.1.1).
  server.on('checkExpectation', app);
  server.on('clientError', answerBrokenRequests(answerBroken, lingering));
  return server;
}
