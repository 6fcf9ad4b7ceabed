import { randomBytes } from 'node:crypto';
import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expectDocumented } from '../openapi/documented-answers.ts';
import { ROOT_PASSWORD } from '../program/platter.ts';
import { STUCK_AFTER_MS } from '../waiting/stuck-after.ts';

/** The response to one request. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** The parsed JSON body; undefined for any other body. */
  readonly body: unknown;
}

export type Body = string | Uint8Array | AsyncIterable<Uint8Array>;

export interface Request {
  readonly method: string;
  /** As it is sent. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Body;
}

/**
 * Sends one request to Platter with `sendAnywhere`, and fails unless the OpenAPI document has the
 * response.
 */
export async function send(url: string, request: Request): Promise<Answer> {
  const answer = await sendAnywhere(url, request);
  const { method, path, body } = request;
  expectDocumented(
    { method, path, ...(typeof body === 'string' ? { body } : {}) },
    { status: answer.status, contentType: answer.headers['content-type'], text: answer.text },
  );
  return answer;
}

/**
 * Sends one request on a connection of its own. A response that arrives before the whole body was
 * sent counts.
 */
export async function sendAnywhere(url: string, { method, path, headers = {}, body = '' }: Request): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers, agent: false, timeout: STUCK_AFTER_MS });
    // Node sends the body of a DELETE without a length.
    const isWhole = typeof body === 'string' || body instanceof Uint8Array;
    const saysSo = outgoing.hasHeader('content-length') || outgoing.hasHeader('transfer-encoding');
    if (isWhole && body.length > 0 && !saysSo) outgoing.setHeader('content-length', Buffer.byteLength(body));
    outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer to ${method} ${path}`)));
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const { statusCode: status = 0, headers } = response;
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString();
        const isJson = /^application\/(?:problem\+)?json\b/.test(headers['content-type'] ?? '') && text !== '';
        resolve({ status, headers, bytes, text, body: isJson ? (JSON.parse(text) as unknown) : undefined });
      });
    });
    // With a text as body Node would encode the headers as UTF-8 too.
    if (isWhole) outgoing.end(Buffer.from(body));
    else pipeline(Readable.from(body, { objectMode: false }), outgoing).catch(reject);
  });
}

/** An item to upload; every field goes into its header as it is. */
export interface UploadOrder {
  readonly group: number | string;
  readonly pool?: number | string;
  readonly name: string;
  readonly type?: string;
  readonly readonly?: boolean | string;
  /** More headers; undefined removes one. */
  readonly headers?: OutgoingHttpHeaders;
}

/**
 * Returns the headers of an upload without its length and the authkey. Names are sent as their
 * UTF-8 bytes, as existing clients do.
 */
export function uploadHeaders(order: UploadOrder): OutgoingHttpHeaders {
  return {
    'x-velocity-mpid': String(order.pool ?? 1),
    'x-velocity-gid': String(order.group),
    'x-velocity-name': Buffer.from(order.name).toString('latin1'),
    'x-velocity-type': order.type ?? 'ISO',
    'x-velocity-readonly': String(order.readonly ?? true),
    ...order.headers,
  };
}

/** A Velocity client with an authkey. */
export class Client {
  readonly url: string;
  readonly authkey: string;

  constructor(url: string, authkey: string) {
    this.url = url;
    this.authkey = authkey;
  }

  /** Sends a call such as `POST /u/user`, with the authkey in `Authorization`. */
  async call(operation: string, fields?: unknown): Promise<Answer> {
    const [method = '', path = ''] = operation.split(' ');
    const headers = { authorization: `Bearer ${this.authkey}`, 'content-type': 'application/json' };
    return send(this.url, { method, path, headers, body: fields === undefined ? '' : JSON.stringify(fields) });
  }

  /** Sends a call that is not under test, and returns its body. Any status but 200 throws. */
  async ask<T>(operation: string, fields?: unknown): Promise<T> {
    const { status, text, body } = await this.call(operation, fields);
    if (status !== 200) throw new Error(`${operation}: ${status} ${text}`);
    return body as T;
  }

  /** Downloads an item. */
  async read(mid: string, headers: OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answer> {
    const authorization = `Bearer ${this.authkey}`;
    return send(this.url, { method, path: `/m/media/${mid}/content`, headers: { authorization, ...headers } });
  }

  /** Uploads `body`. A stream needs a `content-length` among the headers. */
  async upload(order: UploadOrder, body: Body): Promise<Answer> {
    const length = typeof body === 'string' || body instanceof Uint8Array ? Buffer.byteLength(body) : undefined;
    const headers = definedOnly({
      authorization: `Bearer ${this.authkey}`,
      'content-length': length,
      ...uploadHeaders(order),
    });
    return send(this.url, { method: 'PUT', path: '/m/media/upload', headers, body });
  }
}

/** Logs in and returns a client with the authkey. */
export async function logIn(url: string, name = 'root', password = ROOT_PASSWORD): Promise<Client> {
  const anonymous = new Client(url, '');
  const { authkey } = await anonymous.ask<{ authkey: string }>('POST /u/auth', { name, password });
  return new Client(url, authkey);
}

/** Returns a unique name. */
export function freshName(what: string): string {
  return `${what} ${randomBytes(6).toString('hex')}`;
}

function definedOnly(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}
