import type { Request, RequestHandler, Response } from 'express';
import type { UploadMedia } from '../../../../application/media/upload-media.ts';
import { signalOf } from '../../shared/abort.ts';
import { answerJson } from '../../shared/answer.ts';
import type { PaceLimits } from '../../shared/pace.ts';
import { uploadedBody } from '../../shared/uploaded-body.ts';
import type { CallerOf } from '../call.ts';
import { parseUploadHeaders } from './upload-headers.ts';

/** `PUT /m/media/upload`: described by its headers, with the bytes as they are for its body. */
export function putMediaUpload(callerOf: CallerOf, uploadMedia: UploadMedia, pace: PaceLimits): RequestHandler {
  return async (request: Request, response: Response): Promise<void> => {
    const caller = await callerOf(request);
    const order = parseUploadHeaders(request);
    const signal = signalOf(request, response);
    const id = await uploadMedia.run(caller, order, () => uploadedBody(request, response, pace), signal);
    answerJson(request, response, 200, { mid: id, size: order.size });
  };
}
