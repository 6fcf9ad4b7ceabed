import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { connect, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { pipeline } from 'node:stream';

const TLS = join(import.meta.dirname, '..', 'fixtures', 'tls');
/** The certificate of `tlsInFrontOf`, which is its own authority. */
export const CERTIFICATE = join(TLS, 'certificate.pem');

const open = new Set<{ close(): unknown }>();

/** Starts a server that is no Platter, and returns its URL. */
export async function otherServer(respond: RequestListener): Promise<string> {
  return listening(createServer(respond), 'http');
}

/** Puts a self-signed certificate for 127.0.0.1 in front of a port, and returns the URL. */
export async function tlsInFrontOf(port: number): Promise<string> {
  const options = { key: readFileSync(join(TLS, 'key.pem')), cert: readFileSync(CERTIFICATE) };
  const server = createTlsServer(options, (socket) => {
    const behind = connect(port, '127.0.0.1');
    pipeline(socket, behind, () => undefined);
    pipeline(behind, socket, () => undefined);
  });
  // A client that does not trust the certificate.
  server.on('tlsClientError', () => undefined);
  return listening(server, 'https');
}

async function listening(server: Server, scheme: string): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.add(server);
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterAll(() => {
  for (const server of open) server.close();
});
