import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { connectionFailure, sendRequest, textOf, type Server } from '../api/http.ts';
import { problemOf } from '../api/problem.ts';
import { CommandFailure } from '../command-failure.ts';

const VERSION = { 'Tus-Resumable': '1.0.0' };

/** How far an upload is. */
export interface UploadState {
  readonly offset: number;
  /** The id of the finished item, or null. */
  readonly media: string | null;
}

/**
 * What is to be uploaded, under the keys of `Upload-Metadata` (docs/uploads.md#creating-an-upload).
 */
export type UploadMetadata = Readonly<Record<string, string>>;

/**
 * Creates an upload and returns its path. The same creation twice returns the same upload while no
 * byte has arrived.
 */
export async function createUpload(
  server: Server,
  size: number,
  metadata: UploadMetadata,
  signal: AbortSignal,
): Promise<string> {
  const pairs = Object.entries(metadata).map(([key, text]) => `${key} ${Buffer.from(text).toString('base64')}`);
  const response = await send(server, 'POST', '/uploads/', signal, {
    headers: { 'Upload-Length': size, 'Upload-Metadata': pairs.join(','), 'Content-Length': 0 },
  });
  const { location } = response.headers;
  if (location === undefined) throw new CommandFailure('failed', 'the server did not say where the upload is');
  return new URL(location, server.url).pathname;
}

/** Asks how far an upload is. */
export async function stateOf(server: Server, location: string, signal: AbortSignal): Promise<UploadState> {
  return stateIn(await send(server, 'HEAD', location, signal));
}

/** Sends bytes from an offset on. */
export async function appendTo(
  server: Server,
  location: string,
  bytes: { readonly offset: number; readonly length: number; readonly body: Readable },
  signal: AbortSignal,
): Promise<UploadState> {
  const headers = {
    'Content-Type': 'application/offset+octet-stream',
    'Content-Length': bytes.length,
    'Upload-Offset': bytes.offset,
  };
  return stateIn(await send(server, 'PATCH', location, signal, { headers, body: bytes.body }));
}

/** Ends an upload: its name, its charge and its bytes are free. */
export async function endUpload(server: Server, location: string): Promise<void> {
  await send(server, 'DELETE', location, new AbortController().signal);
}

/** The paths of uploads are below the root of the server, which may have a path of its own. */
async function send(
  server: Server,
  method: string,
  location: string,
  signal: AbortSignal,
  {
    headers = {},
    body,
  }: { readonly headers?: Readonly<Record<string, string | number>>; readonly body?: Readable } = {},
): Promise<IncomingMessage> {
  const response = await sendRequest(server, {
    method,
    path: location,
    headers: { ...VERSION, ...headers },
    signal,
    ...(body === undefined ? {} : { body }),
  });
  if ((response.statusCode ?? 0) >= 300) throw await problemOf(response);
  await textOf(response).catch((error: unknown) => {
    throw connectionFailure(server.url, error);
  });
  return response;
}

function stateIn({ headers }: IncomingMessage): UploadState {
  const media = headers['platter-media'];
  return { offset: Number(headers['upload-offset']), media: typeof media === 'string' ? media : null };
}
