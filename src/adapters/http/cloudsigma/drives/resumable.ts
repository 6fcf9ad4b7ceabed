import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { ReceiveChunk } from '../../../../application/drives/receive-chunk.ts';
import type { ViewChunk } from '../../../../application/drives/view-chunk.ts';
import { DomainError, isFailure } from '../../../../domain/shared/domain-error.ts';
import { signalOf } from '../../shared/abort.ts';
import { answerJson } from '../../shared/answer.ts';
import type { MinimumRateLimits } from '../../shared/minimum-rate.ts';
import { readForm } from '../../shared/multipart-form.ts';
import { byteCount, wholeNumber } from '../../shared/whole-number.ts';
import { callerOf } from '../authenticate.ts';
import { parseBody } from '../wire.ts';
import { chunkSize } from './chunk-links.ts';
import { driveId } from './drive-fields.ts';

/** The fields of resumable.js that Platter reads. Others describe the file of the client. */
export const resumableFields = z
  .object({
    resumableChunkNumber: wholeNumber.refine((number) => number > 0, 'must be at least 1'),
    resumableChunkSize: chunkSize,
    resumableTotalSize: byteCount,
  })
  .transform(({ resumableChunkNumber, resumableChunkSize, resumableTotalSize }) => ({
    number: resumableChunkNumber - 1,
    chunkSize: resumableChunkSize,
    length: resumableTotalSize,
  }));

/** `GET /drives/{uuid}/upload/`: 200 if the chunk is there, 404 if not. */
export function getChunk(view: ViewChunk): RequestHandler {
  return async (request: Request, response: Response): Promise<void> => {
    const order = parseBody(resumableFields, request.query);
    const signal = signalOf(request, response);
    const isThere = await view.run(callerOf(response), driveId(request.params.uuid), order, signal);
    if (!isThere) throw new DomainError('chunk-not-found');
    answerJson(request, response, 200, {});
  };
}

/**
 * `POST /drives/{uuid}/upload/`: a form with a chunk. A chunk that is there is a success: clients
 * repeat a request whose answer was lost, without asking first.
 */
export function postFormChunk(receive: ReceiveChunk, minimumRate: MinimumRateLimits): RequestHandler {
  return async (request: Request, response: Response): Promise<void> => {
    const signal = signalOf(request, response);
    await readForm(request, response, minimumRate, async (fields, source) => {
      const order = parseBody(resumableFields, fields);
      try {
        await receive.run(callerOf(response), driveId(request.params.uuid), order, { source, length: null }, signal);
      } catch (error) {
        if (!isFailure(error, 'chunk-stored')) throw error;
      }
    });
    answerJson(request, response, 200, {});
  };
}
