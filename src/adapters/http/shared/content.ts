import type { Request, Response } from 'express';
import type { BlobBytes, ByteRange } from '../../../application/ports/blob-store.ts';
import { signalOf } from './abort.ts';
import type { MinimumRateLimits } from './minimum-rate.ts';
import { hasConditions, isNotModified } from './preconditions.ts';
import { rangeOf } from './ranges.ts';
import { sendBytes } from './send-bytes.ts';

const CACHE_CONTROL = 'private, no-cache';

/** The bytes of a blob, ready to be served as a whole or in part. */
export interface Content {
  readonly fileName: string;
  readonly size: number;
  /** Of all the bytes, in lower-case hex; null when unknown. */
  readonly sha256: string | null;
  /** Identifies exactly these bytes; null when they can change. */
  readonly version: string | null;
  /** Whether a scrub found other bytes than were uploaded. */
  readonly damaged: boolean;
  /** Resolves with a URL that serves the bytes for GET; null when Platter serves them. */
  link(): Promise<string | null>;
  open(range: ByteRange, signal: AbortSignal): Promise<BlobBytes>;
}

/**
 * Answers a GET or HEAD with bytes: 200, 206 or 304. In constant memory. Ends when the client
 * disconnects; a failure midway destroys the connection, so that the client sees an incomplete
 * answer.
 *
 * @throws RequestError `precondition-failed` or `range-refused`; otherwise rejects as `open` does
 */
export async function answerContent(
  request: Request,
  response: Response,
  content: Content,
  minimumRate: MinimumRateLimits,
): Promise<void> {
  const etag = content.version === null ? null : `"${content.version}"`;
  if (etag !== null) response.set('ETag', etag);
  if (isNotModified(request, etag)) {
    response.status(304).set('Cache-Control', CACHE_CONTROL).end();
    return;
  }
  const range = rangeOf(request, content.size, etag);
  const { from, to } = range ?? { from: 0, to: content.size };
  const source = request.method === 'HEAD' ? null : await content.open({ from, to }, signalOf(request, response));

  setHeaders(response, content);
  response.status(range === null ? 200 : 206).set('Content-Length', String(to - from));
  if (range !== null) response.set('Content-Range', `bytes ${from}-${to - 1}/${content.size}`);
  if (source === null) response.end();
  else await sendBytes(source, to - from, request, response, minimumRate);
}

/**
 * Redirects a GET to the URL of the bytes, and returns whether it did. Not for HEAD, since the URL
 * is signed for GET; not with conditions, since they name Platter's ETags; not for an empty item,
 * since other servers refuse every range of it.
 */
export async function redirectTo(request: Request, response: Response, content: Content): Promise<boolean> {
  if (request.method !== 'GET' || content.size === 0 || hasConditions(request)) return false;
  const address = await content.link();
  if (address === null) return false;
  response.set({ 'Cache-Control': 'no-store', Location: address }).status(307).end();
  return true;
}

function setHeaders(response: Response, { fileName, sha256, damaged }: Content): void {
  response.attachment(fileName).set({
    'Content-Type': 'application/octet-stream',
    'Accept-Ranges': 'bytes',
    'Cache-Control': CACHE_CONTROL,
    'X-Content-Type-Options': 'nosniff',
  });
  if (damaged) response.set('Platter-Warning', 'bytes-damaged');
  if (sha256 !== null) response.set('Repr-Digest', `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`);
}
