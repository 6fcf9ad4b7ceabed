import type { Request, RequestHandler, Response } from 'express';
import type { ReadLabelledMedia } from '../../../../application/media/read-labelled-media.ts';
import type { ReceiveLabelledMedia } from '../../../../application/media/receive-labelled-media.ts';
import { signalOf } from '../../shared/abort.ts';
import { answerContent } from '../../shared/content.ts';
import { promisedDigests } from '../../shared/digests.ts';
import type { PaceLimits } from '../../shared/pace.ts';
import { requireStorableBody } from '../../shared/storable-body.ts';
import { uploadedBody } from '../../shared/uploaded-body.ts';
import { callerOf } from '../authenticate.ts';
import { OUTSIDE } from '../errors.ts';
import { WireFault } from '../wire-fault.ts';
import { byteCount } from '../wire.ts';
import { driveId } from './drive-fields.ts';

const CURL = 'curl -u NAME -X POST -T FILE https://HOST/api/2.0/drives/upload/';

/**
 * `POST /drives/upload/` and `/drives/upload/{file_name}`: the bytes as they are, answered with the
 * bare uuid.
 */
export function postUpload(receive: ReceiveLabelledMedia, pace: PaceLimits): RequestHandler {
  return async (request: Request, response: Response): Promise<void> => {
    requireStorableBody(request, CURL);
    const { success, data } = byteCount.safeParse(request.headers['content-length']);
    if (!success) throw new WireFault(OUTSIDE.malformed, 'content-length must say how many bytes will come');
    const signal = signalOf(request, response);
    const order = { size: data, sha256: promisedDigests(request) };
    const id = await receive.run(callerOf(response), order, () => uploadedBody(request, response, pace), signal);
    response.status(201).type('text/plain').send(id);
  };
}

/** `GET` and `HEAD /drives/{uuid}/download/` */
export function getDownload(read: ReadLabelledMedia, pace: PaceLimits): RequestHandler {
  return async (request: Request, response: Response): Promise<void> => {
    const content = await read.run(callerOf(response), driveId(request.params.uuid));
    await answerContent(request, response, { ...content, fileName: String(request.params.uuid) }, pace);
  };
}
