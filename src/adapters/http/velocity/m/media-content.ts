import type { Request, RequestHandler, Response } from 'express';
import type { DownloadMedia } from '../../../../application/media/download-media.ts';
import { answerContent, redirectTo } from '../../shared/content.ts';
import type { MinimumRateLimits } from '../../shared/minimum-rate.ts';
import { isDroppedOnRedirect } from '../authkey.ts';
import type { CallerOf } from '../call.ts';
import { mid } from '../wire.ts';

/** `GET` and `HEAD /m/media/{mid}/content`, an extension of the contract. */
export function getMediaContent(
  callerOf: CallerOf,
  downloadMedia: DownloadMedia,
  minimumRate: MinimumRateLimits,
): RequestHandler {
  return async (request: Request, response: Response): Promise<void> => {
    const caller = await callerOf(request);
    const media = await downloadMedia.run(caller, mid.parse(request.params.mid));
    const content = { ...media, fileName: media.name };
    if (isDroppedOnRedirect(request) && (await redirectTo(request, response, content))) return;
    await answerContent(request, response, content, minimumRate);
  };
}
