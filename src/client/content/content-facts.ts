import type { Api } from '../api/api.ts';
import { sendRequest } from '../api/http.ts';
import { problemOf } from '../api/problem.ts';

/** What the server knows of the bytes of an item. */
export interface ContentFacts {
  readonly size: number;
  /** Names these very bytes; null when they may change. */
  readonly etag: string | null;
  /** In hexadecimal; null when it is not known. */
  readonly sha256: string | null;
}

/** Returns the path of the bytes of an item. */
export function contentPath(media: string): string {
  return `/v1/media/${encodeURIComponent(media)}/content`;
}

/** Asks for the facts of the bytes of an item. */
export async function contentFacts(api: Api, media: string, signal: AbortSignal): Promise<ContentFacts> {
  const response = await sendRequest(api.server, { method: 'HEAD', path: contentPath(media), signal });
  response.resume();
  if (response.statusCode !== 200) throw await problemOf(response);
  const { headers } = response;
  return {
    size: Number(headers['content-length']),
    etag: headers.etag ?? null,
    sha256: digestIn(headers['repr-digest']),
  };
}

function digestIn(header: string | string[] | undefined): string | null {
  const [, base64] = /\bsha-256=:([A-Za-z0-9+/=]+):/.exec(String(header)) ?? [];
  return base64 === undefined ? null : Buffer.from(base64, 'base64').toString('hex');
}
