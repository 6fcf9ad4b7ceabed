import { request as requestHttp, type IncomingMessage, type OutgoingHttpHeaders, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandFailure } from '../command-failure.ts';

/** A server and the credentials to use there. */
export interface Server {
  readonly url: URL;
  /** The header `Authorization`, or null. */
  readonly authorization: string | null;
}

export interface HttpRequest {
  readonly method: string;
  /** Below the URL of the server. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Uint8Array | Readable;
  readonly signal?: AbortSignal;
}

/** How long a server may stay silent. */
const SILENCE_MS = 120_000;

/**
 * Sends a request and resolves with the head of the response, also before the whole body was sent.
 *
 * @throws network when there is no response
 */
export async function sendRequest(server: Server, request: HttpRequest): Promise<IncomingMessage> {
  const target = new URL(`${server.url.pathname.replace(/\/$/, '')}${request.path}`, server.url);
  const credentials = server.authorization === null ? {} : { authorization: server.authorization };
  return sendTo(target, { ...request, headers: { ...credentials, ...request.headers } });
}

/** As `sendRequest`, for a whole URL, and without credentials. */
export async function sendTo(target: URL, request: Omit<HttpRequest, 'path'>): Promise<IncomingMessage> {
  const { method, headers = {}, body, signal } = request;
  const options: RequestOptions = { method, headers, timeout: SILENCE_MS, ...(signal === undefined ? {} : { signal }) };
  try {
    return await new Promise((resolve, reject) => {
      const outgoing = (target.protocol === 'https:' ? requestHttps : requestHttp)(target, options);
      outgoing.once('timeout', () => outgoing.destroy(new Error('the server is silent')));
      outgoing.once('response', resolve);
      outgoing.on('error', reject);
      if (body === undefined || body instanceof Uint8Array) outgoing.end(body);
      else pipeline(body, outgoing).catch(reject);
    });
  } catch (error) {
    if (error instanceof CommandFailure || signal?.aborted === true) throw error;
    throw connectionFailure(target, error);
  }
}

/** Returns the failure of a connection that could not be made or broke. */
export function connectionFailure(target: URL, cause: unknown): CommandFailure {
  const { code = '' } = cause as NodeJS.ErrnoException;
  // OpenSSL reads the response of a server without TLS as a version.
  if (code === 'EPROTO') {
    return new CommandFailure('network', `${target.origin} speaks no TLS`, 'Perhaps it begins with http://.', cause);
  }
  const certificate = certificateAdvice(code);
  if (certificate !== null) {
    const message = `the certificate of ${target.origin} is not valid here: ${reasonOf(cause)}`;
    return new CommandFailure('network', message, certificate, cause);
  }
  return new CommandFailure(
    'network',
    `no answer from ${target.origin}: ${reasonOf(cause)}`,
    'Check the address and the network, and whether the server runs.',
    cause,
  );
}

/** Returns what to do about a certificate; null for a code that is about none. */
function certificateAdvice(code: string): string | null {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'Use a name that the certificate has.';
  if (code.startsWith('CERT_')) return 'Tell the operator of the server, and check the clock of this machine.';
  const isUntrusted = code.startsWith('UNABLE_TO_') || code.includes('SELF_SIGNED_CERT');
  return isUntrusted ? 'If you trust its authority, set NODE_EXTRA_CA_CERTS to the file with its certificate.' : null;
}

/** A name with several addresses fails with an AggregateError without a message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** Reads the body of a response as text. */
export async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
