import type { OutgoingHttpHeaders } from 'node:http';
import { send, type Answer, type Client } from '../../support/http/client.ts';

/** A client of `/v1` with some credentials. */
export class NativeClient {
  readonly url: string;
  readonly headers: OutgoingHttpHeaders;

  constructor(url: string, headers: OutgoingHttpHeaders = {}) {
    this.url = url;
    this.headers = headers;
  }

  /** Returns the client with the authkey of a client of the Velocity API. */
  static by({ url, authkey }: Pick<Client, 'url' | 'authkey'>): NativeClient {
    return NativeClient.withBearer(url, authkey);
  }

  static withBearer(url: string, secret: string): NativeClient {
    return new NativeClient(url, { authorization: `Bearer ${secret}` });
  }

  static withPassword(url: string, name: string, password: string): NativeClient {
    return new NativeClient(url, { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` });
  }

  /** Sends a call such as `GET /users`, below `/v1`. */
  async call(operation: string, body?: unknown, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
    const [method = '', path = ''] = operation.split(' ');
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    return send(this.url, {
      method,
      path: `/v1${path}`,
      headers: { ...this.headers, ...type, ...headers },
      body: body === undefined ? '' : JSON.stringify(body),
    });
  }

  /** Sends a call that is not under test, and returns its body. A failure throws. */
  async ask<T>(operation: string, body?: unknown): Promise<T> {
    const answer = await this.call(operation, body);
    if (answer.status >= 300) throw new Error(`${operation}: ${answer.status} ${answer.text}`);
    return answer.body as T;
  }
}

/** Fails unless an answer is this problem. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect([answer.status, answer.body]).toEqual([
    status,
    expect.objectContaining({ type: `/problems/${code}`, status, code, request_id: answer.headers['x-request-id'] }),
  ]);
  expect(answer.headers['content-type']).toBe('application/problem+json');
}

/** Logs a browser in; returns a client that shows its cookie. */
export async function browserOf(url: string, name: string, password: string): Promise<NativeClient> {
  const { status, text, headers } = await new NativeClient(url).call('POST /session', { name, password });
  if (status !== 201) throw new Error(`POST /session: ${status} ${text}`);
  return new NativeClient(url, { cookie: headers['set-cookie']![0]!.split(';')[0] });
}
