import type { Request, RequestHandler, Response } from 'express';
import type { DownloadDrive } from '../../../../application/drives/download-drive.ts';
import type { UploadDrive } from '../../../../application/drives/upload-drive.ts';
import { signalOf } from '../../shared/abort.ts';
import { answerContent } from '../../shared/content.ts';
import { promisedDigests } from '../../shared/digests.ts';
import type { MinimumRateLimits } from '../../shared/minimum-rate.ts';
import { requireStorableBody } from '../../shared/storable-body.ts';
import { uploadedBody } from '../../shared/uploaded-body.ts';
import { byteCount } from '../../shared/whole-number.ts';
import { callerOf } from '../authenticate.ts';
import { RequestError } from '../../shared/request-error.ts';
import { driveId } from './drive-fields.ts';

const CURL = 'curl -u NAME -X POST -T FILE https://HOST/api/2.0/drives/upload/';

/**
 * `POST /drives/upload/` and `/drives/upload/{file_name}`: the body is the raw bytes, the answer
 * the bare uuid.
 */
export function postUpload(uploadDrive: UploadDrive, minimumRate: MinimumRateLimits): RequestHandler {
  return async (request: Request, response: Response): Promise<void> => {
    requireStorableBody(request, CURL);
    const { success, data } = byteCount.safeParse(request.headers['content-length']);
    if (!success)
      throw new RequestError('malformed', 'content-length is required: send the size of the drive in bytes');
    const signal = signalOf(request, response);
    const order = { size: data, sha256: promisedDigests(request) };
    const id = await uploadDrive.run(
      callerOf(response),
      order,
      () => uploadedBody(request, response, minimumRate),
      signal,
    );
    response.status(201).type('text/plain').send(id);
  };
}

/** `GET` and `HEAD /drives/{uuid}/download/` */
export function getDownload(downloadDrive: DownloadDrive, minimumRate: MinimumRateLimits): RequestHandler {
  return async (request: Request, response: Response): Promise<void> => {
    const content = await downloadDrive.run(callerOf(response), driveId(request.params.uuid));
    await answerContent(request, response, { ...content, fileName: String(request.params.uuid) }, minimumRate);
  };
}
