import { once } from 'node:events';
import {
  createServer,
  request as forward,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What goes wrong with a request or its answer. */
export type Fault =
  /** The connection breaks at once. */
  | 'cut'
  /** The connection breaks after a part of the body came, of which the server hears nothing. */
  | 'cut-request'
  /** A byte of the body is another one when it reaches the server. */
  | 'garble'
  /** The server never hears of it; 503. */
  | 'busy'
  /** The server never hears of it; 500. */
  | 'broken'
  /** The server never hears of it; 403. */
  | 'denied'
  /** Nobody hears of it, and nobody answers, until it is mended. */
  | 'silence'
  /** The server answers, but the connection breaks before the client hears it. */
  | 'lose-answer'
  /** The connection breaks in the middle of the answer's body. */
  | 'cut-answer';

/** The way to an HTTP server, on which things go wrong as a test wants it. */
export interface FaultyProxy {
  readonly url: string;
  /** The next `times` requests of this method whose path and query match meet the fault. */
  break(fault: Fault, method: string, path: RegExp, times?: number): void;
  /** From now on no request meets a fault; those that nobody answers break off. */
  mend(): void;
  /** How many requests have met a fault. */
  readonly met: number;
  /** The headers of the requests of this method whose path and query match, as they came. */
  headersOf(method: string, path: RegExp): readonly IncomingHttpHeaders[];
  /** How many requests have come whose answer has not ended. */
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
 * Puts a proxy before the server at `target`. Requests reach it with the headers they came with, so
 * that their signatures hold.
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
      refuse(incoming, response, REFUSALS[fault]);
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
  let taken = 0;
  incoming.on('data', (chunk: Buffer) => {
    taken += chunk.length;
    if (taken > SOME_BYTES) incoming.socket.resetAndDestroy();
  });
}

const REFUSALS = {
  busy: [503, 'ServiceUnavailable'],
  broken: [500, 'InternalError'],
  denied: [403, 'AccessDenied'],
} as const;

function refuse(incoming: IncomingMessage, response: ServerResponse, [status, code]: readonly [number, string]): void {
  incoming.resume();
  incoming.once('end', () => {
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(`<Error><Code>${code}</Code></Error>`);
  });
}
