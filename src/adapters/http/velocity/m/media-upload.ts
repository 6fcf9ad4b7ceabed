import type { Request, RequestHandler, Response } from 'express';
import type { UploadMedia } from '../../../../application/media/upload-media.ts';
import { signalOf } from '../../shared/abort.ts';
import { answerJson } from '../../shared/answer.ts';
import type { MinimumRateLimits } from '../../shared/minimum-rate.ts';
import { requireStorableBody } from '../../shared/storable-body.ts';
import { uploadedBody } from '../../shared/uploaded-body.ts';
import type { CallerOf } from '../call.ts';
import { parseUploadHeaders } from './upload-headers.ts';

const CURL = [
  'curl -T FILE',
  ...['authorization: Bearer AUTHKEY', 'x-velocity-mpid: 1', 'x-velocity-gid: 0', 'x-velocity-name: NAME'].map(quoted),
  ...['x-velocity-type: ISO', 'x-velocity-readonly: true'].map(quoted),
  'https://HOST/m/media/upload',
].join(' ');

/** `PUT /m/media/upload`: headers describe the item, and the body is its bytes. */
export function putMediaUpload(
  callerOf: CallerOf,
  uploadMedia: UploadMedia,
  minimumRate: MinimumRateLimits,
): RequestHandler {
  return async (request: Request, response: Response): Promise<void> => {
    const caller = await callerOf(request);
    requireStorableBody(request, CURL);
    const order = parseUploadHeaders(request);
    const signal = signalOf(request, response);
    const id = await uploadMedia.run(caller, order, () => uploadedBody(request, response, minimumRate), signal);
    answerJson(request, response, 200, { mid: id, size: order.size });
  };
}

function quoted(header: string): string {
  return `-H '${header}'`;
}
