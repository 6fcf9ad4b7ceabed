import type { Request, Response } from 'express';
import type { UploadView } from '../../../application/uploads/upload-view.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { announcesBody, limitUnreadTime } from '../shared/answer.ts';

/** Answers without a body, whether or not the body of the request was read. */
export function answerEmpty(
  request: Request,
  response: Response,
  status: number,
  headers: Readonly<Record<string, string>>,
): void {
  response.status(status).set(headers);
  if (status !== 204) response.set('Content-Length', '0');
  // The rest of the body is not read: see `Lingering`.
  if (announcesBody(request) && !request.readableEnded) response.set('Connection', 'close');
  limitUnreadTime(response);
  response.end();
}

const VERIFYING_RETRY_SECONDS = 1;

/**
 * Returns what the headers say of an upload.
 *
 * @throws DomainError `upload-verifying` while all bytes are there and the item is not finished
 */
export function uploadHeaders({ offset, expiresAt, state, media }: UploadView): Readonly<Record<string, string>> {
  if (state === 'verifying') throw new DomainError('upload-verifying', { retryAfterSeconds: VERIFYING_RETRY_SECONDS });
  return {
    'Upload-Offset': String(offset),
    'Upload-Expires': expiresAt.toUTCString(),
    ...(media === null ? {} : { 'Platter-Media': media }),
  };
}
