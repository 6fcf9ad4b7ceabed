import type { OutgoingHttpHeaders } from 'node:http';
import { formatUploadMetadata } from '../../../src/adapters/http/tus/upload-metadata.ts';
import { send, type Answer, type Body, type Client } from '../../support/http/client.ts';

export const TUS = { 'tus-resumable': '1.0.0' };
export const APPENDED = 'application/offset+octet-stream';

/** What a creation says; undefined takes a key away. */
export type Metadata = Readonly<Record<string, string | undefined>>;

/** Plain requests of the protocol, by one caller. */
export class TusRequests {
  readonly #url: () => string;
  readonly authorization: string;

  constructor(url: () => string, authorization: string) {
    this.#url = url;
    this.authorization = authorization;
  }

  static by(client: Client): TusRequests {
    return new TusRequests(() => client.url, `Bearer ${client.authkey}`);
  }

  async create(
    length: number | string,
    metadata: Metadata,
    headers: OutgoingHttpHeaders = {},
    body?: Body,
  ): Promise<Answer> {
    const texts = Object.entries(metadata).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return this.ask(
      'POST',
      '/uploads/',
      {
        'upload-length': length,
        'upload-metadata': formatUploadMetadata(Object.fromEntries(texts)),
        ...headers,
      },
      body,
    );
  }

  /** The location of a new upload. */
  async created(length: number, metadata: Metadata): Promise<string> {
    const { status, headers, text } = await this.create(length, metadata);
    if (status !== 201 || headers.location === undefined) throw new Error(`no upload was created: ${status} ${text}`);
    return headers.location;
  }

  async head(location: string): Promise<Answer> {
    return this.ask('HEAD', location);
  }

  /** How many bytes there are. */
  async offset(location: string): Promise<number> {
    const { status, headers } = await this.head(location);
    if (status !== 200) throw new Error(`HEAD ${location}: ${status}`);
    return Number(headers['upload-offset']);
  }

  async patch(
    location: string,
    offset: number | string,
    body: Body,
    headers: OutgoingHttpHeaders = {},
  ): Promise<Answer> {
    return this.ask('PATCH', location, { 'upload-offset': offset, 'content-type': APPENDED, ...headers }, body);
  }

  async remove(location: string): Promise<Answer> {
    return this.ask('DELETE', location);
  }

  async ask(method: string, path: string, headers: OutgoingHttpHeaders = {}, body?: Body): Promise<Answer> {
    const { authorization } = this;
    const sent = { ...TUS, authorization, ...headers };
    return send(this.#url(), { method, path, headers: sent, ...(body === undefined ? {} : { body }) });
  }
}

/** The code of a problem. */
export function codeOf({ body }: Answer): unknown {
  return (body as { code?: unknown } | undefined)?.code;
}
