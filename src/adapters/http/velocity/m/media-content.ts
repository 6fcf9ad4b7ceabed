import type { Request, RequestHandler, Response } from 'express';
import type { DownloadMedia } from '../../../../application/media/download-media.ts';
import { answerContent, answerElsewhere } from '../../shared/content.ts';
import type { PaceLimits } from '../../shared/pace.ts';
import { PreconditionFailed } from '../../shared/preconditions.ts';
import { RangeRefused } from '../../shared/ranges.ts';
import { isKeptFromOtherHosts } from '../authkey.ts';
import type { CallerOf } from '../call.ts';
import { PRECONDITION_FAILED, RANGE_REFUSED } from '../errors.ts';
import { mid } from '../wire.ts';
import { WireFault } from '../wire-fault.ts';

/** `GET` and `HEAD /m/media/{mid}/content`, an extension of the contract. */
export function getMediaContent(callerOf: CallerOf, downloadMedia: DownloadMedia, pace: PaceLimits): RequestHandler {
  return async (request: Request, response: Response): Promise<void> => {
    const caller = await callerOf(request);
    const media = await downloadMedia.run(caller, mid.parse(request.params.mid));
    const content = { ...media, fileName: media.name };
    try {
      if (isKeptFromOtherHosts(request) && (await answerElsewhere(request, response, content))) return;
      await answerContent(request, response, content, pace);
    } catch (error) {
      if (error instanceof PreconditionFailed) throw new WireFault(PRECONDITION_FAILED, error.message);
      if (!(error instanceof RangeRefused)) throw error;
      response.set('Content-Range', `bytes */${error.size}`);
      throw new WireFault(RANGE_REFUSED, error.message);
    }
  };
}
