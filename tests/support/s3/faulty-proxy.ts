import { once } from 'node:events';
import {
  createServer,
  request as forward,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A fault of a request or its response. */
export type Fault =
  /** The connection is reset at once. */
  | 'cut'
  /** The connection is reset within the body, and the server receives nothing. */
  | 'cut-request'
  /** One byte of the body changes on the way to the server. */
  | 'garble'
  /** 503, without reaching the server. */
  | 'busy'
  /** 500, without reaching the server. */
  | 'broken'
  /** 403, without reaching the server. */
  | 'denied'
  /** No response until `mend`, without reaching the server. */
  | 'silence'
  /** The server responds, but the connection breaks before the client receives it. */
  | 'lose-answer'
  /** The connection breaks within the body of the response. */
  | 'cut-answer';

/** A proxy in front of an HTTP server that injects faults. */
export interface FaultyProxy {
  readonly url: string;
  /** Injects the fault into the next `times` requests of this method whose path and query match. */
  break(fault: Fault, method: string, path: RegExp, times?: number): void;
  /** Removes all faults and closes the connections without a response. */
  mend(): void;
  /** The number of injected faults. */
  readonly met: number;
  /** Returns the received headers of all requests of this method whose path and query match. */
  headersOf(method: string, path: RegExp): readonly IncomingHttpHeaders[];
  /** The number of requests whose response has not ended. */
  readonly underway: number;
  close(): Promise<void>;
}

interface Trap {
  readonly fault: Fault;
  readonly method: string;
  readonly path: RegExp;
  times: number;
}

const SOME_BYTES = 100_000;

/**
 * Opens a proxy in front of the server at `target`. Requests keep their headers, so that their
 * signatures stay valid.
 */
export async function openFaultyProxy(target: string): Promise<FaultyProxy> {
  const { hostname, port } = new URL(target);
  const traps: Trap[] = [];
  const silent = new Set<Socket>();
  let met = 0;
  const seen: IncomingMessage[] = [];
  let underway = 0;

  function faultOf({ method, url = '' }: IncomingMessage): Fault | null {
    const trap = traps.find((one) => one.times > 0 && one.method === method && one.path.test(url));
    if (trap === undefined) return null;
    trap.times -= 1;
    met += 1;
    return trap.fault;
  }

  const server = createServer((incoming, response) => {
    seen.push(incoming);
    underway += 1;
    response.once('close', () => (underway -= 1));
    const fault = faultOf(incoming);
    if (fault === 'cut-request') {
      cutRequest(incoming);
      return;
    }
    if (fault === 'cut') {
      incoming.socket.resetAndDestroy();
      return;
    }
    if (fault === 'silence') {
      silent.add(incoming.socket);
      return;
    }
    if (fault === 'busy' || fault === 'broken' || fault === 'denied') {
      respondWithError(incoming, response, ERROR_RESPONSES[fault]);
      return;
    }
    const { method, url, headers } = incoming;
    const outgoing = forward({ hostname, port, method, path: url, headers, agent: false }, (answer) => {
      if (fault === 'lose-answer') {
        answer.resume();
        response.destroy();
        return;
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      let sent = 0;
      answer.on('data', (chunk: Buffer) => {
        sent += chunk.length;
        if (fault === 'cut-answer' && sent > SOME_BYTES) response.destroy();
        else if (!response.write(chunk)) answer.pause();
      });
      response.on('drain', () => answer.resume());
      answer.once('end', () => response.end());
      answer.once('error', () => response.destroy());
    });
    outgoing.once('error', () => response.destroy());
    response.once('close', () => outgoing.destroy());
    let garbled = fault !== 'garble';
    incoming.on('data', (chunk: Buffer) => {
      if (!garbled) chunk[0] = ~chunk[0]!;
      garbled = true;
      outgoing.write(chunk);
    });
    incoming.once('end', () => outgoing.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get met() {
      return met;
    },
    headersOf: (method, path) =>
      seen.filter((one) => one.method === method && path.test(one.url ?? '')).map(({ headers }) => headers),
    get underway() {
      return underway;
    },
    break(fault, method, path, times = 1) {
      traps.push({ fault, method, path, times });
    },
    mend() {
      traps.splice(0);
      for (const socket of silent) socket.destroy();
      silent.clear();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function cutRequest(incoming: IncomingMessage): void {
  let receivedBytes = 0;
  incoming.on('data', (chunk: Buffer) => {
    receivedBytes += chunk.length;
    if (receivedBytes > SOME_BYTES) incoming.socket.resetAndDestroy();
  });
}

const ERROR_RESPONSES = {
  busy: [503, 'ServiceUnavailable'],
  broken: [500, 'InternalError'],
  denied: [403, 'AccessDenied'],
} as const;

function respondWithError(
  incoming: IncomingMessage,
  response: ServerResponse,
  [status, code]: readonly [number, string],
): void {
  incoming.resume();
  incoming.once('end', () => {
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(`<Error><Code>${code}</Code></Error>`);
  });
}
