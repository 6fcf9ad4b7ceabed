import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BucketStore } from './bucket-store.ts';
import { S3Failure } from './failure.ts';
import { onBucket, onObject, type Reply } from './operations.ts';
import { requireSignature, type Credentials, type Received } from './signature.ts';
import { element } from './xml.ts';

/**
 * A small S3 server in memory: strict, with exactly the calls that Platter makes and path-style
 * addresses only.
 */
export interface S3Server {
  readonly url: string;
  close(): Promise<void>;
}

export async function startS3Server(known: Credentials): Promise<S3Server> {
  const buckets = new Map<string, BucketStore>();
  const server = createServer((incoming, response) => {
    answer(buckets, known, incoming, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  buckets: Map<string, BucketStore>,
  known: Credentials,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await receive(incoming);
  let reply: Reply;
  try {
    await requireSignature(request, known);
    reply = perform(buckets, request);
  } catch (error) {
    if (!(error instanceof S3Failure)) throw error;
    reply = { status: error.status, body: element('Error', element('Code', error.code)) };
  }
  const { status, headers = {}, body = '' } = reply;
  const pieces = typeof body === 'string' ? [Buffer.from(body)] : body;
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  response.writeHead(status, { ...(status === 204 ? {} : { 'content-length': String(length) }), ...headers });
  await pipeline(Readable.from(request.method === 'HEAD' ? [] : pieces.filter((piece) => piece.length > 0)), response);
}

function perform(buckets: Map<string, BucketStore>, request: Received): Reply {
  const [, name = '', ...rest] = request.path.split('/');
  const key = rest.map(decodeURIComponent).join('/');
  if (key === '' && request.method === 'PUT') {
    buckets.set(name, buckets.get(name) ?? new BucketStore());
    return { status: 200 };
  }
  const bucket = buckets.get(name);
  if (bucket === undefined) throw new S3Failure(404, 'NoSuchBucket');
  return key === '' ? onBucket(bucket, request) : onObject(bucket, key, request);
}

async function receive(incoming: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://s3');
  return {
    method: incoming.method ?? '',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks),
  };
}
