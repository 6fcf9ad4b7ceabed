import type { Request, Response } from 'express';
import type { BlobBytes, ByteRange } from '../../../application/ports/blob-store.ts';
import { signalOf } from './abort.ts';
import type { MinimumRateLimits } from './minimum-rate.ts';
import { hasConditions, isNotModified } from './preconditions.ts';
import { rangeOf } from './ranges.ts';
import { sendBytes } from './send-bytes.ts';

const CACHE_CONTROL = 'private, no-cache';

/** Bytes that a client may have, as a whole or in part. */
export interface Content {
  readonly fileName: string;
  readonly size: number;
  /** In lower-case hex, of all the bytes; null where it is not known. */
  readonly sha256: string | null;
  /** Names these very bytes; null where they may change. */
  readonly version: string | null;
  /** Whether they are known not to be those that came in. */
  readonly damaged: boolean;
  /** An address where they can be had with GET; null where they come from us. */
  link(): Promise<string | null>;
  open(range: ByteRange, signal: AbortSignal): Promise<BlobBytes>;
}

/**
 * Answers a GET or HEAD with bytes: 200, 206, 304. In constant memory; a client that goes away ends
 * it at once, and what fails in the middle breaks the connection, so that nobody takes a part for
 * the whole. Fails with `PreconditionFailed`, `RangeRefused`, and with what `open` fails with.
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
 * Redirects a GET of all or some of the bytes to where they can be had, and returns whether it did.
 * Not for HEAD: what was signed for one method holds for no other. Nor for a request with
 * conditions, which name our ETags, nor for an item without bytes, of which other servers refuse
 * every range.
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
