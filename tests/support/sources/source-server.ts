import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import type { Certificate } from './certificate.ts';

/** A request that a server has received. */
export interface SourceRequest {
  readonly path: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Its connection, for responses that no HTTP server sends. */
  readonly socket: Socket;
}

/** What a server sends: this text or these bytes, and then the end. Null: the test sends. */
export type Respond = (request: SourceRequest) => Promise<SourceReply> | SourceReply;
type SourceReply = string | Buffer | null;

/** An HTTP server on one address of loopback whose responses are written byte by byte. */
export interface SourceServer {
  readonly port: number;
  readonly requests: readonly SourceRequest[];
  /** How many connections it has accepted. */
  readonly connections: number;
  respond: Respond;
  /** Resolves when no connection is open. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server, with TLS if it has a certificate. */
export async function startSourceServer(
  respond: Respond,
  { address = '127.0.0.1', port = 0, certificate }: { address?: string; port?: number; certificate?: Certificate } = {},
): Promise<SourceServer> {
  const requests: SourceRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const accept = (socket: Socket): void => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let head = '';
    const read = (part: Buffer): void => {
      head += part.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', read).resume();
      const request = { ...headOf(head), socket };
      requests.push(request);
      void Promise.resolve(source.respond(request)).then((reply) => {
        if (reply !== null) socket.end(reply);
      });
    };
    socket.on('data', read);
  };
  const server: Server =
    certificate === undefined ? createServer(accept) : createSecureServer({ ...certificate }, accept);
  server.on('tlsClientError', () => undefined);
  server.listen(port, address);
  await once(server, 'listening');
  const source = {
    port: (server.address() as AddressInfo).port,
    requests,
    get connections() {
      return connections;
    },
    respond,
    idle: async () => {
      await Promise.all([...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return source;
}

/** Returns a response with a length. */
export function ok(body: string, headers: readonly string[] = []): string {
  return response('200 OK', body, headers);
}

/** Returns a response with a length; `status` is like `404 Not Found`. */
export function response(status: string, body = '', headers: readonly string[] = []): string {
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  return [`HTTP/1.1 ${status}`, ...headers, length, 'Connection: close', '', body].join('\r\n');
}

/** Returns a response that leads to another URL. */
export function redirect(location: string, status = '302 Found'): string {
  return response(status, '', [`Location: ${location}`]);
}

function headOf(text: string): Omit<SourceRequest, 'socket'> {
  const [first = '', ...lines] = text.split('\r\n\r\n')[0]!.split('\r\n');
  const headers = lines.map((line) => [line.split(':')[0]!.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]);
  return { path: first.split(' ')[1] ?? '', headers: Object.fromEntries(headers) as Record<string, string> };
}
