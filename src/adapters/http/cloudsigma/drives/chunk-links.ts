import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { OpenChunkLink } from '../../../../application/drives/open-chunk-link.ts';
import type { ReceiveChunk } from '../../../../application/drives/receive-chunk.ts';
import type { SignChunkLink } from '../../../../application/drives/sign-chunk-link.ts';
import { signalOf } from '../../shared/abort.ts';
import { announcesBody, answerJson } from '../../shared/answer.ts';
import { authenticated } from '../../shared/callers.ts';
import type { MinimumRateLimits } from '../../shared/minimum-rate.ts';
import { requireStorableBody } from '../../shared/storable-body.ts';
import { uploadedBody } from '../../shared/uploaded-body.ts';
import { byteCount, wholeNumber } from '../../shared/whole-number.ts';
import { parseBody, ROOT } from '../wire.ts';
import type { Actions } from './action.ts';
import { driveId } from './drive-fields.ts';

const CURL = 'curl -X POST -T CHUNK https://HOST/LINK';

/** A size of chunks: at least one byte. */
export const chunkSize = byteCount.refine((size) => size > 0, 'must be at least 1');

/** The body of `do=upload_chunk`. */
export const chunkLinkRequest = z
  .object({ chunk_number: wholeNumber, chunk_size: chunkSize.nullish() })
  .transform(({ chunk_number: number, chunk_size }) => ({ number, chunkSize: chunk_size ?? null }));

/** `do=upload_chunk`: a link to which the bytes of one chunk can be sent. */
export function signChunkLink(sign: SignChunkLink): NonNullable<Actions[string]> {
  return async ({ caller, request, signal }) => {
    const order = parseBody(chunkLinkRequest, request.body);
    const token = await sign.run(caller, driveId(request.params.uuid), order, signal);
    return { status: 200, body: { link: `${ROOT}/chunks/${token}/` } };
  };
}

/** `POST` of a link: the body is the bytes of the chunk. */
export function postChunk(open: OpenChunkLink, receive: ReceiveChunk, minimumRate: MinimumRateLimits): RequestHandler {
  return async (request: Request, response: Response): Promise<void> => {
    const { caller, upload, order } = open.run(String(request.params.token));
    const known = authenticated(request, caller, 'cloudsigma');
    requireStorableBody(request, CURL);
    const body = { source: uploadedBody(request, response, minimumRate), length: lengthOf(request) };
    await receive.run(known, upload, order, body, signalOf(request, response));
    answerJson(request, response, 200, {});
  };
}

function lengthOf(request: Request): number | null {
  if (!announcesBody(request)) return 0;
  const { success, data } = byteCount.safeParse(request.headers['content-length']);
  return success ? data : null;
}
