import type { Request, Response } from 'express';
import type { AppendBody } from '../../../application/uploads/append-body.ts';
import { announcesBody } from '../shared/answer.ts';
import type { MinimumRateLimits } from '../shared/minimum-rate.ts';
import { RequestError } from '../shared/request-error.ts';
import { requireStorableBody } from '../shared/storable-body.ts';
import { uploadedBody } from '../shared/uploaded-body.ts';
import { byteCountOf, headerOf } from './headers.ts';
import { parseUploadChecksum } from './upload-checksum.ts';

/** The type of a body whose bytes are appended. */
export const APPENDED = 'application/offset+octet-stream';

const CURL = 'curl -X PATCH --data-binary @FILE';

/**
 * Returns the bytes that a request appends. They are not read before they are iterated.
 *
 * @throws RequestError `unsupported-content` or `malformed`
 */
export function appendBody(request: Request, response: Response, minimumRate: MinimumRateLimits): AppendBody {
  requireStorableBody(request, CURL);
  if (request.headers['content-type']?.trim().toLowerCase() !== APPENDED) {
    throw new RequestError('unsupported-content', `send the bytes with Content-Type: ${APPENDED}`);
  }
  const checksum = headerOf(request, 'Upload-Checksum');
  return {
    source: uploadedBody(request, response, minimumRate),
    length: announcesBody(request) ? byteCountOf(request, 'Content-Length') : 0,
    checksum: checksum === null ? null : parseUploadChecksum(checksum),
  };
}
