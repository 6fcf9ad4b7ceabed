import type { Request, RequestHandler } from 'express';
import type { AbortUpload } from '../../../application/uploads/abort-upload.ts';
import type { AppendToUpload } from '../../../application/uploads/append-to-upload.ts';
import type { UploadId } from '../../../domain/uploads/upload.ts';
import type { ViewUpload } from '../../../application/uploads/view-upload.ts';
import { isUuid } from '../../../domain/shared/ids.ts';
import { signalOf } from '../shared/abort.ts';
import type { MinimumRateLimits } from '../shared/minimum-rate.ts';
import { answerEmpty, uploadHeaders } from './answer.ts';
import { appendBody } from './append-body.ts';
import type { CallerOf } from './callers.ts';
import { byteCountOf, malformedHeader } from './headers.ts';
import { formatUploadMetadata } from './upload-metadata.ts';

/** `HEAD /uploads/{id}`: how many bytes there are. */
export function headUpload(callerOf: CallerOf, viewUpload: Pick<ViewUpload, 'run'>): RequestHandler {
  return async (request, response) => {
    const upload = await viewUpload.run(await callerOf(request), uploadId(request));
    const { name, group, pool, length, metadata } = upload;
    answerEmpty(request, response, 200, {
      ...uploadHeaders(upload),
      'Upload-Length': String(length),
      // Of an upload that was created without this protocol, or by an older version.
      'Upload-Metadata': metadata ?? formatUploadMetadata({ filename: name, group: String(group), pool: String(pool) }),
    });
  };
}

/** `PATCH /uploads/{id}`: appends bytes; the last ones finish the item. */
export function patchUpload(
  callerOf: CallerOf,
  appendToUpload: Pick<AppendToUpload, 'run'>,
  minimumRate: MinimumRateLimits,
): RequestHandler {
  return async (request, response) => {
    const caller = await callerOf(request);
    const body = appendBody(request, response, minimumRate);
    const offset = byteCountOf(request, 'Upload-Offset');
    if (offset === null) throw malformedHeader('Upload-Offset', 'is missing');
    const upload = await appendToUpload.run(caller, uploadId(request), offset, body, signalOf(request, response));
    answerEmpty(request, response, 204, uploadHeaders(upload));
  };
}

/** `DELETE /uploads/{id}`: ends an upload; nothing of it stays. */
export function deleteUpload(callerOf: CallerOf, abortUpload: Pick<AbortUpload, 'run'>): RequestHandler {
  return async (request, response) => {
    await abortUpload.run(await callerOf(request), uploadId(request));
    answerEmpty(request, response, 204, {});
  };
}

/** Null for text that is no id: then there is no such upload. */
export function uploadId({ params: { id } }: Request): UploadId | null {
  return typeof id === 'string' && isUuid(id) ? (id.toLowerCase() as UploadId) : null;
}
